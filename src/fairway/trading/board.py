"""The board: the top of the book and the closed candles of each symbol, seen once and shared by every desk of a process."""

from collections import deque
from dataclasses import dataclass, field
from decimal import Decimal

from fairway.market.candles import Candle, Quote
from fairway.trading.gauges import Gauges


@dataclass(slots=True)
class Board:
    """Nothing of it is journaled: it is asked for again after a start. depth: candles kept of each symbol."""

    depth: int
    quotes: dict[str, Quote] = field(default_factory=dict)
    candles: dict[str, deque[Candle]] = field(default_factory=dict)
    gauges: Gauges = field(init=False)

    def __post_init__(self) -> None:
        self.gauges = Gauges(self.candles)

    def see_quote(self, quote: Quote) -> None:
        """Keeps a quote. One that says the same again is no news: a book that is frozen may repeat itself for ever."""
        kept = self.quotes.get(quote.symbol)
        if kept is None or _figures(quote) != _figures(kept):
            self.quotes[quote.symbol] = quote

    def see_candle(self, candle: Candle) -> None:
        """Keeps a closed candle, unless it is flawed, was seen before, or comes out of order."""
        kept = self.candles.setdefault(candle.symbol, deque(maxlen=self.depth))
        if candle.flaw() is None and (not kept or candle.open_at > kept[-1].open_at):
            kept.append(candle)

    def marks(self) -> dict[str, Decimal]:
        """The middle of each quote that may be traded on, by symbol."""
        return {symbol: quote.middle for symbol, quote in self.quotes.items() if quote.flaw() is None}


def _figures(quote: Quote) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    return quote.bid, quote.bid_quantity, quote.ask, quote.ask_quantity
