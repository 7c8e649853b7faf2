"""Lays a round trip out as freqtrade's clients read a trade."""

from collections.abc import Iterable, Sequence
from decimal import Decimal, localcontext
from typing import Any, Final

from fairway.api.freqtrade.json_values import date_text, milliseconds, number, number_or_null, percent
from fairway.api.freqtrade.trade_models import FtOpenTrade, FtOrder, FtTrade
from fairway.api.freqtrade.trade_numbers import TripNumbers, distance, fee_of, numbers_of
from fairway.journal.models import OrderRow
from fairway.money.amount import CONTEXT, ZERO, Amount
from fairway.operations.trader.round_trips import NumberedTrip, OpenTrip
from fairway.orders.ids import Role
from fairway.orders.order import ENDED, OrderState, OrderType, Side
from fairway.reports.ratio import kept, ratio
from fairway.reports.story import BookedFill
from fairway.settings import Settings
from fairway.texts.durations import duration_of
from fairway.world.clock import MINUTE, SECOND

STATUSES: Final = {
    OrderState.FILLED: "closed",
    OrderState.CANCELLED: "canceled",
    OrderState.REJECTED: "rejected",
    OrderState.EXPIRED: "expired",
}
"""freqtrade's words for the ends of an order; any other is `open`."""
MOVES: Final = frozenset({Role.ENTRY.value, Role.EXIT.value})
"""Roles of orders that enter or leave; a stop and its target only wait."""
_TYPES: Final = {OrderType.STOP.value: "stop_loss", OrderType.STOP_LIMIT.value: "stop_loss_limit"}


def trade_of(trip: NumberedTrip, settings: Settings) -> FtTrade:
    """A trip, open or ended."""
    numbers = numbers_of(trip)
    return FtTrade(**_common(trip, numbers, settings), **_course(trip, numbers))


def open_trade_of(trip: NumberedTrip, settings: Settings) -> FtOpenTrade:
    """A trip with what it is worth now; of an ended one that is what it was worth at its end."""
    numbers = numbers_of(trip)
    its = trip.trip
    rate = its.held.mark if isinstance(its, OpenTrip) else its.trip.exit
    return FtOpenTrade(
        **_common(trip, numbers, settings),
        **_course(trip, numbers),
        **(_stop_distances(its, numbers) if isinstance(its, OpenTrip) else {}),
        current_rate=number_or_null(rate),
        total_profit_abs=number_or_null(numbers.result),
        total_profit_ratio=number_or_null(numbers.result_ratio),
        open_orders=", ".join(f"({row.type} {row.side} rem={_remaining(row)})" for row in _moving(trip.orders)),
    )


def _common(trip: NumberedTrip, numbers: TripNumbers, settings: Settings) -> dict[str, Any]:
    its = trip.trip
    base, _, quote = trip.symbol.partition("/")
    entries = [row for row in trip.orders if row.role == Role.ENTRY.value]
    why = its.position.entered_why if isinstance(its, OpenTrip) else its.entered_why
    return {
        "trade_id": trip.number,
        "account": trip.account,
        "pair": trip.symbol,
        "base_currency": base,
        "quote_currency": quote,
        "is_open": trip.is_open,
        "exchange": settings.venue.exchange,
        "amount": number(numbers.quantity),
        "amount_requested": number(sum((Decimal(row.quantity) for row in entries), ZERO)) if entries else None,
        "stake_amount": number(_stake(trip, numbers)),
        "max_stake_amount": number(numbers.paid),
        "strategy": settings.strategy.name,
        "enter_tag": why or None,
        "timeframe": duration_of(settings.interval) // MINUTE,
        **_fee(trip.fills, Side.BUY, "open"),
        **_fee(trip.fills, Side.SELL, "close"),
        "open_date": date_text(numbers.opened_at),
        "open_timestamp": milliseconds(numbers.opened_at),
        "open_fill_date": date_text(numbers.opened_at),
        "open_fill_timestamp": milliseconds(numbers.opened_at),
        "open_rate": number(numbers.entry),
        "open_rate_requested": number_or_null(next((Decimal(row.price) for row in entries if row.price), None)),
        "open_trade_value": number(_cost(trip, numbers)),
        **_stops(trip, numbers),
        "has_open_orders": any(_moving(trip.orders)),
        "orders": [order_of(row, trip.fills) for row in trip.orders],
        "nr_of_successful_entries": len({booked.order_id for booked in trip.fills if booked.side is Side.BUY}),
        "nr_of_successful_exits": len({booked.order_id for booked in trip.fills if booked.side is Side.SELL}),
    }


def _stake(trip: NumberedTrip, numbers: TripNumbers) -> Decimal:
    """What was paid, less what that part had cost which was sold meanwhile; for all that was bought, once the trip has ended."""
    its = trip.trip
    if not isinstance(its, OpenTrip):
        return numbers.paid
    with localcontext(CONTEXT):
        return kept(numbers.paid - numbers.entry * its.position.position.sold.value)


def _cost(trip: NumberedTrip, numbers: TripNumbers) -> Decimal:
    """The same with the fees that were taken in quote."""
    its = trip.trip
    if isinstance(its, OpenTrip):
        return its.position.position.cost.value
    fee = fee_of(trip.fills, Side.BUY)
    with localcontext(CONTEXT):
        return numbers.paid + (fee.value if fee is not None and trip.symbol.endswith(f"/{fee.asset}") else ZERO)


