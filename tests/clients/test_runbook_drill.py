"""Every machine step of every runbook is carried out and verified on a practice system; a script answers for the person."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import chdir
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.request import urlopen

import pytest
from tests.clients.systems import System, running
from tests.pure.cli.programs import PATIENCE_S

from fairway.cli.command_machine import CommandMachine
from fairway.cli.runbook import facts
from fairway.incidents.runbooks.answers import StepAnswer, values_at
from fairway.incidents.runbooks.executions import overdue_runbooks
from fairway.incidents.runbooks.facts import StepEffect
from fairway.incidents.runbooks.filling import RunbookValues
from fairway.incidents.runbooks.flow import FlowEnd
from fairway.incidents.runbooks.library import WrittenRunbook, parse_runbook, shipped_runbooks
from fairway.incidents.runbooks.lint import effect_of
from fairway.incidents.runbooks.runbook import Runbook, RunbookStep
from fairway.incidents.runbooks.step_paths import StepPath, path_to
from fairway.operations.actor import owner_of_machine
from fairway.operations.runbooks.execution import ExecutionMeans, ExecutionResult, RunbookExecution
from fairway.operations.runbooks.listing import executions_of
from fairway.operations.runbooks.ports import NoPerson
from fairway.operations.runbooks.transcript import JournaledTranscript
from fairway.settings import load
from fairway.world.clock import SystemClock

UNMEASURED: Final = {
    "http_ok": "no page over HTTP is measured by the trader",
    "consumer_lag": "the practice system has no external queue",
    "llm_cost": "it uses no models",
    "feedback": "it has no users who answer",
}
"""Indicators that a practice system does not have; a step that asks for one fails there, and the next one follows."""
NOT_THERE: Final = {("venue-unreachable", "switch"): "the practice exchange has one address"}
"""Steps that must fail on a practice system, each with the reason."""
KILLED: Final = frozenset({"kill-in-force", "drawdown", "position-loss"})
"""Runbooks whose alerts mean that a kill is in force, so that they are followed after one."""
AT_THE_VENUE: Final = frozenset({"launch demote", "stop", "resume"})
"""Operations after which the venue must be asked again; its limit of requests is the trader's too."""
ASKS_VENUE: Final = ("reconcile", "fairway doctor")


@dataclass
class Scripted:
    """The person: gives the answers of a path, confirms what is on it, and is gone after it."""

    path: StepPath
    steps: Mapping[str, RunbookStep]
    asked: list[str] = field(default_factory=list)
    takes_the_first: bool = False

    def choose(self, question: str, choices: Sequence[str], within_s: float) -> str:
        if self.takes_the_first:
            return choices[0]
        for name, answer in self.path.choices.items():
            if tuple(self.steps[name].choices) == tuple(choices) and name not in self.asked:
                self.asked.append(name)
                return answer
        raise NoPerson

    def confirms(self, question: str, word: str, within_s: float) -> bool:
        if word not in self.path.steps:
            raise NoPerson
        return True


@dataclass(frozen=True, slots=True)
class DrillMachine(CommandMachine):
    """Carries everything out, but for what a path needs to fail. What was read is kept until something changes."""

    kept: dict[str, StepAnswer] = field(default_factory=dict)
    kills: dict[str, StepAnswer] = field(default_factory=dict)
    faults: set[str] = field(default_factory=set)
    """The step that now begins, where its path needs it to fail; its verification would ask truly."""

    def perform(self, operation: str, request: Mapping[str, str], within_s: float) -> StepAnswer:
        key = f"{operation} {sorted(request.items())}"
        if self._fails():
            return StepAnswer(is_done=False, trouble="planted: it fails")
        if facts().operation_effect(operation) is not StepEffect.READS:
            if operation == "kill":
                return self._killed(request, within_s)
            self._forget(operation in AT_THE_VENUE)
            return CommandMachine.perform(self, operation, request, within_s)
        if key not in self.kept:
            self.kept[key] = CommandMachine.perform(self, operation, request, within_s)
        return self.kept[key]

    def _killed(self, request: Mapping[str, str], within_s: float) -> StepAnswer:
        """A kill of the same scope and cause, which is in force already, is not given once more for another reason."""
        same = f"kill {sorted((name, text) for name, text in request.items() if name != 'reason')}"
        if same not in self.kills:
            self._forget(not self.kills or "flatten" in request)  # a later one finds nothing to cancel
            self.kills[same] = CommandMachine.perform(self, "kill", request, within_s)
        return self.kills[same]

    def _fails(self) -> bool:
        """The first thing that the step does fails."""
        is_planted = bool(self.faults)
        self.faults.clear()
        return is_planted

    def _forget(self, is_everything: bool) -> None:
        for key in [key for key in self.kept if is_everything or not key.startswith(ASKS_VENUE)]:
            del self.kept[key]

    def command(self, words: Sequence[str], within_s: float) -> StepAnswer:
        key = " ".join(words)
        if self._fails():
            return StepAnswer(is_done=False, exit=1, trouble="planted: it fails")
        if key not in self.kept:
            self.kept[key] = CommandMachine.command(self, words, within_s)
        return self.kept[key]


