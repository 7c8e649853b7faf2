"""Every machine step of every runbook is carried out and verified on a practice system; a script answers for the person."""

import re
import time
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.request import urlopen

import pytest
from msgspec import Struct
from tests.clients.runbook_script import PLANTED_FAULT, DrillMachine, Scripted
from tests.clients.systems import System, files_made, reached_at_two_addresses, up_in
from tests.pure.cli.programs import PATIENCE_S

from fairway.assembly import CODEC
from fairway.cli.runbook import facts
from fairway.incidents.runbooks.answers import values_at
from fairway.incidents.runbooks.executions import FOLLOWED, overdue_runbooks
from fairway.incidents.runbooks.facts import StepEffect
from fairway.incidents.runbooks.filling import RunbookValues
from fairway.incidents.runbooks.flow import FlowEnd
from fairway.incidents.runbooks.library import WrittenRunbook, parse_runbook, shipped_runbooks
from fairway.incidents.runbooks.lint import effect_of
from fairway.incidents.runbooks.runbook import Runbook
from fairway.incidents.runbooks.step_paths import StepPath, path_to
from fairway.journal.kinds import AddressSwitched, StreamLost, StreamRestored
from fairway.journal.sql import open_reader
from fairway.operations.actor import owner_of_machine
from fairway.operations.runbooks.execution import ExecutionMeans, ExecutionResult, RunbookExecution
from fairway.operations.runbooks.listing import executions_of
from fairway.operations.runbooks.transcript import JournaledTranscript
from fairway.settings import load
from fairway.world.clock import SystemClock

UNMEASURED: Final = {
    ("http-errors", "measured"): "http_ok",  # no page over HTTP is measured by the trader
    ("consumer-lag", "measured"): "consumer_lag",  # it has no external queue
    ("llm-cost", "measured"): "llm_cost",  # it uses no models
    ("feedback", "measured"): "feedback",  # it has no users who answer
}
"""Every step that a practice system cannot measure, with its indicator: it ends as unknown, and is verified by nothing."""
NOT_YET: Final = re.compile(r"indicators\[indicator=\w+\]\.n is 0, and should be at least 1")
"""How a step ends whose indicator the trader measures once a minute, and has not measured yet."""
NOTHING_LEFT: Final = {("position-loss", "orders"): "orders is nothing, and should be at least 1"}
"""How a step ends on the way to a sale after the first sale, which has left nothing to sell: it was verified before."""
SWITCH: Final = ("venue-unreachable", "switch")
KILLED: Final = frozenset({"kill-in-force", "drawdown", "position-loss"})
"""Runbooks whose alerts mean that a kill is in force, so that they are followed after one."""
OF_ADDRESSES: Final = frozenset(kind.__name__ for kind in (AddressSwitched, StreamLost, StreamRestored))


