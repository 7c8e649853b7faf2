"""Trend: enters on a breakout with the trend, with stop and target on the grid; leaves on weakness or after its time."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from fairway.market.candles import Candle
from fairway.market.instrument import Instrument
from fairway.orders.intent import Enter, Exit, Intent
from fairway.orders.plan import ExitPlan
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


def decide(closes: Sequence[int], *, in_position: bool = False, rules: TrendSettings = RULES) -> Sequence[Intent]:
    candles = [candle(number, close) for number, close in enumerate(closes)]
    return Trend(rules).decide(View(symbol="BTC/USDT", instrument=PAIR, candles=candles, in_position=in_position, bars_held=0))


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
    """The plan says so; and by itself it says nothing else of how the position is left."""
    [entry] = decide([100, 100, 100, 100, 100, 103])
    assert isinstance(entry, Enter)
    assert entry.exit_plan == ExitPlan(bars_max=5)


def test_settings_ask_for_a_ladder_a_stop_that_follows_and_a_limit() -> None:
    """1R is from 103 to the stop at 97; the average range is 3. Prices are rounded up onto ticks."""
    more = {"ladder": ("50 % at 1.0R", "30 % at 1.8R"), "break_even": True, "trail_from": "1.2", "stop_gap_ranges": "0.2"}
    [entry] = decide([100, 100, 100, 100, 100, 103], rules=TrendSettings.model_validate(RULES.model_dump() | more))
    assert isinstance(entry, Enter)
    plan = entry.exit_plan
    assert [(str(rung.share), rung.price.value) for rung in plan.rungs] == [("50 %", Decimal(109)), ("30 %", Decimal(114))]
    assert plan.trailing is not None
    assert (plan.trailing.starts.value, plan.trailing.distance.value) == (Decimal("110.5"), Decimal(6))
    assert plan.stop_gap is not None
    assert (plan.break_even, plan.bars_max, plan.stop_gap.value) == (True, 5, Decimal(1))


WRONG = {
    "no rung": ({"ladder": ("half at 1R",)}, "is no rung"),
    "not rising": ({"ladder": ("20 % at 1.5R", "20 % at 1.5R")}, "must rise"),
    "at the target": ({"ladder": ("20 % at 2R",)}, "below the target, which is at 2R"),
    "nothing left": ({"ladder": ("60 % at 1R", "40 % at 1.5R")}, "must leave something"),
    "no rung to break even after": ({"break_even": True}, "needs a ladder"),
}


@pytest.mark.parametrize(("settings", "why"), WRONG.values(), ids=WRONG)
def test_a_ladder_that_leads_nowhere_is_refused(settings: dict[str, object], why: str) -> None:
    """In one sentence, before anything is traded."""
    with pytest.raises(ValueError, match=why):
        TrendSettings.model_validate(settings)


def test_strategies_are_found_by_name() -> None:
    """Built-in strategies load as those of other packages do; an unknown name lists the known ones."""
    assert strategies()["trend"].make is Trend
    with pytest.raises(UnknownStrategy, match=r"no strategy 'trendy'; there are: .*trend"):
        strategy("trendy")
