"""Periodic: buys every so many candles, whatever the price does, and leaves by stop, target or time.

It has no edge and loses its fees. It is here so that a system can be tried: there is something to see within minutes.
"""

from collections.abc import Sequence
from decimal import Decimal

from pydantic import Field

from fairway.money.grid import Round
from fairway.orders.intent import Enter, Intent
from fairway.orders.plan import ExitPlan
from fairway.strategies.api import Plugin, StrategySettings, View
from fairway.strategies.indicators import average_true_range


class PeriodicSettings(StrategySettings):
    every_bars: int = Field(2, ge=1, le=10_000, description="Bars from one entry to the next, at least", examples=[2])
    range_bars: int = Field(5, ge=2, le=500, description="Length of the average true range", examples=[5])
    stop_ranges: Decimal = Field(
        Decimal(3), gt=0, le=20, description="Stop below the close, in average true ranges", examples=["3"]
    )
    target_ranges: Decimal = Field(
        Decimal(3), gt=0, le=100, description="Target above the close, in average true ranges", examples=["3"]
    )
    bars_max: int = Field(5, ge=1, le=10_000, description="Bars after which the trade is closed", examples=[5])


class Periodic:
    def __init__(self, settings: PeriodicSettings) -> None:
        self.settings = settings
        self.warm_up = settings.range_bars + 1

    def decide(self, view: View) -> Sequence[Intent]:
        rules, newest = self.settings, view.candles[-1]
        number = newest.open_at // (newest.close_at - newest.open_at)
        if view.in_position or number % rules.every_bars:
            return []
        width = average_true_range(view.candles, rules.range_bars)
        stop = view.instrument.price(newest.close - width * rules.stop_ranges, Round.DOWN)
        target = view.instrument.price(newest.close + width * rules.target_ranges, Round.UP)
        if not 0 < stop.value < newest.close < target.value:
            return []
        reason = f"a candle in {rules.every_bars} is bought, and this is one"
        return [Enter(symbol=view.symbol, stop=stop, target=target, reason=reason, exit_plan=ExitPlan(bars_max=rules.bars_max))]


STRATEGY = Plugin("periodic", PeriodicSettings, Periodic, "Buys every few candles, to try a system; without an edge")
