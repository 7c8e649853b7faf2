"""Trend: buys a close above the highest high of the last bars while the trend is up; leaves below the lowest low.

A plain Donchian breakout with an exponential-average filter (R. Donchian, 1960s; the entry rule of the Turtles). It is here
because everyone can check it by hand, not because it earns money: on most data, after fees, it does not.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Final, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from fairway.market.instrument import Instrument
from fairway.money.amount import text_of
from fairway.money.fraction import Fraction
from fairway.money.grid import Round
from fairway.orders.intent import Enter, Exit, Intent
from fairway.orders.plan import ExitPlan, Rung, Trailing
from fairway.strategies.api import Plugin, StrategySettings, View
from fairway.strategies.indicators import average_true_range, exponential_average, highest, lowest

_RUNG: Final = re.compile(r"(\d+(?:\.\d+)?\s*%) at (\d+(?:\.\d+)?)R")


def _checked(text: str) -> str:
    if _RUNG.fullmatch(text) is None:
        raise ValueError("is no rung; write a share of the position, and how far above the entry in units of risk")
    return text


def _switch(value: object) -> object:
    if isinstance(value, str) and value not in ("true", "false"):
        raise ValueError("is no switch; write true or false")
    return value


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
    ladder: tuple[Annotated[str, AfterValidator(_checked)], ...] = Field(
        default=(),
        max_length=4,
        description="Shares that are sold on the way to the target, each at a price in R: 1R is the distance from close to stop",
        examples=["[50 % at 1.0R, 30 % at 1.8R]"],
    )
    break_even: Annotated[bool, BeforeValidator(_switch)] = Field(
        default=False, description="Move the stop to the price of the entry once the first rung has sold", examples=["true"]
    )
    trail_from: Decimal = Field(
        default=Decimal(0), ge=0, le=100, description="R from which on the stop follows the closes; 0 for never", examples=["1.2"]
    )
    trail_ranges: Decimal = Field(
        default=Decimal(2), gt=0, le=20, description="How far below the close it follows, in average true ranges", examples=["2"]
    )
    stop_gap_ranges: Decimal = Field(
        default=Decimal(0),
        ge=0,
        le=20,
        description="How far below its price the stop may sell, in average true ranges: a stop-limit; 0 for at any price",
        examples=["0.5"],
    )

    @model_validator(mode="after")
    def _rungs_rise(self) -> Self:
        """From entry to target, and leave something for it."""
        levels = [Decimal(0), *(level for _, level in self.rungs()), self.target_ranges / self.stop_ranges]
        if sorted(set(levels)) != levels:
            target = text_of(levels[-1].quantize(Decimal("0.01")))
            raise ValueError(f"ladder: its rungs must rise, and stay below the target, which is at {target}R")
        if sum(share.value for share, _ in self.rungs()) >= 1:
            raise ValueError("ladder: its shares must leave something for the target; a right one is [50 % at 1.0R]")
        if self.break_even and not self.ladder:
            raise ValueError("break_even: needs a ladder, whose first rung sells; a right one is [50 % at 1.0R]")
        return self

    def rungs(self) -> list[tuple[Fraction, Decimal]]:
        """Each rung's share of the position, and its distance in R."""
        found = (_RUNG.fullmatch(text) for text in self.ladder)
        return [(Fraction.parse(match[1]), Decimal(match[2])) for match in found if match is not None]


class Trend:
    def __init__(self, settings: TrendSettings) -> None:
        self.settings = settings
        longest = max(settings.breakout_bars, settings.exit_bars, settings.range_bars)
        self.warm_up = max(longest + 1, settings.trend_bars * 2)

    def decide(self, view: View) -> Sequence[Intent]:
        return self._leave(view) if view.in_position else self._enter(view)

    def _leave(self, view: View) -> Sequence[Intent]:
        close, before = view.candles[-1].close, view.candles[:-1]
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
                exit_plan=self._exit_plan(view.instrument, close, close - stop.value, width),
            )
        ]

    def _exit_plan(self, instrument: Instrument, close: Decimal, risk: Decimal, width: Decimal) -> ExitPlan:
        """risk: what 1R is, and width: the average true range, both in quote per base."""
        rules = self.settings
        rungs = tuple(Rung(share, instrument.price(close + risk * level, Round.UP)) for share, level in rules.rungs())
        trailing = None
        if rules.trail_from:
            starts = instrument.price(close + risk * rules.trail_from, Round.UP)
            trailing = Trailing(starts=starts, distance=instrument.quoted(width * rules.trail_ranges))
        gap = width * rules.stop_gap_ranges
        limit_gap = instrument.quoted(instrument.price(gap, Round.UP).value) if gap else None
        return ExitPlan(rungs=rungs, trailing=trailing, break_even=rules.break_even, bars_max=rules.bars_max, stop_gap=limit_gap)


STRATEGY = Plugin("trend", TrendSettings, Trend, "Donchian breakout with a trend filter, an ATR stop and a target")
