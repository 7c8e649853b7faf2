"""Reads a plan: its text with places, checked key by key; all that is wrong is told at once."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from fairway.launch.plan.model import Plan
from fairway.texts.composed import Composed, compose
from fairway.texts.misfits import problems_of
from fairway.texts.problems import FileError, Problem
from fairway.texts.reading import read_text

_EMPTY: Final = Problem(what="holds no plan", example="one that `fairway launch plans beta` prints")


class PlanError(FileError):
    """All the mistakes of one plan, in the order of its lines."""


@dataclass(frozen=True, slots=True)
class Written:
    """A plan with the text that it was read from, so that everything in it can be told with its line."""

    plan: Plan
    composed: Composed
    file: str
    text: str


def load(file: Path) -> Plan:
    """The plan of a file. Raises PlanError with every mistake in it."""
    return read(file).plan


def read(file: Path) -> Written:
    """The plan of a file, with its places. Raises PlanError."""
    return parse(read_text(file, error=PlanError, missing=_missing()), file=str(file))


def parse(text: str, *, file: str = "plan") -> Written:
    """The plan of a text. Raises PlanError."""
    composed = compose(text, kind="plan", empty=_EMPTY)
    if composed.problems:
        raise PlanError(file, composed.problems)
    try:
        plan = Plan.model_validate(composed.tree)
    except ValidationError as error:
        raise PlanError(file, problems_of(error, composed, Plan)) from None
    return Written(plan, composed, file, text)


def _missing() -> str:
    return "there is no such file; `fairway launch plans` lists the plans that come with Fairway"
