"""The protocol of a guard, the observations that it receives, and the readings that it returns.

Observations are made from journaled events, so a restart rebuilds a guard. A look at the account gives readings: figures that are
compared with the guard's bounds. A guard never acts.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, get_args

from msgspec import Struct

from fairway.money.amount import ZERO, Amount, Price
from fairway.risk.causes import AlertSeverity, Cause
from fairway.risk.escalation import Level
from fairway.risk.guards.rules import GuardRules
from fairway.risk.limits import NO_LIMITS, Limits

if TYPE_CHECKING:
    from fairway.risk.guards.equity import Equity


class Planned(Struct, frozen=True):
    """An entry was approved at a price; None in a journal of before prices were kept."""

    symbol: str
    price: Price | None
    stop: Price
    target: Price
    at: int


class Sent(Struct, frozen=True):
    """An order went to the venue for the first time."""

    symbol: str
    quantity: Amount
    is_entry: bool
    at: int


class OrderAnswered(Struct, frozen=True):
    """The venue took an order, so long after it was sent."""

    latency_ns: int
    at: int


class Failed(Struct, frozen=True):
    """An order was refused, was never sent, or is unknown."""

    at: int


class Bought(Struct, frozen=True):
    """A fill of an entry."""

    symbol: str
    price: Price
    at: int


class Closed(Struct, frozen=True):
    """A round trip ended. gross: before fees. in_risks: its result in multiples of what it risked; None where that is unknown."""

    symbol: str
    result: Amount
    gross: Amount
    in_risks: Decimal | None
    at: int


class AccountMarked(Struct, frozen=True):
    """The account at market: worth in quote, and the prices used, by symbol."""

    worth: Amount
    prices: Mapping[str, Decimal]
    at: int


class Moved(Struct, frozen=True):
    """Money came or went that no trade of ours explains."""

    amount: Amount
    at: int


class Begun(Struct, frozen=True):
    """A stage began, with the account worth so much in quote, less the fees due."""

    stage: str
    worth: Amount
    at: int


class Measured(Struct, frozen=True):
    """What the process measured; None for what it did not. skew_ns: how far the venue's clock is ahead of ours."""

    skew_ns: int | None
    memory_bytes: int | None
    at: int


GuardInput = Planned | Sent | OrderAnswered | Failed | Bought | Closed | AccountMarked | Moved | Begun | Measured
GUARD_INPUTS: tuple[type[GuardInput], ...] = get_args(GuardInput)


class PositionValue(Struct, frozen=True):
    """What closing a position now would bring, at the bid and after its fee, in quote. seen_at: when that bid was received (ns).

    result: in all, with what was sold of it before. cost: of what is held; brings: for what is held.
    """

    result: Amount
    cost: Amount
    brings: Amount
    seen_at: int


class MarketActivity(Struct, frozen=True):
    """A symbol's newest candles. move: the largest of the last few, as a fraction; traded: quote a day at their pace."""

    move: Decimal
    traded: Amount


class AccountLook(Struct, frozen=True, kw_only=True):
    """What can be seen at an instant (ns). worth: cash and marked positions, less the fees due; None where it is unknown."""

    now: int
    worth: Amount | None
    marked_at: int
    """When the oldest price of a position in `held` was received (ns); 0 where there is none."""
    capital: Amount | None
    """What the account counts as worth at most."""
    held: Mapping[str, PositionValue]
    """Positions whose price is sound, by symbol."""
    markets: Mapping[str, MarketActivity]
    """Symbols of which a candle has just closed."""
    limits: Limits = NO_LIMITS
    """What is in force for the whole account."""
    is_whole: bool = True
    """Whether all that is held has a sound price; where not, worth counts what has none at its last one, and no loss is over."""

    def fallen(self, symbol: str) -> Decimal:
        """By how much a position has fallen at the price of now, as a fraction of its cost; all together, where symbol is "".

        Below zero where they have risen, 0 where nothing is held, or it cost nothing.
        """
        held = [self.held[symbol]] if symbol else self.held.values()
        cost = sum((it.cost.value for it in held), ZERO)
        return 1 - sum((it.brings.value for it in held), ZERO) / cost if cost else ZERO


class GuardReading(Struct, frozen=True):
    """A figure, in the unit of its guard's bounds. what: its name in codes.

    marked_at: when the oldest price behind it was received (ns). Where it is not 0, a second reading must confirm it.
    figures: what a code says of it, each by its name; without any its own name, its value and its bound.
    """

    what: str
    value: Decimal
    symbol: str = ""
    marked_at: int = 0
    figures: tuple[tuple[str, Decimal | Amount], ...] = ()


Bounds = Mapping[Level, Decimal]
"""From which figure on a guard is how alarmed, calmest first."""


class Guard(Protocol):
    name: ClassVar[str]
    """As people read it: `daily loss`."""
    measures: ClassVar[str]
    """What it measures: basis, window, scope; for the page of guards."""
    hears: ClassVar[tuple[type[GuardInput], ...]]
    severity: ClassVar[AlertSeverity]
    """Of its alert at CRITICAL; at WARNING it is P2, at EMERGENCY P0."""
    cause: ClassVar[Cause]
    """What its cap means for the launch of the account, from CRITICAL on."""
    watches_losses: ClassVar[bool]
    """Whether it watches what the account loses: its caps count as losses, and an unknown worth ends none of its alarms."""
    is_incident: ClassVar[bool]
    """Whether it is an incident that it stops entries. Not where that is a rule of ordinary trading; an emergency always is."""
    includes_limit: ClassVar[bool]
    """Whether it is alarmed at a bound already, and not only beyond it."""
    person_from: ClassVar[Level]
    """From this level on only a person lifts its cap; below, it goes by itself."""
    is_live: ClassVar[bool]
    """Whether a price alone may alarm it; the others need a closed candle, or something that happened."""
    remembers: ClassVar[Mapping[str, Any]]
    """What the journal has taught it, by attribute, with the type to keep it in; what is only seen is not in it."""
    bounds: Bounds

    def __init__(self, rules: GuardRules, equity: "Equity") -> None: ...

    def observe(self, seen: GuardInput) -> None: ...

    def readings(self, look: AccountLook) -> Iterable[GuardReading]:
        """No reading of a symbol, or of the account, leaves things as they are: what is unknown clears nothing."""
        ...

    def forget(self, since: int, symbol: str) -> None:
        """A person lifted its cap at this instant (ns): what was before it counts no more."""
        ...


ONE = Decimal(1)
NONE_YET = ZERO
"""The figure of a guard that has too little to judge by: an account that is new is allowed."""
