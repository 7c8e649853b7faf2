"""A strategy that can be made worse and mended while it runs, under the same release."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from fairway.money.grid import Round
from fairway.orders.intent import Enter, Intent
from fairway.strategies.api import Strategy, View

STOP: Final = Decimal("0.001")
TARGET: Final = Decimal("0.03")
"""Of the price: so near, fees alone are twice what is at risk, and the target is hardly ever reached."""


class DegradableStrategy:
    """Another strategy, until the demo degrades it: then it buys what has just fallen, with its stop close below."""

    def __init__(self, sound: Strategy) -> None:
        self._sound = sound
        self.warm_up = sound.warm_up
        self.is_spoiled = False

    def decide(self, view: View) -> Sequence[Intent]:
        return self._catch_the_knife(view) if self.is_spoiled else self._sound.decide(view)

    def _catch_the_knife(self, view: View) -> Sequence[Intent]:
        last = view.candles[-1]
        if view.in_position or last.close >= last.open:
            return []
        stop = view.instrument.price(last.close * (1 - STOP), Round.DOWN)
        target = view.instrument.price(last.close * (1 + TARGET), Round.UP)
        return [Enter(symbol=view.symbol, stop=stop, target=target, reason="it has just fallen")]
