"""Periodic: enters at every so many candles with stop and target on the grid, and never beside a position."""

from collections.abc import Sequence
from decimal import Decimal

from tests.pure.strategies.test_trend import PAIR, candle

from fairway.orders.intent import Enter, Intent
from fairway.strategies.api import View
from fairway.strategies.periodic import Periodic, PeriodicSettings

RULES = PeriodicSettings(every_bars=3, range_bars=2, stop_ranges=Decimal(2), target_ranges=Decimal(3), bars_max=4)


def decide(closes: Sequence[int], *, in_position: bool = False) -> Sequence[Intent]:
    candles = [candle(number, close) for number, close in enumerate(closes)]
    return Periodic(RULES).decide(View(symbol="BTC/USDT", instrument=PAIR, candles=candles, in_position=in_position, bars_held=0))


def test_it_enters_at_every_third_candle_and_at_no_other() -> None:
    assert [len(decide([100] * count)) for count in range(3, 11)] == [0, 1, 0, 0, 1, 0, 0, 1]


def test_stop_and_target_are_so_many_average_ranges_away_and_the_time_is_bounded() -> None:
    [entry] = decide([100] * 7)
    assert isinstance(entry, Enter)
    assert (entry.stop.value, entry.target.value, entry.exit_plan.bars_max) == (Decimal(96), Decimal(106), 4)


def test_it_enters_nothing_beside_a_position() -> None:
    assert decide([100] * 7, in_position=True) == []
