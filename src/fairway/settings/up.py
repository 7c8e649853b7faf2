"""The keys of a configuration file that say what `fairway up` runs beside the trader."""

from typing import Annotated, Final

from pydantic import AfterValidator, Field

from fairway.settings.values import Place
from fairway.texts.quantities import Duration
from fairway.texts.section import Section
from fairway.world.clock import HOUR, MINUTE

BUDGET_WITHIN_MAX: Final = 24 * HOUR


def _bounded(within_ns: int) -> int:
    if not MINUTE <= within_ns <= BUDGET_WITHIN_MAX:
        raise ValueError("is not between 1m and 24h")
    return within_ns


class PracticeExchangeSettings(Section):
    """The practice exchange that runs beside the trader."""

    port: int = Field(default=9100, ge=1, le=65535, description="Port of 127.0.0.1 that it listens on", examples=[9100])
    accounts: tuple[str, ...] = Field(
        default=(), max_length=1_000, description="Accounts that it opens with, NAME:ASSET=AMOUNT", examples=["[me:USDT=10000]"]
    )
    seed: int = Field(ge=0, lt=2**53, description="Decides its market and the keys of its accounts", examples=[1])
    keep: Place = Field(
        description="The record with which it opens again as it was; relative to this file", examples=["fairway.exchange"]
    )


class UpSettings(Section):
    """What `fairway up` runs beside the trader, and how many crashes it bears."""

    plan: str = Field(
        default="",
        description="The launch plan that the pilot flies: a file, relative to this one, or a plan that comes with Fairway; "
        "without it, and where its file is missing, the pilot waits until a person begins a launch",
        examples=["first-hundred"],
    )
    exchange: PracticeExchangeSettings | None = Field(
        default=None, description="A practice exchange", examples=["{port: 9100, seed: 1, keep: fairway.exchange}"]
    )
    crashes: int = Field(
        default=5,
        ge=1,
        le=1_000,
        description="So many crashes of one process are borne; one more ends in safe mode",
        examples=[5],
    )
    within: Annotated[Duration, AfterValidator(_bounded)] = Field(
        default=10 * MINUTE, description="The time in which crashes are counted, 1m to 24h", examples=["10m"]
    )
