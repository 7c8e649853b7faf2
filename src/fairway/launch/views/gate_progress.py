"""How much of what a gate needs is there already: for a bar that fills with evidence."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from fairway.launch.gates.verdict import Result, Verdict
from fairway.launch.plan.compiled_plan import CompiledGate

_PART: Final = re.compile(r"(\d+)/(\d+)")
_COUNTS: Final = ("n", "slices", "blocks")
"""Numbers of a verdict that count observations."""


class GateProgress(NamedTuple):
    """gathered of needed; needed may grow while evidence comes in, for what is proven depends on what it says."""

    gathered: int
    needed: int

    @property
    def share(self) -> float:
        """Of one."""
        return min(1.0, self.gathered / self.needed) if self.needed else 1.0


def gate_progress(gate: CompiledGate, said: Verdict) -> GateProgress | None:
    """None where it is not known how much is missing. A verdict that is known has all that it needs."""
    items = getattr(gate.settings, "items", ())
    gathered = max(0, len(items) - (said.missing or 0)) if items else _gathered(said.numbers)
    if not said.result.is_unknown:
        return GateProgress(max(gathered, 1), max(gathered, 1))
    if said.missing is None or said.result is not Result.INSUFFICIENT:
        return None
    return GateProgress(gathered, gathered + said.missing)


def _gathered(numbers: Mapping[str, str]) -> int:
    for name in _COUNTS:
        if numbers.get(name, "").isdigit():
            return int(numbers[name])
    return sum(int(found[1]) for found in map(_PART.fullmatch, numbers.values()) if found)
