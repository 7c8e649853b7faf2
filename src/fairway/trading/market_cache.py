"""The top of the book and the closed candles of each symbol, kept once and shared by all accounts of a process."""

from collections import deque
from dataclasses import dataclass, field
from decimal import Decimal

from fairway.market.candles import AGREES_AFTER_NS, Candle, Quote
from fairway.trading.market_indicators import CANDLES_WANTED, MarketIndicators


@dataclass(slots=True)
class MarketCache:
    """Nothing of it is journaled: it is asked for again after a start.

    depth: candles kept of each symbol, at least as many as gauges want.
    """

    depth: int
    quotes: dict[str, Quote] = field(default_factory=dict)
    candles: dict[str, deque[Candle]] = field(default_factory=dict)
    gauges: MarketIndicators = field(init=False)
    agree_since: dict[str, int] = field(default_factory=dict)
    """By symbol: when the first of the newest quotes that agree, each with the one before, was received (ns)."""
    asked: dict[str, Quote] = field(default_factory=dict)
    """By symbol: the newest quote that was asked for; only sales after a stop has triggered rest on it."""
    asked_at: dict[str, int] = field(default_factory=dict)
    """By symbol: when a quote was last asked for (ns), by whichever state."""
    _middles: dict[str, tuple[Quote, Decimal | None]] = field(default_factory=dict)
    """By symbol, with the quote that it is of: every state asks for it with every input. None for a quote that is flawed."""

    def __post_init__(self) -> None:
        self.depth = max(self.depth, CANDLES_WANTED)
        self.gauges = MarketIndicators(self.candles)

    def see_quote(self, quote: Quote) -> None:
        """Keeps a quote. One that says the same again is no news: a book that is frozen may repeat itself for ever."""
        kept = self.quotes.get(quote.symbol)
        if kept is None or _figures(quote) != _figures(kept):
            self.quotes[quote.symbol] = quote
            self._note_agreement(kept, quote)

    def _note_agreement(self, before: Quote | None, quote: Quote) -> None:
        """A quote that agrees with the one before goes on with its run; any other begins a run."""
        if quote.flaw() is not None:
            self.agree_since.pop(quote.symbol, None)
        elif before is None or quote.symbol not in self.agree_since or not quote.agrees_with(before):
            self.agree_since[quote.symbol] = quote.seen_at

    def agrees(self, symbol: str) -> bool:
        """Whether the newest quote agrees with an earlier one, of another update and received half a second before or more."""
        since = self.agree_since.get(symbol)
        return since is not None and self.quotes[symbol].seen_at - since >= AGREES_AFTER_NS

    def see_candle(self, candle: Candle) -> None:
        """Keeps a closed candle, unless it is flawed, was seen before, or comes out of order."""
        kept = self.candles.setdefault(candle.symbol, deque(maxlen=self.depth))
        if candle.flaw() is None and (not kept or candle.open_at > kept[-1].open_at):
            kept.append(candle)

    def marks(self) -> dict[str, Decimal]:
        """The middle of each quote that may be traded on, by symbol."""
        marks: dict[str, Decimal] = {}
        for symbol, quote in self.quotes.items():
            known = self._middles.get(symbol)
            if known is None or known[0] is not quote:
                known = self._middles[symbol] = (quote, quote.middle if quote.flaw() is None else None)
            if known[1] is not None:
                marks[symbol] = known[1]
        return marks


def _figures(quote: Quote) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    return quote.bid, quote.bid_quantity, quote.ask, quote.ask_quantity
