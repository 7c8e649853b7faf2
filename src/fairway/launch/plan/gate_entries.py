"""The gates of a plan, each read by its own plug-in; what one cannot read is reported at its place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pydantic import ValidationError

from fairway.launch.gates.port import Gate, GateSettings
from fairway.launch.gates.registry import BrokenGate, UnknownGate, gate, installed
from fairway.launch.plan.model import Placed, Plan
from fairway.texts.located_yaml import Composed, Path, dotted
from fairway.texts.nearest import nearest
from fairway.texts.problems import Problem
from fairway.texts.validation_errors import problems_of


@dataclass(frozen=True, slots=True)
class Gates:
    """known: each gate and its settings, by its place in the file. misfits: what their plug-ins could not read."""

    known: Mapping[Path, tuple[Gate, GateSettings]]
    misfits: list[Problem] = field(default_factory=list)


def gates_of(plan: Plan, composed: Composed) -> Gates:
    """Every gate of a plan."""
    known: dict[Path, tuple[Gate, GateSettings]] = {}
    misfits: list[Problem] = []
    for placed in _all(plan):
        try:
            found = gate(placed.entry.gate)
            known[placed.path] = found, found.settings.model_validate(placed.entry.own)
        except (UnknownGate, BrokenGate) as error:
            path = (*placed.path, "gate")
            line, column = composed.place(path)
            meant = nearest(placed.entry.gate, installed().plugins) or "proportion"
            misfits.append(
                Problem(line=line, column=column, key=dotted(path), what=str(error), example=f"gate: {meant}", path=path)
            )
        except ValidationError as error:
            misfits += problems_of(error, composed, found.settings, placed.path)
    return Gates(known, misfits)


def _all(plan: Plan) -> Iterator[Placed]:
    for index, entry in enumerate(plan.entry):
        if not entry.use:
            yield Placed(entry, ("entry", index))
    for _, stage, path in plan.walk():
        for index, entry in enumerate(stage.gates):
            if not entry.use:
                yield Placed(entry, (*path, "gates", index))
