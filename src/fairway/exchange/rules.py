"""The filters of a symbol, and whether an order passes them as the exchange checks them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec.structs import replace

from fairway.exchange import refusals
from fairway.exchange.answers import ExchangeRefusal
from fairway.exchange.order_types import ALGO, LIMITED
from fairway.exchange.orders import MARKET
from fairway.exchange.terms import NewOrder, OrderType, Side
from fairway.exchange.units import ONE

if TYPE_CHECKING:
    from fairway.exchange.account_symbol import AccountSymbol
    from fairway.exchange.listing import Listing

_BUY: Final = Side.BUY
_NO_MAXIMUM: Final = 1 << 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SymbolRules:
    """A pair and its filters, in counts of 10⁻⁸. Multipliers are in 10⁻⁸ of the average price; 0 in a maximum means none."""

    symbol: str
    base: str
    quote: str
    tick: int
    price_min: int
    price_max: int
    lot: int
    quantity_min: int
    quantity_max: int
    market_quantity_max: int
    notional_min: int
    notional_max: int
    bid_up: int = 5 * ONE
    bid_down: int = ONE // 5
    ask_up: int = 5 * ONE
    ask_down: int = ONE // 5
    average_minutes: int = 5
    orders_max: int = 200
    algo_orders_max: int = 5
    amends_max: int = 10


def breach(
    listing: Listing, account_symbol: AccountSymbol, asked: NewOrder, now: int, orders_beside: int = 0, algos_beside: int = 0
) -> ExchangeRefusal | None:
    """The refusal that an order's shape or the filters call for, or None. Asked in the order in which the exchange asks.

    `orders_beside` and `algos_beside` are orders placed by the same request, to be counted as if they were open.
    """
    rules = listing.rules
    kind = asked.type
    wrong = misshaped(asked) or _stop_breach(rules, asked.stop_price)
    if wrong is None and kind in LIMITED:
        wrong = _price_breach(rules, listing, asked, now)
    wrong = wrong or _quantity_breach(rules, listing, asked, now)
    if wrong is not None or kind is MARKET:
        return wrong
    return _crowded(rules, account_symbol, kind, orders_beside, algos_beside)


Bounds: TypeAlias = tuple[int, int, int, int, int, int, int, int, int, int, int]
"""A symbol's filters on one side, as `bounds_of` lists them. A plain tuple, which is unpacked faster than any other value."""


def bounds_of(rules: SymbolRules, down: int, up: int) -> Bounds:
    """The bounds of one side, within these multiples of the average price. Amounts of notional are price times quantity."""
    return (
        rules.tick,
        rules.lot,
        max(rules.price_min, 1),
        rules.price_max or _NO_MAXIMUM,
        max(rules.quantity_min, 1),
        rules.quantity_max or _NO_MAXIMUM,
        rules.notional_min * ONE,
        rules.notional_max * ONE or _NO_MAXIMUM,
        down,
        up,
        rules.orders_max or _NO_MAXIMUM,
    )


def passes(listing: Listing, account_symbol: AccountSymbol, asked: NewOrder, now: int) -> bool:
    """Whether a LIMIT order surely passes, and its client id is new: all that is asked of it, at once.

    A no is not sure. `breach` knows exactly, and the reason.
    """
    tape = listing.tape
    average = tape.known_average if now < tape.average_until else tape.average(now)
    if not average or asked.stop_price or asked.quote_quantity:
        return False
    bounds = listing.bid_bounds if asked.side is _BUY else listing.ask_bounds
    tick, lot, price_min, price_max, quantity_min, quantity_max, notional_min, notional_max, down, up, orders_max = bounds
    price, quantity = asked.price, asked.quantity
    if price < price_min or price > price_max or price % tick:
        return False
    if quantity < quantity_min or quantity > quantity_max or quantity % lot:
        return False
    notional = price * quantity
    if notional < notional_min or notional > notional_max:
        return False
    if len(account_symbol.open) >= orders_max or asked.client_id in account_symbol.by_client:
        return False
    return down <= price * ONE // average < up


def _price_breach(rules: SymbolRules, listing: Listing, asked: NewOrder, now: int) -> ExchangeRefusal | None:
    price = asked.price
    if price <= 0 or price < rules.price_min or price % rules.tick or (0 < rules.price_max < price):
        return refusals.PRICE_FILTER
    average = listing.tape.average(now)
    if not average:
        return None
    low, high = (rules.bid_down, rules.bid_up) if asked.side is _BUY else (rules.ask_down, rules.ask_up)
    return None if average * low <= price * ONE <= average * high else refusals.PERCENT_PRICE_BY_SIDE


def _stop_breach(rules: SymbolRules, stop: int) -> ExchangeRefusal | None:
    if stop and (stop < rules.price_min or stop % rules.tick or (0 < rules.price_max < stop)):
        return refusals.PRICE_FILTER
    return None


def _quantity_breach(rules: SymbolRules, listing: Listing, asked: NewOrder, now: int) -> ExchangeRefusal | None:
    """LOT_SIZE, MARKET_LOT_SIZE and NOTIONAL. Orders that take any price are valued at the average price.

    Simplifications: a stop order without a limit is checked as the market order it will become; an order measured in quote
    is not checked against MARKET_LOT_SIZE; before the first trade there is no average, and nothing to value by.
    """
    quantity, price = asked.quantity, asked.price
    if not quantity:
        notional = asked.quote_quantity * ONE
        if notional <= 0:
            return refusals.LOT_SIZE
    else:
        if quantity < rules.quantity_min or quantity <= 0 or quantity % rules.lot or (0 < rules.quantity_max < quantity):
            return refusals.LOT_SIZE
        if not price:
            if 0 < rules.market_quantity_max < quantity:
                return refusals.MARKET_LOT_SIZE
            price = listing.tape.average(now)
            if not price:
                return None
        notional = price * quantity
    if notional < rules.notional_min * ONE or 0 < rules.notional_max * ONE < notional:
        return refusals.NOTIONAL
    return None


def breach_of_quantity(listing: Listing, asked: NewOrder, quantity: int, now: int) -> ExchangeRefusal | None:
    """The refusal that the filters call for if this order had another quantity."""
    return _quantity_breach(listing.rules, listing, replace(asked, quantity=quantity), now)


def _crowded(
    rules: SymbolRules, account_symbol: AccountSymbol, kind: OrderType, orders_beside: int, algos_beside: int
) -> ExchangeRefusal | None:
    """Whether the account has as many orders open as it may. Market orders are never open, so they are not asked."""
    if 0 < rules.orders_max <= len(account_symbol.open) + orders_beside:
        return refusals.MAX_NUM_ORDERS
    if kind in ALGO and 0 < rules.algo_orders_max <= account_symbol.algo_count + algos_beside:
        return refusals.MAX_NUM_ALGO_ORDERS
    return None


def misshaped(asked: NewOrder) -> ExchangeRefusal | None:
    """What an order has too little or too much of for its type."""
    kind = asked.type
    if kind is MARKET:
        if asked.price or asked.stop_price or bool(asked.quantity) is bool(asked.quote_quantity):
            return refusals.UNSUPPORTED_COMBINATION
        return None
    if asked.quote_quantity or (asked.price and kind not in LIMITED) or (asked.stop_price and kind not in ALGO):
        return refusals.UNSUPPORTED_COMBINATION
    if kind in ALGO and not asked.stop_price:
        return refusals.missing("stopPrice")
    return None
