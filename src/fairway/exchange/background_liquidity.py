"""Applies what the rest of the market does: it trades, and then shows new depth; account orders in its way are filled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway.exchange import settlement
from fairway.exchange.book import BookSide
from fairway.exchange.market_data import MarketUpdate, Print
from fairway.exchange.matching import release
from fairway.exchange.orders import Order

if TYPE_CHECKING:
    from fairway.exchange.engine_state import EngineState
    from fairway.exchange.listing import Listing


def apply(engine: EngineState, update: MarketUpdate) -> None:
    """Prints trade in their order; then the new depth is shown, and trades with account orders that it crosses.

    Orders whose stop a print reaches come to the book after the new depth is shown: the background that traded through the stop
    is gone by then, so they find what it left behind. Raises KeyError for a symbol that is not listed, ValueError for depth
    that crosses itself.
    """
    listing = engine[update.symbol]
    at = update.at
    bids, asks = listing.bids, listing.asks
    passed: dict[int, int] = {}
    for each in update.prints:
        if (bids.keys and bids.keys[-1] >= each.price) or (asks.keys and asks.keys[-1] >= -each.price):
            _print_through(engine, listing, each, at, passed)
        else:
            _print(engine, listing, each, each.quantity, each.at or at)
    if update.bids is not None:
        bids.show(update.bids)
        listing.is_changed = True
    if update.asks is not None:
        asks.show(update.asks)
        listing.is_changed = True
    if bids.background_key + asks.background_key >= 0:
        raise ValueError(
            f"{update.symbol}: the background's best bid {bids.background_key} is not below its best ask {-asks.background_key}"
        )
    if bids.keys and bids.keys[-1] + asks.background_key >= 0:
        _cross(engine, listing, bids, asks, at)
    if asks.keys and asks.keys[-1] + bids.background_key >= 0:
        _cross(engine, listing, asks, bids, at)
    release(engine, listing, at)


def _print(engine: EngineState, listing: Listing, printed: Print, quantity: int, at: int) -> None:
    """The background trades with itself: the tape shows it, nothing changes hands. `quantity` is what accounts left of the print.

    A print's own figures are kept to the digit. Where it gives no quote, that is price times quantity; where its taker bought
    and no taker figures are given, it all was bought. What accounts took is taken from each figure in proportion, cut down.
    """
    whole = printed.quantity
    quote = printed.quote or printed.price * whole // 10**8
    bought, bought_quote = printed.taker_buy_quantity, printed.taker_buy_quote
    if not printed.buyer_is_maker and not bought and not bought_quote:
        bought, bought_quote = whole, quote
    if quantity != whole:
        quote, bought, bought_quote = (figure * quantity // whole for figure in (quote, bought, bought_quote))
    made = Print(
        listing.symbol, listing.tape.next_id, printed.price, quantity, quote, at,
        printed.buyer_is_maker, printed.trades, bought, bought_quote,
    )  # fmt: skip
    settlement.show(engine, listing, made)


def _print_through(engine: EngineState, listing: Listing, printed: Print, at: int, passed: dict[int, int]) -> None:
    """A print that account orders are in the way of: they get its quantity first, each at its own price.

    Orders that are strictly better than the print's price are traded through whichever side took, because no trader accepts a
    price while a better one stands. At the print's own price an order is served if the taker hit its side; orders behind
    the background get what is left after its displayed quantity. Prints do not eat what the background displays, as the update
    says itself what it shows next; `passed` is how much of it earlier prints of this update went through, by key.
    """
    at = printed.at or at
    left = printed.quantity
    bids, asks = listing.bids, listing.asks
    for side in (bids, asks):
        while left and side.keys and side.keys[-1] > printed.price * side.sign:
            left = _fill_first(engine, listing, side, left, at)
    hit = bids if printed.buyer_is_maker else asks
    key = printed.price * hit.sign
    while left and hit.keys and hit.keys[-1] == key and not _first_of(hit, key).is_behind:
        left = _fill_first(engine, listing, hit, left, at)
    if left and hit.keys and hit.keys[-1] == key:
        left = _fill_behind(engine, listing, hit, key, left, at, passed)
    if left or not printed.quantity:
        _print(engine, listing, printed, left, at)


def _fill_behind(
    engine: EngineState, listing: Listing, hit: BookSide, key: int, left: int, at: int, passed: dict[int, int]
) -> int:
    """Orders behind the background at the print's price; returns what the print has left for the background."""
    ahead = min(left, max(hit.background_at_key(key) - passed.get(key, 0), 0))
    passed[key] = passed.get(key, 0) + ahead
    left -= ahead
    if left:
        hit.let_ahead(key)
    while left and hit.keys and hit.keys[-1] == key:
        left = _fill_first(engine, listing, hit, left, at)
    return left + ahead


def _first_of(side: BookSide, key: int) -> Order:
    return next(iter(side.levels[key].values()))


def _fill_first(engine: EngineState, listing: Listing, side: BookSide, left: int, at: int) -> int:
    """The first order of a side trades with the background up to `left`; returns what is left after it."""
    order = _first_of(side, side.keys[-1])
    quantity = min(left, order.left)
    settlement.trade_with_background(engine, listing, order, True, order.price, quantity, at)
    return left - quantity


def _cross(engine: EngineState, listing: Listing, resting: BookSide, background: BookSide, at: int) -> None:
    """The background quotes into account orders: they trade at the accounts' prices, and its quantity there is gone."""
    while resting.keys and resting.keys[-1] + background.background_key >= 0:
        quantity = background.background_left
        background.eat(min(quantity, _first_of(resting, resting.keys[-1]).left))
        _fill_first(engine, listing, resting, quantity, at)
