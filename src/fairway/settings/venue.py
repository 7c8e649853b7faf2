"""The keys of a configuration file that say where orders go."""

import re
from typing import Annotated, Final, Self

from pydantic import BeforeValidator, Field, ValidationInfo, model_validator

from fairway.settings.values import Hidden
from fairway.texts.nearest import nearest
from fairway.texts.quantities import Switch
from fairway.texts.section import Section
from fairway.texts.validation_errors import misfit
from fairway.venues.addresses import what_is_wrong
from fairway.venues.registry import DEFAULT_KIND, KIND

PRACTICE_PROTOCOLS: Final = ("binance",)
"""Exchanges whose protocol the practice exchange speaks, so that a client of theirs may be pointed at it."""


def _exchange(value: object, info: ValidationInfo) -> object:
    kind = info.data.get("kind")
    if isinstance(value, str) and isinstance(kind, str):
        venue = KIND.named(kind)
        names = venue.exchanges()
        if names and value not in names:
            meant = nearest(value, names)
            hint = f"; did you mean {meant}?" if meant else ""
            raise ValueError(f"is {venue.known_as}{hint}")
    return value


def _venue_kind(value: object) -> object:
    """Raises UnknownPlugin and BrokenPlugin, which are ValueErrors."""
    if isinstance(value, str):
        KIND.named(value)
    return value


def _address(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"https?://[^\s/]+.*", value):
        raise ValueError("is no address; it begins with http:// or https://")
    return value


class VenueSettings(Section):
    """Where orders go."""

    kind: Annotated[str, BeforeValidator(_venue_kind)] = Field(
        default=DEFAULT_KIND, description="How the venue is reached: the name of a venue that is installed", examples=["ccxt"]
    )
    exchange: Annotated[str, BeforeValidator(_exchange)] = Field(
        description="The exchange, by its name in ccxt", examples=["binance"]
    )
    url: Annotated[str, BeforeValidator(_address)] | None = Field(
        default=None,
        description="Address of a practice exchange that speaks this exchange's protocol; in mode `practice` only",
        examples=["http://127.0.0.1:9100"],
    )
    fallbacks: tuple[str, ...] = Field(
        default=(),
        max_length=8,
        description="Further addresses of the same exchange, in order, asked while the one before does not answer "
        "(docs/how-to/switch-the-venues-address.md): host names, or URLs where `url` is given",
        examples=["[api1.binance.com, api2.binance.com]"],
    )
    key: Hidden | None = Field(
        default=None,
        description="API key: `env:NAME`, `file:PATH`, or the key itself; with `people`, each account has its own",
        examples=["env:FAIRWAY_KEY"],
    )
    secret: Hidden | None = Field(default=None, description="API secret, written like the key", examples=["env:FAIRWAY_SECRET"])
    sandbox: Switch = Field(
        default=False, description="Use the exchange's own test network; in mode `testnet`, and there only", examples=["true"]
    )

    @model_validator(mode="after")
    def _fallbacks_fit(self) -> Self:
        addresses = (self.url, *self.fallbacks)
        for index, fallback in enumerate(self.fallbacks):
            if addresses.count(fallback) > 1:
                raise misfit(f"fallbacks.{index}", f"{fallback} stands twice; each address stands once", example="")
            if why := what_is_wrong(fallback, is_url=self.url is not None):
                raise misfit(f"fallbacks.{index}", f"'{fallback}' {why}", example="")
        return self