@dataclass
class Drill:
    """One practice system, and what was seen of every step."""

    system: System
    machine: DrillMachine
    told: list[str] = field(default_factory=list)
    verified: set[tuple[str, str]] = field(default_factory=set)

    @property
    def config(self) -> Path:
        return self.system.folder / "fairway.yaml"

    def is_measured(self) -> bool:
        self.machine.kept.clear()
        seen = self.machine.command(("fairway", "watch", str(self.config), "--json"), PATIENCE_S)
        return values_at(seen.document, "indicators[indicator=rss].n") not in ([], [0])

    def executed(self, written: WrittenRunbook, path: StepPath, *, takes_the_first: bool = False) -> ExecutionResult:
        steps = {step.step: step for step in written.runbook.steps}
        settings, clock = load(self.config), SystemClock()
        means = ExecutionMeans(
            machine=self.machine,
            person=Scripted(path, steps, takes_the_first=takes_the_first),
            transcript=JournaledTranscript(settings, clock, "drill"),
            facts=facts(),
            clock=clock,
            tell=lambda line: self._told(line, path),
            sleep=self._waited,
        )
        return RunbookExecution(written, self._values(), means).run()

    def _told(self, line: str, path: StepPath) -> None:
        """A step begins with a line of its own, such as `[2/6] pause: ...`."""
        self.told.append(line)
        if line.startswith("["):
            name = line.partition("] ")[2].partition(":")[0]
            self.machine.faults.clear()
            self.machine.faults.update({name} & path.failed)

    def _waited(self, seconds: float) -> None:
        """A new look must not see what was kept."""
        import time

        self.machine.kept.clear()
        time.sleep(seconds)

    def _values(self) -> RunbookValues:
        return RunbookValues(config=str(self.config), journal=str(load(self.config).journal))

    def carry_out(self, written: WrittenRunbook, name: str) -> None:
        """A step is reached, carried out, and its effect is seen."""
        key = (written.runbook.runbook, name)
        if key in self.verified:
            return
        path = path_to(written.runbook, name)
        self._until_the_address_has_budget()
        if name == "lift" and "pause" not in _operations(written.runbook, path):
            self.machine.perform("pause", {"reason": "the state that the runbook is for"}, PATIENCE_S)
        result = self.executed(written, path)
        found = {each.step: each for each in result.steps}
        assert name in found, (key, result, self.told[-30:])
        self.verified |= {(written.runbook.runbook, each.step) for each in result.steps if each.is_done}
        step = written.runbook.steps[written.runbook.index_of(name)]
        if not found[name].is_done and (key in NOT_THERE or any(f"indicator={each}]" in str(step.verify) for each in UNMEASURED)):
            self.verified.add(key)
        assert key in self.verified, f"{key}: {found[name].why}\n{self.told[-30:]}"

    def _until_the_address_has_budget(self) -> None:
        """A kill asks much of the venue, and all of this machine have one address: on a slow one, minutes are used up."""
        address = load(self.config).venue.url

        def has_budget() -> bool:
            with urlopen(f"{address}/api/v3/ping", timeout=PATIENCE_S) as answer:
                return int(answer.headers["X-MBX-USED-WEIGHT-1M"]) < WEIGHT_LEFT_FROM

        self.system.until(has_budget, "the address may ask the venue again")


def steps_with(*effects: str, killed: bool | None = None) -> Iterator[tuple[WrittenRunbook, str]]:
    """Machine steps whose way there needs these operations at most. The last of a runbook come first: their ways have the others
    on them. Those whose way sells come after all others, which need something that is held."""
    found = [
        (written, step.step)
        for written in shipped_runbooks().values()
        if killed is None or (written.runbook.runbook in KILLED) is killed
        for step in reversed(written.runbook.steps)
        if step.is_machine and _changes(written.runbook, step.step) <= set(effects)
    ]
    yield from sorted(found, key=lambda each: _sells(each[0].runbook, each[1]))


def _measures(runbook: Runbook, name: str) -> bool:
    path = path_to(runbook, name)
    return any(each.step in path.steps and each.run.startswith("fairway watch") for each in runbook.steps)


