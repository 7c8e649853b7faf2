"""What a strategy is: a pure function from a view of the market to intents; and how it is found by name.

A strategy is one file with its settings, its class and one line, `STRATEGY = Plugin(...)`: in this package, or in any other
through the entry point group `fairway.strategies`. It sees closed candles only, never a forming one, no clock and no account.
"""

import importlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import Distribution, distributions
from pkgutil import iter_modules
from typing import Any, Final, Protocol

from msgspec import Struct
from pydantic import BaseModel, ConfigDict

from fairway.market.candles import Candle
from fairway.market.instrument import Instrument
from fairway.orders.intent import Intent

GROUP = "fairway.strategies"
_OURS: Final = "Fairway"
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


@dataclass(frozen=True, slots=True)
class Broken:
    """A strategy that is installed and cannot be used. name: of the entry point; package: whose it is; why: in one line."""

    name: str
    package: str
    why: str

    def __str__(self) -> str:
        return f"the strategy {self.name!r} of {self.package} cannot be used: {self.why}"


class UnknownStrategy(ValueError):
    def __init__(self, name: str, installed: "Installed") -> None:
        others = "".join(f"; {each}" for each in installed.broken)
        super().__init__(f"there is no strategy {name!r}; there are: {', '.join(sorted(installed.plugins))}{others}")


class BrokenStrategy(ValueError):
    def __init__(self, broken: Broken) -> None:
        super().__init__(f"{broken}; repair it, or name another strategy")


@dataclass(frozen=True, slots=True)
class Installed:
    """The strategies that can be used, by name, and those that cannot."""

    plugins: dict[str, Plugin]
    broken: list[Broken]


def installed() -> Installed:
    """Loads every strategy: ours, and those of other packages through the same door. What fails is named, and harms no other."""
    return _loaded([*_ours(), *_theirs()])


def strategies() -> dict[str, Plugin]:
    """Every strategy that can be used, by name."""
    return installed().plugins


def strategy(name: str) -> Plugin:
    """The strategy of a name. No other package's code is run for one of ours, and no third one's for one of theirs.

    Raises UnknownStrategy, which lists the known ones, and BrokenStrategy.
    """
    found = _loaded(_ours())
    if name not in found.plugins:
        found = _loaded([source for source in _theirs() if source.name == name])
    if name not in found.plugins and not found.broken:  # an entry point may be called otherwise than the strategy it holds
        found = installed()
    if name in found.plugins:
        return found.plugins[name]
    for each in found.broken:
        if each.name == name:
            raise BrokenStrategy(each)
    raise UnknownStrategy(name, found)


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a strategy may be. load returns it, returns None where there is none, or fails in any way."""

    name: str
    package: str
    load: Callable[[], object]


def _ours() -> list[_Source]:
    import fairway.strategies as here

    return [_Source(file.name, _OURS, partial(_of_file, f"{here.__name__}.{file.name}")) for file in iter_modules(here.__path__)]


def _of_file(name: str) -> object:
    return getattr(importlib.import_module(name), "STRATEGY", None)


def _theirs() -> list[_Source]:
    """By entry points. Of a package that is installed twice the first on Python's path counts, as it does for imports."""
    found: dict[str, list[_Source]] = {}
    for package in distributions():
        try:
            entries = package.entry_points.select(group=GROUP)
        except Exception as error:  # its list of entry points is damaged, so what it has is not known
            found.setdefault(package.name, [_Source("?", _title(package), partial(_fail, error))])
        else:
            if entries:
                found.setdefault(package.name, [_Source(entry.name, _title(package), entry.load) for entry in entries])
    return [source for sources in found.values() for source in sources]


def _title(package: Distribution) -> str:
    return f"{package.name} {package.version}"


def _fail(error: Exception) -> None:
    raise error


def _loaded(sources: Iterable[_Source]) -> Installed:
    broken: list[Broken] = []
    claims: dict[str, list[tuple[_Source, Plugin]]] = {}
    for source in sources:
        try:
            plugin = source.load()
        except (Exception, SystemExit) as error:  # whatever the code of others does when it is imported
            broken.append(Broken(source.name, source.package, _in_one_line(error)))
            continue
        if isinstance(plugin, Plugin):
            claims.setdefault(plugin.name, []).append((source, plugin))
        elif plugin is not None:
            broken.append(Broken(source.name, source.package, f"it is no Plugin, but of type {type(plugin).__name__}"))
    return _told_apart(claims, broken)


def _told_apart(claims: dict[str, list[tuple[_Source, Plugin]]], broken: list[Broken]) -> Installed:
    """One of ours keeps its name. Which of two strangers trades is not left to chance, so neither does."""
    plugins: dict[str, Plugin] = {}
    for name, claimants in claims.items():
        (first, plugin), *others = claimants
        refused = claimants
        if first.package == _OURS or not others:
            plugins[name] = plugin
            refused = others
        taken = " and ".join(source.package for source, _ in claimants)
        broken += [Broken(source.name, source.package, f"the name {name!r} is taken twice, by {taken}") for source, _ in refused]
    return Installed(plugins, broken)


def _in_one_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}".removesuffix(": ")
