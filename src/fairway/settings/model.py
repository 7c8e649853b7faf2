"""The keys of a configuration file: what each means, what it may be, and a right example of it.

Models take texts, as they stand in the file, and values, as a program gives them. Every key does something: one that is not
obeyed yet is not accepted.
"""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SerializeAsAny, model_validator

from fairway.notify.registry import CONSOLE
from fairway.people.master_key import DEFAULT_PLACE
from fairway.settings.alerts import AlertSettings
from fairway.settings.notify import NotifySettings
from fairway.settings.risk import RiskSettings
from fairway.settings.server import ServerSettings
from fairway.settings.up import UpSettings
from fairway.settings.values import AccountName, Interval, MasterKeyPlace, Place, ReconcileInterval, Spell, Store
from fairway.settings.venue import PRACTICE_PROTOCOLS, VenueSettings
from fairway.strategies.api import StrategySettings
from fairway.texts.quantities import Switch, Symbol
from fairway.texts.section import Section
from fairway.texts.validation_errors import misfit
from fairway.trading.schedule import RECONCILE_NS

Mode = Literal["practice", "testnet", "live"]

_PROFILE = "profile: moderate"


class BesideSettings(Section):
    """Traders that run beside this one, each by its own configuration; a launch compares with them."""

    shadow: Place | None = Field(
        default=None,
        description="The configuration of a trader that runs the same release on paper: its fills are compared, signal by signal",
        examples=["paper.yaml"],
    )
    control: Place | None = Field(
        default=None,
        description="The configuration of a trader that runs at the same time, such as the old release: "
        "gates with `against: control` compare with it",
        examples=["old.yaml"],
    )


class LogSettings(Section):
    """The operational log, for the engineer who looks for a cause (docs/reference/logs.md)."""

    file: Place | None = Field(
        default=None,
        description="File of the trader's operational log, relative to this file; the pilot's is beside it, with `.pilot` behind "
        "its name. Without it no log is written",
        examples=["fairway.log"],
    )
    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Lines below this level are left out", examples=["info"]
    )
    format: Literal["json", "console"] = Field(default="json", description="How a line is written", examples=["json"])


class StrategyChoice(Section):
    """A strategy by name; its own keys stand beside the name, and its plug-in checks them."""

    name: str = Field(description="The strategy; its own keys follow", examples=["trend"])
    own: SerializeAsAny[StrategySettings]


