"""Whether every step of a runbook can be reached, and every target exists. Targets lead forward only, so each execution ends."""

from collections.abc import Iterator, Sequence

from fairway.incidents.runbooks.flow import NextStep, flow_of
from fairway.incidents.runbooks.library import WrittenRunbook
from fairway.incidents.runbooks.runbook import END, NEXT, OTHER_RUNBOOK, STOP, Runbook, RunbookStep
from fairway.texts.located_yaml import Path
from fairway.texts.nearest import nearest
from fairway.texts.problems import Problem


def flow_problems(written: WrittenRunbook, known: Sequence[str]) -> Iterator[Problem]:
    """known: names of all runbooks, none where that is not asked."""
    runbook = written.runbook
    names = [each.step for each in runbook.steps]
    for index, step in enumerate(runbook.steps):
        if step.step in names[:index]:
            yield written.problem(("steps", index, "step"), f"{step.step!r} stands twice")
        for path, target in _targets(index, step):
            if why := _target_trouble(runbook, index, target, known):
                yield written.problem(path, f"{target!r} {why}")
    reached = _reached(runbook)
    for index, step in enumerate(runbook.steps):
        if index not in reached:
            yield written.problem(("steps", index), f"the step {step.step} is never reached")


def _targets(index: int, step: RunbookStep) -> Iterator[tuple[Path, str]]:
    for answer, target in step.choices.items():
        yield ("steps", index, "choices", answer), target
    yield ("steps", index, "then"), step.then
    yield ("steps", index, "otherwise"), step.otherwise


def _target_trouble(runbook: Runbook, index: int, target: str, known: Sequence[str]) -> str:
    if target in (NEXT, END, STOP):
        return ""
    if target.startswith(OTHER_RUNBOOK):
        name = target.removeprefix(OTHER_RUNBOOK)
        if name == runbook.runbook:
            return "leads to itself"
        return "is no runbook" if known and name not in known else ""
    names = [each.step for each in runbook.steps]
    if target not in names:
        meant = nearest(target, names)
        return f"is no step{f'; did you mean {meant}?' if meant else ''}, and none of next, end, stop, runbook NAME"
    return "leads back; a target is a later step, so that each execution ends" if names.index(target) <= index else ""


def _reached(runbook: Runbook) -> set[int]:
    """Places of the steps that some answers lead to."""
    found, waiting = set[int](), [0]
    while waiting:
        index = waiting.pop()
        if index in found:
            continue
        found.add(index)
        for target in runbook.steps[index].targets:
            flow = flow_of(runbook, index, target)
            if isinstance(flow, NextStep):
                waiting.append(flow.index)
    return found
