"""Shows depth around a traded price, as wide and thick as the market was before: for replays without a book of their own."""

from typing import Final

from fairway.exchange.market_data import BookLevel
from fairway.exchange.markets.ladder import Ladder
from fairway.exchange.rules import SymbolRules
from fairway.world.chance import Stream

_MEMORY: Final = 16
"""Candles over which range and volume are averaged."""
_SPREAD_PARTS: Final = 50
"""The spread is this part of an average candle's range, at least a tick and at most one _SPREAD_SHARE-th of the price."""
_SPREAD_SHARE: Final = 2_000
_GAP_PARTS: Final = 20
"""Levels lie this part of an average range apart: ten of them reach over half a candle."""
_SIZE_PARTS: Final = 20
"""A level in the middle holds this part of an average candle's volume, so that a side holds about half of it."""


class SyntheticDepth:
    """The background of one pair, and what it remembers of past candles, in ticks and lots."""

    __slots__ = ("_gap", "_ladder", "_lot", "_range", "_size", "_spread", "_tick", "_volume")

    def __init__(self, rules: SymbolRules, chance: Stream) -> None:
        self._tick, self._lot = rules.tick, rules.lot
        self._ladder = Ladder(chance, rules.tick, rules.lot)
        self._range = self._volume = 0
        self._spread = self._gap = self._size = 1

    def learn(self, span: int, volume: int) -> None:
        """Takes a finished candle's range and volume, in counts of 10⁻⁸, into the averages.

        The averages are kept times _MEMORY, so that nothing is lost by rounding.
        """
        ticks, lots = span // self._tick, volume // self._lot
        if not self._volume:
            self._range, self._volume = ticks * _MEMORY, lots * _MEMORY
        self._range += ticks - self._range // _MEMORY
        self._volume += lots - self._volume // _MEMORY
        reach = self._range // _MEMORY
        self._spread = reach // _SPREAD_PARTS or 1
        self._gap = reach // _GAP_PARTS or 1
        self._size = self._volume // _MEMORY // _SIZE_PARTS or 1

    def around(self, price: int, is_buy: bool) -> tuple[list[BookLevel], list[BookLevel]]:
        """Bids and asks after a trade: a buy was at what is the best ask, a sale at what is the best bid."""
        tick = self._tick
        spread = min(self._spread, price // tick // _SPREAD_SHARE or 1) * tick
        if is_buy and price > spread:
            return self._ladder.sides(price - spread, price, self._gap, self._size)
        return self._ladder.sides(price, price + spread, self._gap, self._size)
