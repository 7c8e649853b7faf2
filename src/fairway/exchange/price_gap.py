"""A gap: from one update to the next a symbol's whole market trades at prices that are a share higher or lower."""

from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from fairway.exchange.market_data import BookLevel, MarketUpdate
from fairway.exchange.rules import SymbolRules
from fairway.exchange.units import ONE, quote_of

PERCENT_MAX: Final = 50 * ONE
"""One gap goes up or down by at most half."""
FACTOR_MIN, FACTOR_MAX = ONE // 20, 20 * ONE
"""All gaps of a symbol together, in 10⁻⁸ of the prices that its market has by itself."""


class PriceGaps:
    """The gaps of one exchange. They last until it stops, and another gap goes on from where the last one led."""

    def __init__(self) -> None:
        self._wanted: dict[str, int] = {}
        self._factors: dict[str, int] = {}

    def open(self, symbol: str, percent: int) -> None:
        """From the market's next complete update on. percent: in counts of 10⁻⁸. Raises ValueError."""
        if not 0 < abs(percent) <= PERCENT_MAX:
            raise ValueError("a gap is from -50 to 50 percent, and not 0, such as -5")
        before = self._wanted.get(symbol, self._factors.get(symbol, ONE))
        factor = before * (100 * ONE + percent) // (100 * ONE)
        if not FACTOR_MIN <= factor <= FACTOR_MAX:
            raise ValueError(f"{symbol} would be too far from the prices of its market; open a gap to the other side")
        self._wanted[symbol] = factor

    def altered(self, update: MarketUpdate, rules: SymbolRules) -> MarketUpdate:
        """The update at the prices after the gaps. A gap waits for both sides of the book, so that they cannot cross."""
        if update.bids is not None and update.asks is not None and (wanted := self._wanted.pop(update.symbol, 0)):
            self._factors[update.symbol] = wanted
        factor = self._factors.get(update.symbol, ONE)
        return update if factor == ONE else _at(update, factor, rules.tick)


def _at(update: MarketUpdate, factor: int, tick: int) -> MarketUpdate:
    """Bids are rounded down and asks up: a spread never closes by rounding."""

    def below(price: int) -> int:
        return max(tick, price * factor // ONE // tick * tick)

    def above(price: int) -> int:
        return max(2 * tick, -(-(price * factor) // (ONE * tick)) * tick)

    prints = []
    for trade in update.prints:
        price = below(trade.price)
        bought = quote_of(price, trade.taker_buy_quantity)
        prints.append(replace(trade, price=price, quote=quote_of(price, trade.quantity), taker_buy_quote=bought))
    bids = None if update.bids is None else _merged(BookLevel(below(price), quantity) for price, quantity in update.bids)
    asks = None if update.asks is None else _merged(BookLevel(above(price), quantity) for price, quantity in update.asks)
    return update._replace(prints=prints, bids=bids, asks=asks)


def _merged(levels: Iterable[BookLevel]) -> list[BookLevel]:
    """Levels that rounding has brought to one price become one level."""
    found: list[BookLevel] = []
    for level in levels:
        if found and found[-1].price == level.price:
            found[-1] = BookLevel(level.price, found[-1].quantity + level.quantity)
        else:
            found.append(level)
    return found
