"""The supervisor with real processes: order of start and stop, restarts, the crash budget, output that is odd."""

import asyncio
import os
import random
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from fairway.assembly.system_status import ChildState, ChildStatus, SystemStatus
from fairway.supervision.child import ChildSpec
from fairway.supervision.supervisor import Supervisor
from fairway.world.clock import SystemClock
from fairway.world.tasks import CrashBudget

PATIENCE_S = 60
SCRIPT = """
import os, signal, sys, time
parent, place, *rest = sys.argv[1:]
behaviour = rest[0] if rest else ""
def stop(number, frame):
    open(place + ".stopped", "w").write(str(time.monotonic_ns()))
    sys.exit(0)
if behaviour != "deaf":
    signal.signal(signal.SIGTERM, stop)
else:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if behaviour == "long":
    print("x" * 3_000_000)
if behaviour.startswith("exit"):
    sys.exit(int(behaviour[4:]))
print("hello from", place.rpartition("/")[2], flush=True)
with open(place + ".new", "w") as file:
    file.write(f"{time.monotonic_ns()} {os.getpid()}")
os.rename(place + ".new", place + ".ready")
while True:
    time.sleep(0.01)
"""
"""A child that says when it was ready and when it was stopped."""


@dataclass
class Ground:
    """A supervisor of such children, and all that it says."""

    folder: Path
    budget: CrashBudget = field(default_factory=CrashBudget)
    lines: list[tuple[str, str]] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    kept: list[bool] = field(default_factory=list)

    async def enter_safe_mode(self, reason: str) -> str:
        self.reasons.append(reason)
        return "nothing is opened"

    def why_held(self, name: str) -> str:
        return "held down by a drill" if (self.folder / f"{name}.held").exists() else ""

    def why_idle(self, name: str) -> str:
        return "no launch was begun yet" if (self.folder / f"{name}.idle").exists() else ""

    def is_asked_to_start(self, name: str) -> bool:
        asked = self.folder / f"{name}.asked"
        was_asked = asked.exists()
        asked.unlink(missing_ok=True)
        return was_asked

    def keep(self, status: SystemStatus) -> None:
        self.kept.append(status.is_well)

    def spec(self, name: str, behaviour: str = "", **more: float) -> ChildSpec:
        place = self.folder / name

        async def is_ready(process_id: int) -> bool:
            ready = place.with_name(f"{name}.ready")
            return ready.exists() and ready.read_text().endswith(f" {process_id}")

        return ChildSpec(name=name, words=(str(place), behaviour), is_ready=is_ready, **more)  # type: ignore[arg-type]

    def supervisor(self, *specs: ChildSpec) -> Supervisor:
        script = self.folder / "child.py"
        script.write_text(SCRIPT)
        return Supervisor(
            specs=specs,
            program=(sys.executable, str(script)),
            system=self,
            clock=SystemClock(),
            chance=random.Random(1),
            show=lambda name, line: self.lines.append((name, line)),
            status=SystemStatus(0, os.getpid(), [ChildStatus(each.name) for each in specs]),
            budget=self.budget,
        )

    def at(self, name: str, what: str) -> int:
        return int((self.folder / f"{name}.{what}").read_text().partition(" ")[0])


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    return Ground(tmp_path)


def play(supervisor: Supervisor, act: Callable[[], object]) -> None:
    """Supervises while `act`, a coroutine function, runs."""

    async def run() -> None:
        async with asyncio.timeout(PATIENCE_S):
            await supervisor.run(asyncio.create_task(act()))  # type: ignore[arg-type]

    asyncio.run(run())


async def until(done: Callable[[], bool]) -> None:
    while not done():
        await asyncio.sleep(0.01)


def test_children_start_in_order_and_stop_in_reverse(ground: Ground) -> None:
    supervisor = ground.supervisor(*map(ground.spec, ("first", "second", "third")))
    play(supervisor, lambda: until(lambda: supervisor.status.is_well))
    ready = [ground.at(name, "ready") for name in ("first", "second", "third")]
    stopped = [ground.at(name, "stopped") for name in ("first", "second", "third")]
    assert ready == sorted(ready)
    assert stopped == sorted(stopped, reverse=True)
    assert {each.state for each in supervisor.status.children} == {ChildState.STOPPED}
    assert ("second", "hello from second") in ground.lines


def test_a_child_that_ended_for_good_is_started_again_where_a_person_asks(ground: Ground) -> None:
    supervisor = ground.supervisor(ground.spec("first"))
    child = supervisor.status.children[0]

    async def act() -> None:
        await until(lambda: child.state is ChildState.READY)
        first = child.process_id
        os.kill(first, signal.SIGTERM)
        await until(lambda: child.state is ChildState.ENDED)
        (ground.folder / "first.asked").touch()
        await until(lambda: child.state is ChildState.READY and child.process_id != first)

    play(supervisor, act)
    assert (child.state, child.crashes) == (ChildState.STOPPED, 0)


def test_a_child_that_is_held_down_is_not_started_until_the_hold_ends_and_has_not_crashed(ground: Ground) -> None:
    supervisor = ground.supervisor(*map(ground.spec, ("first", "second")))
    first, second = supervisor.status.children
    hold = ground.folder / "first.held"

    async def act() -> None:
        await until(lambda: supervisor.status.is_well)
        before = first.process_id
        hold.touch()
        os.kill(before, signal.SIGKILL)
        await until(lambda: first.state is ChildState.WAITING)
        await asyncio.sleep(0.7)  # longer than the first restart waits
        assert (first.state, first.process_id, second.state) == (ChildState.WAITING, 0, ChildState.READY)
        hold.unlink()
        await until(lambda: supervisor.status.is_well)
        assert first.process_id not in (0, before)

    play(supervisor, act)
    assert first.crashes == 0
    assert ("fairway", "first is held down by a drill") in ground.lines
    assert not any("it starts again in" in line for _, line in ground.lines)


