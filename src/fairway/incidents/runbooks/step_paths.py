"""Finds a way through a runbook to one of its steps: which answers and failures lead there, for drills of every step."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from fairway.incidents.runbooks.flow import NextStep, flow_of
from fairway.incidents.runbooks.runbook import Runbook


@dataclass(frozen=True, slots=True)
class StepPath:
    """steps: names in their order, the last one is the step that is meant. choices: by a person's step, the answer.

    failed: machine steps that must fail.
    """

    steps: tuple[str, ...]
    choices: Mapping[str, str] = field(default_factory=dict)
    failed: frozenset[str] = frozenset()


def path_to(runbook: Runbook, name: str) -> StepPath:
    """A way with the fewest failures, and of those the shortest. Raises KeyError for a step that cannot be reached."""
    wanted = runbook.index_of(name)
    waiting = deque([(0, StepPath((runbook.steps[0].step,)))])
    seen = set[int]()
    while waiting:
        index, path = waiting.popleft()
        if index == wanted:
            return path
        if index in seen:
            continue
        seen.add(index)
        for following, is_failure, then in _ways_on(runbook, index, path):
            (waiting.append if is_failure else waiting.appendleft)((following, then))
    raise KeyError(name)


def _ways_on(runbook: Runbook, index: int, path: StepPath) -> list[tuple[int, bool, StepPath]]:
    step = runbook.steps[index]
    targets = [(step.then, "", False)] if step.is_machine else [(to, answer, False) for answer, to in step.choices.items()]
    found = []
    for target, answer, is_failure in [*targets, (step.otherwise, "", True)]:
        flow = flow_of(runbook, index, target)
        if isinstance(flow, NextStep):
            choices = {**path.choices, step.step: answer} if answer else path.choices
            failed = path.failed | {step.step} if is_failure else path.failed
            found.append((flow.index, is_failure, StepPath((*path.steps, runbook.steps[flow.index].step), choices, failed)))
    return found
