"""Tells what became of an order in plain words."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from fairway.ledger.result import RoundTrip
from fairway.orders import lifecycle
from fairway.orders.ids import Role
from fairway.orders.order import OrderState, Side
from fairway.reports.refusals import meant, unanswered
from fairway.reports.scene import Scene, Words, news, routine, trouble
from fairway.texts.display import number, places_for, signed, tick_places

_NAMES: Final = {Role.ENTRY: "buy order", Role.STOP: "stop", Role.TARGET: "target", Role.EXIT: "closing order", Role.PAIR: "pair"}


def _name(scene: Scene) -> str:
    """`BTC/USDT: the stop for 0.02 BTC`."""
    assert scene.order is not None
    return f"{scene.order.symbol}: the {_NAMES[scene.order.role]} for {scene.order.quantity}"


def _request(scene: Scene) -> str:
    """As `_name`; but a stop and its target, which are sent as one, are also told of as one."""
    assert scene.order is not None
    if not scene.order.pair:
        return _name(scene)
    return f"{scene.order.symbol}: the protection for {scene.order.quantity} (a stop and a target)"


def _price(value: Decimal, scene: Scene) -> str:
    places = tick_places(scene.instrument.tick) if scene.instrument else None
    return number(value, places)


def _sent(event: lifecycle.OrderSent, scene: Scene) -> Words:
    assert scene.order is not None
    if scene.order.attempts < 2 or scene.is_echo:
        return routine(f"{_name(scene)} is sent")
    return news(
        f"{_request(scene)} was sent again", "It carries the same id, so the exchange cannot take it twice.", "Nothing is needed."
    )


def _adopted(event: lifecycle.OrderAdopted, scene: Scene) -> Words:
    return news(f"{_name(scene)} was {event.why}", "The bot books what it did.")


def _lost(event: lifecycle.OrderLost, scene: Scene) -> Words:
    if scene.is_echo:
        return routine(f"{_name(scene)} got no clear answer either")
    return trouble(
        f"{_request(scene)} got no clear answer ({unanswered(event.why)}); it may exist, or not",
        "The bot treats it as unknown, does nothing else in this pair, and asks the exchange by the order's own id.",
        "Nothing, unless it stays unknown for minutes; then look at the exchange's own page.",
    )


def _unsent(event: lifecycle.OrderUnsent, scene: Scene) -> Words:
    if scene.is_echo:
        return routine(f"{_name(scene)} never left either")
    return trouble(
        f"{_request(scene)} never left: {unanswered(event.why)}",
        "It counts as not done; the bot looks again after a pause.",
        "Check the network if it happens often.",
    )


def _accepted(event: lifecycle.OrderAccepted, scene: Scene) -> Words:
    assert scene.before is not None
    assert scene.order is not None
    if scene.is_echo and scene.before.state in (OrderState.UNKNOWN, OrderState.REJECTED):
        return routine(f"{_name(scene)} is at the exchange too")
    if scene.before.state is OrderState.UNKNOWN:
        return news(
            f"{_request(scene)} was found: it had reached the exchange", "The bot carries on from what the exchange says."
        )
    if scene.before.state is OrderState.REJECTED:
        return trouble(
            f"{_request(scene)} is alive at the exchange, which had said no to it before",
            "The bot believes what the exchange holds, and looks after the order.",
            "Nothing is needed.",
        )
    is_whole = scene.is_echo if scene.order.pair else scene.order.role is Role.STOP
    if not is_whole or scene.before.venue_id or scene.stop is None or scene.target is None:
        return routine(f"{_name(scene)} is at the exchange")
    return news(
        f"{scene.order.symbol} protected: stop {_price(scene.stop.value, scene)} "
        f"and target {_price(scene.target.value, scene)} rest at the exchange",
        "They work there even when the bot does not run.",
    )


def _rejected(event: lifecycle.OrderRejected, scene: Scene) -> Words:
    assert scene.order is not None
    if scene.is_echo:
        return routine(f"{_name(scene)} was refused with it")
    if scene.order.role is Role.ENTRY:
        did, may = "Nothing was bought.", "Nothing is needed; the next signal is a new order."
    elif scene.order.pair:
        did, may = (
            "Neither of the two is at work: the bot protects the position by another try, or sells it at market.",
            "Watch that the position is protected or sold.",
        )
    else:
        did, may = (
            "The bot tries another way: first to protect, then to sell at market.",
            "Watch that the position is protected or closed.",
        )
    return trouble(f"{_request(scene)} was refused by the exchange: {meant(event.why)}", did, may)


def _filled(event: lifecycle.OrderFilled, scene: Scene) -> Words:
    order = scene.order
    assert order is not None
    fill = event.fill
    deal = f"{number(fill.quantity.value)} at {_price(fill.price.value, scene)}"
    if order.side is Side.BUY:
        plan = ""
        if scene.stop is not None and scene.target is not None:
            plan = f"; stop {_price(scene.stop.value, scene)}, target {_price(scene.target.value, scene)}"
        return news(f"{order.symbol} bought {deal}{plan}")
    opening = {Role.STOP: "stop hit, sold", Role.TARGET: "target reached, sold"}.get(order.role, "sold")
    return news(f"{order.symbol} {opening} {deal}{_result(scene.trip)}")


def _result(trip: RoundTrip | None) -> str:
    if trip is None:
        return ""
    places = places_for(trip.result.asset, trip.entry * trip.quantity.value)
    return f"; result {signed(trip.result.value, places)} {trip.result.asset}"


def _resized(event: lifecycle.OrderResized, scene: Scene) -> Words:
    return news(f"{_name(scene)} is of another size now: {event.why}", "The bot goes on with it as it is.")


def _cancelling(event: lifecycle.CancelSent, scene: Scene) -> Words:
    return routine(f"{_name(scene)} is to be cancelled: {event.why}")


def _cancel_refused(event: lifecycle.CancelRefused, scene: Scene) -> Words:
    return news(f"{_name(scene)} was not cancelled: {event.why}", "The bot goes by the order's next report.")


def _cancelled(event: lifecycle.OrderCancelled, scene: Scene) -> Words:
    assert scene.before is not None
    assert scene.order is not None
    is_expected = scene.before.state is OrderState.CANCELLING or scene.before.pair or scene.before.state is OrderState.CANCELLED
    if is_expected:
        return routine(f"{_name(scene)} was cancelled: {event.why}")
    return trouble(
        f"{_name(scene)} was cancelled, and not by the bot: {event.why}",
        "What it had bought or sold counts; the bot protects what is held.",
        "If it was not you, check who else uses this account.",
    )


def _expired(event: lifecycle.OrderExpired, scene: Scene) -> Words:
    assert scene.order is not None
    if scene.order.pair:  # the venue ends the other order of a pair this way
        return routine(f"{_name(scene)} ended with its pair")
    return news(f"{_name(scene)} expired at the exchange: {event.why}", "What it had bought or sold counts.")


ORDER_WORDS: Final[Mapping[type, Callable[[Any, Scene], Words]]] = {
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
