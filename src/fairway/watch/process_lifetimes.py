"""The lives of orders, as the journal has them: how they ended, how long the venue took, and through which states they went.

The states are those of `orders.lifecycle`; this module says only which of them are good.
"""

from collections.abc import Callable
from typing import Any, Final

from fairway.orders.ids import ClientId, Role
from fairway.orders.lifecycle import (
    TRANSITIONS,
    CancelSent,
    OrderAccepted,
    OrderAdopted,
    OrderCancelled,
    OrderEvent,
    OrderExpired,
    OrderFilled,
    OrderLost,
    OrderRejected,
    OrderResized,
    OrderSent,
    OrderUnsent,
)
from fairway.orders.order import ENDED, Order, OrderState
from fairway.watch.account import DOUBT_NS, ENDED_KEPT, MeasuredAccount, MeasuredOrder, Note
from fairway.watch.trips import of_fill
from fairway.world.clock import SECOND

AT_ONCE: Final = (Role.ENTRY, Role.EXIT)
"""Roles of orders that trade at once, so that how long they took says something."""
LEGS: Final = (Role.STOP, Role.TARGET)


def of_order(account: MeasuredAccount, event: OrderEvent, at: int, note: Note) -> None:
    """Moves one order by an event of its life. An unknown order makes no observation."""
    if type(event) in (OrderSent, OrderAdopted) and event.order is not None:  # type: ignore[attr-defined]
        _begin(account, event.order, is_adopted=type(event) is OrderAdopted)  # type: ignore[attr-defined]
        return
    life = account.life(event.order_id)
    if life is None:
        return
    target = TRANSITIONS.get((life.state, type(event)))
    if target is None:
        return
    was = life.state
    life.state = target
    handler = _HANDLERS.get(type(event))
    if handler is not None:
        handler(account, life, event, at, note)
    if life.state in ENDED and was not in ENDED:
        _end(account, life, at, note)
    elif was in ENDED and life.state not in ENDED:
        account.lives[life.id] = account.ended.pop(life.id)


def of_doubts(account: MeasuredAccount, now: int, note: Note) -> None:
    """An order of unknown fate for too long counts as bad, once."""
    for order_id, since in list(account.doubted.items()):
        if now - since >= DOUBT_NS:
            del account.doubted[order_id]
            life = account.life(order_id)
            if life is not None:
                _judge(account, life, now, note, is_good=False)


def _begin(account: MeasuredAccount, order: Order, *, is_adopted: bool) -> None:
    plan = account.plans.get(order.symbol)
    named = plan[1] if order.role is Role.ENTRY and plan is not None else None
    account.lives[order.id] = MeasuredOrder(
        id=order.id,
        symbol=order.symbol,
        role=order.role,
        side=order.side,
        state=order.state,
        quantity=order.quantity.value,
        sent_at=order.created_at,
        named=order.stop_price.value if order.role is Role.STOP and order.stop_price is not None else named,
        filled=order.filled.value,
        is_adopted=is_adopted,
    )


def _accepted(account: MeasuredAccount, life: MeasuredOrder, event: OrderAccepted, at: int, note: Note) -> None:
    if not life.is_acked:
        life.is_acked = True
        if _speaks_for_intent(life) and not life.is_of_before:
            note("order_ack", at, (at - life.sent_at) / SECOND, account.name)
    _found(account, life, at, note)


def _found(account: MeasuredAccount, life: MeasuredOrder, at: int, note: Note) -> None:
    """The fate of an order is known again."""
    if life.lost_at:
        life.lost_at = 0
        account.doubted.pop(life.id, None)
        note("order_paths", at, 1, "unknown_resolved")


def _lost(account: MeasuredAccount, life: MeasuredOrder, event: OrderLost, at: int, note: Note) -> None:
    if life.state is OrderState.UNKNOWN and not life.lost_at:
        life.lost_at = account.doubted[life.id] = at


