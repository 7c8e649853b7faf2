"""Limits: how much an account may have at risk. They form a partial order, so any number of reasons to be careful combine.

`a & b` is the tightest of both, field by field; `a <= b` says that a allows nothing that b forbids. None limits nothing.
"""

from decimal import Decimal
from enum import IntEnum
from typing import Any

from msgspec import Struct
from msgspec.structs import fields

from fairway.money.amount import Amount
from fairway.money.fraction import Fraction
from fairway.risk.hours import Hours


class TradingState(IntEnum):
    """What an account may do, tightest first. Stops and targets that rest at the venue stay there in all of them."""

    KILLED = 0
    """As when halted, until a person resumes it."""
    HALTED = 1
    """Cancel entries, and protect what is held; nothing else."""
    REDUCE_ONLY = 2
    """Close, cancel and protect; nothing that could enlarge a position."""
    ACTIVE = 3

    def __str__(self) -> str:
        return self.name


class Limits(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Each field is what is still allowed. Money is in the account's quote asset, fractions are of the account's worth."""

    state: TradingState = TradingState.ACTIVE
    hands_off: bool = False
    """Another program sells the positions: the trader books the fills, and sends no orders for as long as the sale may take."""
    symbols: frozenset[str] | None = None
    """The only symbols in which positions may be opened."""
    capital: Amount | None = None
    """What the account counts as worth at most: every share is a share of this, and positions together stay within it."""
    capital_min: Amount | None = None
    """An account worth less opens nothing. Of two the larger is the tighter."""
    exposure_value: Amount | None = None
    """Most that positions, and entries in flight, may be worth together."""
    exposure: Fraction | None = None
    """The same, as a fraction."""
    position_value: Amount | None = None
    """Most that the position in one symbol may be worth."""
    position: Fraction | None = None
    """The same, as a fraction."""
    order_value: Amount | None = None
    positions: int | None = None
    """Symbols that hold something, or may soon."""
    orders_a_minute: int | None = None
    risk: Fraction | None = None
    """Most of the account that one trade may lose where its stop is hit."""
    size: Fraction | None = None
    """What is left of the size that all other rules give."""
    strategies: frozenset[str] | None = None
    """The only strategies that may open positions."""
    profiles: frozenset[str] | None = None
    """The only risk profiles whose accounts may."""
    cohorts: frozenset[str] | None = None
    """The only accounts that get a lease at all, by who they are: see launch/control/cohort.py."""
    open_orders: int | None = None
    """Most entries that may be at work at the venue together."""
    leverage: Decimal | None = None
    """Most that positions and entries in flight may be worth together, in multiples of what the account counts as worth."""
    hours: Hours | None = None
    """When positions may be opened, by UTC."""
    loss: Amount | None = None
    """Most that the account may lose in all since its stage began."""
    daily_loss: Fraction | None = None
    """Most that it may lose in 24 hours, and since midnight UTC."""
    drawdown: Fraction | None = None
    """Farthest that it may fall below its highest worth since its stage began."""
    capital_total: Amount | None = None
    """Most that positions, and entries in flight, of all accounts of a trader may be worth together."""
    loss_total: Amount | None = None
    """Most that all accounts of a trader may lose together since their stages began; no gain offsets a loss."""
    users: int | None = None
    """How many users may have accounts with a lease: see launch/control/cohort.py."""
    users_a_day: int | None = None
    """How many new ones may get one within 24 hours."""

    def __and__(self, other: "Limits") -> "Limits":
        """The tightest of both. Raises TypeError where money is in two assets."""
        return Limits(**{name: _tightest(name, getattr(self, name), getattr(other, name)) for name in FIELDS})

    def __le__(self, other: "Limits") -> bool:
        return all(_is_within(name, getattr(self, name), getattr(other, name)) for name in FIELDS)

    def set_fields(self) -> tuple[str, ...]:
        """The names of the fields that limit something."""
        return tuple(name for name in FIELDS if getattr(self, name) != getattr(NO_LIMITS, name))


FIELDS = tuple(field.name for field in fields(Limits))
NO_LIMITS = Limits()


def _tightest(name: str, one: Any, other: Any) -> Any:
    if one is None or other is None:
        return other if one is None else one
    if isinstance(one, bool):
        return one or other
    if isinstance(one, frozenset | Hours):
        return one & other
    return max(one, other) if name == "capital_min" else min(one, other)


def _is_within(name: str, one: Any, other: Any) -> bool:
    return bool(_tightest(name, one, other) == one)
