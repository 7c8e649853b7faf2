"""The keys of a configuration file: what each means, what it may be, and a right example of it.

Models take texts, as they stand in the file, and values, as a program gives them. Every key does something: one that is not
obeyed yet is not accepted.
"""

import re
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from msgspec.structs import replace
from pydantic import AfterValidator, BeforeValidator, Field, InstanceOf, SerializeAsAny, ValidationInfo, model_validator

from fairway.market.candles import INTERVALS
from fairway.money.fraction import Fraction as Share
from fairway.orders.ids import ACCOUNT_FORM
from fairway.people.master_key import DEFAULT_PLACE
from fairway.risk.profiles import Profile, rules_of
from fairway.risk.rules import RiskRules
from fairway.settings.secret import SecretReference
from fairway.strategies.api import StrategySettings
from fairway.texts.durations import as_setting
from fairway.texts.nearest import nearest
from fairway.texts.quantities import Duration, Switch, Symbol
from fairway.texts.section import Section
from fairway.texts.validation_errors import misfit
from fairway.trading.schedule import RECONCILE_MAX_NS, RECONCILE_NS
from fairway.venues.registry import DEFAULT_KIND, KIND
from fairway.world.clock import parse_instant

Mode = Literal["practice", "testnet", "live"]

PRACTICE_PROTOCOLS = ("binance",)
"""Exchanges whose protocol the practice exchange speaks, so that a client of theirs may be pointed at it."""

_DATABASE = "postgresql://bot@localhost/fairway"
_PROFILE = "profile: moderate"
_PERCENT = re.compile(r"(\d{1,12}(?:\.\d{1,12})?)\s*%")


def _fraction(value: object) -> object:
    """`0.5 %` is 0.005. Without its sign a number could be either, and one of the two loses a hundred times as much."""
    if isinstance(value, float):
        raise ValueError("is a float and not exact; write text, such as '0.5 %', or a Decimal")
    if not isinstance(value, str):
        return value
    match = _PERCENT.fullmatch(value.strip())
    if match is None:
        raise ValueError("is no percentage; write a number and %")
    return Decimal(match[1]) / 100


def _account(value: object) -> object:
    if isinstance(value, str) and not ACCOUNT_FORM.fullmatch(value):
        raise ValueError("is no account's name; it has 1 to 12 small letters and digits, for it is part of every order's id")
    return value


def _interval(value: object) -> object:
    if value not in INTERVALS:
        raise ValueError(f"is no interval; there are {', '.join(INTERVALS)}")
    return value


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


def _secret(value: object, info: ValidationInfo) -> object:
    return SecretReference(value, _folder(info)) if isinstance(value, str) else value


def _path(value: object, info: ValidationInfo) -> object:
    if isinstance(value, str):
        if not value:
            raise ValueError("is empty")
        value = Path(value)
    return _folder(info) / value.expanduser() if isinstance(value, Path) else value


def _store(value: object, info: ValidationInfo) -> object:
    """A PostgreSQL URL stays a text; everything else is a path."""
    if isinstance(value, str) and "://" in value:
        if not re.fullmatch(r"postgresql://[^\s/]*/[^\s/?]+(\?\S*)?", value):
            what = f"{value!r} is no address of a PostgreSQL database; write postgresql://USER@HOST/DATABASE"
            raise misfit("", what, example=f"{info.field_name}: {_DATABASE}")
        if urlsplit(value).password:
            what = "holds a password; put it into ~/.pgpass or the variable PGPASSWORD, and leave it out here"
            raise misfit("", what, example=f"{info.field_name}: {_DATABASE}")
        return value
    return _path(value, info)


def _asks_often_enough(every_ns: int) -> int:
    if not RECONCILE_NS <= every_ns <= RECONCILE_MAX_NS:
        raise ValueError(f"is not between {as_setting(RECONCILE_NS)} and {as_setting(RECONCILE_MAX_NS)}")
    return every_ns


def _master_key(value: object, info: ValidationInfo) -> object:
    if not isinstance(value, str) or not value.startswith(("env:", "file:")):
        raise ValueError("names no place of a key; write env:NAME or file:PATH")
    kind, _, place = value.partition(":")
    return value if kind == "env" else f"file:{_folder(info) / Path(place).expanduser()}"


def _spell(value: object) -> object:
    if not isinstance(value, str):
        return value
    begins, between, ends = value.partition(" to ")
    try:
        spell = parse_instant(begins), parse_instant(ends)
    except ValueError:
        spell = 0, 0
    if not between or spell[0] >= spell[1]:
        raise ValueError("is no time from one instant to a later one; write two of them in UTC and ` to ` between")
    return spell


def _folder(info: ValidationInfo) -> Path:
    """Where relative paths start: the file's own directory, so that it does not matter from where Fairway is started."""
    return info.context["folder"] if info.context else Path()


