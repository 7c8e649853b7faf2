"""Says what becomes of an order. The sentences are in `texts/messages/order_messages.py`."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from fairway.ledger.result import RoundTrip
from fairway.money.amount import Price
from fairway.orders import lifecycle
from fairway.orders.ids import Role
from fairway.orders.order import Order, OrderState, Side
from fairway.reports.event_context import EventContext, EventText, news, routine, trouble
from fairway.reports.refusals import meant, unanswered
from fairway.texts.display import places_for, tick_places
from fairway.texts.messages.message import KeyedMessage, NumberValue, message
from fairway.texts.messages.order_messages import OrderMessage

_KINDS: Final = {
    Role.ENTRY: OrderMessage.ENTRY_ORDER,
    Role.STOP: OrderMessage.STOP_ORDER,
    Role.TARGET: OrderMessage.TARGET_ORDER,
    Role.EXIT: OrderMessage.EXIT_ORDER,
    Role.PAIR: OrderMessage.PAIR_ORDER,
}


def _order_of(context: EventContext) -> Order:
    assert context.order is not None
    return context.order


def _before(context: EventContext) -> Order:
    assert context.before is not None
    return context.before


def _name(context: EventContext) -> KeyedMessage:
    """`BTC/USDT: the stop for 0.02 BTC`."""
    order, kind = _order_of(context), KeyedMessage(_KINDS[_order_of(context).role], {})
    return message(OrderMessage.NAME, symbol=order.symbol, kind=kind, quantity=str(order.quantity))


def _request(context: EventContext) -> KeyedMessage:
    """As `_name`; but a stop and its target, which are sent as one request, have one name."""
    order = _order_of(context)
    if not order.pair:
        return _name(context)
    return message(OrderMessage.PROTECTION, symbol=order.symbol, quantity=str(order.quantity))


def _price(value: Decimal, context: EventContext) -> NumberValue:
    return NumberValue(value, tick_places(context.instrument.tick) if context.instrument else None)


def _level(price: Price | None, context: EventContext) -> NumberValue | None:
    return None if price is None else _price(price.value, context)


def _sent(event: lifecycle.OrderSent, context: EventContext) -> EventText:
    if _order_of(context).attempts < 2 or context.is_echo:
        return routine(message(OrderMessage.SENT, order=_name(context)))
    return news(message(OrderMessage.SENT_AGAIN, order=_request(context)))


def _adopted(event: lifecycle.OrderAdopted, context: EventContext) -> EventText:
    return news(message(OrderMessage.ADOPTED, order=_name(context), why=event.why))


def _lost(event: lifecycle.OrderLost, context: EventContext) -> EventText:
    if context.is_echo:
        return routine(message(OrderMessage.LOST_TOO, order=_name(context)))
    return trouble(message(OrderMessage.LOST, order=_request(context), why=unanswered(event.why)))


def _unsent(event: lifecycle.OrderUnsent, context: EventContext) -> EventText:
    if context.is_echo:
        return routine(message(OrderMessage.UNSENT_TOO, order=_name(context)))
    return trouble(message(OrderMessage.UNSENT, order=_request(context), why=unanswered(event.why)))


def _accepted(event: lifecycle.OrderAccepted, context: EventContext) -> EventText:
    before, order = _before(context), _order_of(context)
    if context.is_echo and before.state in (OrderState.UNKNOWN, OrderState.REJECTED):
        return routine(message(OrderMessage.ACCEPTED_TOO, order=_name(context)))
    if before.state is OrderState.UNKNOWN:
        return news(message(OrderMessage.FOUND, order=_request(context)))
    if before.state is OrderState.REJECTED:
        return trouble(message(OrderMessage.ALIVE_AFTER_ALL, order=_request(context)))
    is_whole = context.is_echo if order.pair else order.role is Role.STOP
    stop, target = _level(context.stop, context), _level(context.target, context)
    if not is_whole or before.venue_id or stop is None or target is None:
        return routine(message(OrderMessage.ACCEPTED, order=_name(context)))
    return news(message(OrderMessage.PROTECTED, symbol=order.symbol, stop=stop, target=target))


def _rejected(event: lifecycle.OrderRejected, context: EventContext) -> EventText:
    order = _order_of(context)
    if context.is_echo:
        return routine(message(OrderMessage.REJECTED_TOO, order=_name(context)))
    if order.role is Role.ENTRY:
        return trouble(message(OrderMessage.ENTRY_REJECTED, order=_request(context), why=meant(event.why)))
    if order.pair:
        return trouble(message(OrderMessage.PAIR_REJECTED, order=_request(context), why=meant(event.why)))
    return trouble(message(OrderMessage.EXIT_REJECTED, order=_request(context), why=meant(event.why)))


def _filled(event: lifecycle.OrderFilled, context: EventContext) -> EventText:
    order, fill = _order_of(context), event.fill
    quantity, price = NumberValue(fill.quantity.value), _price(fill.price.value, context)
    if order.side is Side.BUY:
        stop, target = _level(context.stop, context), _level(context.target, context)
        if stop is None or target is None:
            stop = target = None
        return news(message(OrderMessage.BOUGHT, symbol=order.symbol, quantity=quantity, price=price, stop=stop, target=target))
    trip = context.trip
    return news(
        message(
            OrderMessage.SOLD,
            symbol=order.symbol,
            is_stop=order.role is Role.STOP,
            is_target=order.role is Role.TARGET,
            quantity=quantity,
            price=price,
            result=_result(trip) if trip is not None else None,
            asset=trip.result.asset if trip is not None else "",
        )
    )


def _result(trip: RoundTrip) -> NumberValue:
    places = places_for(trip.result.asset, trip.entry * trip.quantity.value)
    return NumberValue(trip.result.value, places, is_signed=True)


def _resized(event: lifecycle.OrderResized, context: EventContext) -> EventText:
    return news(message(OrderMessage.RESIZED, order=_name(context), why=event.why))


def _cancelling(event: lifecycle.CancelSent, context: EventContext) -> EventText:
    return routine(message(OrderMessage.CANCELLING, order=_name(context), why=event.why))


def _cancel_refused(event: lifecycle.CancelRefused, context: EventContext) -> EventText:
    return news(message(OrderMessage.CANCEL_REFUSED, order=_name(context), why=event.why))


def _cancelled(event: lifecycle.OrderCancelled, context: EventContext) -> EventText:
    before = _before(context)
    if before.state in (OrderState.CANCELLING, OrderState.CANCELLED) or before.pair:
        return routine(message(OrderMessage.CANCELLED, order=_name(context), why=event.why))
    return trouble(message(OrderMessage.CANCELLED_BY_OTHERS, order=_name(context), why=event.why))


def _expired(event: lifecycle.OrderExpired, context: EventContext) -> EventText:
    if _order_of(context).pair:  # the venue ends the other order of a pair this way
        return routine(message(OrderMessage.EXPIRED_WITH_PAIR, order=_name(context)))
    return news(message(OrderMessage.EXPIRED, order=_name(context), why=event.why))


ORDER_TEXTS: Final[Mapping[type, Callable[[Any, EventContext], EventText]]] = {
    lifecycle.OrderSent: _sent,
    lifecycle.OrderAdopted: _adopted,
    lifecycle.OrderLost: _lost,
    lifecycle.OrderUnsent: _unsent,
    lifecycle.OrderAccepted: _accepted,
    lifecycle.OrderRejected: _rejected,
    lifecycle.OrderFilled: _filled,
    lifecycle.OrderResized: _resized,
    lifecycle.CancelSent: _cancelling,
    lifecycle.CancelRefused: _cancel_refused,
    lifecycle.OrderCancelled: _cancelled,
    lifecycle.OrderExpired: _expired,
}
