"""The life of an order: for each state and event either the state that follows, or why that cannot be, which is a bug and raises.

Everything that moves an order's state lives in this file. The venue is right: late fills after a cancel and cancels that
lost the race are in the table because venues really send them. To replace an order is to cancel one, and when its end is
known to send another under an id of its own: two lives, one after the other. docs/reference/lifecycles.md is drawn from here.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from fairway.money.amount import Amount
from fairway.orders.order import Fill, Order, OrderState

SENT, OPEN, PARTLY = OrderState.SENT, OrderState.OPEN, OrderState.PARTLY
CANCELLING, UNKNOWN, FILLED = OrderState.CANCELLING, OrderState.UNKNOWN, OrderState.FILLED
CANCELLED, REJECTED, EXPIRED = OrderState.CANCELLED, OrderState.REJECTED, OrderState.EXPIRED


class OrderEvent(Struct, frozen=True, tag=True):
    """Something that happened to one order; why is for people."""

    order_id: str
    why: str = ""


class OrderSent(OrderEvent, frozen=True, tag=True):
    """Durable before the request leaves. The first time it carries the order, every field of it; again, only its id."""

    order: Order | None = None


class OrderAdopted(OrderEvent, frozen=True, tag=True, kw_only=True):
    """An order of ours that this journal never sent: a sale of the kill command, or an unexplained one of the venue."""

    order: Order


class OrderLost(OrderEvent, frozen=True, tag=True):
    """The request left and no answer came back, or an answer that does not say: the order may exist."""


class OrderUnsent(OrderEvent, frozen=True, tag=True):
    """The request certainly never left."""


class OrderAccepted(OrderEvent, frozen=True, tag=True, kw_only=True):
    """The venue holds it: by its answer, by its stream, or found when asked."""

    venue_id: str


class OrderRejected(OrderEvent, frozen=True, tag=True):
    """The venue said no, or answered that it knows no such order after the grace time for its own lag."""


class OrderFilled(OrderEvent, frozen=True, tag=True, kw_only=True):
    fill: Fill


class OrderResized(OrderEvent, frozen=True, tag=True, kw_only=True):
    """The venue, or a person there, changed how much of it there is in all; what was filled stays filled."""

    quantity: Amount


class CancelSent(OrderEvent, frozen=True, tag=True):
    """Durable before the request leaves."""


class CancelRefused(OrderEvent, frozen=True, tag=True):
    """The venue did not cancel; the order is what its next report says."""


class OrderCancelled(OrderEvent, frozen=True, tag=True):
    """By us, by the other order of its pair, or by the venue."""


class OrderExpired(OrderEvent, frozen=True, tag=True):
    """Ended by the venue with its time in force or its matching rules."""


class IllegalTransition(Exception):
    """An event that this state cannot take: a bug of ours, or a venue that breaks its own rules."""

    def __init__(self, order: Order, event: OrderEvent) -> None:
        reason = IMPOSSIBLE[order.state, type(event)]
        super().__init__(
            f"order {order.id} is {order.state.value} and cannot take {type(event).__name__}: {reason} ({event.why})"
        )


_ALIVE = (SENT, OPEN, PARTLY, CANCELLING, UNKNOWN)
_HELD = (OPEN, PARTLY, CANCELLING)
_OVER = (FILLED, CANCELLED, EXPIRED)

_Table = dict[tuple[OrderState, type[OrderEvent]], OrderState]
_Reasons = dict[tuple[OrderState, type[OrderEvent]], str]


def _stay(states: Iterable[OrderState], event: type[OrderEvent]) -> _Table:
    return {(state, event): state for state in states}


def _never(reason: str, event: type[OrderEvent], *states: OrderState) -> _Reasons:
    return {(state, event): reason for state in states}


TRANSITIONS: Final[_Table] = {
    (SENT, OrderSent): SENT,
    (UNKNOWN, OrderSent): SENT,
    **{(state, OrderLost): UNKNOWN for state in _ALIVE},
    (SENT, OrderUnsent): REJECTED,
    (SENT, OrderRejected): REJECTED,
    (UNKNOWN, OrderRejected): REJECTED,
    # `OPEN` is `PARTLY` where something was filled before: see `apply`.
    (SENT, OrderAccepted): OPEN,
    (UNKNOWN, OrderAccepted): OPEN,
    (REJECTED, OrderAccepted): OPEN,  # the venue said no, or "no such order", and holds it all the same
    **{(state, CancelSent): CANCELLING for state in _ALIVE},
    (CANCELLING, CancelRefused): OPEN,  # or filled: the report that explains the refusal follows
    **{(state, OrderCancelled): CANCELLED for state in _ALIVE},
    **{(state, OrderExpired): EXPIRED for state in _ALIVE},
    # A fill always counts, whatever we believed. This is what follows while something is left; a whole one is `FILLED`.
    **{(state, OrderFilled): PARTLY for state in (SENT, OPEN, PARTLY, UNKNOWN, REJECTED)},
    **_stay((CANCELLING, *_OVER), OrderFilled),
    # A part may be all of it now: then it is `FILLED`.
    **_stay(_HELD, OrderResized),
    # Told twice, by stream and by answer, in either order.
    **_stay((*_HELD, *_OVER), OrderAccepted),
    **_stay(_OVER, CancelRefused),
    **_stay(_OVER, OrderLost),
    (CANCELLED, OrderCancelled): CANCELLED,
    (EXPIRED, OrderExpired): EXPIRED,
    (REJECTED, OrderRejected): REJECTED,
}

IMPOSSIBLE: Final[_Reasons] = {
    **_never("it is the first that is heard of an order", OrderAdopted, *OrderState),
    **_never("the venue holds it, and a second one would be a duplicate", OrderSent, *_HELD),
    **_never("an order that ended is never sent again", OrderSent, *_OVER, REJECTED),
    **_never("it was refused, so no request is on its way", OrderLost, REJECTED),
    **_never("it did leave", OrderUnsent, *_HELD, *_OVER, REJECTED),
    **_never("an earlier attempt may have arrived", OrderUnsent, UNKNOWN),
    **_never("the venue took it; it ends by a fill, a cancel or its expiry", OrderRejected, *_HELD, *_OVER),
    **_never("first the report that tells its size makes it open", OrderResized, SENT, UNKNOWN),
    **_never("it is over, and nothing is left to change", OrderResized, *_OVER, REJECTED),
    **_never("it is over, and nothing is left to cancel", CancelSent, *_OVER, REJECTED),
    **_never("no cancel is in progress", CancelRefused, SENT, OPEN, PARTLY, UNKNOWN, REJECTED),
    **_never("it ended otherwise, and an order ends once", OrderCancelled, FILLED, EXPIRED, REJECTED),
    **_never("it ended otherwise, and an order ends once", OrderExpired, FILLED, CANCELLED, REJECTED),
}
"""Every pair that is not in the table, and why it cannot be."""

EVENTS: Final[tuple[type[OrderEvent], ...]] = (
    OrderSent,
    OrderAdopted,
    OrderLost,
    OrderUnsent,
    OrderAccepted,
    OrderRejected,
    OrderFilled,
    OrderResized,
    CancelSent,
    CancelRefused,
    OrderCancelled,
    OrderExpired,
)


def apply(order: Order, event: OrderEvent, at: int) -> Order:
    """The order after an event, at an instant in ns. Raises IllegalTransition; a fill that was counted before changes nothing."""
    kind = type(event)
    target = TRANSITIONS.get((order.state, kind))
    if target is None:
        raise IllegalTransition(order, event)
    if target is OPEN and order.filled:
        target = PARTLY
    change = _CHANGES.get(kind)
    if change is not None:
        return change(order, event, target, at)
    return replace(order, state=target, reason=event.why or order.reason, updated_at=at)


def _sent_again(order: Order, event: OrderSent, target: OrderState, at: int) -> Order:
    return replace(order, state=target, attempts=order.attempts + 1, reason=event.why or order.reason, updated_at=at)


def _accepted(order: Order, event: OrderAccepted, target: OrderState, at: int) -> Order:
    return replace(order, state=target, venue_id=event.venue_id, reason=event.why or order.reason, updated_at=at)


def _resized(order: Order, event: OrderResized, target: OrderState, at: int) -> Order:
    state = FILLED if order.filled >= event.quantity else target
    return replace(order, state=state, quantity=event.quantity, reason=event.why or order.reason, updated_at=at)


def _filled(order: Order, event: OrderFilled, target: OrderState, at: int) -> Order:
    fill = event.fill
    if fill.trade_id in order.trade_ids:
        return order
    filled = order.filled + fill.quantity
    return replace(
        order,
        state=FILLED if filled >= order.quantity else target,
        filled=filled,
        cost=order.cost + fill.quote,
        trade_ids=(*order.trade_ids, fill.trade_id),
        reason=event.why or order.reason,
        updated_at=at,
    )


_CHANGES: Final[dict[type[OrderEvent], Callable[[Order, Any, OrderState, int], Order]]] = {
    OrderSent: _sent_again,
    OrderAccepted: _accepted,
    OrderResized: _resized,
    OrderFilled: _filled,
}
"""Events that change more of an order than its state."""
