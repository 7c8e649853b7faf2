"""Settles trades: money and coins change hands, commissions are taken, holds are let go, and both sides are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fairway.exchange.account_symbol import CLOSED_KEPT
from fairway.exchange.answers import Fill, OrderStatus, PreventedMatch
from fairway.exchange.events import Execution
from fairway.exchange.market_data import Print
from fairway.exchange.orders import CANCELED, EXPIRED, FILLED, PARTLY, PENDING_NEW, Order, OrderList
from fairway.exchange.units import ONE, ROUND_UP

if TYPE_CHECKING:
    from fairway.exchange.accounts import AssetBalance
    from fairway.exchange.engine_state import EngineState
    from fairway.exchange.listing import Listing

DISCOUNT: Final = 25 * ONE // 100
"""Of fees that are paid in the account's fee asset."""
_TRADE: Final = Execution.TRADE
_EXPIRED: Final = Execution.EXPIRED


def trade(engine: EngineState, listing: Listing, maker: Order, taker: Order, price: int, quantity: int, at: int) -> None:
    """Two orders of accounts trade, at the maker's price. The maker's leaves the book when it is filled."""
    made = _traded(listing, price, quantity, at, maker.is_buy)
    _settle(engine, listing, taker, False, made)
    _settle(engine, listing, maker, True, made)
    if not maker.left:
        (listing.bids if maker.is_buy else listing.asks).remove(maker)
    listing.is_changed = True
    show(engine, listing, made)


def trade_with_background(
    engine: EngineState, listing: Listing, order: Order, is_maker: bool, price: int, quantity: int, at: int
) -> None:
    """An account's order and the background trade; what the background showed is the caller's to take away.

    The background pays no commission, and may owe what it never had.
    """
    made = _traded(listing, price, quantity, at, order.is_buy is is_maker)
    _settle(engine, listing, order, is_maker, made)
    sign = -1 if order.is_buy else 1
    listing.background_base.free += sign * quantity
    listing.background_quote.free -= sign * made.quote
    if is_maker and not order.left:
        (listing.bids if order.is_buy else listing.asks).remove(order)
    listing.is_changed = True
    show(engine, listing, made)


def _traded(listing: Listing, price: int, quantity: int, at: int, buyer_is_maker: bool) -> Print:
    """What the tape will show of a trade. The quote amount is cut down, and both sides move the same."""
    quote, trade_id = price * quantity // ONE, listing.tape.next_id
    if buyer_is_maker:
        return Print(listing.symbol, trade_id, price, quantity, quote, at, True)
    return Print(listing.symbol, trade_id, price, quantity, quote, at, False, 1, quantity, quote)


def show(engine: EngineState, listing: Listing, made: Print) -> None:
    """A trade goes to the tape, and triggers the stops that it reaches."""
    listing.tape.record(made)
    engine.log.printed(made)
    stops = listing.stops
    if made.price >= stops.rise or made.price <= stops.fall:
        trigger(engine, listing, made.price, made.at)


def _settle(engine: EngineState, listing: Listing, order: Order, is_maker: bool, made: Print) -> None:
    """One side of a trade: what it brings comes in, what it takes goes out of the hold, and the owner is told.

    The commission is rounded up to the unit of 10⁻⁸, in favour of the house.
    """
    quantity, quote, at = made.quantity, made.quote, made.at
    if order.list is not None and order.list.is_pending:
        decide_list(engine, order, at)
    account_symbol = order.account_symbol
    fee = account_symbol.maker_fee if is_maker else account_symbol.taker_fee
    order.left -= quantity
    apart = _paid_apart(engine, listing, order, quote * fee) if account_symbol.account.fee_asset else 0
    if order.is_buy:
        asset, commission = listing.base, 0 if apart else (quantity * fee + ROUND_UP) // ONE
        account_symbol.base.free += quantity - commission
        listing.fees_base.free += commission
        _spend_quote(order, account_symbol.quote, quote)
    else:
        asset, commission = listing.quote, 0 if apart else (quote * fee + ROUND_UP) // ONE
        account_symbol.quote.free += quote - commission
        listing.fees_quote.free += commission
        account_symbol.base.locked -= quantity
        order.held -= quantity
    if apart:
        asset, commission = account_symbol.account.fee_asset, apart
    fill = Fill(
        made.trade_id, order.order_id, made.symbol, order.asked.side, made.price, quantity, quote, commission, asset, is_maker, at
    )
    account_symbol.fills.append(fill)
    engine.touched[account_symbol] = None
    order.executed += quantity
    order.executed_quote += quote
    order.updated_at = at
    if order.left:
        order.status = PARTLY
    else:
        order.status = FILLED
        close(engine, order)
    engine.log.report(_TRADE, order, at, fill)