def _fee(fills: Sequence[BookedFill], side: Side, word: str) -> dict[str, Any]:
    fee = fee_of(fills, side)
    return {
        f"fee_{word}_cost": number(fee.value) if fee is not None else None,
        f"fee_{word}_currency": fee.asset if fee is not None else None,
    }


def _course(trip: NumberedTrip, numbers: TripNumbers) -> dict[str, Any]:
    """What it has earned; of an ended trip, how it ended."""
    its, result_ratio = trip.trip, numbers.result_ratio
    if isinstance(its, OpenTrip):
        with localcontext(CONTEXT):
            unrealized = numbers.result - numbers.taken if numbers.result is not None else None
        open_ratio = ratio(unrealized, numbers.paid) if unrealized is not None else None
        return {"realized_profit": number(numbers.taken), **_profit(unrealized, open_ratio)}
    lasted = numbers.closed_at - numbers.opened_at
    return {
        "close_date": date_text(numbers.closed_at),
        "close_timestamp": milliseconds(numbers.closed_at),
        "close_rate": number(its.trip.exit),
        "trade_duration_s": lasted // SECOND,
        "trade_duration": lasted // MINUTE,
        "close_profit": number_or_null(result_ratio),
        "close_profit_pct": percent(result_ratio),
        "close_profit_abs": number_or_null(numbers.result),
        "realized_profit": number(numbers.taken),
        "realized_profit_ratio": number_or_null(result_ratio),
        "exit_reason": its.leaving.value,
        **_profit(numbers.result, result_ratio),
    }


def _profit(value: Decimal | None, of_paid: Decimal | None) -> dict[str, Any]:
    return {"profit_abs": number_or_null(value), "profit_ratio": number_or_null(of_paid), "profit_pct": percent(of_paid)}


def _stops(trip: NumberedTrip, numbers: TripNumbers) -> dict[str, Any]:
    """The stop that rests at the venue, and the one that was planned; of an ended trip that is the same."""
    its = trip.trip
    planned = its.position.stop if isinstance(its, OpenTrip) else its.stop
    resting = its.held.stop if isinstance(its, OpenTrip) else planned
    found: dict[str, Any] = {}
    for word, price in (("stop_loss", resting), ("initial_stop_loss", planned)):
        value = price.value if price is not None else None
        away = distance(value, numbers.entry)
        found |= {f"{word}_abs": number_or_null(value), f"{word}_ratio": number_or_null(away), f"{word}_pct": percent(away)}
    return found


def _stop_distances(its: OpenTrip, numbers: TripNumbers) -> dict[str, Any]:
    """How far the resting stop is from the newest price and from the entry."""
    stop, mark = its.held.stop, its.held.mark
    if stop is None:
        return {}
    away = distance(stop.value, mark)
    with localcontext(CONTEXT):
        return {
            "stoploss_current_dist": number_or_null(stop.value - mark if mark is not None else None),
            "stoploss_current_dist_ratio": number_or_null(away),
            "stoploss_current_dist_pct": percent(away),
            "stoploss_entry_dist": number((stop.value - numbers.entry) * numbers.quantity),
            "stoploss_entry_dist_ratio": number_or_null(distance(stop.value, numbers.entry)),
        }


def _moving(rows: Iterable[OrderRow]) -> list[OrderRow]:
    return [row for row in rows if row.state not in ENDED and row.role in MOVES]


def _remaining(row: OrderRow) -> Decimal:
    with localcontext(CONTEXT):
        return Decimal(row.quantity) - Decimal(row.filled)


def order_of(row: OrderRow, fills: Sequence[BookedFill]) -> FtOrder:
    """One order with its fills."""
    its = [booked for booked in fills if booked.order_id == row.order_id]
    filled, price = Decimal(row.filled), Decimal(row.price or row.stop_price) if row.price or row.stop_price else None
    average = ratio(Decimal(row.cost), filled)
    last_at = max((booked.fill.at for booked in its), default=0)
    rate = average if average is not None else price
    return FtOrder(
        pair=row.symbol,
        order_id=row.venue_id or row.order_id,
        status=STATUSES.get(OrderState(row.state), "open"),
        remaining=number(_remaining(row)),
        amount=number(Decimal(row.quantity)),
        safe_price=number_or_null(rate),
        average=number_or_null(average),
        cost=number(Decimal(row.cost)),
        filled=number(filled),
        ft_order_side="stoploss" if row.role == Role.STOP.value else row.side,
        ft_is_entry=row.role == Role.ENTRY.value,
        ft_order_tag=None,
        order_type=_TYPES.get(row.type, row.type),
        is_open=row.state not in ENDED,
        price=number_or_null(price),
        order_date=date_text(row.created_at),
        order_timestamp=milliseconds(row.created_at),
        order_filled_date=date_text(last_at) or None,
        order_filled_timestamp=milliseconds(last_at) if last_at else None,
        ft_fee_base=_fee_in(row.base, its),
    )


def _fee_in(asset: str, fills: Sequence[BookedFill]) -> float | None:
    """What was taken of an asset as fees; None for nothing."""
    fees: list[Amount] = [booked.fill.fee for booked in fills if booked.fill.fee.asset == asset]
    with localcontext(CONTEXT):
        return number(sum((fee.value for fee in fees), ZERO)) if fees else None


def stake_of(trips: Iterable[NumberedTrip]) -> Decimal:
    """What was paid for all that is held."""
    with localcontext(CONTEXT):
        return sum((_stake(each, numbers_of(each)) for each in trips if each.is_open), ZERO)
