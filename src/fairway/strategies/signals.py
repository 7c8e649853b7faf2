"""Signals: trades what another program proposes, such as TradingView's alerts, and decides nothing of its own at a candle.

An entry rests on the stop that the signal names, or on one so many average true ranges below the newest close.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from fairway.money.amount import Price
from fairway.money.grid import Round
from fairway.orders.external_signal import ExternalSignal
from fairway.orders.intent import Enter, Intent
from fairway.strategies.api import Plugin, StrategySettings, View
from fairway.strategies.indicators import average_true_range
from fairway.texts.durations import as_setting
from fairway.texts.quantities import Duration
from fairway.world.clock import HOUR, MINUTE, SECOND

AGE_LEAST_NS: Final = SECOND
AGE_MOST_NS: Final = HOUR


def _bounded(age_ns: int) -> int:
    if not AGE_LEAST_NS <= age_ns <= AGE_MOST_NS:
        raise ValueError(f"is not between {as_setting(AGE_LEAST_NS)} and {as_setting(AGE_MOST_NS)}")
    return age_ns


class SignalStrategySettings(StrategySettings):
    age_max: Annotated[Duration, AfterValidator(_bounded)] = Field(
        default=MINUTE, description="A signal that was sent longer ago is late, and not obeyed; from 1s to 1h", examples=["1m"]
    )
    range_bars: int = Field(default=14, ge=2, le=500, description="Length of the average true range", examples=[14])
    stop_ranges: Decimal = Field(
        default=Decimal(2),
        gt=0,
        le=20,
        description="Stop below the close, in average true ranges, for a signal without a stop",
        examples=["2"],
    )
    target_ranges: Decimal = Field(
        default=Decimal(4),
        gt=0,
        le=100,
        description="Target above the close, in average true ranges, for a signal without a target",
        examples=["4"],
    )


class SignalStrategy:
    def __init__(self, settings: SignalStrategySettings) -> None:
        self.settings = settings
        self.warm_up = settings.range_bars + 1
        self.age_max_ns = settings.age_max

    def decide(self, view: View) -> Sequence[Intent]:
        """Nothing: a candle is no signal."""
        return []

    def entry(self, signal: ExternalSignal, view: View) -> Enter | None:
        """None where its stop would be at zero or below, or not below its target: what cannot be protected is not bought.

        Whether the price of now lies between the two is a check of risk, which knows that price.
        """
        close, width = view.candles[-1].close, average_true_range(view.candles, self.settings.range_bars)
        stop, target = self._stop(signal, view, close, width), self._target(signal, view, close, width)
        if not 0 < stop.value < target.value:
            return None
        return Enter(symbol=signal.symbol, stop=stop, target=target, reason=f"signal {signal.name}")

    def _stop(self, signal: ExternalSignal, view: View, close: Decimal, width: Decimal) -> Price:
        named = signal.stop if signal.stop is not None else close - width * self.settings.stop_ranges
        return view.instrument.price(named, Round.DOWN)

    def _target(self, signal: ExternalSignal, view: View, close: Decimal, width: Decimal) -> Price:
        named = signal.target if signal.target is not None else close + width * self.settings.target_ranges
        return view.instrument.price(named, Round.UP)


STRATEGY = Plugin(
    "signals", SignalStrategySettings, SignalStrategy, "Trades signals from outside, such as TradingView's; each entry has a stop"
)
