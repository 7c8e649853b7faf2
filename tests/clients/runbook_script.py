"""What answers for the person and for the machine while a runbook is followed: it plants the failures that a path needs."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from fairway.cli.command_machine import CommandMachine
from fairway.incidents.runbooks.answers import StepAnswer
from fairway.incidents.runbooks.executions import FOLLOWED
from fairway.incidents.runbooks.flow import FlowEnded, NextStep, flow_of
from fairway.incidents.runbooks.runbook import Runbook
from fairway.incidents.runbooks.step_paths import StepPath
from fairway.operations.runbooks.ports import NoPerson

AT_THE_VENUE: Final = frozenset({"launch demote", "stop", "resume"})
"""Operations after which the venue must be asked again; its limit of requests is the trader's too."""
ASKS_VENUE: Final = ("reconcile", "fairway doctor")
KEPT_AT_MOST_S: Final = 120.0
"""So long the answers of these are kept at most, and not once something was changed at the venue: a step in three asks for one,
and each takes seconds, and requests of which the venue gives so many a minute."""
PLANTED_FAULT: Final = StepAnswer(is_done=False, exit=1, trouble="planted: it fails")


@dataclass
class Scripted:
    """The person: gives the answers of a path, confirms what is on it, and goes on to an end that persons alone lead to."""

    path: StepPath
    runbook: Runbook
    step: str = ""
    """The one that now begins."""

    def choose(self, question: str, choices: Sequence[str], within_s: float) -> str:
        at = self.runbook.index_of(self.step)
        if tuple(self.runbook.steps[at].choices) != tuple(choices):
            raise NoPerson
        answer = self.path.choices.get(self.step) or answer_to_end(self.runbook, at)
        if answer is None:
            raise NoPerson
        return answer

    def confirms(self, question: str, word: str, within_s: float) -> bool:
        if word not in self.path.steps:
            raise NoPerson
        return True


def answer_to_end(runbook: Runbook, index: int) -> str | None:
    """The answer to a person's step from which the runbook ends as it is written; None where machines follow on every way."""
    ways = [(answer, flow_of(runbook, index, target)) for answer, target in runbook.steps[index].choices.items()]
    ends = [answer for answer, flow in ways if isinstance(flow, FlowEnded) and flow.end in FOLLOWED]
    ends += [answer for answer, flow in ways if isinstance(flow, NextStep) and answer_to_end(runbook, flow.index) is not None]
    return ends[0] if ends else None


@dataclass(frozen=True, slots=True)
class DrillMachine(CommandMachine):
    """Carries everything out, but for what a path needs to fail. Only what asks the venue is kept, and that not for long."""

    kept: dict[str, tuple[float, StepAnswer]] = field(default_factory=dict)
    """With the instant until which it is kept (s)."""
    kills: list[str] = field(default_factory=list)
    faults: set[str] = field(default_factory=set)
    """The step that now begins, where its path needs it to fail; its verification would ask truly."""

    def perform(self, operation: str, request: Mapping[str, str], within_s: float) -> StepAnswer:
        if self._fails():
            return PLANTED_FAULT
        if operation in AT_THE_VENUE or (operation == "kill" and (not self.kills or "flatten" in request)):
            self.kept.clear()  # a later kill finds nothing to cancel
        if operation == "kill":
            self.kills.append(str(request))
        key = f"{operation} {sorted(request.items())}"
        return self._asked(key, lambda: CommandMachine.perform(self, operation, request, within_s))

    def command(self, words: Sequence[str], within_s: float) -> StepAnswer:
        if self._fails():
            return PLANTED_FAULT
        return self._asked(" ".join(words), lambda: CommandMachine.command(self, words, within_s))

    def _fails(self) -> bool:
        """The first thing that the step does fails."""
        is_planted = bool(self.faults)
        self.faults.clear()
        return is_planted

    def _asked(self, key: str, ask: Callable[[], StepAnswer]) -> StepAnswer:
        now = time.monotonic()
        until, known = self.kept.get(key, (0.0, None))
        if known is not None and now < until:
            return known
        answer = ask()
        if key.startswith(ASKS_VENUE):
            self.kept[key] = now + KEPT_AT_MOST_S, answer
        return answer