def _sells(runbook: Runbook, name: str) -> bool:
    path = path_to(runbook, name)
    return any(each.step in path.steps and "flatten" in each.request for each in runbook.steps)


def _operations(runbook: Runbook, path: StepPath) -> set[str]:
    """What is carried out on a path."""
    return {each.operation for each in runbook.steps if each.step in path.steps and each.step not in path.failed}


def _changes(runbook: Runbook, name: str) -> set[str]:
    """The operations on the way to a step that change something."""
    path = path_to(runbook, name)
    steps = {each.step: each for each in runbook.steps}
    return {
        steps[each].operation
        for each in path.steps
        if each not in path.failed and effect_of(steps[each], facts()) in (StepEffect.LOWERS, StepEffect.RAISES)
    }


WEIGHT_LEFT_FROM: Final = 3_000
"""Below it a runbook that kills has what it asks for: the venue gives 6,000 a minute."""
KEPT_LONG: Final = {"target_ranges: 20": "target_ranges: 100"}
"""What is held at the beginning is sold by the last steps, minutes later; no target may have sold it before."""


@pytest.fixture(scope="module")
def drill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drill]:
    folder = tmp_path_factory.mktemp("runbooks")
    with running(folder, **KEPT_LONG) as up, chdir(folder):
        up.until(up.is_protected, "something is held, and under a stop")
        yield Drill(up, DrillMachine(folder / "fairway.yaml", owner_of_machine("drill")))


CALM: Final = ("pause", "lift", "launch hold", "reconnect", "switch address")


def test_every_step_that_reads_pauses_or_lifts_has_its_effect(drill: Drill) -> None:
    later = []
    for written, name in steps_with(*CALM, killed=False):
        if _measures(written.runbook, name):
            later.append((written, name))
        else:
            drill.carry_out(written, name)
    drill.system.until(drill.is_measured, "the trader has measured itself, as it does once a minute")
    for written, name in later:
        drill.carry_out(written, name)
    assert len(drill.verified) > 100


def test_every_step_of_a_launch_has_its_effect(drill: Drill) -> None:
    for written, name in steps_with(*CALM, "launch demote", killed=False):
        drill.carry_out(written, name)


PLANTED: Final = {
    "a command that does not exist": ('run: "fairway nonsense {config}"', '{exit: "0"}', "10s", "does what is not known"),
    "a command that is refused": ('run: "fairway status none.yaml --json"', '{exit: "0"}', "10s", "should be 0"),
    "a verification that is false": ("operation: status", '{field: trader.is_started, equals: "false"}', "1s", "should be false"),
    "a value that is not there": ("operation: status", '{field: nowhere.at_all, equals: "true"}', "1s", "has no value"),
    "a time that is too short": ("operation: reconcile", '{field: is_done, equals: "true"}', "100ms", "has not ended within"),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_seen(drill: Drill, fault: str) -> None:
    does, check, timeout, why = PLANTED[fault]
    drill.machine.kept.clear()
    text = f"""
runbook: planted
about: A planted fault.
severity: P3
note: It is a test.
over: Never.
steps:
  - step: one
    {does}
    expect: It has its effect.
    verify: [{check}]
    timeout: {timeout}
"""
    result = drill.executed(parse_runbook(text, file="planted.yaml"), StepPath(("one",)))
    assert result.end is FlowEnd.STOPPED
    assert why in result.steps[0].why


def test_every_step_that_kills_or_sells_has_its_effect(drill: Drill) -> None:
    for written, name in steps_with(*CALM, "launch demote", "kill"):
        drill.carry_out(written, name)


def test_the_bot_is_stopped_and_resumed_by_its_runbook(drill: Drill) -> None:
    for written, name in steps_with(*CALM, "launch demote", "kill", "stop", "resume"):
        drill.carry_out(written, name)


def test_no_machine_step_was_left_out(drill: Drill) -> None:
    every = {
        (written.runbook.runbook, step.step)
        for written in shipped_runbooks().values()
        for step in written.runbook.steps
        if step.is_machine
    }
    assert every <= drill.verified


def test_what_people_do_alone_is_followed_to_its_end(drill: Drill) -> None:
    for written in shipped_runbooks().values():
        if not any(step.is_machine for step in written.runbook.steps):
            assert drill.executed(written, StepPath(()), takes_the_first=True).end is FlowEnd.COMPLETE, written.file


def test_executions_are_recorded(drill: Drill) -> None:
    executions = executions_of(load(drill.config))
    assert set(executions.last) >= set(shipped_runbooks())
    assert {each.by for each in executions.last.values()} == {"drill"}
    assert overdue_runbooks(executions.followed_at, SystemClock().now(), ["support", "never"]) == ["never"]
