"""Finds gates by name: Fairway's own, and those of other packages in the entry point group `fairway.gates`."""

from collections.abc import Mapping
from typing import Any, Final

from fairway.launch.gates.port import Gate, GateSettings
from fairway.plugins import BrokenPlugin, Installed, Kind, UnknownPlugin


class UnknownGate(UnknownPlugin):
    """A plan names one that is not installed."""


class BrokenGate(BrokenPlugin):
    """A plan names one that cannot be used."""


KIND: Final = Kind("gate", "fairway.launch.gates.kinds", "GATE", Gate, "fairway.gates", UnknownGate, BrokenGate)


def installed() -> Installed[Gate]:
    """Loads every gate. What fails is named, and harms no other."""
    return KIND.installed()


def gate(name: str) -> Gate:
    """The gate of a name. Raises UnknownGate, which lists the known ones, and BrokenGate."""
    return KIND.named(name)


def example_of(gate: Gate) -> tuple[Mapping[str, Any], GateSettings]:
    """A gate's example as it would stand in a plan, and the settings that it makes."""
    import yaml

    told: dict[str, Any] = yaml.load(gate.example, Loader=yaml.BaseLoader)
    return told, gate.settings.model_validate({key: value for key, value in told.items() if key != "gate"})
