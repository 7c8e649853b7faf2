"""Trend: enters on a breakout with the trend, with stop and target on the grid; leaves on weakness or after its time."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from fairway.market.candles import Candle
from fairway.market.instrument import Instrument
from fairway.orders.intent import Enter, Exit, Intent
from fairway.strategies.api import UnknownStrategy, View, strategies, strategy
from fairway.strategies.trend import Trend, TrendSettings
from fairway.world.clock import MINUTE

PAIR = Instrument(symbol="BTC/USDT", venue_symbol="BTCUSDT", base="BTC", quote="USDT", tick=Decimal("0.5"), lot=Decimal("0.001"))
RULES = TrendSettings(
    breakout_bars=3, exit_bars=2, trend_bars=3, range_bars=2, stop_ranges=Decimal(2), target_ranges=Decimal(4), bars_max=5
)


def candle(number: int, close: int) -> Candle:
    price = Decimal(close)
    return Candle(
        symbol="BTC/USDT",
        open_at=number * MINUTE,
        close_at=(number + 1) * MINUTE,
        open=price,
        high=price + 1,
        low=price - 1,
        close=price,
        volume=Decimal(1),
    )


def decide(closes: Sequence[int], *, in_position: bool = False, bars_held: int = 0) -> Sequence[Intent]:
    candles = [candle(number, close) for number, close in enumerate(closes)]
    return Trend(RULES).decide(
        View(symbol="BTC/USDT", instrument=PAIR, candles=candles, in_position=in_position, bars_held=bars_held)
    )


def test_a_close_above_the_highest_high_enters() -> None:
    """Stop two and target four average ranges away, rounded away from the price onto ticks."""
    [entry] = decide([100, 100, 100, 100, 100, 103])
    assert isinstance(entry, Enter)
    assert (entry.stop.value, entry.target.value) == (Decimal(97), Decimal(115))


def test_a_close_at_the_highest_high_does_not() -> None:
    """Above means above."""
    assert decide([100, 100, 100, 100, 100, 101]) == []


def test_a_breakout_below_the_average_is_no_trend() -> None:
    """A bounce in a fall stays out."""
    assert decide([200, 180, 160, 100, 100, 100, 102]) == []


def test_a_close_below_the_lowest_low_leaves() -> None:
    """The reason names the level."""
    assert decide([100, 100, 100, 98], in_position=True) == [Exit(symbol="BTC/USDT", reason="close 98 below the 2-bar low 99")]


def test_time_ends_a_trade_that_goes_nowhere() -> None:
    """After so many bars it is closed."""
    assert decide([100, 100, 100, 100], in_position=True, bars_held=4) == []
    assert decide([100, 100, 100, 100], in_position=True, bars_held=5) == [Exit(symbol="BTC/USDT", reason="held for 5 bars")]


def test_strategies_are_found_by_name() -> None:
    """Ours come through the same door as those of strangers; an unknown name lists the known ones."""
    assert strategies()["trend"].make is Trend
    with pytest.raises(UnknownStrategy, match=r"no strategy 'trendy'; there are: .*trend"):
        strategy("trendy")