class Settings(Section):
    """One configuration file: one account of one venue, and the strategy that trades it."""

    mode: Mode = Field(
        description="`practice`: a served practice exchange. `testnet`: the exchange's test network. "
        "`live`: real money. The journal is stamped with it",
        examples=["practice"],
    )
    account: AccountName = Field(default="main", description="Name of the account; part of every order's id", examples=["main"])
    venue: VenueSettings = Field(examples=["{exchange: binance, key: env:FAIRWAY_KEY, secret: env:FAIRWAY_SECRET}"])
    symbols: tuple[Symbol, ...] = Field(
        min_length=1, max_length=50, description="Pairs to trade, all with the same quote asset", examples=["[BTC/USDT]"]
    )
    interval: Interval = Field(default="1m", description="Length of the strategy's candles", examples=["1m"])
    strategy: StrategyChoice = Field(examples=["{name: trend}"])
    risk: RiskSettings = Field(default=RiskSettings(), examples=["{per_trade: 0.5 %}"])
    people: Store | None = Field(
        default=None,
        description="Registry of users and accounts, a file or a PostgreSQL URL: all its accounts at this venue "
        "are then traded, with keys from its vault",
        examples=["fairway.people"],
    )
    master_key: MasterKeyPlace = Field(
        default=DEFAULT_PLACE,
        description="Master key of the vault: `env:NAME` or `file:PATH`",
        examples=[DEFAULT_PLACE],
    )
    lease: Switch = Field(
        default=False,
        description="Open positions only while a launch (docs/explanation/launch.md) or `fairway lease` issues leases",
        examples=["true"],
    )
    beside: BesideSettings = Field(default=BesideSettings(), examples=["{shadow: paper.yaml}"])
    reconcile_every: ReconcileInterval = Field(
        default=RECONCILE_NS,
        description="How often a venue is asked for all of an account, 30s to 10m; more seldom, a lost fill is found later",
        examples=["2m"],
    )
    journal: Store = Field(
        default=Path("fairway.journal"),
        description="The journal: a file, relative to this one, or a PostgreSQL URL. One trader, one mode, one journal",
        examples=["fairway.journal"],
    )
    latch: Place | None = Field(
        default=None,
        description="Directory of the kill latch; the journal's own where it is left out",
        examples=["/var/lib/fairway"],
    )
    maintenance: tuple[Spell, ...] = Field(
        default=(),
        max_length=1_000,
        description="Planned maintenance, in UTC: nothing is opened in it, and its minutes do not count in uptime "
        "(docs/reference/measurements.md)",
        examples=["[2026-11-28T02:00Z to 2026-11-28T04:00Z]"],
    )
    log: LogSettings = Field(default=LogSettings(), examples=["{file: fairway.log}"])
    up: UpSettings = Field(default=UpSettings(), examples=["{plan: first-hundred}"])
    server: ServerSettings | None = Field(
        default=None, description="The HTTP server; without it `fairway up` runs none", examples=["{port: 8080}"]
    )
    notify: NotifySettings = Field(default=NotifySettings(), examples=["{recipients: {team: {chat: [console]}}}"])
    alerts: AlertSettings | None = Field(
        default=None,
        description="Who is notified of what goes wrong; without it `fairway up` runs no alerting",
        examples=["{channels: {P0: [ops-pager]}}"],
    )
    report: Place = Field(
        default=Path("report"),
        description="Directory for the report at the end of a run; relative to this file",
        examples=["report"],
    )

    @property
    def quote(self) -> str:
        """The asset that the account's worth is told in."""
        return self.symbols[0].partition("/")[2]

    @property
    def latch_folder(self) -> Path:
        """Where the files of the kill latch are."""
        if self.latch is not None:
            return self.latch
        assert isinstance(self.journal, Path), "checked when it was loaded"
        return self.journal.parent

    @model_validator(mode="after")
    def _keys_fit(self) -> Self:
        for name in ("key", "secret"):
            given = getattr(self.venue, name) is not None
            if self.people is None and not given:
                raise misfit(f"venue.{name}", "is missing", example=f"{name}: env:FAIRWAY_{name.upper()}")
            if self.people is not None and given:
                raise misfit(f"venue.{name}", "is not used: with the key people, each account has keys of its own in the vault")
        if self.people is None and self.risk.profile_max is not None:
            raise misfit("risk.profile_max", "is for accounts of a registry (the key people); write profile", example=_PROFILE)
        if isinstance(self.journal, str) and self.latch is None:
            what = "is missing: a journal in PostgreSQL has no directory for the kill latch; name one of this machine"
            raise misfit("latch", what, example="latch: /var/lib/fairway")
        return self

    @model_validator(mode="after")
    def _channels_exist(self) -> Self:
        known = (CONSOLE, *(each.name for each in self.notify.channels))
        for name in self.alerts.named_channels if self.alerts is not None else ():
            if name not in known:
                raise misfit("alerts", f"names the channel {name!r}, and notify.channels has {', '.join(known)}", example="")
        return self

    @model_validator(mode="after")
    def _symbols_fit(self) -> Self:
        twice = [symbol for index, symbol in enumerate(self.symbols) if symbol in self.symbols[:index]]
        if twice:
            raise misfit("symbols", f"{twice[0]} stands twice")
        stranger = next((symbol for symbol in self.symbols if not symbol.endswith(f"/{self.quote}")), None)
        if stranger:
            raise misfit("symbols", f"{stranger} is not quoted in {self.quote}; one trader has one quote asset")
        return self

    @model_validator(mode="after")
    def _profile_fits(self) -> Self:
        """A bolder bot needs another profile; a single number wider than the profile's would be overlooked."""
        try:
            wider = self.risk.wider(self.quote)
        except ValueError as error:
            raise misfit("symbols", str(error)) from None
        if wider is not None:
            key, value, most = wider
            told = f"{value} is wider than profile {self.risk.profile} allows; keys may only tighten it"
            raise misfit(f"risk.{key}", told, example=f"{key}: {most}")
        return self

    @model_validator(mode="after")
    def _mode_fits(self) -> Self:
        """A file that says live and means the test network, or the other way round, is refused before any order."""
        venue = self.venue
        if self.mode == "practice" and venue.url is None:
            raise misfit("venue.url", "is missing: mode practice needs the address that `fairway exchange serve` prints")
        if self.mode != "practice" and venue.url is not None:
            raise misfit("venue.url", f"is for mode practice, and the mode is {self.mode}; leave one of them out", example="")
        if venue.url is not None and venue.exchange not in PRACTICE_PROTOCOLS:
            raise misfit(
                "venue.exchange", f"'{venue.exchange}' cannot be reached at another address; the practice exchange is binance"
            )
        if self.mode == "testnet" and not venue.sandbox:
            raise misfit("venue.sandbox", "must be true in mode testnet")
        if self.mode != "testnet" and venue.sandbox:
            raise misfit("venue.sandbox", f"is for mode testnet, and the mode is {self.mode}", example="sandbox: false")
        return self
