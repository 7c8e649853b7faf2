"""Finds the kinds of mischief there are: each file of this folder with a `KIND` is one."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec

from fairway.exchange.faults.port import Fault, Scope
from fairway.world.chance import Chance


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of mischief: its name, what may be chosen, and what makes it."""

    name: str
    options: type[msgspec.Struct]
    make: Callable[[Scope, Any, Chance], Fault]


@cache
def kinds() -> Mapping[str, Kind]:
    """All kinds by name, in alphabetical order."""
    import fairway.exchange.faults as folder

    modules = (importlib.import_module(f"{folder.__name__}.{it.name}") for it in pkgutil.iter_modules(folder.__path__))
    found = (getattr(module, "KIND", None) for module in modules)
    return {kind.name: kind for kind in found if isinstance(kind, Kind)}


def make(name: str, scope: Scope, options: Mapping[str, object], chance: Chance) -> Fault:
    """A mischief of this kind. ValueError, with what is right, where the name or an option is unknown."""
    kind = kinds().get(name)
    if kind is None:
        raise ValueError(f"no mischief is called {name!r}; there are: {', '.join(kinds())}")
    try:
        chosen = msgspec.convert(options, kind.options)
    except msgspec.ValidationError as error:
        fields = ", ".join(f"{field.name}={field.default!r}" for field in msgspec.structs.fields(kind.options))
        raise ValueError(f"options of {name!r}: {error}; they are: {fields}") from None
    return kind.make(scope, chosen, chance)
