"""Reports journaled events to an account's guards. A replay reports the same, so after a restart they know what they knew."""

from collections.abc import Callable
from typing import Any, Final

from fairway.journal import kinds
from fairway.orders.ids import KILL_EPOCH, ClientId, Role
from fairway.orders.lifecycle import OrderAccepted, OrderEvent, OrderFilled, OrderLost, OrderRejected, OrderSent, OrderUnsent
from fairway.orders.order import Order
from fairway.risk.feedback import of_closed_trade
from fairway.risk.guards.port import AccountMarked, Begun, Bought, Failed, Moved, OrderAnswered, Planned, Sent
from fairway.risk.guards.roster import Roster
from fairway.trading.account.money import MoneyChange
from fairway.trading.account.orders import OrderChange


def apply(
    guards: Roster, event: kinds.Event, at: int, order: OrderChange | None, money: MoneyChange, *, started_at: int = 0
) -> None:
    """Reports a journaled event (ns), with what it changed. started_at: when this run of the trader was started (ns)."""
    if order is not None:
        _report_order(guards, event, order, at, started_at)
    else:
        report = _OF_THE_ACCOUNT.get(type(event))
        if report is not None:
            report(guards, event, at)
    if money.moved is not None:
        guards.observe(Moved(money.moved, at))
    if money.closed is not None:
        of_closed_trade(guards, money.closed)


def _report_order(guards: Roster, event: Any, change: OrderChange, at: int, started_at: int) -> None:
    """Not how long the venue took to answer an order of an earlier run: the trader was down meanwhile."""
    report = _OF_ORDERS.get(type(event))
    if report is None or (type(event) in _OF_SENDING and _is_of_a_kill(change.order)):
        return
    if type(event) is not OrderAccepted or change.order.created_at >= started_at:
        report(guards, event, change, at)


def _is_of_a_kill(order: Order) -> bool:
    """Whether `fairway kill` sent it, from a process of its own: how that went is not how this trader's orders go."""
    own = ClientId.parse(order.id)
    return own is not None and own.epoch == KILL_EPOCH


def _sent(guards: Roster, event: OrderSent, change: OrderChange, at: int) -> None:
    if event.order is not None:
        guards.observe(Sent(change.order.symbol, change.order.quantity, change.order.role is Role.ENTRY, at))


def _accepted(guards: Roster, event: OrderAccepted, change: OrderChange, at: int) -> None:
    if change.before is not None and not change.before.venue_id:
        guards.observe(OrderAnswered(at - change.order.created_at, at))


def _failed(guards: Roster, event: OrderEvent, change: OrderChange, at: int) -> None:
    guards.observe(Failed(at))


def _filled(guards: Roster, event: OrderFilled, change: OrderChange, at: int) -> None:
    if change.order.role is Role.ENTRY:
        guards.observe(Bought(change.order.symbol, event.fill.price, at))


_OF_ORDERS: Final[dict[type[OrderEvent], Callable[[Roster, Any, OrderChange, int], None]]] = {
    OrderSent: _sent,
    OrderAccepted: _accepted,
    OrderRejected: _failed,
    OrderUnsent: _failed,
    OrderLost: _failed,
    OrderFilled: _filled,
}


_OF_SENDING: Final = (OrderAccepted, OrderRejected, OrderUnsent, OrderLost)
"""How fast the venue answered a sent order, and whether it did."""


def _planned(guards: Roster, event: kinds.EntryPlanned, at: int) -> None:
    guards.observe(Planned(event.symbol, event.price, event.stop, event.target, at))


def _leased(guards: Roster, event: kinds.LeaseAccepted, at: int) -> None:
    guards.has_news = True  # it may bring a stage, whose beginning waits for no candle


def _look_at_once(guards: Roster, event: Any, at: int) -> None:
    """Money that left without a trade, or was announced to leave, may have changed what guards watch."""
    guards.has_news = True


def _escalated(guards: Roster, event: kinds.EscalationChanged, at: int) -> None:
    guards.level = event.level


_OF_THE_ACCOUNT: Final[dict[type[kinds.Event], Callable[[Roster, Any, int], None]]] = {
    kinds.EntryPlanned: _planned,
    kinds.Unexplained: _look_at_once,
    kinds.TransferAnnounced: _look_at_once,
    kinds.Marked: lambda guards, event, at: guards.observe(AccountMarked(event.worth, event.marks, at)),
    kinds.LeaseAccepted: _leased,
    kinds.StageBegan: lambda guards, event, at: guards.observe(Begun(event.stage, event.worth, at)),
    kinds.GuardTripped: lambda guards, event, at: guards.tripped(event.guard, event.symbol, event.level),
    kinds.GuardCleared: lambda guards, event, at: guards.cleared(event.guard, event.symbol),
    kinds.EscalationChanged: _escalated,
    kinds.CapLifted: lambda guards, event, at: guards.lifted(event.cap_id, at),
}
