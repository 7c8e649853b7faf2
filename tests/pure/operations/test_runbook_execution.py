"""An execution carries out, verifies, asks, falls back and keeps its transcript; what raises exposure always needs a person."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from fairway.incidents.runbooks.answers import StepAnswer
from fairway.incidents.runbooks.executions import Executions, overdue_runbooks
from fairway.incidents.runbooks.filling import RunbookValues
from fairway.incidents.runbooks.flow import FlowEnd
from fairway.incidents.runbooks.library import parse_runbook
from fairway.incidents.runbooks.runbook_events import RunbookEnded, RunbookEvent, RunbookStarted, sentence_of
from fairway.journal.port import JournalFull
from fairway.operations.operation import Preview
from fairway.operations.runbooks.execution import DO_IT, ExecutionMeans, ExecutionResult, RunbookExecution
from fairway.operations.runbooks.ports import NoPerson
from fairway.operations.runbooks.run import FACTS_OF_OPERATIONS
from fairway.operations.runbooks.time_limit import within
from fairway.world.clock import DAY, SECOND

HEAD = """runbook: mine
about: Something is wrong.
severity: P1
note: An hour.
over: It is right again.
steps:
"""
PAUSE = """  - step: pause
    operation: pause
    request: {reason: "runbook mine, incident {incident}"}
    expect: The account opens nothing.
    verify: [{operation: caps, field: may_open, equals: "false"}]
    timeout: 3s
    otherwise: kill
"""
DECIDE = """  - step: decide
    person: Is it over?
    choices: {it is: end, it is not: next}
    expect: A person has decided.
    timeout: 10m
"""
LIFT = """  - step: lift
    person: Is the cause removed?
    operation: lift
    request: {cap: paused, reason: "it is removed"}
    raises: true
    expect: The account may open positions.
    verify: [{field: is_done, equals: "true"}]
    timeout: 30s
"""
KILL = """  - step: kill
    operation: kill
    request: {reason: "runbook mine"}
    expect: The kill is latched.
    verify: [{field: is_done, equals: "true"}]
    timeout: 30s
"""
DOCTOR = """  - step: doctor
    run: fairway doctor {config} --json
    expect: No check fails.
    verify: [{field: "findings[*].verdict", not_equal: FAIL}]
    timeout: 30s
    otherwise: next
