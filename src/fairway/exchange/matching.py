"""Matches orders by price and time: against each other, and against the background's depth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fairway.exchange import refusals, settlement
from fairway.exchange.answers import ExchangeRefusal
from fairway.exchange.book import ANY
from fairway.exchange.events import Execution
from fairway.exchange.orders import (
    BUY,
    CANCELED,
    EXPIRED,
    GTC,
    LIMIT,
    LIMIT_MAKER,
    MARKET,
    UNBOUNDED,
    Order,
    make,
)
from fairway.exchange.rules import breach, passes
from fairway.exchange.self_trade import prevent
from fairway.exchange.stops import waits_for_rise
from fairway.exchange.terms import NewOrder, SelfTrade, TimeInForce
from fairway.exchange.units import ONE, ROUND_UP

if TYPE_CHECKING:
    from fairway.exchange.account_symbol import AccountSymbol
    from fairway.exchange.engine_state import EngineState
    from fairway.exchange.listing import Listing

_NEW: Final = Execution.NEW
_CANCELED: Final = Execution.CANCELED
_EXPIRED: Final = Execution.EXPIRED
_ALLOWED: Final = SelfTrade.NONE
_FOK: Final = TimeInForce.FOK


def place(engine: EngineState, account: str, asked: NewOrder) -> Order | ExchangeRefusal:
    """Carries out one order as far as it goes now. A refusal has changed nothing."""
    listing = engine.listings.get(asked.symbol)
    if listing is None:
        return refusals.INVALID_SYMBOL
    at = engine.clock.now()
    account_symbol = listing.account_symbols.get(account) or engine.account_symbol(listing, account)
    kind = asked.type
    if kind is LIMIT and passes(listing, account_symbol, asked, at):
        return _place_limit(engine, listing, account_symbol, asked, at)
    refusal = breach(listing, account_symbol, asked, at) or duplicate(account_symbol, asked.client_id)
    if refusal is not None:
        return refusal
    if kind is LIMIT or kind is LIMIT_MAKER:
        return _place_limit(engine, listing, account_symbol, asked, at)
    order = make(account_symbol, asked, next(engine.order_ids), 0, at)
    return (_place_market if kind is MARKET else _place_waiting)(engine, listing, order, at)


def _place_limit(
    engine: EngineState, listing: Listing, account_symbol: AccountSymbol, asked: NewOrder, at: int
) -> Order | ExchangeRefusal:
    price, need = asked.price, asked.quantity
    if asked.side is BUY:
        need = (price * need + ROUND_UP) // ONE
        side, balance, crosses = listing.bids, account_symbol.quote, listing.asks.best >= -price
    else:
        side, balance, crosses = listing.asks, account_symbol.base, listing.bids.best >= price
    if crosses and asked.type is LIMIT_MAKER:
        return refusals.WOULD_MATCH
    if need > balance.free:
        return refusals.INSUFFICIENT_BALANCE
    balance.free -= need
    balance.locked += need
    order = make(account_symbol, asked, next(engine.order_ids), need, at)
    if crosses or asked.time_in_force is not GTC:
        enter(engine, order, at)
        work(engine, listing, order, at)
        release(engine, listing, at)
        return order
    account_symbol.open[order.order_id] = account_symbol.by_client[order.client_id] = order
    side.add(order)
    listing.update_id += 1
    engine.log.rested(order, account_symbol, at)
    return order


def test(engine: EngineState, account: str, asked: NewOrder) -> ExchangeRefusal | None:
    """The refusal that the filters call for. As at the exchange, a test order never reaches the matching: no balance is asked."""
    listing = engine.listings.get(asked.symbol)
    if listing is None:
        return refusals.INVALID_SYMBOL
    return breach(listing, engine.account_symbol(listing, account), asked, engine.clock.now())


def duplicate(account_symbol: AccountSymbol, client_id: str) -> ExchangeRefusal | None:
    """The refusal for a client id that an open order of the account at this symbol uses."""
    if not client_id:
        return None
    known = account_symbol.by_client.get(client_id)
    return refusals.DUPLICATE_ORDER if known is not None and known.is_open else None


def enter(engine: EngineState, order: Order, at: int) -> None:
    """The order is accepted, and its owner is told."""
    account_symbol = order.account_symbol
    account_symbol.open[order.order_id] = account_symbol.by_client[order.client_id] = order
    engine.touched[account_symbol] = None
    engine.log.report(_NEW, order, at)


def rest(listing: Listing, order: Order) -> None:
    """The order waits in the book."""
    (listing.bids if order.is_buy else listing.asks).add(order)
    listing.is_changed = True


def _place_waiting(engine: EngineState, listing: Listing, order: Order, at: int) -> Order | ExchangeRefusal:
    if would_trigger(listing, order):
        return refusals.WOULD_TRIGGER
    if not hold(order, order.need()):
        return refusals.INSUFFICIENT_BALANCE
    wait(engine, listing, order, at)
    engine.finish(listing, at)
    return order


def would_trigger(listing: Listing, order: Order) -> bool:
    """Whether the last trade has reached the order's stop already."""
    last, stop = listing.tape.last, order.asked.stop_price
    return bool(last) and (last >= stop if waits_for_rise(order) else last <= stop)


def would_match(listing: Listing, asked: NewOrder) -> bool:
    """Whether an order at this price would meet the other side of the book."""
    opposite = listing.asks if asked.side is BUY else listing.bids
    return opposite.best >= asked.price * opposite.sign


def wait(engine: EngineState, listing: Listing, order: Order, at: int) -> None:
    """The order is accepted and waits for its stop."""
    order.working_at = 0
    enter(engine, order, at)
    listing.stops.add(order)


