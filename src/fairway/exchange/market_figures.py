"""What is known of each symbol's market: its book, prints and candles, and the figures of its day."""

from __future__ import annotations

from fairway.exchange.engine_state import EngineState
from fairway.exchange.market_data import Candle, Depth
from fairway.exchange.tape import DayFigures, Tape
from fairway.world.clock import Instant


class MarketFigures:
    """Implements `wire.endpoint_context.SymbolFigures`. An unknown symbol raises KeyError."""

    def __init__(self, engine: EngineState) -> None:
        self._engine = engine

    def book(self, symbol: str, limit: int) -> Depth:
        """The depth."""
        listing = self._engine[symbol]
        return Depth(symbol, listing.update_id, listing.bids.depth(limit), listing.asks.depth(limit))

    def tape(self, symbol: str) -> Tape:
        """The symbol's tape: its prints and candles, last price, average price, figures of the day."""
        return self._engine[symbol].tape

    def day(self, symbol: str) -> DayFigures:
        """Figures of the last 24 hours."""
        return self.tape(symbol).day(self._engine.clock.now())

    def since(self, symbol: str, opened: Instant) -> Candle | None:
        """All that was traded since this minute opened, as one candle; None before the first trade."""
        return self.tape(symbol).since(opened)

    def average_price(self, symbol: str) -> int:
        """The average price that the filters use now; 0 before the first trade."""
        return self.tape(symbol).average(self._engine.clock.now())
