"""What guards are told of the journal's events; a replay tells them the same, so a restart knows what they knew."""

from fairway.journal import kinds
from fairway.orders.ids import Role
from fairway.orders.lifecycle import OrderAccepted, OrderEvent, OrderFilled, OrderLost, OrderRejected, OrderSent, OrderUnsent
from fairway.orders.order import Order
from fairway.risk.guards.port import Answered, Bought, Failed, Marked, Moved, Planned, Sent
from fairway.risk.guards.roster import Roster


def tell_of_order(guards: Roster, event: OrderEvent, before: Order | None, order: Order, at: int) -> None:
    """before: the order as it was, None for a new one; at: when it was journaled (ns)."""
    match event:
        case OrderSent() if event.order is not None:
            guards.observe(Sent(order.symbol, order.quantity, order.role is Role.ENTRY, at))
        case OrderAccepted() if before is not None and not before.venue_id:
            guards.observe(Answered(at - order.created_at, at))
        case OrderRejected() | OrderUnsent() | OrderLost():
            guards.observe(Failed(at))
        case OrderFilled() if order.role is Role.ENTRY:
            guards.observe(Bought(order.symbol, event.fill.price, at))
        case _:
            pass


def tell(guards: Roster, event: kinds.DeskEvent, at: int) -> None:
    match event:
        case kinds.EntryPlanned():
            guards.observe(Planned(event.symbol, event.price, event.stop, event.target, at))
        case kinds.Marked():
            guards.observe(Marked(event.worth, event.marks, at))
        case kinds.Unexplained():
            guards.observe(Moved(event.amount, at))
        case kinds.GuardTripped():
            guards.tripped(event.guard, event.symbol, event.level)
        case kinds.GuardCleared():
            guards.cleared(event.guard, event.symbol)
        case kinds.EscalationChanged():
            guards.level = event.level
        case kinds.CapLifted():
            guards.lifted(event.cap_id, at)
        case _:
            pass
