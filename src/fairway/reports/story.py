"""The story of a run: what the journal's events add up to, in exact values. `event_log.story_of` makes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from fairway.journal.kinds import TraderStarted
from fairway.ledger.positions import Position
from fairway.ledger.result import RoundTrip
from fairway.market.instrument import Instrument
from fairway.money.amount import Amount, Price
from fairway.orders.ids import Role
from fairway.orders.order import Fill, Order, OrderState, Side
from fairway.reports.event_context import EventText
from fairway.reports.ratio import ratio
from fairway.risk.caps import Cap


class Leaving(StrEnum):
    """What ended a round trip. The last order that sold decides, where several did."""

    STOP = "stop"
    TARGET = "target"
    STRATEGY = "strategy"
    TIME = "time"
    PROTECTION = "no protection"
    """It could not be protected, so it was sold."""
    GUARD = "guard"
    """A guard of the account closes positions."""
    HAND = "by hand"
    """Another user of the account sold it, or moved it away."""


@dataclass(frozen=True, slots=True)
class WorthPoint:
    """What the account was worth at an instant (ns), in the story's quote asset."""

    at: int
    worth: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedTrip:
    """A round trip with its reasons. stop and target are of its plan, None where it had none."""

    trip: RoundTrip
    entered_why: str
    leaving: Leaving
    left_why: str
    stop: Price | None
    target: Price | None
    fees: Mapping[str, Decimal]
    """By asset, of all its fills; those in base and quote are in the result already."""
    naked_ns: int
    """How long stops did not cover it, until they last did."""

    @property
    def risk(self) -> Amount | None:
        """What was to be lost at the stop, before fees: plan stop distance times quantity. None without a stop below entry."""
        if self.stop is None or self.stop.value >= self.trip.entry:
            return None
        return Amount((self.trip.entry - self.stop.value) * self.trip.quantity.value, self.trip.result.asset)

    @property
    def r(self) -> Decimal | None:
        """The result in units of its risk: −1 is a full loss at the stop."""
        risk = self.risk
        return None if risk is None else ratio(self.trip.result.value, risk.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedFill:
    """One fill as it was booked, at the venue's time (ns).

    order_id is "" where another user of the account sold what was the bot's.
    """

    order_id: str
    symbol: str
    side: Side
    role: Role
    fill: Fill


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPosition:
    """A position that the story ends with."""

    position: Position
    entered_why: str
    stop: Price | None
    target: Price | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamOutage:
    """A stream that was lost (ns); caught_up_at is None where it never came back."""

    channel: str
    why: str
    lost_at: int
    caught_up_at: int | None = None


@dataclass(frozen=True, slots=True)
class ReportedTrouble:
    """Something that went wrong at an instant (ns), and what was done about it."""

    at: int
    words: EventText


@dataclass(frozen=True, slots=True)
class Adjustment:
    at: int
    amount: Amount
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One asset from opening to end: opening + bought - sold - fees + adjustments is the balance.

    bought and sold count both sides of every trade: buying bitcoin sells dollars.
    """

    asset: str
    opening: Decimal
    bought: Decimal
    sold: Decimal
    fees: Decimal
    adjustments: Decimal
    balance: Decimal
    """What the ledger holds."""

    @property
    def expected(self) -> Decimal:
        return self.opening + self.bought - self.sold - self.fees + self.adjustments

    @property
    def is_exact(self) -> bool:
        return self.expected == self.balance


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Everything that reports are made of. Instants in ns; mappings keep the order in which things first happened."""

    quote: str
    """The asset of the worth points; `""` where the account was never valued."""
    instruments: Mapping[str, Instrument]
    began_at: int
    ended_at: int
    events: int
    starts: tuple[TraderStarted, ...]
    is_opened: bool
    """Whether the opening balances were read: without them nothing can be held against the exchange."""
    opening: Mapping[str, Decimal]
    opening_marks: Mapping[str, Decimal]
    """Prices by symbol of the first valuation."""
    marks: Mapping[str, Decimal]
    """Prices by symbol of the last valuation."""
    worths: tuple[WorthPoint, ...]
    trips: tuple[ReportedTrip, ...]
    fills: tuple[BookedFill, ...]
    positions: tuple[OpenPosition, ...]
    dust: Mapping[str, Decimal]
    results: Mapping[str, Decimal]
    """Of closed round trips, by quote asset."""
    fees: Mapping[str, Decimal]
    balances: Mapping[str, Decimal]
    """Of the ledger, by asset."""
    flows: tuple[Flow, ...]
    adjustments: tuple[Adjustment, ...]
    refusals: Mapping[str, int]
    """By category of the code."""
    orders_ended: Mapping[OrderState, int]
    orders_live: tuple[Order, ...]
    orders_lost: int
    """How often an order's fate was unknown for a time."""
    outages: tuple[StreamOutage, ...]
    caps: tuple[Cap, ...]
    """Every reason to be careful that was raised."""
    troubles: tuple[ReportedTrouble, ...]
    troubles_count: int
    """All of them; the story keeps the first so many."""
