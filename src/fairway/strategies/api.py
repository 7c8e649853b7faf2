"""What a strategy is: a pure function from a view of the market to intents; and how it is found by name.

A strategy is one file with its settings, its class and one line, `STRATEGY = Plugin(...)`: in this package, or in any other
through the entry point group `fairway.strategies`. It sees closed candles only, never a forming one, no clock and no account.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from msgspec import Struct
from pydantic import BaseModel, ConfigDict

from fairway.market.candles import Candle
from fairway.market.instrument import Instrument
from fairway.orders.intent import Intent
from fairway.plugins import BrokenPlugin, Installed, Kind, UnknownPlugin

REMEMBERED_MAX: Final = 10_000
"""Decisions kept of a shared strategy; at the bound all are forgotten, and it is asked again."""


class View(Struct, frozen=True, kw_only=True):
    """What a strategy may know when a candle of a symbol has closed.

    candles: closed ones, oldest first, the one that just closed last; at most `warm_up` of them, fewer after a start.
    """

    symbol: str
    instrument: Instrument
    candles: Sequence[Candle]
    in_position: bool
    bars_held: int
    """Candles that closed since the position was opened; 0 without one."""


class Strategy(Protocol):
    warm_up: int
    """Candles it needs to decide; with fewer it is not asked."""

    def decide(self, view: View) -> Sequence[Intent]:
        """Intents for view.symbol; empty for "leave things as they are". The same view always gives the same intents."""
        ...


class Remembered:
    """A strategy that many accounts share: for what it was asked before, about the newest candle, it is not asked again."""

    def __init__(self, strategy: Strategy) -> None:
        self._strategy, self.warm_up = strategy, strategy.warm_up
        self._decided: dict[tuple[str, bool, int], tuple[int, Sequence[Intent]]] = {}

    def decide(self, view: View) -> Sequence[Intent]:
        about, closed_at = (view.symbol, view.in_position, view.bars_held), view.candles[-1].close_at
        known = self._decided.get(about)
        if known is not None and known[0] == closed_at:
            return known[1]
        if len(self._decided) >= REMEMBERED_MAX:
            self._decided.clear()
        intents = self._strategy.decide(view)
        self._decided[about] = closed_at, intents
        return intents


class StrategySettings(BaseModel):
    """Base of every strategy's settings: unknown keys are errors, numbers are exact."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Factory(Protocol):
    def __call__(self, settings: Any) -> Strategy: ...


@dataclass(frozen=True, slots=True)
class Plugin:
    """name as the configuration says it; summary in one sentence, for lists."""

    name: str
    settings: type[StrategySettings]
    make: Factory
    summary: str


class UnknownStrategy(UnknownPlugin):
    """A configuration names one that is not installed."""


class BrokenStrategy(BrokenPlugin):
    """A configuration names one that cannot be used."""


KIND: Final = Kind("strategy", "fairway.strategies", "STRATEGY", Plugin, "fairway.strategies", UnknownStrategy, BrokenStrategy)


def installed() -> Installed[Plugin]:
    """Loads every strategy: ours, and those of other packages through the same door. What fails is named, and harms no other."""
    return KIND.installed()


def strategies() -> dict[str, Plugin]:
    """Every strategy that can be used, by name."""
    return installed().plugins


def strategy(name: str) -> Plugin:
    """The strategy of a name. Raises UnknownStrategy, which lists the known ones, and BrokenStrategy."""
    return KIND.named(name)
