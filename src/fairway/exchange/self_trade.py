"""Keeps an account's orders from trading with each other, in the way the taker asked for.

Simplification: accounts stand alone, where the exchange may group several of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fairway.exchange import settlement
from fairway.exchange.answers import PreventedMatch
from fairway.exchange.events import Execution
from fairway.exchange.orders import EXPIRED, EXPIRED_IN_MATCH, Order
from fairway.exchange.terms import SelfTrade

if TYPE_CHECKING:
    from fairway.exchange.engine_state import EngineState
    from fairway.exchange.listing import Listing

_PREVENTED: Final = Execution.TRADE_PREVENTION
_EXPIRED: Final = Execution.EXPIRED


def prevent(engine: EngineState, listing: Listing, taker: Order, maker: Order, at: int) -> None:
    """Keeps an account from trading with itself, as the taker asked. The taker goes on if it has anything left."""
    match = _match(listing, taker, maker, at)
    taker.account_symbol.prevented.append(match)
    for order, lost in ((maker, match.maker_prevented), (taker, match.taker_prevented)):
        if lost:
            order.prevented += lost
            order.prevented_match_id = match.match_id
    if match.mode is SelfTrade.DECREMENT:
        _decrement(engine, listing, taker, maker, match)
        return
    if match.maker_prevented:
        _expire_maker(engine, listing, maker, match)
    if match.taker_prevented:
        settlement.end(engine, taker, EXPIRED_IN_MATCH, _PREVENTED, at, match)


def _match(listing: Listing, taker: Order, maker: Order, at: int) -> PreventedMatch:
    mode, both = taker.asked.self_trade, min(taker.left, maker.left)
    from_taker = both if mode is SelfTrade.DECREMENT else taker.left
    from_maker = both if mode is SelfTrade.DECREMENT else maker.left
    number, listing.matches_prevented = listing.matches_prevented, listing.matches_prevented + 1
    return PreventedMatch(
        listing.symbol,
        number,
        taker.order_id,
        maker.order_id,
        mode,
        maker.price,
        both,
        0 if mode is SelfTrade.EXPIRE_MAKER else from_taker,
        0 if mode is SelfTrade.EXPIRE_TAKER else from_maker,
        at,
    )


def _expire_maker(engine: EngineState, listing: Listing, maker: Order, match: PreventedMatch) -> None:
    """The order leaves the book; where it is a leg of a list that was not decided, the list ends with it."""
    settlement.withdraw(listing, maker)
    settlement.end(engine, maker, EXPIRED_IN_MATCH, _PREVENTED, match.at, match)
    for leg in maker.list.legs if maker.list is not None else ():
        if leg.is_open:
            settlement.withdraw(listing, leg)
            settlement.end(engine, leg, EXPIRED, _EXPIRED, match.at)


def _decrement(engine: EngineState, listing: Listing, taker: Order, maker: Order, match: PreventedMatch) -> None:
    """Both orders lose what they would have traded; whichever has nothing left expires."""
    quantity = match.quantity
    if maker.left == quantity:
        _expire_maker(engine, listing, maker, match)
    else:
        _shrink(engine, maker, quantity, match)
    if taker.left == quantity:
        settlement.end(engine, taker, EXPIRED_IN_MATCH, _PREVENTED, match.at, match)
    else:
        _shrink(engine, taker, quantity, match)
    listing.is_changed = True


def _shrink(engine: EngineState, order: Order, quantity: int, match: PreventedMatch) -> None:
    """An open order loses a part of what is left, and the hold for that part; it keeps its place.

    Simplification: the other leg of a list keeps its quantity, and the list its hold, until the list is decided.
    """
    order.left -= quantity
    order.updated_at = match.at
    if order.price or not order.is_buy:
        held = min(order.held, order.need())
        order.balance.release(order.held - held)
        order.held = held
    engine.touched[order.account_symbol] = None
    engine.log.prevented(_PREVENTED, order, match.at, match)
