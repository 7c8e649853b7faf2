"""Executes a runbook: carries each step out, verifies its effect, asks a person where it needs one, and keeps a transcript.

A transcript that cannot be written stops nothing that reads or lowers exposure; what raises exposure is then not done.
"""

import shlex
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from fairway.incidents.runbooks.answers import RunbookCheckResult, StepAnswer
from fairway.incidents.runbooks.facts import RunbookFacts, StepEffect
from fairway.incidents.runbooks.filling import RunbookValues, command_words, filled_request, filled_text
from fairway.incidents.runbooks.flow import FlowEnd, FlowEnded, NextStep, flow_of
from fairway.incidents.runbooks.library import WrittenRunbook
from fairway.incidents.runbooks.lint import effect_of
from fairway.incidents.runbooks.runbook import RunbookStep
from fairway.incidents.runbooks.runbook_events import (
    RunbookEnded,
    RunbookEvent,
    RunbookStarted,
    StepDone,
    StepFailed,
    shortened,
)
from fairway.journal.port import JournalError
from fairway.operations.runbooks.ports import NoPerson, PersonAsked, StepMachine, Transcript
from fairway.operations.runbooks.verification import NotLookedAt, Verifier
from fairway.texts.durations import as_setting
from fairway.world.clock import SECOND, Clock

LOOK_AGAIN_S: Final = 1.0
"""Between two looks whether a step had its effect."""
ASK_VENUE_AGAIN_S: Final = 10.0
"""The same where the venue is asked: its limit of requests is needed by the trader."""
SHOWN_MAX: Final = 60
"""Lines of an answer; the command itself shows all."""
DO_IT, NOT_NOW = "do it", "not now"


@dataclass(frozen=True, slots=True)
class StepReport:
    """What became of a step. why: why it failed, "" where it did not."""

    step: str
    did: str
    is_done: bool
    why: str = ""
    verified: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionResult:
    """How an execution ended. left: steps that were not carried out, as sentences."""

    end: FlowEnd
    next_runbook: str = ""
    steps: tuple[StepReport, ...] = ()
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionMeans:
    """What an execution works with.

    asks_before_changes: whether a person says yes to each step that changes something, also where it lowers exposure.
    """

    machine: StepMachine
    person: PersonAsked
    transcript: Transcript
    facts: RunbookFacts
    clock: Clock
    tell: Callable[[str], None]
    asks_before_changes: bool = False
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class _Done:
    """What a step came to. target: what follows it."""

    report: StepReport
    target: str
    answer: tuple[str, ...] = ()


