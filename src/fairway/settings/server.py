"""The keys of a configuration file that say where the HTTP server listens, who signs in there, and what protects it."""

import ipaddress
import re
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import BeforeValidator, Field, model_validator

from fairway.settings.values import Hidden, Place, Store
from fairway.store import place as store_place
from fairway.texts.section import Section
from fairway.texts.validation_errors import misfit

_ORIGIN: Final = re.compile(r"https?://[^\s/@]+")
_WEBHOOK: Final = re.compile(r"[A-Za-z0-9_.-]{1,32}")
LOOPBACK: Final = "127.0.0.1"
SERVER_STREAM: Final = "server"
"""The stream of the server's own journal, which may share a database with the trader's."""


def _address(value: object) -> object:
    """An IP address: a name could come to mean another machine."""
    try:
        return str(ipaddress.ip_address(value)) if isinstance(value, str) else value
    except ValueError:
        raise ValueError(f"{value!r} is no IP address") from None


def _origin(value: object) -> object:
    if isinstance(value, str) and not _ORIGIN.fullmatch(value):
        raise ValueError(f"{value!r} is no origin of a page; write scheme, host and port, without a path")
    return value


def _webhook_name(value: object) -> object:
    if isinstance(value, str) and not _WEBHOOK.fullmatch(value):
        raise ValueError(f"{value!r} is no name of a webhook; it has 1 to 32 letters, digits, points, hyphens and underlines")
    return value


WebhookName = Annotated[str, BeforeValidator(_webhook_name)]
Address = Annotated[str, BeforeValidator(_address)]
Origin = Annotated[str, BeforeValidator(_origin)]


class TlsSettings(Section):
    """With it the server speaks HTTPS itself."""

    certificate: Place = Field(description="Certificate chain, PEM; relative to this file", examples=["tls/fullchain.pem"])
    key: Place = Field(description="Its private key, PEM", examples=["tls/privkey.pem"])


class WebhookSettings(Section):
    """One sender of signals, such as TradingView; docs/how-to/signals.md."""

    name: WebhookName = Field(description="The source's name, part of the path /api/v1/webhooks/NAME", examples=["tradingview"])
    secret: Hidden = Field(
        description="What the sender proves to know, 16 characters at least: `env:NAME` or `file:PATH`",
        examples=["env:FAIRWAY_TRADINGVIEW"],
    )
    account: str = Field(
        default="",
        max_length=12,
        description="The account that it is for, of a trader that has many; all of them where it is left out",
        examples=["ann1"],
    )


class ServerSettings(Section):
    """The HTTP server; docs/how-to/run-everything.md."""

    port: int = Field(default=8080, ge=1, le=65535, description="Port that it listens on", examples=[8080])
    host: Address = Field(
        default=LOOPBACK,
        description="Address that it listens on; one that other machines reach needs `tls` or `proxies`",
        examples=[LOOPBACK],
    )
    tls: TlsSettings | None = Field(
        default=None,
        description="Certificate and key, where no proxy in front speaks TLS",
        examples=["{certificate: tls/fullchain.pem, key: tls/privkey.pem}"],
    )
    proxies: tuple[Address, ...] = Field(
        default=(),
        max_length=100,
        description="Addresses of the proxies in front that speak TLS; what they say of the client's address is believed, "
        "and other machines are refused",
        examples=["[127.0.0.1]"],
    )
    users: Store | None = Field(
        default=None,
        description="Registry of those who sign in, a file or a PostgreSQL URL; without it the one of the key `people`, else "
        "`fairway.people`",
        examples=["fairway.people"],
    )
    origins: tuple[Origin, ...] = Field(
        default=(),
        max_length=100,
        description="Origins of web pages from elsewhere that may ask this server, such as a freqtrade web UI",
        examples=["[https://ui.example.org]"],
    )
    webhooks: tuple[WebhookSettings, ...] = Field(
        default=(),
        max_length=100,
        description="Senders of signals for the strategy `signals`",
        examples=["[{name: tradingview, secret: env:FAIRWAY_TRADINGVIEW}]"],
    )
    requests: int = Field(
        default=60, ge=1, le=100_000, description="Requests a minute that one token or one sign-in may make", examples=[60]
    )

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return ipaddress.ip_address(self.host).is_loopback

    @property
    def is_secure(self) -> bool:
        """Whether clients reach it by TLS, so that a cookie may say so."""
        return self.tls is not None or bool(self.proxies)

    @model_validator(mode="after")
    def _is_protected(self) -> Self:
        if not self.is_loopback and not self.is_secure:
            raise misfit(
                "host",
                f"{self.host} can be reached from other machines, and passwords would go there in clear; "
                "give `tls`, or name in `proxies` the proxy that speaks TLS",
                example=f"host: {LOOPBACK}",
            )
        return self


def server_journal_beside(journal: store_place.Place) -> store_place.Place:
    """Where the server's own journal is: a file beside the trader's, or a stream in the same database."""
    return journal.with_name(f"{journal.name}.server") if isinstance(journal, Path) else journal
