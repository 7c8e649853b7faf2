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
from fairway.trading.transient_state import ForeignOrder
from fairway.trading.venue_requests import Caught, Input
from fairway.venues.port import OrderReport, ReportStatus

IN_FLIGHT = (OrderState.SENT, OrderState.UNKNOWN, OrderState.CANCELLING)
OPEN = (ReportStatus.OPEN, ReportStatus.PARTLY)


def note(desk: AccountState, news: Input) -> None:
    """Keeps the foreign orders that an input tells. A full answer tells all of them, the stream each."""
    seen = desk.seen
    if isinstance(news, Caught):
        seen.foreign_orders = {}
        _note_each(desk, news.orders)
        seen.locked_besides = _locked_besides(desk, news) if _is_at_rest(desk, news.began_at) else {}
    elif isinstance(news, OrderReport) and not _is_ours(desk, news):
        _note_each(desk, (news,))
        seen.locked_besides = {asset: min(locked, ZERO) for asset, locked in seen.locked_besides.items()}


def _note_each(desk: AccountState, reports: Iterable[OrderReport]) -> None:
    for report in reports:
        if not _is_ours(desk, report):
            desk.seen.foreign_orders.pop(report.venue_id, None)
            if report.status in OPEN:
                desk.seen.foreign_orders[report.venue_id] = ForeignOrder(
                    symbol=report.symbol,
                    base=report.quantity.asset,
                    locked=(report.quantity - report.filled).value if report.side is Side.SELL else ZERO,
                    list_id=report.list_id or report.venue_id,
                    is_conditional=report.stop_price is not None,
                )


def _is_ours(desk: AccountState, report: OrderReport) -> bool:
    """By its id: the kill command's sales, and what an earlier life left, are adopted where they are found."""
    return is_ours(report.client_id, desk.terms.account, desk.numbered)


def _is_at_rest(desk: AccountState, since: int) -> bool:
    """Whether no order of ours can have moved between the venue's answers, which were asked for one after the other."""
    orders = (*desk.blotter.live.values(), *reversed(desk.blotter.ended.values()))
    return not any(order.state in IN_FLIGHT or order.updated_at >= since for order in orders)


def _locked_besides(desk: AccountState, caught: Caught) -> Mapping[str, Decimal]:
    """By asset that is held: what the venue has locked beyond the orders that it lists; below zero where it locks less.

    Where it has locked less than our own orders need, its figure says nothing.
    """
    besides: dict[str, Decimal] = {}
    for base in {desk.terms.instruments[symbol].base for symbol in desk.terms.symbols}:
        _, locked = caught.balances.balances.get(base, (None, None))
        own = _locked_by_ours(desk, caught.orders, base)
        if locked is not None and locked.value >= own:
            besides[base] = locked.value - own - _listed(desk, base)
    return besides


def _locked_by_ours(desk: AccountState, reports: Iterable[OrderReport], base: str) -> Decimal:
    """By our sales of a base that are listed; both orders of a pair share a number."""
    sales: dict[object, Decimal] = {}
    for report in reports:
        own = ClientId.parse(report.client_id)
        if own is not None and _is_ours(desk, report) and report.side is Side.SELL and report.quantity.asset == base:
            number = own.run, own.epoch, own.sequence
            sales[number] = max(sales.get(number, ZERO), (report.quantity - report.filled).value)
    return sum(sales.values(), ZERO)


def _listed(desk: AccountState, base: str) -> Decimal:
    """What the foreign orders that are known lock of a base; each list of orders once."""
    lists: dict[str, Decimal] = {}
    for order in desk.seen.foreign_orders.values():
        if order.base == base:
            lists[order.list_id] = max(lists.get(order.list_id, ZERO), order.locked)
    return sum(lists.values(), ZERO)


# -- questions -------------------------------------------------------------------------------------------------------


def locked(desk: AccountState, symbol: str) -> Decimal:
    """How much of a symbol's base foreign orders lock."""
    base = desk.terms.instruments[symbol].base
    return max(_listed(desk, base) + desk.seen.locked_besides.get(base, ZERO), ZERO)


def placeable(desk: AccountState, symbol: str, held: Amount, covered: Decimal) -> Amount:
    """How much of a position orders of ours can cover: what no foreign order locks, and never less than ours cover already."""
    foreign = locked(desk, symbol)
    if not foreign:
        return held
    instrument = desk.terms.instruments[symbol]
    left = desk.ledger.balances.of(instrument.base).value - foreign
    return instrument.quantity(max(left, covered, ZERO), Round.DOWN)


def beside(desk: AccountState, symbol: str) -> tuple[int, int]:
    """How many orders rest in a symbol that are not in our books, and how many of them wait for a price."""
    foreign = [order for order in desk.seen.foreign_orders.values() if order.symbol == symbol]
    strange = [ClientId.parse(order_id) for order_id, of in desk.seen.orphans.items() if of == symbol]
    stops = sum(order.is_conditional for order in foreign) + sum(own is not None and own.role is Role.STOP for own in strange)
    return len(foreign) + len(strange), stops