@dataclass(slots=True)
class RunbookExecution:
    """One execution. Make it for each."""

    written: WrittenRunbook
    values: RunbookValues
    means: ExecutionMeans
    _began_at: int = 0
    _is_unwritten: bool = False
    _reports: list[StepReport] = field(default_factory=list)
    _left: list[str] = field(default_factory=list)

    def run(self) -> ExecutionResult:
        """Follows the runbook from its first step to an end."""
        self._began_at = self.means.clock.now()
        runbook = self.written.runbook
        self._write(RunbookStarted(**self._names(), digest=self.written.digest, account=self.values.account))
        flow: NextStep | FlowEnded = NextStep(0)
        while isinstance(flow, NextStep):
            try:
                target = self._carried_out(flow.index)
            except NoPerson:
                self._left += self._left_from(flow.index)
                flow = FlowEnded(FlowEnd.LEFT)
                break
            flow = flow_of(runbook, flow.index, target)
        self._write(RunbookEnded(**self._names(), end=flow.end, next_runbook=flow.runbook, left=shortened(tuple(self._left))))
        return ExecutionResult(end=flow.end, next_runbook=flow.runbook, steps=tuple(self._reports), left=tuple(self._left))

    def _carried_out(self, index: int) -> str:
        """The target that follows a step. Raises NoPerson."""
        step = self.written.runbook.steps[index]
        self.means.tell(f"[{index + 1}/{len(self.written.runbook.steps)}] {step.step}: {did_of(step, self.values)}")
        began = self.means.clock.now()
        done = self._of_machine(step) if step.is_machine else self._of_person(step)
        took = self.means.clock.now() - began
        self._reports.append(done.report)
        self._tell_of(done, step)
        answer = shortened(done.answer)
        report = done.report
        if report.is_done:
            verified = shortened(report.verified)
            names = self._names()
            self._write(StepDone(**names, step=step.step, did=report.did, answer=answer, verified=verified, took_ns=took))
        else:
            self._write(
                StepFailed(
                    **self._names(),
                    step=step.step,
                    did=report.did,
                    why=report.why,
                    otherwise=step.otherwise,
                    answer=answer,
                    took_ns=took,
                )
            )
        return done.target

    # -- a person's step -----------------------------------------------------------------------------------------

    def _of_person(self, step: RunbookStep) -> _Done:
        question = filled_text(step.person, self.values)
        said = self.means.person.choose(question, tuple(step.choices), step.timeout / SECOND)
        if said not in step.choices:
            return self._failed(step, question, f"no person answered within {as_setting(step.timeout)}")
        return _Done(StepReport(step.step, question, True, verified=(f"a person answered: {said}",)), step.choices[said])

    # -- a machine's step ----------------------------------------------------------------------------------------

    def _of_machine(self, step: RunbookStep) -> _Done:
        did, within_s = did_of(step, self.values), step.timeout / SECOND
        if why := self._refused(step, did, within_s):
            return self._failed(step, did, why)
        answer = self._answer(step, within_s)
        if answer is None:
            return self._at_the_machine(step, did)
        for line in answer.lines[:SHOWN_MAX]:
            self.means.tell(f"      {line}")
        if answer.trouble:
            return self._failed(step, did, answer.trouble, answer.lines)
        try:
            results = self._verified(step, answer, within_s)
        except NotLookedAt as command:
            self._left.append(f"{step.step}: verify it at the machine: {command}")
            return replace(self._failed(step, did, f"it could not be verified here: {command}", answer.lines), target="stop")
        if wrong := [result.what for result in results if not result.holds]:
            return self._failed(step, did, "; ".join(wrong), answer.lines)
        verified = tuple(result.what for result in results)
        return _Done(StepReport(step.step, did, True, verified=verified), step.then, answer.lines)

    def _refused(self, step: RunbookStep, did: str, within_s: float) -> str:
        """Why the step is not carried out, "" where it is. Raises NoPerson."""
        effect = effect_of(step, self.means.facts)
        if effect in (StepEffect.UNKNOWN, StepEffect.STAYS):
            return f"it {effect.value}, so a machine does not carry it out"
        if step.raises or effect is StepEffect.RAISES:
            if self._is_unwritten:
                return "the transcript cannot be written, and nothing that raises exposure is done without one"
            return self._unconfirmed(step, did, within_s)
        if step.person or effect is StepEffect.CHANGES:
            return self._unconfirmed(step, did, within_s)
        if effect is not StepEffect.READS and self.means.asks_before_changes:
            said = self.means.person.choose(f"{did}: {step.expect}", (DO_IT, NOT_NOW), within_s)
            return "" if said == DO_IT else "the person did not want it"
        return ""

    def _unconfirmed(self, step: RunbookStep, did: str, within_s: float) -> str:
        question = f"{filled_text(step.person, self.values)} This does: {did}"
        is_confirmed = self.means.person.confirms(question, step.step, within_s)
        return "" if is_confirmed else "no person confirmed it"

    def _answer(self, step: RunbookStep, within_s: float) -> StepAnswer | None:
        machine = self.means.machine
        if step.operation:
            return machine.perform(step.operation, filled_request(step.request, self.values), within_s)
        return machine.command(command_words(step.run, self.values), within_s)

    def _at_the_machine(self, step: RunbookStep, did: str) -> _Done:
        """A command where none can be run: one that only reads is left out, any other one stops the execution."""
        self._left.append(f"{step.step}: run it at the machine: {did}")
        report = StepReport(step.step, did, False, "no command line is run here; run it at the machine")
        is_reading = effect_of(step, self.means.facts) is StepEffect.READS
        return _Done(report, step.then if is_reading else "stop")

    def _verified(self, step: RunbookStep, answer: StepAnswer, within_s: float) -> list[RunbookCheckResult]:
        """The last look. What is asked elsewhere is asked again until it holds or the time is over."""
        verifier = Verifier(self.values, self.means.machine, self.means.person)
        may_change = any(check.operation or check.run or check.venue is not None for check in step.verify)
        pause_s = ASK_VENUE_AGAIN_S if any(check.venue is not None for check in step.verify) else LOOK_AGAIN_S
        until = self.means.clock.now() + step.timeout
        while True:
            results = verifier.looked(step.verify, answer, within_s)
            is_over = self.means.clock.now() + int(pause_s * SECOND) >= until
            if all(result.holds for result in results) or is_over or not may_change:
                return results
            self.means.sleep(pause_s)

    # -- what is kept and shown ----------------------------------------------------------------------------------

    def _failed(self, step: RunbookStep, did: str, why: str, answer: tuple[str, ...] = ()) -> _Done:
        return _Done(StepReport(step.step, did, False, why), step.otherwise, answer)

    def _tell_of(self, done: _Done, step: RunbookStep) -> None:
        report = done.report
        for line in report.verified:
            self.means.tell(f"      verified: {line}")
        if not report.is_done:
            self.means.tell(f"      NOT DONE: {report.why}")
            self.means.tell(f"      then: {done.target}")

    def _left_from(self, index: int) -> list[str]:
        steps: Sequence[RunbookStep] = self.written.runbook.steps[index:]
        return [f"{step.step}: {did_of(step, self.values)}" for step in steps]

    def _names(self) -> dict[str, Any]:
        return {"runbook": self.written.runbook.runbook, "execution": self._began_at, "incident": self.values.incident}

    def _write(self, event: RunbookEvent) -> None:
        try:
            self.means.transcript.write(event)
        except JournalError as error:
            if not self._is_unwritten:
                self.means.tell(f"      the transcript cannot be written: {error}")
            self._is_unwritten = True


def did_of(step: RunbookStep, values: RunbookValues) -> str:
    """What a step does, in one line: its command, its operation with the request, or its question."""
    if step.run:
        return shlex.join(command_words(step.run, values))
    if step.operation:
        given = [f"{name}={value}" for name, value in filled_request(step.request, values).items() if value]
        return f"{step.operation} ({', '.join(given)})" if given else step.operation
    return filled_text(step.person, values)
