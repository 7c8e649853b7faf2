"""Counts open orders of the account that are not the trader's own: what they lock of a base asset, and how many the venue holds.

A list of orders, such as both of a pair, locks its quantity once. What the venue says is locked in all decides, where its answer
tells that: orders in other pairs with the same base lock it too.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from fairway.ledger.reconcile import is_ours
from fairway.money.amount import ZERO, Amount
from fairway.money.grid import Round
from fairway.orders.ids import ClientId, Role
from fairway.orders.order import OrderState, Side
from fairway.trading.account_state import AccountState
from fairway.trading.inputs import AccountSnapshot
from fairway.trading.transient_state import LockedForeignOrder
from fairway.venues.port import OrderReport, ReportStatus

IN_FLIGHT = (OrderState.SENT, OrderState.UNKNOWN, OrderState.CANCELLING)
OPEN = (ReportStatus.OPEN, ReportStatus.PARTLY)


def keep_all(state: AccountState, caught: AccountSnapshot, now: int) -> None:
    """Keeps the foreign orders of a whole answer, which lists all of them."""
    known = state.transient
    known.foreign_orders = {}
    _note_each(state, caught.orders)
    known.locked_besides = _locked_besides(state, caught) if _is_at_rest(state, caught.began_at) else {}


def keep_report(state: AccountState, report: OrderReport, now: int) -> None:
    """Keeps a foreign order that the stream reports."""
    if not _is_ours(state, report):
        _note_each(state, (report,))
        known = state.transient
        known.locked_besides = {asset: min(locked, ZERO) for asset, locked in known.locked_besides.items()}


def _note_each(state: AccountState, reports: Iterable[OrderReport]) -> None:
    for report in reports:
        if not _is_ours(state, report):
            state.transient.foreign_orders.pop(report.venue_id, None)
            if report.status in OPEN:
                state.transient.foreign_orders[report.venue_id] = LockedForeignOrder(
                    symbol=report.symbol,
                    base=report.quantity.asset,
                    locked=(report.quantity - report.filled).value if report.side is Side.SELL else ZERO,
                    list_id=report.list_id or report.venue_id,
                    is_conditional=report.stop_price is not None,
                )


def _is_ours(state: AccountState, report: OrderReport) -> bool:
    """By its id: the kill command's sales, and what an earlier life left, are adopted where they are found."""
    return is_ours(report.client_id, state.config.account, state.starts.numbered)


def _is_at_rest(state: AccountState, since: int) -> bool:
    """Whether no order of ours can have moved between the venue's answers, which were asked for one after the other."""
    orders = (*state.orders.blotter.live.values(), *reversed(state.orders.blotter.ended.values()))
    return not any(order.state in IN_FLIGHT or order.updated_at >= since for order in orders)


def _locked_besides(state: AccountState, caught: AccountSnapshot) -> Mapping[str, Decimal]:
    """By asset that is held: what the venue has locked beyond the orders that it lists; below zero where it locks less.

    Where it has locked less than our own orders need, its figure says nothing.
    """
    besides: dict[str, Decimal] = {}
    for base in {state.config.instruments[symbol].base for symbol in state.config.symbols}:
        _, locked = caught.balances.balances.get(base, (None, None))
        own = _locked_by_ours(state, caught.orders, base)
        if locked is not None and locked.value >= own:
            besides[base] = locked.value - own - _listed(state, base)
    return besides


def _locked_by_ours(state: AccountState, reports: Iterable[OrderReport], base: str) -> Decimal:
    """By our sales of a base that are listed; both orders of a pair share a number."""
    sales: dict[object, Decimal] = {}
    for report in reports:
        own = ClientId.parse(report.client_id)
        if own is not None and _is_ours(state, report) and report.side is Side.SELL and report.quantity.asset == base:
            number = own.run, own.epoch, own.sequence
            sales[number] = max(sales.get(number, ZERO), (report.quantity - report.filled).value)
    return sum(sales.values(), ZERO)


def _listed(state: AccountState, base: str) -> Decimal:
    """What the foreign orders that are known lock of a base; each list of orders once."""
    lists: dict[str, Decimal] = {}
    for order in state.transient.foreign_orders.values():
        if order.base == base:
            lists[order.list_id] = max(lists.get(order.list_id, ZERO), order.locked)
    return sum(lists.values(), ZERO)


# -- questions -------------------------------------------------------------------------------------------------------


def locked(state: AccountState, symbol: str) -> Decimal:
    """How much of a symbol's base foreign orders lock."""
    base = state.config.instruments[symbol].base
    return max(_listed(state, base) + state.transient.locked_besides.get(base, ZERO), ZERO)


def placeable(state: AccountState, symbol: str, held: Amount, covered: Decimal) -> Amount:
    """How much of a position orders of ours can cover: what no foreign order locks, and never less than ours cover already."""
    foreign = locked(state, symbol)
    if not foreign:
        return held
    instrument = state.config.instruments[symbol]
    left = state.money.ledger.balances.of(instrument.base).value - foreign
    return instrument.quantity(max(left, covered, ZERO), Round.DOWN)


def beside(state: AccountState, symbol: str) -> tuple[int, int]:
    """How many orders rest in a symbol that are not in our books, and how many of them wait for a price."""
    foreign = [order for order in state.transient.foreign_orders.values() if order.symbol == symbol]
    strange = [ClientId.parse(order_id) for order_id, of in state.transient.orphans.items() if of == symbol]
    stops = sum(order.is_conditional for order in foreign) + sum(own is not None and own.role is Role.STOP for own in strange)
    return len(foreign) + len(strange), stops
