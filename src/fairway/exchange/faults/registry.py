"""Finds the faults that the practice exchange can make: one file each, in this folder or in another package.

A file holds a fault's options, its class and one line, `FAULT = FaultPlugin(...)`. Another package names its fault by an entry
point of the group `fairway.faults`.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from fairway.exchange.faults.fuzz_rule import FuzzRule
from fairway.exchange.faults.port import Fault, FaultScope
from fairway.plugins import Kind
from fairway.world.chance import Chance


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultPlugin:
    """One kind of fault."""

    name: str
    options: type[msgspec.Struct]
    """What may be chosen; each field has a default."""
    make: Callable[[FaultScope, Any, Chance], Fault]
    """Makes a fault from a scope, its options, and the chance that it may use."""
    trader: str
    """What Fairway's trader does about it, in one sentence, for docs/reference/faults.md."""
    scene: str = ""
    """The test that shows it: tests/scenes/test_<scene>.py; "" for a fault of another package."""
    fuzz: FuzzRule = FuzzRule()

    @property
    def summary(self) -> str:
        """What happens, in one sentence: the first of the fault's file."""
        first, _, _ = (sys.modules[self.options.__module__].__doc__ or "").partition("\n")
        _, _, summary = first.partition(": ")
        return summary[:1].upper() + summary[1:]


KIND: Final = Kind("fault", "fairway.exchange.faults", "FAULT", FaultPlugin, "fairway.faults")


def faults() -> Mapping[str, FaultPlugin]:
    """All faults by name, in alphabetical order; one that cannot be loaded is left out."""
    return dict(sorted(KIND.installed().plugins.items()))


def make(name: str, scope: FaultScope, options: Mapping[str, object], chance: Chance) -> Fault:
    """A fault of this name. Raises ValueError, which names what is right, where the name or an option is unknown."""
    plugin = KIND.named(name)
    try:
        chosen = msgspec.convert(options, plugin.options)
    except msgspec.ValidationError as error:
        fields = ", ".join(f"{field.name}={field.default!r}" for field in msgspec.structs.fields(plugin.options))
        raise ValueError(f"options of {name!r}: {error}; they are: {fields}") from None
    return plugin.make(scope, chosen, chance)