Fraction = Annotated[Decimal, BeforeValidator(_fraction)]
Hidden = Annotated[InstanceOf[SecretReference], BeforeValidator(_secret)]
Place = Annotated[Path, BeforeValidator(_path)]
Store = Annotated[Path | str, BeforeValidator(_store)]
Spell = Annotated[tuple[int, int], BeforeValidator(_spell)]
"""From an instant (ns) until another."""


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
    key: Hidden | None = Field(
        default=None,
        description="API key: `env:NAME`, `file:PATH`, or the key itself; with `people`, each account has its own",
        examples=["env:FAIRWAY_KEY"],
    )
    secret: Hidden | None = Field(default=None, description="API secret, written like the key", examples=["env:FAIRWAY_SECRET"])
    sandbox: Switch = Field(
        default=False, description="Use the exchange's own test network; in mode `testnet`, and there only", examples=["true"]
    )


class RiskSettings(Section):
    """How much may be lost, and how much may be held: a profile, and keys that tighten it."""

    profile: Literal["conservative", "moderate", "aggressive"] = Field(
        default="conservative",
        description="`conservative`, `moderate` or `aggressive`: sizes, limits and guards (docs/reference/guards.md); "
        "with `people`, each account has its user's own instead",
        examples=["conservative"],
    )
    profile_max: Literal["conservative", "moderate", "aggressive"] | None = Field(
        default=None,
        description="With `people`: the boldest profile that any account is traded by, whatever its user's is",
        examples=["moderate"],
    )
    per_trade: Annotated[Decimal, Field(gt=0, le=Decimal("0.1")), BeforeValidator(_fraction)] | None = Field(
        default=None,
        description="Share of the account's worth lost when a stop is hit, before the profile's factor; only tighter than 0.75 %",
        examples=["0.5 %"],
    )
    position_max: Annotated[Decimal, Field(gt=0, le=1), BeforeValidator(_fraction)] | None = Field(
        default=None,
        description="Largest share of the account's worth in one position; only tighter than the profile's own",
        examples=["10 %"],
    )
    positions_max: Annotated[int, Field(ge=1, le=50)] | None = Field(
        default=None,
        description="Positions open at the same time; only tighter than the profile's own",
        examples=["3"],
    )
    slippage: Fraction = Field(
        default=Decimal("0.001"),
        ge=0,
        le=Decimal("0.1"),
        description="Slippage allowed for, each way, in sizing",
        examples=["0.1 %"],
    )
    spread_max: Fraction = Field(
        default=Decimal("0.005"), gt=0, le=Decimal("0.1"), description="Widest spread to enter at", examples=["0.5 %"]
    )

    def rules(self, quote: str, user: Profile | None = None) -> RiskRules:
        """The profile's, and what tightens them. user: the profile of the account's user, which counts instead of the file's,
        up to profile_max. Raises ValueError where the profile's dollars are no amounts of quote."""
        rules = rules_of(Profile(self.profile) if user is None else self.bounded(user), quote)
        own = {name: min(value, getattr(rules, name)) for name, value in self._own().items() if value is not None}
        return replace(rules, **own, slippage=Share(self.slippage), spread_max=Share(self.spread_max))

    def bounded(self, user: Profile) -> Profile:
        """The profile that an account is traded by whose user has this one."""
        return user if self.profile_max is None else min(user, Profile(self.profile_max), key=tuple(Profile).index)

    def _own(self) -> dict[str, Share | int | None]:
        return {
            "per_trade": Share(self.per_trade) if self.per_trade is not None else None,
            "position_max": Share(self.position_max) if self.position_max is not None else None,
            "positions_max": self.positions_max,
        }

    def wider(self, quote: str) -> tuple[str, str, str] | None:
        """The first key that is wider than its profile allows: the key, its value, and the profile's own."""
        rules = rules_of(Profile(self.profile), quote)
        for name, value in self._own().items():
            most = getattr(rules, name)
            if value is not None and value > most:
                return name, str(value), str(most)
        return None


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
    account: Annotated[str, BeforeValidator(_account)] = Field(
        default="main", description="Name of the account; part of every order's id", examples=["main"]
    )
    venue: VenueSettings = Field(examples=["{exchange: binance, key: env:FAIRWAY_KEY, secret: env:FAIRWAY_SECRET}"])
    symbols: tuple[Symbol, ...] = Field(
        min_length=1, max_length=50, description="Pairs to trade, all with the same quote asset", examples=["[BTC/USDT]"]
    )
    interval: Annotated[str, BeforeValidator(_interval)] = Field(
        default="1m", description="Length of the strategy's candles", examples=["1m"]
    )
    strategy: StrategyChoice = Field(examples=["{name: trend}"])
    risk: RiskSettings = Field(default=RiskSettings(), examples=["{per_trade: 0.5 %}"])
    people: Store | None = Field(
        default=None,
        description="Registry of users and accounts, a file or a PostgreSQL URL: all its accounts at this venue "
        "are then traded, with keys from its vault",
        examples=["fairway.people"],
    )
    master_key: Annotated[str, BeforeValidator(_master_key)] = Field(
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
    reconcile_every: Annotated[Duration, AfterValidator(_asks_often_enough)] = Field(
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
        description="Planned maintenance, in UTC: its minutes do not count in uptime (docs/reference/measurements.md)",
        examples=["[2026-11-28T02:00Z to 2026-11-28T04:00Z]"],
    )
    log: LogSettings = Field(default=LogSettings(), examples=["{file: fairway.log}"])
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
