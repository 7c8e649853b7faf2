"""Computes from closed candles the largest move, the trading volume, and the correlation of two markets.

All in whole numbers and exact decimals: returns are counted in billionths, so sums of their products are exact.
"""

import itertools
from collections.abc import Mapping, Sequence
from decimal import Decimal

from fairway.market.candles import Candle
from fairway.money.amount import ZERO
from fairway.world.clock import DAY

MOVE_BARS = 3
"""A market that has jumped counts as calm again after so many bars."""
VOLUME_BARS = 60
RETURNS_MIN, RETURNS_MAX = 30, 60
"""With fewer bars in common than the first, the correlation of two symbols is not known."""
_SCALE = 1_000_000_000


def largest_move(candles: Sequence[Candle]) -> Decimal:
    """The largest of the last bars: its range with the close before it, as a fraction of that close. Zero with one candle."""
    recent = candles[-MOVE_BARS - 1 :]
    moves = [
        (max(bar.high, before.close) - min(bar.low, before.close)) / before.close for before, bar in itertools.pairwise(recent)
    ]
    return max(moves, default=ZERO)


def traded_a_day(candles: Sequence[Candle]) -> Decimal:
    """Quote traded in 24 hours at the pace of the last bars. Where a source tells base alone, at the close."""
    recent = candles[-VOLUME_BARS:]
    span = sum(bar.close_at - bar.open_at for bar in recent)
    traded = sum((bar.quote_volume or bar.volume * bar.close for bar in recent), ZERO)
    return traded * DAY / span if span else ZERO


def returns(candles: Sequence[Candle]) -> dict[int, int]:
    """By the instant (ns) at which a bar opened, its close against the close before it, in billionths."""
    recent = candles[-RETURNS_MAX - 1 :]
    return {
        bar.open_at: int((bar.close - before.close) * _SCALE / before.close)
        for before, bar in itertools.pairwise(recent)
        if bar.open_at == before.close_at
    }


def correlation(one: Mapping[int, int], other: Mapping[int, int]) -> Decimal | None:
    """Pearson's, of the bars that both have; None with too few of them, or where one never moved."""
    pairs = [(value, other[at]) for at, value in one.items() if at in other]
    count = len(pairs)
    if count < RETURNS_MIN:
        return None
    sum_x, sum_y = sum(x for x, _ in pairs), sum(y for _, y in pairs)
    spread_x = count * sum(x * x for x, _ in pairs) - sum_x * sum_x
    spread_y = count * sum(y * y for _, y in pairs) - sum_y * sum_y
    if not spread_x or not spread_y:
        return None
    together = count * sum(x * y for x, y in pairs) - sum_x * sum_y
    return round(Decimal(together) / (Decimal(spread_x) * spread_y).sqrt(), 6)
