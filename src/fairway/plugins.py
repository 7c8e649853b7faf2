"""Finds plug-ins, the one way to extend Fairway: each is a file with one line, in Fairway or in another package.

Fairway's plug-ins of a kind are modules of one package; other packages name theirs by an entry point of one group. A plug-in that
cannot be loaded is reported by name, and the others work.
"""

import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from importlib.metadata import Distribution, distributions
from pkgutil import iter_modules
from typing import Any, Final, Generic, Protocol, TypeVar

_OURS: Final = "Fairway"


class Named(Protocol):
    """What every plug-in has: a name."""

    @property
    def name(self) -> str: ...


P = TypeVar("P", bound=Named)


@dataclass(frozen=True, slots=True)
class UnusablePlugin:
    """A plug-in that is installed and cannot be used."""

    name: str
    """Of its entry point or module."""
    package: str
    why: str
    """In one line."""
    kind: str

    def __str__(self) -> str:
        return f"the {self.kind} {self.name!r} of {self.package} cannot be used: {self.why}"


@dataclass(frozen=True, slots=True)
class Installed(Generic[P]):
    """The plug-ins of a kind that can be used, by name, and those that cannot."""

    plugins: dict[str, P]
    broken: list[UnusablePlugin]


class UnknownPlugin(ValueError):
    def __init__(self, kind: str, name: str, installed: Installed[Any]) -> None:
        others = "".join(f"; {each}" for each in installed.broken)
        super().__init__(f"there is no {kind} {name!r}; there are: {', '.join(sorted(installed.plugins))}{others}")


class BrokenPlugin(ValueError):
    def __init__(self, broken: UnusablePlugin) -> None:
        super().__init__(f"{broken}; repair it, or name another {broken.kind}")


@dataclass(frozen=True, slots=True)
class Kind(Generic[P]):
    """A kind of plug-in, and where its plug-ins are found."""

    name: str
    """Such as `strategy`."""
    package: str
    """Of Fairway; each of its modules may hold one plug-in."""
    line: str
    """The name in a module that holds the plug-in."""
    is_a: type[P]
    """The type of a plug-in."""
    group: str
    """The group of the entry points of other packages."""
    unknown: type[UnknownPlugin] = UnknownPlugin
    unusable: type[BrokenPlugin] = BrokenPlugin

    def installed(self) -> Installed[P]:
        """Loads all plug-ins, Fairway's and those of other packages; those that fail are listed as broken."""
        return self._loaded([*self._ours(), *self._theirs()])

    def named(self, name: str) -> P:
        """The plug-in of a name. For one of Fairway no other package's code runs; for one of a package, only that package's.

        Raises UnknownPlugin, which lists the known names, and BrokenPlugin.
        """
        found = self._loaded(self._ours())
        if name not in found.plugins:
            found = self._loaded([source for source in self._theirs() if source.name == name])
        if name not in found.plugins and not found.broken:  # an entry point may be called otherwise than what it holds
            found = self.installed()
        if name in found.plugins:
            return found.plugins[name]
        for each in found.broken:
            if each.name == name:
                raise self.unusable(each)
        raise self.unknown(self.name, name, found)

    def _ours(self) -> list["_Source"]:
        here = importlib.import_module(self.package)
        files = iter_modules(here.__path__, f"{self.package}.")
        return [_Source(file.name.rpartition(".")[2], _OURS, partial(_of_file, file.name, self.line)) for file in files]

    def _theirs(self) -> list["_Source"]:
        """By entry points. Of a package that is installed twice the first on Python's path counts, as it does for imports."""
        found: dict[str, list[_Source]] = {}
        for package in distributions():
            try:
                entries = package.entry_points.select(group=self.group)
            except Exception as error:  # its list of entry points is damaged, so what it has is not known
                found.setdefault(package.name, [_Source("?", _title(package), partial(_fail, error))])
            else:
                if entries:
                    found.setdefault(package.name, [_Source(entry.name, _title(package), entry.load) for entry in entries])
        return [source for sources in found.values() for source in sources]

    def _loaded(self, sources: Iterable["_Source"]) -> Installed[P]:
        broken: list[UnusablePlugin] = []
        claims: dict[str, list[tuple[_Source, P]]] = {}
        for source in sources:
            try:
                plugin = source.load()
            except (Exception, SystemExit) as error:  # importing a package may raise anything
                broken.append(UnusablePlugin(source.name, source.package, _in_one_line(error), self.name))
                continue
            if isinstance(plugin, self.is_a):
                claims.setdefault(plugin.name, []).append((source, plugin))
            elif plugin is not None:
                why = f"it is no {self.is_a.__name__}, but of type {type(plugin).__name__}"
                broken.append(UnusablePlugin(source.name, source.package, why, self.name))
        return self._told_apart(claims, broken)

    def _told_apart(self, claims: dict[str, list[tuple["_Source", P]]], broken: list[UnusablePlugin]) -> Installed[P]:
        """A name of Fairway stays Fairway's. Where two other packages claim one name, neither is used."""
        plugins: dict[str, P] = {}
        for name, claimants in claims.items():
            (first, plugin), *others = claimants
            refused = claimants
            if first.package == _OURS or not others:
                plugins[name] = plugin
                refused = others
            why = f"the name {name!r} is taken twice, by {' and '.join(source.package for source, _ in claimants)}"
            broken += [UnusablePlugin(source.name, source.package, why, self.name) for source, _ in refused]
        return Installed(plugins, broken)


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a plug-in may be. load returns it, returns None where there is none, or fails in any way."""

    name: str
    package: str
    load: Callable[[], object]


def _of_file(module: str, line: str) -> object:
    return getattr(importlib.import_module(module), line, None)


def _title(package: Distribution) -> str:
    return f"{package.name} {package.version}"


def _fail(error: Exception) -> None:
    raise error


def _in_one_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}".removesuffix(": ")
