"""Round trips with numbers: each position from its first buy on, open or ended, with its fills and orders, from the journal.

A trip's number is the place of the record that opened it among all openings of the trader's journal, whatever its account,
counted from 1. The journal only grows, so a number is never given to another trip.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.operation import Call, Exposure, Operation, Outcome, Preview, account_or_own
from fairway.operations.permissions import may_read
from fairway.operations.trader.journal_view import view_of
from fairway.people.roles import UserAct
from fairway.settings import Settings, load

if TYPE_CHECKING:
    from fairway.journal.models import OrderRow
    from fairway.reports.holdings import Held
    from fairway.reports.story import BookedFill, OpenPosition, ReportedTrip, Story
    from fairway.reports.trader_view import AccountJournalView

Opening = tuple[str, int]
"""What tells a trip from others of its account: its symbol, and the instant (ns) of its first fill."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTripsRequest:
    """account: this one only, "" for all that the actor may read."""

    config: Path
    account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTrip:
    """A position that is held, with its reasons and with what it is worth."""

    position: "OpenPosition"
    held: "Held"


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedTrip:
    """One trip. orders: those that it was made by, and those that are live in its pair while it is open; oldest first."""

    number: int
    account: str
    trip: "ReportedTrip | OpenTrip"
    fills: "tuple[BookedFill, ...]"
    orders: "tuple[OrderRow, ...]"

    @property
    def symbol(self) -> str:
        return self.trip.held.symbol if isinstance(self.trip, OpenTrip) else self.trip.trip.symbol

    @property
    def is_open(self) -> bool:
        return isinstance(self.trip, OpenTrip)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTripsOutcome(Outcome):
    """In the order of their numbers."""

    settings: Settings
    trips: tuple[NumberedTrip, ...]


def number_trips(call: Call[RoundTripsRequest]) -> RoundTripsOutcome:
    """Raises SettingsError, JournalErrors."""
    from fairway.world.clock import SystemClock

    asked, settings, now = call.request, load(call.request.config), SystemClock().now()
    with view_of(settings) as view:
        records = sorted(seq for account in view.accounts.values() for seq in account.openings.values())
        numbers = {seq: number for number, seq in enumerate(records, 1)}
        trips = [
            trip
            for name, account in view.accounts.items()
            if asked.account in ("", name) and may_read(call.actor, name)
            for trip in _trips(account, numbers, now)
        ]
    return RoundTripsOutcome(settings=settings, trips=tuple(sorted(trips, key=lambda each: each.number)))


def _trips(account: "AccountJournalView", numbers: Mapping[int, int], now: int) -> Iterator[NumberedTrip]:
    story = account.story()
    fills = _fills(story, account)
    for opening, trip in _found(account, story, now):
        its = tuple(fills.get(opening, ()))
        yield NumberedTrip(
            number=numbers[account.openings[opening]],
            account=account.account,
            trip=trip,
            fills=its,
            orders=_orders(account, story, its, opening[0] if isinstance(trip, OpenTrip) else ""),
        )


def _found(account: "AccountJournalView", story: "Story", now: int) -> "Iterator[tuple[Opening, ReportedTrip | OpenTrip]]":
    for ended in story.trips:
        yield (ended.trip.symbol, ended.trip.opened_at), ended
    held_now = account.holdings(now).held if story.positions else ()
    for position, held in zip(story.positions, held_now, strict=True):
        yield (held.symbol, held.opened_at), OpenTrip(position=position, held=held)


def _fills(story: "Story", account: "AccountJournalView") -> "Mapping[Opening, list[BookedFill]]":
    """By trip: a fill belongs to the last one of its pair that had begun by then."""
    begun: dict[str, list[int]] = {}
    for symbol, at in sorted(account.openings, key=lambda opening: opening[1]):
        begun.setdefault(symbol, []).append(at)
    found: dict[Opening, list[BookedFill]] = {}
    for booked in story.fills:
        its = begun.get(booked.symbol, [])
        index = bisect_right(its, booked.fill.at) - 1
        if index >= 0:
            found.setdefault((booked.symbol, its[index]), []).append(booked)
    return found


def _orders(
    account: "AccountJournalView", story: "Story", fills: "tuple[BookedFill, ...]", open_in: str
) -> "tuple[OrderRow, ...]":
    """open_in: the pair of a trip that is open, "" for one that has ended."""
    ids = dict.fromkeys(booked.order_id for booked in fills)
    ids |= dict.fromkeys(order.id for order in story.orders_live if open_in and order.symbol == open_in)
    rows = [account.orders[each].order for each in ids if each in account.orders]
    return tuple(sorted(rows, key=lambda row: (row.created_at, row.order_id)))


ROUND_TRIPS = Operation(
    name="round trips",
    summary="Show each position from its first buy on, with a number that it keeps, its fills and its orders.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=RoundTripsRequest,
    subject=lambda asked: account_or_own(asked.account),
    preview=lambda call: Preview(effect="reads the journal; nothing is changed"),
    perform=number_trips,
)
OPERATIONS: Final = (ROUND_TRIPS,)
