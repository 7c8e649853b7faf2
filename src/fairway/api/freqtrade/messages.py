"""Makes the messages of freqtrade's WebSocket from events of the trader's journal: orders sent, fills, and events in words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import msgspec

from fairway.api.events.tail import JournalEvent
from fairway.api.freqtrade.json_values import date_text, number, number_or_null
from fairway.api.freqtrade.trade_numbers import TripNumbers, numbers_of
from fairway.operations.trader.round_trips import NumberedTrip, OpenTrip
from fairway.orders.ids import Role
from fairway.orders.order import Side
from fairway.reports.event_context import Weight
from fairway.reports.story import BookedFill
from fairway.reports.trader_view import RecentEvent

Message = dict[str, Any]
MADE: Final = frozenset({"status", "warning", "exception", "entry", "entry_fill", "exit", "exit_fill", "whitelist"})
"""Types of messages that Fairway sends."""
NOT_MADE: Final = frozenset({"startup", "entry_cancel", "exit_cancel", "protection_trigger", "protection_trigger_global"}) | {
    "strategy_msg",
    "analyzed_df",
    "new_candle",
}
"""Types that a client may subscribe to besides; none comes."""
SENT, FILLED = "OrderSent", "OrderFilled"
_MOVES: Final = {Role.ENTRY.value: "entry", Role.EXIT.value: "exit"}


def needs_trips(batch: Iterable[JournalEvent]) -> bool:
    """Whether one of the events is a fill, which is told with its trade."""
    return any(event.kind == FILLED for event in batch)


def messages_of(
    batch: Sequence[JournalEvent], trips: Sequence[NumberedTrip], recent: Sequence[RecentEvent], exchange: str
) -> Iterator[Message]:
    """In the order of the events. trips, recent: as they are once the batch is in the journal."""
    by_fill = {(booked.order_id, booked.fill.trade_id): (trip, booked) for trip in trips for booked in trip.fills}
    texts = {event.seq: event for event in recent}
    for event in batch:
        if event.kind == SENT:
            yield from _order_sent(_body(event), exchange)
        elif event.kind == FILLED:
            yield from _filled(_body(event), by_fill, exchange)
        elif event.seq in texts:
            yield _in_words(texts[event.seq])


def _body(event: JournalEvent) -> Mapping[str, Any]:
    body: Mapping[str, Any] = msgspec.json.decode(event.json)["body"]
    return body


def _order_sent(body: Mapping[str, Any], exchange: str) -> Iterator[Message]:
    """An order that enters or leaves, the first time that it is sent. It has no trade before its first fill."""
    order = body.get("order")
    if order is None or order["role"] not in _MOVES:
        return
    base, _, quote = order["symbol"].partition("/")
    price = order.get("price")  # a journal leaves out what has no value
    yield {
        "type": _MOVES[order["role"]],
        "trade_id": None,
        "exchange": exchange,
        "pair": order["symbol"],
        "base_currency": base,
        "quote_currency": quote,
        "stake_currency": quote,
        "direction": "Long",
        "leverage": None,
        "order_type": order["type"],
        "amount": number(Decimal(order["quantity"]["value"])),
        "limit": number(Decimal(price["value"])) if price is not None else None,
        "open_rate": None,
        "stake_amount": None,
        "fiat_currency": None,
    }


def _filled(
    body: Mapping[str, Any], by_fill: Mapping[tuple[str, str], tuple[NumberedTrip, BookedFill]], exchange: str
) -> Iterator[Message]:
    found = by_fill.get((body["order_id"], body["fill"]["trade_id"]))
    if found is None:  # a fill of another trip than those that this reader may see
        return
    trip, booked = found
    numbers = numbers_of(trip)
    base, _, quote = trip.symbol.partition("/")
    is_entry = booked.side is Side.BUY
    yield {
        "type": "entry_fill" if is_entry else "exit_fill",
        "trade_id": trip.number,
        "exchange": exchange,
        "pair": trip.symbol,
        "base_currency": base,
        "quote_currency": quote,
        "stake_currency": quote,
        "direction": "Long",
        "leverage": None,
        "amount": number(booked.fill.quantity.value),
        "open_rate": number(booked.fill.price.value if is_entry else numbers.entry),
        "stake_amount": number(numbers.paid),
        "open_date": date_text(numbers.opened_at),
        "enter_tag": _why(trip),
        "fiat_currency": None,
        "sub_trade": trip.is_open,
        **({} if is_entry else _exit_fields(trip, booked, numbers)),
    }


def _exit_fields(trip: NumberedTrip, booked: BookedFill, numbers: TripNumbers) -> Message:
    its = trip.trip
    result = None if trip.is_open else numbers.result
    return {
        "close_rate": number(booked.fill.price.value),
        "close_date": date_text(booked.fill.at),
        "exit_reason": booked.role.name.lower() if isinstance(its, OpenTrip) else its.leaving.value,
        "profit_amount": number_or_null(result),
        "profit_ratio": number_or_null(numbers.result_ratio if result is not None else None),
        "gain": None if result is None else "profit" if result > 0 else "loss",
        "cumulative_profit": number(numbers.taken),
        "is_final_exit": not trip.is_open,
    }


def _why(trip: NumberedTrip) -> str:
    its = trip.trip
    return its.position.entered_why if isinstance(its, OpenTrip) else its.entered_why


def _in_words(event: RecentEvent) -> Message:
    text = event.text
    told = f"{text.what}. {text.did}" if text.did else text.what
    return {"type": "warning" if text.weight is Weight.TROUBLE else "status", "status": f"{event.account}: {told}"}
