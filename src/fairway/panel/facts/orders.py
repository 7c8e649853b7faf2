"""Orders and closed trades as tables show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from fairway.journal.models import OrderRow
from fairway.operations.trader.round_trips import NumberedTrip
from fairway.orders.ids import Role
from fairway.orders.order import ENDED, OrderState
from fairway.panel.facts.money import Signed, signed_amount
from fairway.panel.state_marks import Mark
from fairway.reports.story import ReportedTrip
from fairway.texts.display import NOTHING, number, places_for, signed
from fairway.texts.durations import duration_words

STATE_MARKS: Final = {
    OrderState.SENT: Mark.PENDING,
    OrderState.OPEN: Mark.GOOD,
    OrderState.PARTLY: Mark.GOOD,
    OrderState.CANCELLING: Mark.PENDING,
    OrderState.UNKNOWN: Mark.UNKNOWN,
    OrderState.FILLED: Mark.GOOD,
    OrderState.CANCELLED: Mark.HELD,
    OrderState.REJECTED: Mark.BAD,
    OrderState.EXPIRED: Mark.HELD,
}
"""How the state of an order looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """One order. average: of its fills. is_live: whether it may still be filled; is_entry: whether it may enlarge a position."""

    id: str
    account: str
    symbol: str
    side: str
    role: str
    type: str
    state: str
    mark: Mark
    quantity: str
    filled: str
    price: str
    stop_price: str
    average: str
    value: str
    reason: str
    created_at: int
    updated_at: int
    is_live: bool
    is_entry: bool


def order_facts(rows: Iterable[OrderRow]) -> tuple[OrderFacts, ...]:
    """In the same order."""
    return tuple(order_facts_of(row) for row in rows)


def order_facts_of(row: OrderRow) -> OrderFacts:
    """One of them."""
    filled, cost = Decimal(row.filled or 0), Decimal(row.cost or 0)
    state = OrderState(row.state)
    return OrderFacts(
        id=row.order_id,
        account=row.account,
        symbol=row.symbol,
        side=row.side,
        role=_role(row),
        type=row.type,
        state=row.state,
        mark=STATE_MARKS[state],
        quantity=f"{number(Decimal(row.quantity))} {row.base}",
        filled=_filled(filled, Decimal(row.quantity)),
        price=_price(row.price),
        stop_price=_price(row.stop_price),
        average=number(cost / filled, places_for(row.quote, cost / filled)) if filled else NOTHING,
        value=f"{number(cost, places_for(row.quote, cost))} {row.quote}" if cost else NOTHING,
        reason=row.reason,
        created_at=row.created_at,
        updated_at=row.updated_at,
        is_live=state not in ENDED,
        is_entry=row.role == Role.ENTRY.value,
    )


def _role(row: OrderRow) -> str:
    """Roles are kept as letters of the id."""
    return Role(row.role).name.lower()


def _price(text: str) -> str:
    return number(Decimal(text)) if text else NOTHING


def _filled(filled: Decimal, quantity: Decimal) -> str:
    """How much of it, in percent of its quantity."""
    if not filled or not quantity:
        return "0 %"
    return f"{number(filled / quantity * 100, 0 if filled == quantity else 1)} %"


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeFacts:
    """A round trip that has ended. r: its result in units of what it risked. order: its first one, "" where none is known."""

    number: int
    account: str
    symbol: str
    opened_at: int
    closed_at: int
    length: str
    length_ns: int
    quantity: str
    entry: str
    exit: str
    result: Signed
    result_value: Decimal
    r: str
    fees: str
    entered_why: str
    left: str
    left_why: str
    order: str


def trade_facts(trips: Iterable[NumberedTrip]) -> tuple[TradeFacts, ...]:
    """Those that have ended, the newest first."""
    found = [_trade(each, each.trip) for each in trips if isinstance(each.trip, ReportedTrip)]
    return tuple(sorted(found, key=lambda each: (each.closed_at, each.number), reverse=True))


def _trade(numbered: NumberedTrip, reported: ReportedTrip) -> TradeFacts:
    trip = reported.trip
    places = places_for(trip.result.asset, trip.entry)
    return TradeFacts(
        number=numbered.number,
        account=numbered.account,
        symbol=trip.symbol,
        opened_at=trip.opened_at,
        closed_at=trip.closed_at,
        length=duration_words(trip.closed_at - trip.opened_at),
        length_ns=trip.closed_at - trip.opened_at,
        quantity=f"{number(trip.quantity.value)} {trip.quantity.asset}",
        entry=number(trip.entry, places),
        exit=number(trip.exit, places),
        result=signed_amount(trip.result, 2),
        result_value=trip.result.value,
        r=f"{signed(reported.r, 2)} R" if reported.r is not None else NOTHING,
        fees=", ".join(f"{number(paid, places_for(asset, paid))} {asset}" for asset, paid in reported.fees.items()) or NOTHING,
        entered_why=reported.entered_why,
        left=reported.leaving.value,
        left_why=reported.left_why,
        order=numbered.orders[0].order_id if numbered.orders else "",
    )
