"""What the closed candles of each symbol tell, computed once a candle for all accounts that ask."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from fairway.market.candles import Candle
from fairway.risk import bars
from fairway.strategies.indicators import average_true_range

RANGE_BARS = 14
CANDLES_WANTED = bars.RETURNS_MAX + 1
"""A cache that keeps fewer candles tells less: symbols whose correlation is unknown count as correlated."""


class MarketIndicator:
    """Of one symbol, as it was when its newest candle closed; each figure is computed when it is first read."""

    def __init__(self, candles: deque[Candle]) -> None:
        self._candles = tuple(candles)
        self.opened_at = self._candles[-1].open_at

    @cached_property
    def move(self) -> Decimal:
        return bars.largest_move(self._candles)

    @cached_property
    def traded(self) -> Decimal:
        return bars.traded_a_day(self._candles)

    @cached_property
    def range(self) -> Decimal | None:
        return average_true_range(self._candles, RANGE_BARS) if len(self._candles) > RANGE_BARS else None

    @cached_property
    def returns(self) -> dict[int, int]:
        return bars.returns(self._candles)


@dataclass(slots=True)
class MarketIndicators:
    _candles: Mapping[str, deque[Candle]]
    _gauges: dict[str, MarketIndicator] = field(default_factory=dict)
    _correlations: dict[tuple[str, str], tuple[int, int, Decimal | None]] = field(default_factory=dict)
    """By pair of symbols, with the candles that it was computed of."""

    def of(self, symbol: str) -> MarketIndicator | None:
        """None before the first candle."""
        candles = self._candles.get(symbol)
        if not candles:
            return None
        known = self._gauges.get(symbol)
        if known is None or known.opened_at != candles[-1].open_at:
            known = self._gauges[symbol] = MarketIndicator(candles)
        return known

    def correlation(self, one: str, other: str) -> Decimal | None:
        """None where it is not known."""
        first, second = self.of(one), self.of(other)
        if first is None or second is None:
            return None
        known = self._correlations.get((one, other))
        if known is None or known[:2] != (first.opened_at, second.opened_at):
            found = bars.correlation(first.returns, second.returns)
            known = self._correlations[one, other] = (first.opened_at, second.opened_at, found)
        return known[2]
