"""Settles trades: money and coins change hands, commissions are taken, holds are let go, and both sides are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fairway.exchange.orders import EXPIRED, FILLED, PARTLY, Order, OrderList
from fairway.exchange.port import Execution, Fill, Status
from fairway.exchange.units import ONE

if TYPE_CHECKING:
    from fairway.exchange.floor import Floor
    from fairway.exchange.listing import Listing

_TRADE: Final = Execution.TRADE
_EXPIRED: Final = Execution.EXPIRED

_fill = tuple.__new__


def trade(floor: Floor, listing: Listing, maker: Order | None, taker: Order | None, price: int, quantity: int, at: int) -> None:
    """One trade, at the maker's price; None is the crowd. The quote amount is cut down, and both sides move the same.

    The maker's order leaves the book when it is filled; what the crowd showed is the caller's to take away.
    """
    quote = price * quantity // ONE
    listing.is_changed = True
    tape = listing.tape
    trade_id = tape.next_id
    if taker is not None:
        _settle(floor, listing, taker, False, trade_id, price, quantity, quote, at)
        buyer_is_maker = not taker.is_buy
        if maker is None:
            _settle_crowd(listing, buyer_is_maker, quantity, quote)
    if maker is not None:
        _settle(floor, listing, maker, True, trade_id, price, quantity, quote, at)
        buyer_is_maker = maker.is_buy
        if taker is None:
            _settle_crowd(listing, not buyer_is_maker, quantity, quote)
        if not maker.left:
            (listing.bids if buyer_is_maker else listing.asks).remove(maker)
    if buyer_is_maker:
        made = tape.record(price, quantity, quote, at, True, 1, 0, 0)
    else:
        made = tape.record(price, quantity, quote, at, False, 1, quantity, quote)
    floor.log.printed(made)
    stops = listing.stops
    if price >= stops.rise or price <= stops.fall:
        trigger(floor, listing, price, at)


def _settle(
    floor: Floor,
    listing: Listing,
    order: Order,
    is_maker: bool,
    trade_id: int,
    price: int,
    quantity: int,
    quote: int,
    at: int,
) -> None:
    """One side of a trade. The commission is rounded up to the unit of 10⁻⁸, in favour of the house.

    Simplification: it is always taken from what is received, never in a third asset at a discount.
    """
    if order.list is not None and order.list.is_pending:
        decide_list(floor, order, at)
    seat = order.seat
    fee = seat.maker_fee if is_maker else seat.taker_fee
    order.left = left = order.left - quantity
    if order.is_buy:
        asset = listing.base
        commission = -(-quantity * fee // ONE) if fee else 0
        seat.base.free += quantity - commission
        listing.fees_base.free += commission
        # The hold for what is left, rounded up, never exceeds the hold before less this fill's quote: see units.quote_hold.
        held = (-(-order.price * left // ONE) if order.price else max(order.held - quote, 0)) if left else 0
        released = order.held - held
        order.held = held
        purse = seat.quote
        purse.locked -= released
        purse.free += released - quote
    else:
        asset = listing.quote
        commission = -(-quote * fee // ONE) if fee else 0
        seat.quote.free += quote - commission
        listing.fees_quote.free += commission
        seat.base.locked -= quantity
        order.held -= quantity
    side = order.asked.side
    made = _fill(
        Fill,
        (trade_id, order.order_id, listing.symbol, side, price, quantity, quote, commission, asset, is_maker, at),
    )
    seat.fills.append(made)
    floor.touched[seat] = None
    order.executed += quantity
    order.executed_quote += quote
    order.updated_at = at
    if left:
        order.status = PARTLY
    else:
        order.status = FILLED
        close(floor, order)
    floor.log.report(_TRADE, order, at, made)


def _settle_crowd(listing: Listing, buys: bool, quantity: int, quote: int) -> None:
    """The crowd's side of a trade with an account. It pays no commission, and may owe what it never had."""
    sign = 1 if buys else -1
    listing.crowd_base.free += sign * quantity
    listing.crowd_quote.free -= sign * quote


def close(floor: Floor, order: Order) -> None:
    """The order is open no more: its hold is let go, and it goes to the history. Its status is set already."""
    seat = order.seat
    if order.held:
        purse = seat.quote if order.is_buy else seat.base
        purse.locked -= order.held
        purse.free += order.held
        order.held = 0
        floor.touched[seat] = None
    order.left = 0
    seat.leave(order)
    if order.list is not None:
        floor.changed_lists[order.list] = None
        if order.list.is_pending:
            _let_list_go(floor, order.list)


def _let_list_go(floor: Floor, pair: OrderList) -> None:
    """A leg ended before either was decided: nothing more is held for the list."""
    pair.is_pending = False
    pair.legs[0].purse.release(pair.held)
    pair.held = 0
    floor.touched[pair.seat] = None


def withdraw(listing: Listing, order: Order) -> None:
    """Takes an open order from where it waits: the book, or the stops."""
    if order.is_working:
        (listing.bids if order.is_buy else listing.asks).remove(order)
        listing.is_changed = True
    else:
        listing.stops.remove(order)


def end(floor: Floor, order: Order, status: Status, execution: Execution, at: int) -> None:
    """Closes an order that is no longer in the book, and tells its owner."""
    order.status = status
    order.updated_at = at
    close(floor, order)
    floor.log.report(execution, order, at)


def decide_list(floor: Floor, chosen: Order, at: int) -> None:
    """One leg of a list trades or is triggered: the other expires, and the list's hold becomes the leg's."""
    pair = chosen.list
    assert pair is not None, "only a leg of a list can decide it"
    pair.is_pending = False
    pair.updated_at = at
    seat = chosen.seat
    chosen.held = chosen.need()
    chosen.purse.release(pair.held - chosen.held)
    pair.held = 0
    floor.touched[seat] = None
    for leg in pair.legs:
        if leg is not chosen and leg.is_open:
            withdraw(seat.listing, leg)
            end(floor, leg, EXPIRED, _EXPIRED, at)


def trigger(floor: Floor, listing: Listing, price: int, at: int) -> None:
    """A trade at this price reaches stops: the orders are on their way to the book, where the operation's end puts them."""
    while (order := listing.stops.reached(price)) is not None:
        listing.stops.remove(order)
        if order.list is not None and order.list.is_pending:
            decide_list(floor, order, at)
        listing.triggered.append(order)