@dataclass
class Drill:
    """One practice system, and what was seen of every step."""

    system: System
    machine: DrillMachine
    told: list[str] = field(default_factory=list)
    verified: set[tuple[str, str]] = field(default_factory=set)
    unknown: set[tuple[str, str]] = field(default_factory=set)
    """Steps that were followed, and ended as unknown, as they must here."""
    has_sold: bool = False

    @property
    def config(self) -> Path:
        return self.system.folder / "fairway.yaml"

    def is_measured(self) -> bool:
        seen = self.machine.command(("fairway", "watch", str(self.config), "--json"), PATIENCE_S)
        return values_at(seen.document, "indicators[indicator=rss].n") not in ([], [0])

    def executed(self, written: WrittenRunbook, path: StepPath) -> ExecutionResult:
        settings, clock, person = load(self.config), SystemClock(), Scripted(path, written.runbook)
        means = ExecutionMeans(
            machine=self.machine,
            person=person,
            transcript=JournaledTranscript(settings, clock, "drill"),
            facts=facts(),
            clock=clock,
            tell=lambda line: self._told(line, person),
            sleep=self._waited,
        )
        return RunbookExecution(written, self._values(), means).run()

    def _told(self, line: str, person: Scripted) -> None:
        """A step begins with a line of its own, such as `[2/6] pause: ...`."""
        self.told.append(line)
        if line.startswith("["):
            person.step = line.partition("] ")[2].partition(":")[0]
            self.machine.faults.clear()
            self.machine.faults.update({person.step} & person.path.failed)

    def _waited(self, seconds: float) -> None:
        """A new look must not see what was kept."""
        self.machine.kept.clear()
        time.sleep(seconds)

    def _values(self) -> RunbookValues:
        return RunbookValues(config=str(self.config), journal=str(load(self.config).journal))

    def carry_out(self, written: WrittenRunbook, name: str) -> None:
        """A step is reached, carried out, and its effect is seen."""
        key = (written.runbook.runbook, name)
        if key in self.verified | self.unknown:
            return
        path = path_to(written.runbook, name)
        self._until_the_address_has_budget()
        if name == "lift" and "pause" not in _operations(written.runbook, path):
            self.machine.perform("pause", {"reason": "the state that the runbook is for"}, PATIENCE_S)
        is_first_sale = _sells(written.runbook, name) and not self.has_sold
        assert not is_first_sale or self.system.unprotected(), "something is held before the first sale"
        is_switched = written.runbook.runbook == SWITCH[0] and SWITCH[1] in path.steps
        switches = len(self.switches()) if is_switched else 0
        result = self.executed(written, path)
        self.judge(written.runbook.runbook, path, result)
        assert key in self.verified | self.unknown
        if is_first_sale:
            assert not self.system.unprotected(), "nothing is held any more, by the exchange"
            self.has_sold = True
        if is_switched:
            self.assert_switched_since(switches)

    def judge(self, runbook: str, path: StepPath, result: ExecutionResult) -> None:
        """The path was followed as it is written, and each step on it and after it ended as it must end here."""
        followed = tuple(each.step for each in result.steps)
        assert followed[: len(path.steps)] == path.steps, (runbook, path, result, self.told[-30:])
        for place, each in enumerate(result.steps):
            key, is_on_path, seen = (runbook, each.step), place < len(path.steps), (each.is_done, each.why)
            if is_on_path and each.step in path.failed:
                assert seen == (False, PLANTED_FAULT.trouble), key
            elif key in UNMEASURED:
                assert seen == (False, f"indicators[indicator={UNMEASURED[key]}].n has no value"), key
                self.unknown.add(key)
            elif key in self.verified and self.has_sold and key in NOTHING_LEFT and not each.is_done:
                assert each.why == NOTHING_LEFT[key], key
            elif is_on_path or each.is_done:
                assert each.is_done, f"{key}: {each.why}\n{self.told[-30:]}"
                self.verified.add(key)
            else:  # it is followed once more, as the end of a path of its own
                assert NOT_YET.fullmatch(each.why), (key, each.why)

    def switches(self) -> list[Struct]:
        """What the trader's journal says of its venue's addresses and streams, since the first switch."""
        with open_reader(load(self.config).journal, trader="me") as reader:
            events = [CODEC.decode(record) for record in reader.read() if record.kind in OF_ADDRESSES]
        first = next((place for place, event in enumerate(events) if isinstance(event, AddressSwitched)), len(events))
        return events[first:]

    def assert_switched_since(self, count: int) -> None:
        """The trader asks the venue at its other address, and its streams are up again there."""
        venue = load(self.config).venue

        def are_up() -> bool:
            seen = self.switches()[count:]
            lost = {each.channel for each in seen if isinstance(each, StreamLost)}
            return bool(lost) and lost <= {each.channel for each in seen if isinstance(each, StreamRestored)}

        [switched] = [each for each in self.switches()[count:] if isinstance(each, AddressSwitched)]
        assert (switched.from_address, switched.to_address) == (venue.url, venue.fallbacks[0])
        self.system.until(are_up, "the trader's streams are up at the other address")

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
    files_made(folder, **KEPT_LONG)
    reached_at_two_addresses(folder)
    with up_in(folder) as up, chdir(folder):
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
    """What needs a position comes first: nothing is opened after a kill, and what is held may reach its target meanwhile."""
    drill.system.until(drill.system.is_protected, "something is held under a stop")
    steps = steps_with(*CALM, "launch demote", "kill")
    for written, name in sorted(steps, key=lambda each: (each[0].runbook.runbook, each[1]) not in NOTHING_LEFT):
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
    assert every == drill.verified & every | UNMEASURED.keys()
    assert drill.unknown == UNMEASURED.keys(), "and none of them is verified"
    assert not drill.unknown & drill.verified


def test_what_people_do_alone_is_followed_to_its_end(drill: Drill) -> None:
    for written in shipped_runbooks().values():
        if not any(step.is_machine for step in written.runbook.steps):
            assert drill.executed(written, StepPath(())).end in FOLLOWED, written.file


NEVER_ENDED: Final[frozenset[str]] = frozenset()
"""Runbooks that are followed to each of their steps, and to none of their ends."""


def test_every_runbook_was_followed_to_an_end_that_it_names(drill: Drill) -> None:
    executions = executions_of(load(drill.config))
    assert set(shipped_runbooks()) - set(executions.followed_at) == NEVER_ENDED
    assert {each.by for each in executions.last.values()} == {"drill"}
    assert overdue_runbooks(executions.followed_at, SystemClock().now(), ["support", "never"]) == ["never"]
