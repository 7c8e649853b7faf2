"""What a strategy is: a pure function from a view of the market to intents; and how it is found by name.

A strategy is one file with its settings, its class and one line, `STRATEGY = Plugin(...)`: in this package, or in any other
through the entry point group `fairway.strategies`. It sees closed candles only, never a forming one, no clock and no account.
"""

import importlib
import pkgutil
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Any, Protocol

from msgspec import Struct
from pydantic import BaseModel, ConfigDict

from fairway.market.candles import Candle
from fairway.market.instrument import Instrument
from fairway.orders.intent import Intent

GROUP = "fairway.strategies"


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


class UnknownStrategy(ValueError):
    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(f"there is no strategy {name!r}; there are: {', '.join(sorted(known))}")


def strategies() -> dict[str, Plugin]:
    """Every strategy that is installed, by name: ours and those of other packages through the same door."""
    import fairway.strategies as here

    modules = [importlib.import_module(f"{here.__name__}.{found.name}") for found in pkgutil.iter_modules(here.__path__)]
    ours = [module.STRATEGY for module in modules if hasattr(module, "STRATEGY")]
    theirs = [entry.load() for entry in entry_points(group=GROUP)]
    return {plugin.name: plugin for plugin in (*ours, *theirs)}


def strategy(name: str) -> Plugin:
    """The strategy of a name. Raises UnknownStrategy, which lists the known ones."""
    found = strategies()
    if name not in found:
        raise UnknownStrategy(name, list(found))
    return found[name]
