"""Keeps an account's orders from trading with each other, in the way the taker asked for.

Simplifications: accounts stand alone, where the exchange may group several of them; and what was prevented is told by the
orders' own reports and states only, not as prevented quantities and numbered prevented matches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fairway.exchange import settlement
from fairway.exchange.events import Execution
from fairway.exchange.orders import EXPIRED, EXPIRED_IN_MATCH, Order
from fairway.exchange.terms import SelfTrade

if TYPE_CHECKING:
    from fairway.exchange.floor import Floor
    from fairway.exchange.listing import Listing

_PREVENTED: Final = Execution.TRADE_PREVENTION
_EXPIRED: Final = Execution.EXPIRED


def prevent(floor: Floor, listing: Listing, taker: Order, maker: Order, at: int) -> None:
    """Keeps an account from trading with itself, as the taker asked. The taker goes on if it has anything left."""
    mode = taker.asked.self_trade
    if mode is SelfTrade.DECREMENT:
        _decrement(floor, listing, taker, maker, at)
        return
    if mode is not SelfTrade.EXPIRE_TAKER:
        _expire_maker(floor, listing, maker, at)
    if mode is not SelfTrade.EXPIRE_MAKER:
        settlement.end(floor, taker, EXPIRED_IN_MATCH, _PREVENTED, at)


def _expire_maker(floor: Floor, listing: Listing, maker: Order, at: int) -> None:
    """The order leaves the book; where it is a leg of a list that was not decided, the list ends with it."""
    settlement.withdraw(listing, maker)
    settlement.end(floor, maker, EXPIRED_IN_MATCH, _PREVENTED, at)
    for leg in maker.list.legs if maker.list is not None else ():
        if leg.is_open:
            settlement.withdraw(listing, leg)
            settlement.end(floor, leg, EXPIRED, _EXPIRED, at)


def _decrement(floor: Floor, listing: Listing, taker: Order, maker: Order, at: int) -> None:
    """Both orders lose what they would have traded; whichever has nothing left expires."""
    quantity = min(taker.left, maker.left)
    if maker.left == quantity:
        _expire_maker(floor, listing, maker, at)
    else:
        _shrink(floor, maker, quantity, at)
    if taker.left == quantity:
        settlement.end(floor, taker, EXPIRED_IN_MATCH, _PREVENTED, at)
    else:
        _shrink(floor, taker, quantity, at)
    listing.is_changed = True


def _shrink(floor: Floor, order: Order, quantity: int, at: int) -> None:
    """An open order loses a part of what is left, and the hold for that part; it keeps its place.

    Simplification: the other leg of a list keeps its quantity, and the list its hold, until the list is decided.
    """
    order.left -= quantity
    order.updated_at = at
    if order.price or not order.is_buy:
        held = min(order.held, order.need())
        order.purse.release(order.held - held)
        order.held = held
    floor.touched[order.seat] = None
    floor.log.report(_PREVENTED, order, at)
