"""Order lists of the kind "one cancels the other" (OCO): two orders, held for once, of which only one can trade.

The hold is what the dearer of the two needs. The first fill of a leg, however small, or the first touch of its stop decides:
the other leg expires, and what the decided one does not need is let go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway.exchange import refusals
from fairway.exchange.answers import ExchangeRefusal
from fairway.exchange.matching import drop, duplicate, enter, rest, wait, would_match
from fairway.exchange.order_types import ALGO
from fairway.exchange.orders import LIMIT_MAKER, Order, OrderList, make
from fairway.exchange.pairs import misplaced, unfit
from fairway.exchange.rules import breach
from fairway.exchange.terms import NewOrder, NewPair

if TYPE_CHECKING:
    from fairway.exchange.account_symbol import AccountSymbol
    from fairway.exchange.engine_state import EngineState
    from fairway.exchange.listing import Listing


def place_pair(engine: EngineState, account: str, pair: NewPair) -> OrderList | ExchangeRefusal:
    """Places both orders or none. The one that waits for a stop is told and numbered first, as at the exchange."""
    listing = engine.listings.get(pair.above.symbol)
    if listing is None:
        return refusals.INVALID_SYMBOL
    at = engine.clock.now()
    account_symbol = engine.account_symbol(listing, account)
    refusal = wrong_pair(pair) or _wrong_legs(listing, account_symbol, pair, at) or wrong_prices(listing, pair)
    if refusal is not None:
        return refusal
    first, second = (make(account_symbol, leg, next(engine.order_ids), 0, at) for leg in pair_in_order(pair.above, pair.below))
    list_id = next(engine.list_ids)
    client_id = pair.client_id or f"fairwaylist{list_id:011d}"
    placed = OrderList(account_symbol, list_id, client_id, (first, second), at)
    first.list = second.list = placed
    if not start_pair(engine, listing, placed, (first, second), at):
        return refusals.INSUFFICIENT_BALANCE
    account_symbol.lists[list_id] = placed
    engine.log.listed(placed)
    engine.finish(listing, at)
    return placed


def pair_in_order(above: NewOrder, below: NewOrder) -> tuple[NewOrder, ...]:
    """The two in the order in which they are numbered and told: the one that waits for a stop first, as at the exchange."""
    return tuple(sorted((above, below), key=lambda leg: leg.type is LIMIT_MAKER))


def start_pair(engine: EngineState, listing: Listing, placed: OrderList, legs: tuple[Order, Order], at: int) -> bool:
    """Both orders of a pair begin, held for once; False, and nothing done, where there is not enough for the dearer one."""
    held = max(leg.need() for leg in legs)
    if not legs[0].balance.hold(held):
        return False
    placed.held, placed.is_pending = held, True
    for leg in legs:
        if leg.asked.type in ALGO:
            wait(engine, listing, leg, at)
        else:
            leg.working_at = at
            enter(engine, leg, at)
            rest(listing, leg)
    return True


def wrong_pair(pair: NewPair) -> ExchangeRefusal | None:
    """Whether the two orders make a list at all."""
    above, below = pair.above, pair.below
    if (above.symbol, above.side, above.quantity) != (below.symbol, below.side, below.quantity):
        return refusals.UNSUPPORTED_COMBINATION
    return unfit(above.type) or unfit(below.type) or misplaced(above.side, above.type, below.type)


def _wrong_legs(listing: Listing, account_symbol: AccountSymbol, pair: NewPair, at: int) -> ExchangeRefusal | None:
    """What the filters say of each order, the second counted on top of the first; and client ids that are in use."""
    above, below = pair.above, pair.below
    return (
        breach(listing, account_symbol, above, at)
        or breach(listing, account_symbol, below, at, 1, int(above.type in ALGO))
        or duplicate(account_symbol, above.client_id)
        or duplicate(account_symbol, below.client_id)
        or (refusals.DUPLICATE_ORDER if above.client_id and above.client_id == below.client_id else None)
        or known_list(account_symbol, pair.client_id)
    )


def known_list(account_symbol: AccountSymbol, client_id: str) -> ExchangeRefusal | None:
    known = client_id and any(placed.client_id == client_id for placed in account_symbol.lists.values())
    return refusals.DUPLICATE_ORDER if known else None


def wrong_prices(listing: Listing, pair: NewPair) -> ExchangeRefusal | None:
    """The last price must lie strictly between the two, and a maker's price must not meet the other side of the book.

    An order that waits is placed by its stop; its limit may lie anywhere. Before the first trade only the two prices are
    compared with each other.
    """
    above, below = _place_of(pair.above), _place_of(pair.below)
    last = listing.tape.last
    if not above > below or (last and not above > last > below):
        return refusals.WRONG_PRICES
    maker = next((leg for leg in (pair.above, pair.below) if leg.type is LIMIT_MAKER), None)
    return refusals.WOULD_MATCH if maker is not None and would_match(listing, maker) else None


def _place_of(leg: NewOrder) -> int:
    return leg.price if leg.type is LIMIT_MAKER else leg.stop_price


def cancel_list(engine: EngineState, account: str, symbol: str, list_id: int, client_id: str) -> OrderList | ExchangeRefusal:
    """Cancels what is still open of a list."""
    listing = engine.listings.get(symbol)
    if listing is None:
        return refusals.INVALID_SYMBOL
    pair = engine.account_symbol(listing, account).list_of(list_id, client_id)
    if pair is None or pair.is_done:
        return refusals.UNKNOWN_LIST
    _drop_open(engine, listing, pair.legs, engine.clock.now())
    return pair


def cancel_all(engine: EngineState, account: str, symbol: str) -> list[Order | OrderList] | ExchangeRefusal:
    """Cancels every open order of an account at a symbol; a list counts once, where its first order stands."""
    listing = engine.listings.get(symbol)
    if listing is None:
        return refusals.INVALID_SYMBOL
    account_symbol = engine.account_symbol(listing, account)
    if not account_symbol.open:
        return refusals.UNKNOWN_ORDER
    orders = tuple(account_symbol.open.values())
    _drop_open(engine, listing, orders, engine.clock.now())
    return list(dict.fromkeys(order if order.list is None else order.list for order in orders))


def _drop_open(engine: EngineState, listing: Listing, orders: tuple[Order, ...], at: int) -> None:
    for order in orders:
        if order.is_open:
            drop(engine, listing, order, at, "")
    engine.finish(listing, at)
