"""Trend: buys a close above the highest high of the last bars while the trend is up; leaves below the lowest low.

A plain Donchian breakout with an exponential-average filter (R. Donchian, 1960s; the entry rule of the Turtles). It is here
because everyone can check it by hand, not because it earns money: on most data, after fees, it does not.
"""

from collections.abc import Sequence
from decimal import Decimal

from pydantic import Field

from fairway.money.amount import text_of
from fairway.money.grid import Round
from fairway.orders.intent import Enter, Exit, Intent
from fairway.strategies.api import Plugin, StrategySettings, View
from fairway.strategies.indicators import average_true_range, exponential_average, highest, lowest


class TrendSettings(StrategySettings):
    breakout_bars: int = Field(20, ge=2, le=500, description="Bars whose highest high must be exceeded", examples=[20])
    exit_bars: int = Field(10, ge=2, le=500, description="Bars whose lowest low ends the trade", examples=[10])
    trend_bars: int = Field(
        50, ge=2, le=500, description="Length of the exponential average the close must be above", examples=[50]
    )
    range_bars: int = Field(14, ge=2, le=500, description="Length of the average true range", examples=[14])
    stop_ranges: Decimal = Field(
        Decimal(2), gt=0, le=20, description="Stop below the close, in average true ranges", examples=["2"]
    )
    target_ranges: Decimal = Field(
        Decimal(4), gt=0, le=100, description="Target above the close, in average true ranges", examples=["4"]
    )
    bars_max: int = Field(96, ge=1, le=10_000, description="Bars after which the trade is closed", examples=[96])


class Trend:
    def __init__(self, settings: TrendSettings) -> None:
        self.settings = settings
        longest = max(settings.breakout_bars, settings.exit_bars, settings.range_bars)
        self.warm_up = max(longest + 1, settings.trend_bars * 2)

    def decide(self, view: View) -> Sequence[Intent]:
        return self._leave(view) if view.in_position else self._enter(view)

    def _leave(self, view: View) -> Sequence[Intent]:
        close, before = view.candles[-1].close, view.candles[:-1]
        if view.bars_held >= self.settings.bars_max:
            return [Exit(symbol=view.symbol, reason=f"held for {view.bars_held} bars")]
        floor = lowest(before, self.settings.exit_bars)
        if close < floor:
            return [
                Exit(
                    symbol=view.symbol,
                    reason=f"close {text_of(close)} below the {self.settings.exit_bars}-bar low {text_of(floor)}",
                )
            ]
        return []

    def _enter(self, view: View) -> Sequence[Intent]:
        rules, close, before = self.settings, view.candles[-1].close, view.candles[:-1]
        ceiling = highest(before, rules.breakout_bars)
        if close <= ceiling:
            return []
        if close <= exponential_average([candle.close for candle in view.candles], rules.trend_bars):
            return []
        width = average_true_range(view.candles, rules.range_bars)
        stop = view.instrument.price(close - width * rules.stop_ranges, Round.DOWN)
        target = view.instrument.price(close + width * rules.target_ranges, Round.UP)
        if not (stop.value > 0 and stop.value < close < target.value):
            return []
        return [
            Enter(
                symbol=view.symbol,
                stop=stop,
                target=target,
                reason=f"close {text_of(close)} above the {rules.breakout_bars}-bar high {text_of(ceiling)}",
            )
        ]


STRATEGY = Plugin("trend", TrendSettings, Trend, "Donchian breakout with a trend filter, an ATR stop and a target")
