"""Reads a plan: its text with places, checked key by key; all mistakes are reported at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as File
from typing import Final

from pydantic import ValidationError

from fairway.launch.gates.port import Gate, GateSettings
from fairway.launch.plan.gate_entries import gates_of
from fairway.launch.plan.mending import is_beside, mended
from fairway.launch.plan.model import Plan
from fairway.texts.located_yaml import Composed, Path, compose
from fairway.texts.problems import FileError, Problem
from fairway.texts.reading import read_text

_MISSING: Final = "there is no such file; `fairway launch plans` lists the plans that come with Fairway"
_EMPTY: Final = Problem(what="holds no plan", example="one that `fairway launch plans beta` prints")


@dataclass(frozen=True, slots=True)
class Written:
    """A plan with the text that it was read from, so that everything in it can be told with its line."""

    plan: Plan
    gates: Mapping[Path, tuple[Gate, GateSettings]]
    """Each gate and its settings, by its place in the file."""
    misfits: Sequence[Problem]
    """What the gates' plug-ins could not read: such a plan can be looked at, and not launched."""
    composed: Composed
    file: str
    text: str

    def settled(self, track: str, stage: str) -> list[tuple[Gate, GateSettings]]:
        """The gates of a stage, those that it takes over included, ready to be asked."""
        return [self.gates[placed.path] for placed in self.plan.gates_of(track, stage)]

    def entry(self) -> list[tuple[Gate, GateSettings]]:
        """The gates before the first stage."""
        return [self.gates["entry", index] for index in range(len(self.plan.entry))]


@dataclass(frozen=True, slots=True)
class Rest:
    """What can be said of a plan with mistakes: it is as written but in the places that were replaced, and is never launched."""

    written: Written
    replaced: Sequence[Path]


class PlanError(FileError):
    """All the mistakes of one plan, in the order of its lines. rest: where the other places could be read."""

    def __init__(self, file: str, problems: Sequence[Problem], rest: Rest | None = None) -> None:
        super().__init__(file, problems)
        self.rest = rest


def load(file: File) -> Written:
    """The plan of a file, with its gates. Raises PlanError with every mistake in it."""
    return whole(read(file))


def whole(written: Written) -> Written:
    """A plan of which every gate was understood. Raises PlanError."""
    if written.misfits:
        raise PlanError(written.file, written.misfits)
    return written


def read(file: File) -> Written:
    """The plan of a file; what its gates do not understand is in misfits. Raises PlanError."""
    return parse(read_text(file, error=PlanError, missing=_MISSING), file=str(file))


def parse(text: str, *, file: str = "plan") -> Written:
    """The plan of a text; what its gates do not understand is in misfits. Raises PlanError."""
    composed = compose(text, kind="plan", empty=_EMPTY)
    if composed.problems:
        raise PlanError(file, composed.problems)
    if isinstance(composed.tree, dict) and "venue" in composed.tree and "plan" not in composed.tree:
        what = "is a trader's configuration, and here the plan of a launch belongs"
        raise PlanError(file, [Problem(what=what, example="plan.yaml, from `fairway launch plans first-hundred > plan.yaml`")])
    try:
        plan = Plan.model_validate(composed.tree)
    except ValidationError as error:
        raise _with_rest(error, composed, file, text) from None
    gates = gates_of(plan, composed)
    return Written(plan, gates.known, gates.misfits, composed, file, text)


def _with_rest(error: ValidationError, composed: Composed, file: str, text: str) -> PlanError:
    """What could not be read, and what the gates elsewhere do not understand."""
    problems, plan, replaced = mended(error, composed)
    if plan is None:
        return PlanError(file, problems)
    gates = gates_of(plan, composed)
    misfits = [each for each in gates.misfits if not is_beside(each.path, replaced)]
    return PlanError(file, [*problems, *misfits], Rest(Written(plan, gates.known, misfits, composed, file, text), replaced))