def test_a_killed_child_comes_back_and_the_others_are_left_alone(ground: Ground) -> None:
    supervisor = ground.supervisor(*map(ground.spec, ("first", "second")))
    first, second = supervisor.status.children

    async def act() -> None:
        await until(lambda: supervisor.status.is_well)
        before = first.process_id, second.process_id
        os.kill(first.process_id, signal.SIGKILL)
        await until(lambda: first.crashes == 1)
        await until(lambda: supervisor.status.is_well)
        assert first.process_id != before[0]
        assert second.process_id == before[1]

    play(supervisor, act)
    assert first.said == "ended with exit code 0", "the last end, by the supervisor"
    assert any("first was killed by signal 9; it starts again in" in line for _, line in ground.lines)
    assert ground.reasons == []


def test_a_spent_budget_brings_safe_mode_once(ground: Ground) -> None:
    ground.budget = CrashBudget(crashes_max=2, within_s=600)
    supervisor = ground.supervisor(ground.spec("first"), ground.spec("broken", "exit5"))
    play(supervisor, lambda: until(lambda: bool(ground.reasons)))
    assert ground.reasons == ["broken crashed 3 times in 600 s"]
    assert supervisor.status.safe_mode == ground.reasons[0]
    assert not supervisor.status.is_well
    assert sum("SAFE MODE" in line for _, line in ground.lines) == 1
    assert ground.kept[-1] is False


def test_people_hear_of_each_child_that_is_given_up(ground: Ground) -> None:
    """In safe mode because of one, nothing else would tell them that alerting is gone as well."""
    ground.budget = CrashBudget(crashes_max=0, within_s=600)
    supervisor = ground.supervisor(ground.spec("trader", "exit5"), ground.spec("alerting", "exit5"))
    supervisor.status.children[0].state = ChildState.READY  # so the second one is started at once
    play(supervisor, lambda: until(lambda: len(ground.reasons) == 2))
    assert sorted(ground.reasons) == [f"{name} crashed 1 times in 600 s" for name in ("alerting", "trader")]
    assert supervisor.status.safe_mode == "; ".join(ground.reasons)


@pytest.mark.parametrize("code", [0, 3])
def test_a_child_that_ended_for_good_is_not_started_again(ground: Ground, code: int) -> None:
    supervisor = ground.supervisor(ground.spec("first", f"exit{code}", final=frozenset({0, 3})), ground.spec("second"))  # type: ignore[arg-type]
    first, second = supervisor.status.children
    play(supervisor, lambda: until(lambda: second.state is ChildState.READY))
    assert (first.state, first.crashes) == (ChildState.ENDED, 0)
    assert ("fairway", f"first ended with exit code {code}, and is not started again") in ground.lines


def test_a_child_that_has_nothing_to_do_is_idle_until_a_person_asks_for_it_and_that_is_no_crash(ground: Ground) -> None:
    supervisor = ground.supervisor(ground.spec("pilot"), ground.spec("server"))
    pilot, server = supervisor.status.children
    idle = ground.folder / "pilot.idle"
    idle.touch()

    async def act() -> None:
        await until(lambda: supervisor.status.is_well)
        assert (pilot.state, pilot.process_id, pilot.said) == (ChildState.IDLE, 0, "no launch was begun yet")
        assert (server.state, pilot.crashes, supervisor.status.safe_mode) == (ChildState.READY, 0, "")
        (ground.folder / "pilot.asked").touch()
        await until(lambda: not (ground.folder / "pilot.asked").exists())
        assert pilot.process_id == 0, "it still has nothing to do"
        idle.unlink()
        (ground.folder / "pilot.asked").touch()
        await until(lambda: pilot.state is ChildState.READY)
        assert pilot.said == ""

    play(supervisor, act)


def test_a_child_that_does_not_stop_is_killed_after_its_time(ground: Ground) -> None:
    supervisor = ground.supervisor(ground.spec("deaf", "deaf", stops_within_s=0.3), ground.spec("other"))
    play(supervisor, lambda: until(lambda: supervisor.status.is_well))
    assert ("fairway", "! deaf did not stop within 0.3 s and is killed") in ground.lines
    assert supervisor.status.children[0].said == "was killed by signal 9"


def test_a_line_of_any_length_is_shown_in_parts(ground: Ground) -> None:
    supervisor = ground.supervisor(ground.spec("first", "long"))
    play(supervisor, lambda: until(lambda: supervisor.status.is_well))
    assert sum(len(line) for name, line in ground.lines if name == "first" and line.startswith("x")) == 3_000_000


def test_it_stops_while_a_child_waits_for_its_restart(ground: Ground) -> None:
    supervisor = ground.supervisor(ground.spec("broken", "exit5"))
    play(supervisor, lambda: until(lambda: supervisor.status.children[0].crashes > 0))
    assert supervisor.status.children[0].state is ChildState.CRASHED


def test_a_child_that_waits_for_something_outside_spends_no_budget(ground: Ground) -> None:
    """It is started again and again; an outage of the venue brings no safe mode."""
    ground.budget = CrashBudget(crashes_max=1, within_s=600)
    supervisor = ground.supervisor(ground.spec("waiting", "exit9", waits=frozenset({9})))  # type: ignore[arg-type]
    (child,) = supervisor.status.children

    def starts() -> int:
        return sum("waits for something outside" in line for _, line in ground.lines)

    play(supervisor, lambda: until(lambda: starts() == 3))
    assert (child.crashes, ground.reasons) == (0, [])
    assert not supervisor.status.is_well