"""


@dataclass
class Machine:
    """Gives the answers of a script, the last one again and again."""

    answers: dict[str, list[Any]] = field(default_factory=dict)
    did: list[str] = field(default_factory=list)

    def perform(self, operation: str, request: Mapping[str, str], within_s: float) -> StepAnswer:
        self.did.append(operation)
        planned = self.answers.get(operation, [{"is_done": True}])
        found = planned.pop(0) if len(planned) > 1 else planned[0]
        return StepAnswer(trouble=found) if isinstance(found, str) else StepAnswer(document=found)

    def preview(self, operation: str, request: Mapping[str, str]) -> Preview:
        return Preview(effect="it would")

    def command(self, words: Sequence[str], within_s: float) -> StepAnswer | None:
        return None


@dataclass
class Person:
    """Gives answers in their order; without one left no person is here."""

    answers: Iterable[str] = ()
    confirmed: bool = False
    asked: int = 0

    def choose(self, question: str, choices: Sequence[str], within_s: float) -> str:
        given = list(self.answers)
        if self.asked >= len(given):
            raise NoPerson
        self.asked += 1
        return given[self.asked - 1]

    def confirms(self, question: str, word: str, within_s: float) -> bool:
        return self.confirmed


@dataclass
class Clock:
    at: int = 1_800_000_000 * SECOND

    def now(self) -> int:
        return self.at

    def monotonic(self) -> int:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += int(seconds * SECOND)


@dataclass
class Kept:
    events: list[RunbookEvent] = field(default_factory=list)
    is_full: bool = False

    def write(self, event: RunbookEvent) -> None:
        if self.is_full:
            raise JournalFull("no space left")
        self.events.append(event)


def executed(
    steps: str, machine: Machine, person: Person | None = None, kept: Kept | None = None, *, asks: bool = False
) -> tuple[ExecutionResult, list[str]]:
    clock, told = Clock(), list[str]()
    means = ExecutionMeans(
        machine=machine,
        person=person or Person(),
        transcript=kept or Kept(),
        facts=FACTS_OF_OPERATIONS,
        clock=clock,
        tell=told.append,
        asks_before_changes=asks,
        sleep=clock.sleep,
    )
    values = RunbookValues(config="fairway.yaml", incident="7")
    return RunbookExecution(parse_runbook(HEAD + steps, file="mine.yaml"), values, means).run(), told


def test_a_step_is_done_when_its_effect_is_seen() -> None:
    machine, kept = Machine({"caps": [{"may_open": True}, {"may_open": False}]}), Kept()
    result, _ = executed(PAUSE.replace("kill", "stop"), machine, kept=kept)
    assert result.end is FlowEnd.COMPLETE
    assert machine.did == ["pause", "caps", "caps"]
    assert [type(each).__name__ for each in kept.events] == ["RunbookStarted", "StepDone", "RunbookEnded"]
    assert {each.incident for each in kept.events} == {"7"}
    assert sentence_of(kept.events[1]) == (
        "runbook mine, step pause: pause (reason=runbook mine, incident 7); verified: may_open is false"
    )


def test_a_verification_that_stays_false_leads_to_the_other_step() -> None:
    machine = Machine({"caps": [{"may_open": True}]})
    result, _ = executed(PAUSE + KILL, machine)
    assert [(each.step, each.is_done) for each in result.steps] == [("pause", False), ("kill", True)]
    assert result.steps[0].why == "may_open is true, and should be false"
    assert machine.did[-1] == "kill"


def test_a_failure_leads_to_the_other_step_without_a_look() -> None:
    machine = Machine({"pause": ["the journal is gone"]})
    result, _ = executed(PAUSE + KILL, machine)
    assert machine.did == ["pause", "kill"]
    assert result.end is FlowEnd.COMPLETE


def test_without_a_person_it_stops_there_and_says_what_is_left() -> None:
    machine, kept = Machine(), Kept()
    result, _ = executed(DECIDE + LIFT, machine, kept=kept)
    assert result.end is FlowEnd.LEFT
    assert result.left == ("decide: Is it over?", "lift: lift (cap=paused, reason=it is removed)")
    assert machine.did == []
    assert isinstance(kept.events[-1], RunbookEnded)


def test_a_person_decides_what_follows() -> None:
    assert executed(DECIDE + LIFT, Machine(), Person(["it is"]))[0].end is FlowEnd.COMPLETE
    result, _ = executed(DECIDE + LIFT, Machine(), Person(["it is not"], confirmed=True))
    assert [each.step for each in result.steps] == ["decide", "lift"]


def test_a_person_who_does_not_answer_in_time_is_a_failure() -> None:
    result, _ = executed(
        DECIDE.replace("timeout: 10m", "timeout: 10m\n    otherwise: kill") + LIFT + KILL, Machine(), Person([""])
    )
    assert [each.step for each in result.steps] == ["decide", "kill"]
    assert result.steps[0].why == "no person answered within 10m"


def test_what_raises_exposure_is_not_done_without_a_fresh_confirmation() -> None:
    machine = Machine()
    result, _ = executed(LIFT, machine, Person(confirmed=False))
    assert machine.did == []
    assert (result.end, result.steps[0].why) == (FlowEnd.STOPPED, "no person confirmed it")
    assert executed(LIFT.replace("    raises: true\n", ""), machine, Person(confirmed=False))[0].end is FlowEnd.STOPPED
    assert machine.did == []


def test_a_full_disk_stops_what_raises_and_not_what_lowers() -> None:
    machine = Machine()
    result, told = executed(KILL + LIFT, machine, Person(confirmed=True), Kept(is_full=True))
    assert machine.did == ["kill"]
    assert "the transcript cannot be written" in result.steps[1].why
    assert sum("the transcript cannot be written: no space left" in each for each in told) == 1


def test_a_step_that_lowers_is_asked_for_where_the_shell_wants_that() -> None:
    machine = Machine()
    assert executed(KILL, machine, Person(["not now"]), asks=True)[0].end is FlowEnd.STOPPED
    assert machine.did == []
    assert executed(KILL, machine, Person([DO_IT]), asks=True)[0].end is FlowEnd.COMPLETE


def test_a_command_that_reads_is_left_to_the_machine_and_the_rest_goes_on() -> None:
    machine = Machine()
    result, _ = executed(DOCTOR + KILL, machine)
    assert result.left == ("doctor: run it at the machine: fairway doctor fairway.yaml --json",)
    assert machine.did == ["kill"]


def test_a_command_of_unknown_effect_is_never_run() -> None:
    steps = DOCTOR.replace("fairway doctor {config} --json", "fairway nonsense").replace("otherwise: next", "otherwise: stop")
    result, _ = executed(steps, Machine())
    assert result.steps[0].why == "it does what is not known, so a machine does not carry it out"


def test_another_runbook_follows() -> None:
    result, _ = executed(KILL + "    then: runbook database\n", Machine())
    assert (result.end, result.next_runbook) == (FlowEnd.HANDED_OVER, "database")


def test_work_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(TimeoutError):
        within(lambda: time.sleep(0.5), 0.02)
    assert within(lambda: 3, 5) == 3
    with pytest.raises(KeyError):
        within(lambda: {"y": 1}["x"], 5)


def test_a_runbook_that_was_not_followed_for_30_days_is_overdue() -> None:
    executions, now = Executions(), 100 * DAY
    for name, at, end in (
        ("old", 69 * DAY, FlowEnd.COMPLETE),
        ("new", 71 * DAY, FlowEnd.HANDED_OVER),
        ("broken", 99 * DAY, FlowEnd.STOPPED),
    ):
        executions.take(RunbookStarted(runbook=name, execution=at, digest=""), "ann", at)
        executions.take(RunbookEnded(runbook=name, execution=at, end=end), "ann", at)
    assert overdue_runbooks(executions.followed_at, now, ["old", "new", "broken", "never"]) == ["broken", "never", "old"]
    assert executions.last["broken"].end is FlowEnd.STOPPED