def _filled(account: MeasuredAccount, life: MeasuredOrder, event: OrderFilled, at: int, note: Note) -> None:
    if event.fill.trade_id in life.trades:
        return
    life.filled += event.fill.quantity.value
    life.trades = (*life.trades, event.fill.trade_id)
    _found(account, life, at, note)
    if life.filled >= life.quantity:
        life.state = OrderState.FILLED
    elif len(life.trades) == 1:
        note("order_paths", at, 1, "partial_fill")
    if life.role in LEGS and len(life.trades) == 1:
        note("order_paths", at, 1, "stop_hit" if life.role is Role.STOP else "target_hit")
    of_fill(account, life, event.fill, at, note)


def _resized(account: MeasuredAccount, life: MeasuredOrder, event: OrderResized, at: int, note: Note) -> None:
    life.quantity = event.quantity.value
    if life.filled >= life.quantity:
        life.state = OrderState.FILLED


def _cancelling(account: MeasuredAccount, life: MeasuredOrder, event: CancelSent, at: int, note: Note) -> None:
    life.ends_by_us = True


def _cancelled(account: MeasuredAccount, life: MeasuredOrder, event: OrderCancelled, at: int, note: Note) -> None:
    """Those that a kill cancels, from a process of its own, have ended as they were meant to."""
    if life.ends_by_us:
        note("order_paths", at, 1, "cancel")
    life.ends_by_us |= account.is_killed(life.symbol)


def _refused(account: MeasuredAccount, life: MeasuredOrder, event: OrderEvent, at: int, note: Note) -> None:
    if not life.is_adopted:
        note("order_paths", at, 1, "reject")


def _expired(account: MeasuredAccount, life: MeasuredOrder, event: OrderExpired, at: int, note: Note) -> None:
    if life.role not in LEGS:
        note("order_paths", at, 1, "expire")


_HANDLERS: Final[dict[type[OrderEvent], Callable[[MeasuredAccount, MeasuredOrder, Any, int, Note], None]]] = {
    OrderAccepted: _accepted,
    OrderLost: _lost,
    OrderFilled: _filled,
    OrderResized: _resized,
    CancelSent: _cancelling,
    OrderCancelled: _cancelled,
    OrderRejected: _refused,
    OrderUnsent: _refused,
    OrderExpired: _expired,
}


def _end(account: MeasuredAccount, life: MeasuredOrder, at: int, note: Note) -> None:
    account.ended[life.id] = account.lives.pop(life.id)
    _found(account, life, at, note)
    while len(account.ended) > ENDED_KEPT:
        del account.ended[next(iter(account.ended))]
    if life.role in AT_ONCE and not life.is_adopted and not life.is_of_before:
        note("order_confirm", at, (at - life.sent_at) / SECOND, account.name)
    other = _other_leg(account, life)
    if other is None:
        _judge(account, life, at, note, is_good=_is_good(life))
    elif other.state in ENDED:
        _judge(account, life, at, note, is_good=_is_good_pair(life, other))


def _judge(account: MeasuredAccount, life: MeasuredOrder, at: int, note: Note, *, is_good: bool) -> None:
    """Once for an intent, however many legs it has, and not for what this trader did not send."""
    other = _other_leg(account, life)
    if life.is_judged or life.is_adopted or (other is not None and other.is_judged):
        return
    life.is_judged = True
    note("order_success", at, float(is_good), account.name)


def _is_good(life: MeasuredOrder) -> bool:
    """An immediate order that the book could take only a part of has done what it was meant for; …"""
    return life.state is OrderState.FILLED or bool(life.filled) or (life.state is OrderState.CANCELLED and life.ends_by_us)


def _is_good_pair(one: MeasuredOrder, other: MeasuredOrder) -> bool:
    """… and a pair, where one of the two sold, or we took it back: to name one leg cancels both."""
    is_taken_back = OrderState.REJECTED not in (one.state, other.state) and (one.ends_by_us or other.ends_by_us)
    return bool(one.filled or other.filled) or is_taken_back


def _other_leg(account: MeasuredAccount, life: MeasuredOrder) -> MeasuredOrder | None:
    own = ClientId.parse(life.id) if life.role in LEGS else None
    return account.life(str(own.other_leg)) if own is not None else None


def _speaks_for_intent(life: MeasuredOrder) -> bool:
    return life.role is not Role.TARGET and not life.is_adopted
