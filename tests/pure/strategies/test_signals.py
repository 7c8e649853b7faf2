"""Signals: an entry rests on the stop that the signal names or on one by the average true range, and a candle decides nothing."""

from decimal import Decimal

import msgspec
import pytest
from pydantic import ValidationError
from tests.pure.strategies.test_trend import PAIR, candle

from fairway.orders.external_signal import ExternalSignal, SignalAction
from fairway.orders.intent import Enter
from fairway.strategies.api import View, strategy, taking_signals
from fairway.strategies.signals import SignalStrategy, SignalStrategySettings
from fairway.strategies.trend import Trend, TrendSettings
from fairway.world.clock import MINUTE, SECOND

SIGNAL = ExternalSignal(source="tv", id="42", symbol="BTC/USDT", action=SignalAction.BUY, sent_at=0)
RULES = SignalStrategySettings(range_bars=2, stop_ranges=Decimal(2), target_ranges=Decimal(3))


def entry(stop: str = "", target: str = "", *, close: int = 100) -> Enter | None:
    signal = msgspec.structs.replace(SIGNAL, stop=Decimal(stop) if stop else None, target=Decimal(target) if target else None)
    candles = [candle(number, close) for number in range(3)]
    view = View(symbol="BTC/USDT", instrument=PAIR, candles=candles, in_position=False, bars_held=0)
    assert SignalStrategy(RULES).decide(view) == []
    return SignalStrategy(RULES).entry(signal, view)


def check(made: Enter | None, stop: str, target: str) -> None:
    assert made is not None
    assert (made.stop.value, made.target.value, made.reason) == (Decimal(stop), Decimal(target), "signal tv/42")


def test_a_price_that_the_signal_does_not_name_is_so_many_average_ranges_from_the_close() -> None:
    check(entry(), "96", "106")
    check(entry(stop="97.5"), "97.5", "106")
    check(entry(target="103"), "96", "103")


def test_named_prices_go_to_the_grid_away_from_the_entry() -> None:
    check(entry(stop="97.5049", target="103.0001"), "97.5", "103.5")


def test_without_a_stop_above_zero_and_below_the_target_there_is_no_entry() -> None:
    assert entry(close=3) is None
    assert entry(stop="103", target="103") is None
    assert entry(stop="0.001") is None


@pytest.mark.parametrize("age", ["500ms", "2h", "1"])
def test_an_age_beyond_its_bounds_is_no_setting(age: str) -> None:
    with pytest.raises(ValidationError):
        SignalStrategySettings.model_validate({"age_max": age})


def test_it_is_installed_and_takes_signals_and_trend_does_not() -> None:
    plugin = strategy("signals")
    made = plugin.make(plugin.settings.model_validate({"age_max": "90s"}))
    assert (made.warm_up, SignalStrategySettings().age_max) == (15, MINUTE)
    taking = taking_signals(made)
    assert taking is not None
    assert taking.age_max_ns == 90 * SECOND
    assert taking_signals(Trend(TrendSettings.model_validate({}))) is None