def _place_market(engine: EngineState, listing: Listing, order: Order, at: int) -> Order | ExchangeRefusal:
    by_quote = order.asked.quote_quantity
    if by_quote:
        order.left = UNBOUNDED
    quantity, quote, last_price = foresee(listing, order)
    if by_quote:
        if not quantity:
            return refusals.LOT_SIZE if last_price else refusals.NO_LIQUIDITY
        # Where the book ends first, the order is as large as its money would have bought at the last price, and expires.
        order.left = order.quantity = quantity + _lots(listing, by_quote - quote, last_price)
    if not hold(order, quote if order.is_buy else (quantity if by_quote else order.quantity)):
        return refusals.INSUFFICIENT_BALANCE
    enter(engine, order, at)
    work(engine, listing, order, at)
    release(engine, listing, at)
    return order


def hold(order: Order, need: int) -> bool:
    """Locks what the order needs; False, and nothing locked, where that much is not free."""
    if not order.balance.hold(need):
        return False
    order.held = need
    return True


def foresee(listing: Listing, order: Order) -> tuple[int, int, int]:
    """Base and quote that the order would trade now, and the last price it would come to (0: none). Nothing is traded."""
    opposite = listing.asks if order.is_buy else listing.bids
    limit = order.price * opposite.sign if order.price else ANY
    mode = order.asked.self_trade
    left, quote_left = order.left, order.asked.quote_quantity
    base = quote = last_price = 0
    for price, available, maker in opposite.queue():
        if price * opposite.sign < limit or not left:
            break
        last_price = price
        if maker is not None and maker.account_symbol is order.account_symbol and mode is not _ALLOWED:
            if mode is SelfTrade.EXPIRE_MAKER:
                continue
            if mode is not SelfTrade.DECREMENT:
                break
            left -= min(left, available)
            continue
        quantity = min(left, available)
        if quote_left:
            quantity = min(quantity, _lots(listing, quote_left - quote, price))
            if not quantity:
                break
        base += quantity
        quote += price * quantity // ONE
        left -= quantity
    return base, quote, last_price


def _lots(listing: Listing, quote: int, price: int) -> int:
    """The quantity on the lot grid that this much quote buys at this price, rounded down."""
    quantity = quote * ONE // price
    return quantity - quantity % listing.rules.lot


def work(engine: EngineState, listing: Listing, order: Order, at: int) -> None:
    """The order trades what it can now; what is left rests, or expires where it may not rest."""
    asked = order.asked
    if asked.time_in_force is _FOK and order.price and foresee(listing, order)[0] < order.left:
        settlement.end(engine, order, EXPIRED, _EXPIRED, at)
        return
    match(engine, listing, order, at)
    if not order.left:
        return
    if order.price and asked.time_in_force is GTC:
        rest(listing, order)
    else:
        settlement.end(engine, order, EXPIRED, _EXPIRED, at)


def match(engine: EngineState, listing: Listing, taker: Order, at: int) -> None:
    """Trades an order against the other side, best price first, until it is done, nothing fits its price, or it cannot pay."""
    other = listing.asks if taker.is_buy else listing.bids
    limit = taker.price * other.sign if taker.price else ANY
    while taker.left and other.best >= limit:
        price = other.best * other.sign
        maker = other.first()
        if maker is None:
            quantity = other.background_left
        elif maker.account_symbol is taker.account_symbol and taker.asked.self_trade is not _ALLOWED:
            prevent(engine, listing, taker, maker, at)
            continue
        else:
            quantity = maker.left
        if quantity > taker.left:
            quantity = taker.left
        if not taker.price:
            quantity = min(quantity, _affordable(listing, taker, price))
            if not quantity:
                return
        if maker is not None:
            settlement.trade(engine, listing, maker, taker, price, quantity, at)
        else:
            settlement.trade_with_background(engine, listing, taker, False, price, quantity, at)
            other.eat(quantity)


def _affordable(listing: Listing, taker: Order, price: int) -> int:
    """How much of an order that takes any price its funds, and the quote amount it was measured in, allow at this price."""
    funds = _lots(listing, taker.held + taker.account_symbol.quote.free, price) if taker.is_buy else taker.held
    by_quote = taker.asked.quote_quantity
    return min(funds, _lots(listing, by_quote - taker.executed_quote, price)) if by_quote else funds


def release(engine: EngineState, listing: Listing, at: int) -> None:
    """Puts triggered orders to work, which may trigger others, and ends the operation."""
    while listing.triggered:
        order = listing.triggered.popleft()
        order.working_at = order.updated_at = at
        engine.log.report(_NEW, order, at)
        work(engine, listing, order, at)
    engine.finish(listing, at)


def cancel(
    engine: EngineState, account: str, symbol: str, order_id: int, client_id: str, cancel_id: str
) -> Order | ExchangeRefusal:
    """Cancels an open order; of a list, both."""
    listing = engine.listings.get(symbol)
    if listing is None:
        return refusals.INVALID_SYMBOL
    account_symbol = listing.account_symbols.get(account) or engine.account_symbol(listing, account)
    order = account_symbol.find_open(order_id, client_id)
    if order is None:
        return refusals.UNKNOWN_ORDER
    at = engine.clock.now()
    drop(engine, listing, order, at, cancel_id)
    if order.list is not None:
        for leg in order.list.legs:
            if leg.is_open:
                drop(engine, listing, leg, at, cancel_id)
    engine.finish(listing, at)
    return order


def drop(engine: EngineState, listing: Listing, order: Order, at: int, cancel_id: str) -> None:
    """Takes an open order back and tells its owner."""
    settlement.withdraw(listing, order)
    order.status = CANCELED
    order.updated_at = at
    settlement.close(engine, order)
    engine.touched[order.account_symbol] = None
    engine.log.report(_CANCELED, order, at, None, cancel_id or f"cancel{order.order_id:016d}")
