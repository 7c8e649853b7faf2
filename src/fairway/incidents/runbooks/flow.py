"""What follows a step of a runbook: another step, or an end. Pure; the execution asks it, and the linter."""

from dataclasses import dataclass
from enum import StrEnum

from fairway.incidents.runbooks.runbook import END, NEXT, OTHER_RUNBOOK, STOP, Runbook


class FlowEnd(StrEnum):
    """How an execution ended."""

    COMPLETE = "complete"
    STOPPED = "stopped"
    """A step failed and no other follows, or a person stopped it."""
    HANDED_OVER = "handed over"
    """Another runbook follows."""
    LEFT = "left"
    """A step needs a person, and none is here."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """A step follows: its place."""

    index: int


@dataclass(frozen=True, slots=True)
class FlowEnded:
    """No step follows. runbook: the one that follows, "" for none."""

    end: FlowEnd
    runbook: str = ""


def flow_of(runbook: Runbook, index: int, target: str) -> NextStep | FlowEnded:
    """What a target of the step at a place leads to. A target that does not exist, or leads back, stops the execution."""
    if target == NEXT:
        return NextStep(index + 1) if index + 1 < len(runbook.steps) else FlowEnded(FlowEnd.COMPLETE)
    if target == END:
        return FlowEnded(FlowEnd.COMPLETE)
    if target.startswith(OTHER_RUNBOOK):
        return FlowEnded(FlowEnd.HANDED_OVER, target.removeprefix(OTHER_RUNBOOK))
    later = [place for place, each in enumerate(runbook.steps) if each.step == target and place > index]
    return NextStep(later[0]) if later and target != STOP else FlowEnded(FlowEnd.STOPPED)
