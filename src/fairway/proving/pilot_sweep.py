"""The pilot's sweep: it is killed after each of its steps in turn, in every move that a launch can make, and comes back.

Whatever it was doing then, the launch ends where it would have ended, no lease was larger than the stage that was entered, and no
two pilots ever issued leases at once. `python -m fairway.proving.pilot_sweep` runs all of it.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, NamedTuple

from fairway.assembly import CODEC as TRADERS
from fairway.journal.kinds import LeaseAccepted
from fairway.launch.control import commands as said
from fairway.launch.control import launch_events
from fairway.launch.control.decision import replayed
from fairway.launch.control.lifecycle import Move as TrackMove
from fairway.launch.control.message_subject import hold_subject
from fairway.launch.control.state import CODEC
from fairway.launch.observation.trader_projection import TraderProjection
from fairway.launch.plan.compiled_plan import CompiledMessage, CompiledPlan, CompiledStage, CompiledTrack, OnFail
from fairway.launch.plan.people import When
from fairway.money.amount import Amount
from fairway.proving.flown import TOWER, LaunchHarness
from fairway.proving.invariants import violations
from fairway.proving.scenario_script import enter
from fairway.proving.scripted_gate import asked, evidence
from fairway.proving.worker_pool import SimulatedRun, run_all
from fairway.risk.limits import Limits, TradingState
from fairway.trading.latch import Killed, KillScope
from fairway.world.clock import MINUTE
from fairway.world.loop import running

LOT: Final = Decimal("0.001")
RESTART_AFTER_S: Final = 0.5
QUIET_S: Final = 25
"""After the swept seconds, until all is as it is going to be."""
SMALL, LARGE = (Limits(capital=Amount.of(each, "USDT")) for each in ("1000", "5000"))
STAGES: Final = (
    CompiledStage("small", SMALL, stay_min_ns=MINUTE // 2, gates=(asked("one"),)),
    CompiledStage(
        "large",
        LARGE,
        stay_min_ns=60 * MINUTE,
        gates=(asked("two", OnFail.DEMOTE), asked("three"), asked("four", OnFail.FLATTEN)),
    ),
)
WORD: Final = CompiledMessage("say[0]", "team", "chat", at=(When.EVERY_MOVE, When.HELD, When.KILL), every_ns=MINUTE // 3)
PLAN: Final = CompiledPlan(
    name="ramp", digest="plan-1", author="ann", tracks=(CompiledTrack("engine", STAGES),), messages=(WORD,)
)
Act = Callable[[LaunchHarness], object]


def tell(instruction: said.LaunchInstruction) -> Act:
    return lambda stage: stage.tell_pilot("eve", instruction)


def show(claim: str, word: str = "good") -> Act:
    """Evidence, of the instant at which it is shown."""
    return lambda stage: stage.tell_pilot("eve", _shown(claim, word))


def _shown(claim: str, word: str) -> said.Submit:
    return said.Submit(reason="measured", evidence=evidence(claim, word, running().wall_ns))


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotMove:
    """A move of a launch. since, until: the seconds in which its pilot is killed. ends: stage and phase that it leads to."""

    tells: str
    since: float
    until: float
    ends: tuple[int, str]
    acts: Mapping[float, Act] = field(default_factory=dict)
    quiet_s: float = QUIET_S
    sells: bool = False
    """Whether nothing is held when it has ended."""


WIDENED: Final[Mapping[float, Act]] = {40: show("one")}
KILLED: Final = Killed(scope=KillScope.ACCOUNT, reason="it misbehaves", by="eve", at=0)

MOVES: Final[Mapping[str, PilotMove]] = {
    "begin": PilotMove(tells="the first stage is entered", since=0, until=5, ends=(0, "dwelling")),
    "promotion": PilotMove(
        tells="a stage is passed and the next one entered", since=39, until=45, ends=(1, "dwelling"), acts=WIDENED
    ),
    "demotion": PilotMove(
        tells="a gate fails, and the stage before comes back",
        since=49,
        until=55,
        ends=(0, "dwelling"),
        acts={**WIDENED, 46: show("one", "unknown"), 50: show("two", "bad")},
    ),
    "hold": PilotMove(
        tells="a person takes the lease away",
        since=49,
        until=54,
        ends=(1, "dwelling"),
        acts={**WIDENED, 50: tell(said.HoldIt(reason="wait", contains=True))},
    ),
    "release": PilotMove(
        tells="a person gives the lease back",
        since=53,
        until=58,
        ends=(1, "dwelling"),
        acts={
            **WIDENED,
            48: tell(said.HoldIt(reason="wait", contains=True)),
            54: tell(said.Release(reason="go", hold_id="person eve")),
        },
    ),
    "kill": PilotMove(
        tells="the trader is killed by a person",
        since=49,
        until=55,
        ends=(0, "dwelling"),
        acts={**WIDENED, 46: show("one", "unknown"), 50: lambda stage: stage.kill(KILLED)},
    ),
    "flatten": PilotMove(
        tells="a gate fails whose answer is that all is sold",
        since=69,
        until=75,
        ends=(0, "dwelling"),
        acts={**WIDENED, 66: show("one", "unknown"), 70: show("four", "bad")},
        quiet_s=130,
        sells=True,
    ),
    "abort": PilotMove(
        tells="a person gives the launch up",
        since=49,
        until=54,
        ends=(1, "aborted"),
        acts={**WIDENED, 50: tell(said.Abort(reason="enough"))},
    ),
    "renewal": PilotMove(tells="the lease is renewed", since=20, until=24, ends=(0, "dwelling")),
}
"""Everything that a pilot may be in the middle of."""


class PilotSweepRun(NamedTuple):
    """One play: the pilot is killed after its so-manieth step in a move, from 1; 0 for never."""

    move: str
    at: int

    def __str__(self) -> str:
        return f"the pilot is killed after step {self.at} of {self.move}"

    @property
    def command(self) -> str:
        return f'python -m fairway.proving.pilot_sweep --move "{self.move}" --at {self.at}'

    def violations(self) -> list[str]:
        """The violations, in words."""
        return self.violations_with(LaunchHarness)

    def violations_with(self, kind: type[LaunchHarness]) -> list[str]:
        stage, steps = _played(self.move, self.at, kind)
        if steps < self.at:
            return [f"{self.move} has {steps} steps"]
        return list(violations_of(stage, MOVES[self.move]))


def steps_of(move: str) -> int:
    return _played(move, 0)[1]


def _played(name: str, at: int, kind: type[LaunchHarness] = LaunchHarness) -> tuple[LaunchHarness, int]:
    move, steps = MOVES[name], 0

    def begin(stage: LaunchHarness) -> None:
        def note() -> None:
            nonlocal steps
            steps += 1
            if steps == at:
                loop.unwatch_steps()
                stage.kill_pilot()
                loop.call_later(RESTART_AFTER_S, stage.start_pilot)

        loop = running()
        loop.watch_steps(TOWER, note)
        loop.call_later(move.until - move.since, loop.unwatch_steps)

    stage = kind(enter(0), plan=PLAN, acts={**move.acts, move.since: _both(move.acts.get(move.since), begin)})
    stage.run((move.until + move.quiet_s) / 60)
    return stage, steps


def _both(first: Act | None, second: Act) -> Act:
    def act(stage: LaunchHarness) -> None:
        if first is not None:
            first(stage)
        second(stage)

    return act


def violations_of(stage: LaunchHarness, move: PilotMove) -> Iterator[str]:
    """What must hold whatever happened to the pilot."""
    yield from stage.complaints.lines
    yield from map(str, violations(stage.run_result()))
    progress = stage.launch.track("engine")
    if (progress.stage, progress.phase.value) != move.ends:
        yield f"it ended {progress.phase.value} in stage {progress.stage}, and should have ended {move.ends[1]} in {move.ends[0]}"
    held = {asset: quantity for asset, quantity in stage.held_at_exchange().items() if asset != "USDT" and quantity >= LOT}
    if move.sells and held:
        yield f"it was to be sold, and the exchange still holds {held}"
    yield from _of_leaves(stage)
    yield from _of_decisions(stage)
    yield from _of_messages(stage)


def _of_messages(stage: LaunchHarness) -> Iterator[str]:
    """Each move, hold and clock turn is reported once, also where the pilot or the trader died in between."""
    events = [CODEC.decode(record) for record in stage.launched.records]
    messages = [event for event in events if isinstance(event, launch_events.MessageDue)]
    if [each.number for each in messages] != list(range(1, len(messages) + 1)):
        yield f"messages have the numbers {[each.number for each in messages]}"
    lasting = Counter((each.subject, each.since) for each in messages if each.subject is not None)
    yield from (f"{what} of {since} was told {times} times" for (what, since), times in lasting.items() if times > 1)
    raised = {(hold_subject(event.hold.id), event.hold.since) for event in events if isinstance(event, launch_events.HoldRaised)}
    yield from (f"the hold {what} of {since} was never reported" for what, since in raised - set(lasting))
    moves, of_moves = sum(isinstance(event, TrackMove) for event in events), sum(each.subject is None for each in messages)
    if moves != of_moves:
        yield f"{of_moves} messages were due for {moves} moves"


def _of_leaves(stage: LaunchHarness) -> Iterator[str]:
    """Each lease that the trader took was written down before, and no older pilot came after a newer one."""
    given: list[tuple[int, launch_events.LeaseIssued]] = []
    for record in stage.launched.records:
        event = CODEC.decode(record)
        if isinstance(event, launch_events.LeaseIssued):
            given.append((record.at, event))
    epoch = 0
    for record in stage.file.records:
        event = TRADERS.decode(record)
        if not isinstance(event, LeaseAccepted):
            continue
        if event.epoch < epoch:
            yield f"at {record.at} a lease of epoch {event.epoch} was taken after one of {epoch}"
        epoch = event.epoch
        if not any(at <= record.at and (each.epoch, each.until, each.limits) == _lease(event) for at, each in given):
            yield f"at {record.at} the trader took a lease that no journal knows"
        if event.limits.state is TradingState.ACTIVE and event.limits not in (SMALL, LARGE):
            yield f"at {record.at} the trader took a lease wider than any stage"


def _lease(event: LeaseAccepted) -> tuple[int, int, Limits]:
    return event.epoch, event.until, event.limits


def _of_decisions(stage: LaunchHarness) -> Iterator[str]:
    for number in range(1, stage.launch.decisions + 1):
        done = replayed(number, stage.launched.records, stage.file.records, stage.said, _plan_of, TraderProjection())
        if done.differs:
            yield f"decision {number} is not replayed: {done.differs[:200]}"


def _plan_of(_began: Any) -> CompiledPlan:
    return PLAN


def sweep_runs(moves: Sequence[str], sample: int = 0) -> Iterator[PilotSweepRun]:
    """All of them, or an even sample of so many of each move."""
    for move in moves:
        steps = steps_of(move)
        number = min(sample or steps, steps)
        yield from (PilotSweepRun(move, 1 + place * steps // number) for place in range(number))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m fairway.proving.pilot_sweep", description="Sweeps a launch's moves.")
    parser.add_argument("--move", choices=MOVES, action="append", help="all of them, where none is named")
    parser.add_argument("--at", type=int, default=0, help="only after this step")
    parser.add_argument("--sample", type=int, default=0, help="so many steps of each, evenly; all where it is 0")
    arguments = parser.parse_args()
    moves = arguments.move or list(MOVES)
    runs: list[SimulatedRun] = [PilotSweepRun(move, arguments.at) for move in moves] if arguments.at else []
    sys.exit(run_all("pilot sweep", runs or list(sweep_runs(moves, arguments.sample))).print())


if __name__ == "__main__":
    main()
