"""What a strategy is: a pure function from a view of the market to intents; and how it is found by name.

A strategy is one file with its settings, its class and one line, `STRATEGY = Plugin(...)`: in this package, or in any other
through the entry point group `fairway.strategies`. It sees closed candles only, never a forming one, no clock and no account.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from traceback import extract_tb
from typing import Any, Final, Protocol, runtime_checkable

from msgspec import Struct
from pydantic import BaseModel, ConfigDict

from fairway.market.candles import Candle
from fairway.market.instrument import Instrument
from fairway.orders.external_signal import ExternalSignal
from fairway.orders.intent import Enter, Exit, Intent
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


@runtime_checkable
class TakesSignals(Protocol):
    """A strategy that enters by signals from outside as well: it says where the stop and the target of each are."""

    warm_up: int
    age_max_ns: int
    """A signal that was sent longer ago is not obeyed."""

    def entry(self, signal: ExternalSignal, view: View) -> Enter | None:
        """The entry that a buy signal proposes, as of the newest closed candle; None where it cannot be protected."""
        ...


class StrategyFailed(Exception):
    """A strategy's own code went wrong. name: of the strategy; what: in one line; where: `file:line function`, or ""."""

    def __init__(self, name: str, what: str, where: str) -> None:
        self.name, self.what, self.where = name, what, where
        at = f" at {where}" if where else ""
        super().__init__(
            f"the strategy {name!r} failed{at}: {what}; mend its file, and start again; stops and targets stay at the venue"
        )


def decided(strategy: Strategy, name: str, view: View) -> Sequence[Intent]:
    """The intents of a strategy. Raises StrategyFailed for whatever goes wrong in its code, and for what are no intents."""
    try:
        intents = tuple(strategy.decide(view))
    except Exception as error:  # code of others may raise anything
        raise StrategyFailed(name, _in_one_line(error), _place(error)) from error
    for intent in intents:
        if not isinstance(intent, Enter | Exit) or intent.symbol != view.symbol:
            raise StrategyFailed(name, f"of {view.symbol} it decided {_short(intent)}, which is no intent for that pair", "")
    return intents


def entry_of_signal(strategy: TakesSignals, name: str, signal: ExternalSignal, view: View) -> Enter | None:
    """The entry that a signal proposes. Raises StrategyFailed, as `decided` does."""
    try:
        intent: object = strategy.entry(signal, view)
    except Exception as error:  # code of others may raise anything
        raise StrategyFailed(name, _in_one_line(error), _place(error)) from error
    if intent is None or (isinstance(intent, Enter) and intent.symbol == view.symbol):
        return intent
    raise StrategyFailed(name, f"of a signal for {view.symbol} it made {_short(intent)}, which is no entry for that pair", "")


def _place(error: BaseException) -> str:
    """Where in the strategy's own file; its file is the first on the way that is not ours."""
    frames = [frame for frame in extract_tb(error.__traceback__) if frame.filename != __file__]
    own = [frame for frame in frames if frame.filename == frames[0].filename]
    return f"{own[-1].filename}:{own[-1].lineno} {own[-1].name}" if own else ""


def _in_one_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {_short(error)}".removesuffix(": ")


def _short(told: object) -> str:
    return " ".join(str(told).split())[:200]


class Remembered:
    """A strategy that many accounts share: for what it was asked before, about the newest candle, it is not asked again."""

    def __init__(self, strategy: Strategy) -> None:
        self.strategy, self.warm_up = strategy, strategy.warm_up
        self._decided: dict[tuple[str, bool, int], tuple[int, Sequence[Intent]]] = {}

    def decide(self, view: View) -> Sequence[Intent]:
        about, closed_at = (view.symbol, view.in_position, view.bars_held), view.candles[-1].close_at
        known = self._decided.get(about)
        if known is not None and known[0] == closed_at:
            return known[1]
        if len(self._decided) >= REMEMBERED_MAX:
            self._decided.clear()
        intents = self.strategy.decide(view)
        self._decided[about] = closed_at, intents
        return intents


def taking_signals(strategy: Strategy) -> TakesSignals | None:
    """The strategy as one that takes signals from outside; None where it takes none."""
    own = strategy.strategy if isinstance(strategy, Remembered) else strategy
    return own if isinstance(own, TakesSignals) else None


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
    """Loads every strategy: the built-in ones and those of other packages, in the same way. One that fails is named, and the
    others load."""
    return KIND.installed()


def strategies() -> dict[str, Plugin]:
    """Every strategy that can be used, by name."""
    return installed().plugins


def made(plugin: Plugin, settings: StrategySettings) -> Strategy:
    """A strategy with its settings. Raises StrategyFailed for whatever goes wrong in its code."""
    try:
        strategy: Strategy = plugin.make(settings)
        is_one = isinstance(strategy.warm_up, int) and callable(strategy.decide)
    except Exception as error:  # code of others may raise anything
        raise StrategyFailed(plugin.name, _in_one_line(error), _place(error)) from error
    if not is_one:
        raise StrategyFailed(plugin.name, "what it makes has no whole number warm_up, or no decide", "")
    return strategy


def strategy(name: str) -> Plugin:
    """The strategy of a name. Raises UnknownStrategy, which lists the known ones, and BrokenStrategy."""
    return KIND.named(name)
