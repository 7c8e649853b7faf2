"""Makes an open order smaller, without its losing its place in the book (order amend keep priority).

Of a list of which one order cancels the other both get the new quantity, for only one of them can ever be executed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway.exchange import refusals
from fairway.exchange.answers import Amendment, ExchangeRefusal
from fairway.exchange.matching import duplicate
from fairway.exchange.orders import Order
from fairway.exchange.rules import breach_of_quantity

if TYPE_CHECKING:
    from fairway.exchange.engine_state import EngineState
    from fairway.exchange.listing import Listing


def amend(
    engine: EngineState, account: str, symbol: str, order_id: int, client_id: str, quantity: int, new_client_id: str
) -> Order | ExchangeRefusal:
    """The order with its new quantity and client id; or why it stays as it is. The last of its amendments tells of this one."""
    listing = engine.listings.get(symbol)
    if listing is None:
        return refusals.INVALID_SYMBOL
    at = engine.clock.now()
    order = engine.account_symbol(listing, account).find_open(order_id, client_id)
    if order is None:
        return refusals.UNKNOWN_ORDER_TO_AMEND
    orders = _amended_together(order)
    for each in orders:
        if refusal := _refuse(listing, each, quantity, at):
            return refusal
    new_client_id = new_client_id or f"fairwayamend{next(engine.amend_ids):010d}"
    if new_client_id != order.client_id and duplicate(order.account_symbol, new_client_id):
        return refusals.DUPLICATE_TO_AMEND
    for each in orders:
        _amend(engine, each, quantity, new_client_id if each is order else each.client_id, at)
    _hold_less(engine, order)
    listing.is_changed = True
    engine.finish(listing, at)
    return order


def _amended_together(order: Order) -> tuple[Order, ...]:
    pair = order.list
    return pair.pair_of(order) if pair is not None else (order,)


def _refuse(listing: Listing, order: Order, quantity: int, at: int) -> ExchangeRefusal | None:
    rules = listing.rules
    if len(order.amendments) >= rules.amends_max:
        return refusals.MAX_NUM_ORDER_AMENDS
    if quantity == order.quantity:
        return refusals.NO_CHANGE
    if quantity > order.quantity:
        return refusals.AMEND_INCREASES
    if quantity <= order.executed + order.prevented:
        return refusals.LOT_SIZE
    return breach_of_quantity(listing, order.asked, quantity, at)


def _amend(engine: EngineState, order: Order, quantity: int, client_id: str, at: int) -> None:
    account_symbol, before = order.account_symbol, order.client_id
    execution_id, symbol = next(engine.execution_ids), order.asked.symbol
    made = Amendment(symbol, order.order_id, execution_id, before, client_id, order.quantity, quantity, at)
    order.left -= order.quantity - quantity
    order.quantity = quantity
    order.updated_at = at
    order.amendments = (*order.amendments, made)
    if client_id != before:
        if account_symbol.by_client.get(before) is order:
            del account_symbol.by_client[before]
        order.client_id = client_id
        account_symbol.by_client[client_id] = order
    engine.log.amended(order, made)
    if order.list is not None and client_id != before:
        engine.log.listed_again(order.list, at)


def _hold_less(engine: EngineState, order: Order) -> None:
    """What the smaller order does not need is let go: by the order itself, or by its list while that holds for it."""
    pair = order.list
    if pair is not None and pair.is_pending:
        need = max(leg.need() for leg in pair.pair_of(order))
        order.balance.release(pair.held - need)
        pair.held = need
    elif order.held:
        need = min(order.held, order.need())
        order.balance.release(order.held - need)
        order.held = need
    engine.touched[order.account_symbol] = None
