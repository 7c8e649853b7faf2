"""Indicators over closed candles, oldest first; exact decimals, newest value returned."""

import itertools
from collections.abc import Sequence
from decimal import Decimal

from fairway.market.candles import Candle
from fairway.money.amount import ZERO

_STEP = Decimal("1E-12")
"""Recursive averages are cut to twelve decimals at each step, or their digits would grow without end."""


def exponential_average(values: Sequence[Decimal], length: int) -> Decimal:
    """Exponential moving average with weight 2 / (length + 1), begun at the first value."""
    weight = Decimal(2) / (length + 1)
    average = values[0]
    for value in values[1:]:
        average = (average + (value - average) * weight).quantize(_STEP)
    return average


def average_true_range(candles: Sequence[Candle], length: int) -> Decimal:
    """Mean of the true range over the last `length` candles; one more candle than that is needed."""
    recent = candles[-length - 1 :]
    ranges = [max(now.high, before.close) - min(now.low, before.close) for before, now in itertools.pairwise(recent)]
    return sum(ranges, ZERO) / len(ranges)


def highest(candles: Sequence[Candle], length: int) -> Decimal:
    """Highest high of the last `length` candles."""
    return max(candle.high for candle in candles[-length:])


def lowest(candles: Sequence[Candle], length: int) -> Decimal:
    """Lowest low of the last `length` candles."""
    return min(candle.low for candle in candles[-length:])
