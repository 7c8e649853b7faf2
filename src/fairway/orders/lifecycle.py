"""The life of an order: a table from (state, event) to state. What is not in the table is a bug and raises IllegalTransition.

Everything that moves an order's state lives in this file. The venue is right: late fills after a cancel and cancels that
lost the race are in the table because venues really send them.
"""

from typing import Final

from msgspec import Struct
from msgspec.structs import replace

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
    """An order of ours that somebody else sent: the kill command's sale. What became of it the venue is asked."""

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
        super().__init__(f"order {order.id} is {order.state.value} and cannot take {type(event).__name__} ({event.why})")


_ALIVE = (SENT, OPEN, PARTLY, CANCELLING, UNKNOWN)

TRANSITIONS: Final[dict[tuple[OrderState, type[OrderEvent]], OrderState]] = {
    (SENT, OrderSent): SENT,
    (UNKNOWN, OrderSent): SENT,
    (SENT, OrderLost): UNKNOWN,
    (OPEN, OrderLost): UNKNOWN,
    (PARTLY, OrderLost): UNKNOWN,
    (CANCELLING, OrderLost): UNKNOWN,
    (UNKNOWN, OrderLost): UNKNOWN,
    (SENT, OrderUnsent): REJECTED,
    (SENT, OrderRejected): REJECTED,
    (UNKNOWN, OrderRejected): REJECTED,
    (SENT, OrderAccepted): OPEN,
    (UNKNOWN, OrderAccepted): OPEN,
    (OPEN, OrderAccepted): OPEN,  # the stream and the answer both tell
    (PARTLY, OrderAccepted): PARTLY,
    (CANCELLING, OrderAccepted): CANCELLING,
    (OPEN, CancelSent): CANCELLING,
    (PARTLY, CancelSent): CANCELLING,
    (SENT, CancelSent): CANCELLING,
    (UNKNOWN, CancelSent): CANCELLING,
    (CANCELLING, CancelSent): CANCELLING,
    (CANCELLING, CancelRefused): OPEN,  # or filled: the report that explains the refusal follows
    **{(state, OrderCancelled): CANCELLED for state in _ALIVE},
    **{(state, OrderExpired): EXPIRED for state in _ALIVE},
    # A fill always counts, whatever we believed: see `_filled` for FILLED against PARTLY.
    **{(state, OrderFilled): PARTLY for state in (*_ALIVE, FILLED, CANCELLED, EXPIRED, REJECTED)},
    # Told twice, by stream and by answer, in either order.
    (CANCELLED, OrderCancelled): CANCELLED,
    (EXPIRED, OrderExpired): EXPIRED,
    (FILLED, OrderAccepted): FILLED,
    (FILLED, CancelRefused): FILLED,
    (FILLED, OrderLost): FILLED,
    (CANCELLED, OrderAccepted): CANCELLED,
    (CANCELLED, CancelRefused): CANCELLED,
    (CANCELLED, OrderLost): CANCELLED,
    (EXPIRED, OrderAccepted): EXPIRED,
    (EXPIRED, CancelRefused): EXPIRED,
    (EXPIRED, OrderLost): EXPIRED,
    (REJECTED, OrderRejected): REJECTED,
    (REJECTED, OrderAccepted): OPEN,  # the venue said no, or "no such order", and holds it all the same
}


def apply(order: Order, event: OrderEvent, at: int) -> Order:
    """The order after an event, at an instant in ns. Raises IllegalTransition; a fill that was counted before changes nothing."""
    target = TRANSITIONS.get((order.state, type(event)))
    if target is None:
        raise IllegalTransition(order, event)
    if isinstance(event, OrderFilled):
        return _filled(order, event, at)
    venue_id = event.venue_id if isinstance(event, OrderAccepted) else order.venue_id
    if target is OPEN and order.filled:
        target = PARTLY
    attempts = order.attempts + isinstance(event, OrderSent)
    return replace(order, state=target, venue_id=venue_id, attempts=attempts, reason=event.why or order.reason, updated_at=at)


def _filled(order: Order, event: OrderFilled, at: int) -> Order:
    fill = event.fill
    if fill.trade_id in order.trade_ids:
        return order
    filled = order.filled + fill.quantity
    return replace(
        order,
        state=_state_after_fill(order, complete=filled >= order.quantity),
        filled=filled,
        cost=order.cost + fill.quote,
        trade_ids=(*order.trade_ids, fill.trade_id),
        reason=event.why or order.reason,
        updated_at=at,
    )


def _state_after_fill(order: Order, *, complete: bool) -> OrderState:
    if complete:
        return FILLED
    if order.state in (CANCELLED, EXPIRED, CANCELLING):
        return order.state  # a late fill of an order that ended, or that is being cancelled
    return PARTLY
