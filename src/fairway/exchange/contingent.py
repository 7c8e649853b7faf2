"""Order lists of the kind "one triggers the other" (OTO, OTOCO): a working order, and one or a pair that waits for its fill.

What waits holds nothing and is in no book; it is checked by the filters when the list is placed, and by prices and funds when the
working order is filled. Where it cannot be placed then, it expires. Ending the working order before its fill ends the list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway.exchange import refusals, settlement
from fairway.exchange.answers import ExchangeRefusal, OrderStatus
from fairway.exchange.events import Execution
from fairway.exchange.lists import known_list, pair_in_order, start_pair, wrong_pair, wrong_prices
from fairway.exchange.matching import duplicate, enter, foresee, hold, release, rest, wait, work, would_match, would_trigger
from fairway.exchange.order_types import ALGO
from fairway.exchange.orders import EXPIRED, LIMIT_MAKER, MARKET, NEW, Order, OrderList, make
from fairway.exchange.rules import breach
from fairway.exchange.terms import NewContingent, NewOrder, NewPair, OrderType

if TYPE_CHECKING:
    from fairway.exchange.account_symbol import AccountSymbol
    from fairway.exchange.engine_state import EngineState
    from fairway.exchange.listing import Listing


def place_contingent(engine: EngineState, account: str, wanted: NewContingent) -> OrderList | ExchangeRefusal:
    """Places the working order, and notes the others; all or none."""
    listing = engine.listings.get(wanted.working.symbol)
    if listing is None:
        return refusals.INVALID_SYMBOL
    at = engine.clock.now()
    account_symbol = engine.account_symbol(listing, account)
    refusal = _wrong(listing, account_symbol, wanted, at)
    if refusal is not None:
        return refusal
    waiting = pair_in_order(*wanted.pending) if len(wanted.pending) == 2 else wanted.pending
    orders = tuple(make(account_symbol, asked, next(engine.order_ids), 0, at) for asked in (wanted.working, *waiting))
    working = orders[0]
    if not hold(working, working.need()):
        return refusals.INSUFFICIENT_BALANCE
    list_id = next(engine.list_ids)
    client_id = wanted.client_id or f"fairwaylist{list_id:011d}"
    placed = OrderList(account_symbol, list_id, client_id, orders, at, has_working=True)
    _begin(engine, listing, placed, at)
    return placed


def _wrong(listing: Listing, account_symbol: AccountSymbol, wanted: NewContingent, at: int) -> ExchangeRefusal | None:
    orders = (wanted.working, *wanted.pending)
    if wanted.working.type not in (OrderType.LIMIT, LIMIT_MAKER) or len({it.symbol for it in orders}) > 1:
        return refusals.UNSUPPORTED_COMBINATION
    if len(wanted.pending) == 2 and (refusal := wrong_pair(NewPair(*wanted.pending))):
        return refusal
    for beside, asked in enumerate(orders):
        algos = sum(it.type in ALGO for it in orders[:beside])
        if refusal := breach(listing, account_symbol, asked, at, beside, algos) or duplicate(account_symbol, asked.client_id):
            return refusal
    names = [it.client_id for it in orders if it.client_id]
    if len(set(names)) < len(names):
        return refusals.DUPLICATE_ORDER
    if wanted.working.type is LIMIT_MAKER and would_match(listing, wanted.working):
        return refusals.WOULD_MATCH
    return known_list(account_symbol, wanted.client_id)


def _begin(engine: EngineState, listing: Listing, placed: OrderList, at: int) -> None:
    placed.account_symbol.lists[placed.list_id] = placed
    for order in placed.legs:
        order.list = placed
    working, *waiting = placed.legs
    enter(engine, working, at)
    for order in waiting:
        order.status, order.working_at = OrderStatus.PENDING_NEW, 0
        enter(engine, order, at)
    engine.log.listed(placed)
    if working.asked.type is LIMIT_MAKER:
        rest(listing, working)
    else:
        work(engine, listing, working, at)
    release(engine, listing, at)


def start_waiting(engine: EngineState) -> None:
    """Places what waited for the working orders that were filled since the last call; which may fill others."""
    while engine.filled_lists:
        placed = engine.filled_lists.popleft()
        listing, at = placed.account_symbol.listing, engine.clock.now()
        waiting, placed.waiting = [order for order in placed.waiting if order.is_open], ()
        for order in waiting:
            order.status, order.updated_at = NEW, at
        if len(waiting) == 2:
            _start_pair(engine, listing, placed, waiting, at)
        elif waiting:
            _start_order(engine, listing, waiting[0], at)
        release(engine, listing, at)


def _start_pair(engine: EngineState, listing: Listing, placed: OrderList, waiting: list[Order], at: int) -> None:
    first, second = waiting
    above, below = (first, second) if _place(first) > _place(second) else (second, first)
    if wrong_prices(listing, NewPair(above.asked, below.asked)) or not start_pair(engine, listing, placed, (first, second), at):
        for order in waiting:
            settlement.end(engine, order, EXPIRED, Execution.EXPIRED, at)


def _place(order: Order) -> int:
    return order.price if order.asked.type is LIMIT_MAKER else order.asked.stop_price


def _start_order(engine: EngineState, listing: Listing, order: Order, at: int) -> None:
    kind = order.asked.type
    if _cannot_start(listing, order.asked, order) or not hold(order, _need(listing, order)):
        settlement.end(engine, order, EXPIRED, Execution.EXPIRED, at)
        return
    if kind in ALGO:
        wait(engine, listing, order, at)
        return
    order.working_at = at
    enter(engine, order, at)
    if kind is LIMIT_MAKER:
        rest(listing, order)
    else:
        work(engine, listing, order, at)


def _cannot_start(listing: Listing, asked: NewOrder, order: Order) -> bool:
    if asked.type in ALGO:
        return would_trigger(listing, order)
    return asked.type is LIMIT_MAKER and would_match(listing, asked)


def _need(listing: Listing, order: Order) -> int:
    if order.asked.type is not MARKET or not order.is_buy:
        return order.need()
    return foresee(listing, order)[1]
