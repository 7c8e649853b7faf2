"""A stage's limits as a plan says them, and the limits of an account that follow from them."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, InstanceOf

from fairway.money.amount import Amount
from fairway.people.account import Cohort
from fairway.risk.hours import Hours
from fairway.risk.limits import Limits, TradingState
from fairway.risk.profiles import DOLLARS, Profile
from fairway.texts.quantities import Money, Share, Symbol
from fairway.texts.section import Section


def _hours(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return Hours.parse(value)
    except ValueError:
        raise ValueError("is no spell of hours") from None


OpenHours = Annotated[InstanceOf[Hours], BeforeValidator(_hours)]
"""Hours as people write them, such as 08:00-20:00."""


class Mode(StrEnum):
    """What a stage's orders are, least first."""

    OBSERVE = "observe"
    """None: the bot looks and decides nothing."""
    SHADOW = "shadow"
    """None: it decides, and what it would have sent is written down."""
    PAPER = "paper"
    """On the practice exchange."""
    TESTNET = "testnet"
    LIVE = "live"
    """Real money."""

    @property
    def rank(self) -> int:
        return tuple(Mode).index(self)


Names = Literal["all"] | tuple[str, ...]


class Between(Section):
    """A least and a most."""

    at_least: Money | None = Field(default=None, description="Least", examples=["100 USD"])
    at_most: Money | None = Field(default=None, description="Most", examples=["500 USD"])


class StageLimits(Section):
    """How much exposure a stage allows. What is left out is bounded by the account's own profile alone."""

    mode: Mode = Field(description="`observe`, `shadow`, `paper`, `testnet` or `live`", examples=["live"])
    capital: Money | None = Field(default=None, description="Most that all accounts together put to work", examples=["1000 USD"])
    capital_per_user: Between = Field(
        default=Between(), description="Least and most of one user", examples=["{at_least: 100 USD, at_most: 500 USD}"]
    )
    per_symbol: Money | None = Field(default=None, description="Most that one position may be worth", examples=["100 USD"])
    symbols: Literal["all"] | tuple[Symbol, ...] = Field(
        default="all", description="The only pairs in which positions may be opened", examples=["[BTC/USDT]"]
    )
    strategies: Names = Field(default="all", description="The only strategies that may open positions", examples=["[trend]"])
    profiles: Literal["all"] | tuple[Profile, ...] = Field(
        default="all", description="The only risk profiles whose accounts may", examples=["[conservative]"]
    )
    cohort: Cohort | None = Field(
        default=None,
        description="Who is let in: `team`, `trusted` (with the team) or `public`; anybody where it is left out",
        examples=["team"],
    )
    users: int | None = Field(default=None, ge=1, description="Most users", examples=["10"])
    users_a_day: int | None = Field(default=None, ge=1, description="Most users let in within 24 hours", examples=["10"])
    order_value: Money | None = Field(default=None, description="Most that one order may be worth", examples=["50 USD"])
    open_orders: int | None = Field(default=None, ge=0, description="Most entries at work at the same time", examples=["5"])
    orders_a_minute: int | None = Field(default=None, ge=0, description="Most entries in a minute", examples=["3"])
    positions: int | None = Field(default=None, ge=0, description="Most positions of an account", examples=["3"])
    leverage: int | None = Field(
        default=None, ge=1, le=125, description="Most worth held, in multiples of capital", examples=["1"]
    )
    loss: Money | None = Field(
        default=None,
        description="Most that all accounts may lose together in this stage: what is risked by being wrong",
        examples=["100 USD"],
    )
    daily_loss: Share | None = Field(default=None, description="Most that an account may lose in 24 hours", examples=["3 %"])
    drawdown: Share | None = Field(
        default=None, description="Farthest that an account may fall below its highest worth in this stage", examples=["8 %"]
    )
    hours: OpenHours | None = Field(default=None, description="When positions may be opened, by UTC", examples=["08:00-20:00"])
    http_weight: Share | None = Field(
        default=None, description="Share of requests that the new release answers", examples=["10 %"]
    )


_AS_IN_LIMITS: Final = {
    "per_symbol": "position_value",
    "order_value": "order_value",
    "open_orders": "open_orders",
    "orders_a_minute": "orders_a_minute",
    "positions": "positions",
    "daily_loss": "daily_loss",
    "drawdown": "drawdown",
    "hours": "hours",
    "users": "users",
    "users_a_day": "users_a_day",
    "capital": "capital_total",
    "loss": "loss_total",
}
"""A stage's key, and the field of an account's limits that it sets."""
_SETS: Final = ("symbols", "strategies", "profiles")


def as_counted(amount: Amount) -> Amount:
    """In what it is counted: a dollar's tokens are dollars, so that amounts of a plan can be compared."""
    return Amount(amount.value, "USD") if amount.asset in DOLLARS else amount


def limits_of(stage: StageLimits, *, quote: str, mode: Mode = Mode.LIVE) -> Limits:
    """What one account in a stage may do. quote: its quote asset; dollars of a plan are dollars of it. mode: its own.

    Raises ValueError where the plan's money is in an asset that the account does not count in.
    """
    found: dict[str, Any] = {field: getattr(stage, key) for key, field in _AS_IN_LIMITS.items()}
    found |= {key: frozenset(map(str, getattr(stage, key))) for key in _SETS if getattr(stage, key) != "all"}
    user = stage.capital_per_user
    found["capital_min"], found["capital"] = user.at_least, user.at_most or stage.capital
    if stage.capital is not None and user.at_most is not None:
        found["capital"] = min(user.at_most, stage.capital)
    if stage.cohort is not None:
        found["cohorts"] = stage.cohort.and_nearer()
    if stage.leverage is not None:
        found["leverage"] = Decimal(stage.leverage)
    if mode.rank > stage.mode.rank:
        found["state"] = TradingState.REDUCE_ONLY
    return Limits(**{field: _in(quote, value) for field, value in found.items() if value is not None})


def _in(quote: str, value: Any) -> Any:
    """A plan says dollars; the account counts in one of their tokens."""
    if not isinstance(value, Amount) or value.asset == quote:
        return value
    if value.asset in DOLLARS and quote in DOLLARS:
        return Amount(value.value, quote)
    raise ValueError(f"{value} of the plan is no amount of {quote}, in which the account is counted")
