"""What guards are told of the journal's events; a replay tells them the same, so a restart knows what they knew."""

from collections.abc import Callable
from typing import Any, Final

from fairway.journal import kinds
from fairway.orders.ids import KILL_EPOCH, ClientId, Role
from fairway.orders.lifecycle import OrderAccepted, OrderEvent, OrderFilled, OrderLost, OrderRejected, OrderSent, OrderUnsent
from fairway.orders.order import Order
from fairway.risk.guards.port import Begun, Bought, Failed, Marked, OrderAnswered, Planned, Sent
from fairway.risk.guards.roster import Roster


def tell_of_order(
    guards: Roster, event: OrderEvent, before: Order | None, order: Order, at: int, *, life_began_at: int = 0
) -> None:
    """before: the order as it was, None for a new one; at: when it was journaled (ns).

    life_began_at: when this life of the trader was started (ns). How long the venue took to answer an order of an earlier life
    cannot be told: the trader was down meanwhile.
    """
    told = _OF_ORDERS.get(type(event))
    if told is None or (type(event) in _OF_SENDING and _is_of_a_kill(order)):
        return
    if type(event) is not OrderAccepted or order.created_at >= life_began_at:
        told(guards, event, before, order, at)


def _is_of_a_kill(order: Order) -> bool:
    """Whether `fairway kill` sent it, from a process of its own: how that went is not how this trader's orders go."""
    own = ClientId.parse(order.id)
    return own is not None and own.epoch == KILL_EPOCH


def tell(guards: Roster, event: kinds.DeskEvent, at: int) -> None:
    told = _OF_THE_DESK.get(type(event))
    if told is not None:
        told(guards, event, at)


def _sent(guards: Roster, event: OrderSent, before: Order | None, order: Order, at: int) -> None:
    if event.order is not None:
        guards.observe(Sent(order.symbol, order.quantity, order.role is Role.ENTRY, at))


def _accepted(guards: Roster, event: OrderAccepted, before: Order | None, order: Order, at: int) -> None:
    if before is not None and not before.venue_id:
        guards.observe(OrderAnswered(at - order.created_at, at))


def _failed(guards: Roster, event: OrderEvent, before: Order | None, order: Order, at: int) -> None:
    guards.observe(Failed(at))


def _filled(guards: Roster, event: OrderFilled, before: Order | None, order: Order, at: int) -> None:
    if order.role is Role.ENTRY:
        guards.observe(Bought(order.symbol, event.fill.price, at))


_OF_ORDERS: Final[dict[type[OrderEvent], Callable[[Roster, Any, Order | None, Order, int], None]]] = {
    OrderSent: _sent,
    OrderAccepted: _accepted,
    OrderRejected: _failed,
    OrderUnsent: _failed,
    OrderLost: _failed,
    OrderFilled: _filled,
}


_OF_SENDING: Final = (OrderAccepted, OrderRejected, OrderUnsent, OrderLost)
"""What the venue makes of an order that is sent: how fast, and whether at all."""


def _planned(guards: Roster, event: kinds.EntryPlanned, at: int) -> None:
    guards.observe(Planned(event.symbol, event.price, event.stop, event.target, at))


def _leased(guards: Roster, event: kinds.LeaseAccepted, at: int) -> None:
    guards.has_news = True  # it may bring a stage, whose beginning waits for no candle


def _escalated(guards: Roster, event: kinds.EscalationChanged, at: int) -> None:
    guards.level = event.level


_OF_THE_DESK: Final[dict[type[kinds.DeskEvent], Callable[[Roster, Any, int], None]]] = {
    kinds.EntryPlanned: _planned,
    kinds.Marked: lambda guards, event, at: guards.observe(Marked(event.worth, event.marks, at)),
    kinds.LeaseAccepted: _leased,
    kinds.StageBegan: lambda guards, event, at: guards.observe(Begun(event.stage, event.worth, at)),
    kinds.GuardTripped: lambda guards, event, at: guards.tripped(event.guard, event.symbol, event.level),
    kinds.GuardCleared: lambda guards, event, at: guards.cleared(event.guard, event.symbol),
    kinds.EscalationChanged: _escalated,
    kinds.CapLifted: lambda guards, event, at: guards.lifted(event.cap_id, at),
}