def _paid_apart(engine: EngineState, listing: Listing, order: Order, fee: int) -> int:
    """What of its fee asset the account has paid; 0 where it has too little, or that is not traded here against this quote.

    Then the commission is taken from what is received, as at the exchange. fee: in quote, times 10⁸, before the discount.
    Simplification: the rate is the last trade's.
    """
    account = order.account_symbol.account
    rated = engine.listings.get(account.fee_asset + listing.quote)
    if rated is None or not rated.tape.last:
        return 0
    balance, units = account.balance(account.fee_asset), -(-fee * (ONE - DISCOUNT) // (rated.tape.last * ONE))
    if units > balance.free:
        return 0
    balance.free -= units
    engine.accounts.fees.balance(account.fee_asset).free += units
    engine.touched[engine.account_symbol(rated, account.name)] = None
    return units


def _spend_quote(order: Order, balance: AssetBalance, quote: int) -> None:
    """A buy pays from its hold. That of what is left, rounded up, never exceeds the hold before less this quote."""
    held = (order.price * order.left + ROUND_UP) // ONE if order.price else max(order.held - quote, 0)
    released = order.held - held
    order.held = held
    balance.locked -= released
    balance.free += released - quote


def close(engine: EngineState, order: Order) -> None:
    """The order is open no more: its hold is let go, and it goes to the history. Its status is set already."""
    account_symbol, order_id, held = order.account_symbol, order.order_id, order.held
    if held:
        balance = account_symbol.quote if order.is_buy else account_symbol.base
        balance.locked -= held
        balance.free += held
        order.held = 0
        engine.touched[account_symbol] = None
    order.left = 0
    del account_symbol.open[order_id]
    account_symbol.closed[order_id] = order
    account_symbol.closing.append(order)
    if len(account_symbol.closing) > CLOSED_KEPT:
        account_symbol.forget_oldest()
    if order.list is not None:
        engine.changed_lists[order.list] = None
        if order.list.is_pending:
            _let_list_go(engine, order.list)
        if order is order.list.working and order.list.waiting:
            _working_order_ended(engine, order.list, order)


def _working_order_ended(engine: EngineState, placed: OrderList, working: Order) -> None:
    """Once it is filled, the next operation places the waiting orders; if it expires or is cancelled, they end with it."""
    if working.status is FILLED:
        engine.filled_lists.append(placed)
    elif working.status is not CANCELED:
        waiting, placed.waiting = placed.waiting, ()
        for order in waiting:
            if order.is_open:
                end(engine, order, EXPIRED, _EXPIRED, working.updated_at)


def _let_list_go(engine: EngineState, pair: OrderList) -> None:
    """A leg ended before either was decided: nothing more is held for the list."""
    pair.is_pending = False
    pair.legs[-1].balance.release(pair.held)
    pair.held = 0
    engine.touched[pair.account_symbol] = None


def withdraw(listing: Listing, order: Order) -> None:
    """Takes an open order from where it waits: the book, the stops, or nowhere while another order triggers it."""
    if order.working_at:
        (listing.bids if order.is_buy else listing.asks).remove(order)
        listing.is_changed = True
    elif order.status is not PENDING_NEW:
        listing.stops.remove(order)


def end(
    engine: EngineState, order: Order, status: OrderStatus, execution: Execution, at: int, match: PreventedMatch | None = None
) -> None:
    """Closes an order that is no longer in the book, and tells its owner; `match` is the trade that was prevented."""
    order.status = status
    order.updated_at = at
    close(engine, order)
    if match is None:
        engine.log.report(execution, order, at)
    else:
        engine.log.prevented(execution, order, at, match)


def decide_list(engine: EngineState, chosen: Order, at: int) -> None:
    """One leg of a list trades or is triggered: the other expires, and the list's hold becomes the leg's."""
    pair = chosen.list
    assert pair is not None, "only a leg of a list can decide it"
    pair.is_pending = False
    pair.updated_at = at
    account_symbol = chosen.account_symbol
    chosen.held = chosen.need()
    chosen.balance.release(pair.held - chosen.held)
    pair.held = 0
    engine.touched[account_symbol] = None
    for leg in pair.legs:
        if leg is not chosen and leg.is_open:
            withdraw(account_symbol.listing, leg)
            end(engine, leg, EXPIRED, _EXPIRED, at)


def trigger(engine: EngineState, listing: Listing, price: int, at: int) -> None:
    """A trade at this price reaches stops: the orders are on their way to the book, where the operation's end puts them."""
    while (order := listing.stops.reached(price)) is not None:
        listing.stops.remove(order)
        if order.list is not None and order.list.is_pending:
            decide_list(engine, order, at)
        listing.triggered.append(order)
