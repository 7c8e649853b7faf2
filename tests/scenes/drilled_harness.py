"""A launch in simulated time on which drills are carried out: the same drills as on a real system, moved through another port."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fairway.assembly import CODEC
from fairway.journal.account_permissions import permissions_by_account
from fairway.journal.commands import LiftCap, LimitPositions, TrialEntry
from fairway.journal.kinds import TraderStarted
from fairway.journal.port import Record
from fairway.launch.control import commands as said
from fairway.launch.evidence.drill_record import DrillRecord
from fairway.launch.plan.compiled_plan import CompiledPlan, CompiledStage, CompiledTrack
from fairway.money.amount import Amount
from fairway.operations.drill import drill_named
from fairway.operations.drills.drill_run import DrillNotObserved, DrillNotPossible, DrillRun
from fairway.operations.drills.observed_account import ObservedAccount
from fairway.operations.drills.running_system import ObservedKill, RollbackPromise
from fairway.operations.operation import Progress
from fairway.orders.intent import Intent
from fairway.proving.flown import TOWER, LaunchHarness
from fairway.proving.harness_latch import NAME
from fairway.proving.scenario_script import enter
from fairway.proving.scripted_gate import asked
from fairway.risk import cap_kinds
from fairway.risk.limits import Limits
from fairway.strategies.api import Strategy, View
from fairway.trading.kill import Killing
from fairway.trading.latch import Killed, KillScope
from fairway.world.clock import HOUR, MINUTE, SimClock
from fairway.world.loop import running

STAGE = CompiledStage("small", Limits(capital=Amount.of("1000", "USDT")), stay_min_ns=HOUR, gates=(asked("one"),))
PLAN = CompiledPlan(name="drilled", digest="plan-1", author="ann", tracks=(CompiledTrack("engine", (STAGE,)),))
PRICES = {"BTC/USDT": {0: "100"}, "ETH/USDT": {0: "100"}}
CONTAINED = ("contained", "only reduces", "limit set", "trader stands still")
BEGINS_S = 20.0
"""A position is open by then."""


class AlwaysWants:
    """Wants a position in BTC from the beginning, and in ETH once the drill has contained it: each second while it has none."""

    warm_up = 1

    def __init__(self, stage: "DrilledHarness") -> None:
        self._stage = stage

    def decide(self, view: View) -> Sequence[Intent]:
        if view.in_position or (view.symbol == "ETH/USDT" and not self._stage.is_contained):
            return ()
        return (enter(0, symbol=view.symbol).intent(),)


class WantsOnce:
    """Wants its position in BTC, and nothing more: it trades seldom."""

    warm_up = 1

    def decide(self, view: View) -> Sequence[Intent]:
        is_over = view.in_position or view.symbol != "BTC/USDT"
        return () if is_over else (enter(0, symbol=view.symbol).intent(),)


class DrilledHarness(LaunchHarness):
    """drill: the name of the drill that is carried out. moves: how it moves the system; a bug may be planted in that."""

    interval = "1s"
    drill = ""
    moves: "type[SimulatedSystem]"
    release = "r1"

    def __init__(self, **more: Any) -> None:
        super().__init__(plan=PLAN, prices=PRICES, acts={BEGINS_S: DrilledHarness.begin, **more.pop("acts", {})}, **more)
        self.carried_out: CarriedOut | None = None

    def strategy(self) -> Strategy:
        return AlwaysWants(self)

    @property
    def is_contained(self) -> bool:
        """Whether the drill has seen the step after which nothing may be opened."""
        return self.carried_out is not None and any(each.name in CONTAINED for each in self.carried_out.run.steps)

    def begin(self) -> None:
        running().spawn("drill", self._carry_out())

    async def _carry_out(self) -> None:
        told: list[str] = []

        def tell(progress: Progress) -> None:
            told.append(progress.sentence)

        run = DrillRun(
            system=self.moves(self), clock=SimClock(running()), tell=tell, config=Path("fairway.yaml"), release=self.release
        )
        self.carried_out = CarriedOut(run, told, began_at=running().wall_ns)
        try:
            await drill_named(self.drill).carry_out(run)
        except (DrillNotPossible, DrillNotObserved) as error:
            self.carried_out.why = f"{type(error).__name__}: {error}"
        self.carried_out.ended_at = running().wall_ns
        self.carried_out.newest, self.carried_out.release = self.file.records[-1], self._journaled_release()
        self.carried_out.is_over = True

    def _journaled_release(self) -> str:
        """What the trader that was drilled has written into its journal as the bot that it ran."""
        *_, started = (record for record in self.file.records if record.kind == "TraderStarted")
        event = CODEC.decode(started)
        assert isinstance(event, TraderStarted)
        return event.bot


@dataclass
class CarriedOut:
    """What came of a drill. began_at, ended_at: by the harness's own clock (ns), which begins with each play.

    newest: the last record of its trader's journal when it ended; release: what that journal says was run.
    """

    run: DrillRun
    told: list[str] = field(default_factory=list)
    why: str = ""
    is_over: bool = False
    began_at: int = 0
    ended_at: int = 0
    newest: Record | None = None
    release: str = ""

    def holds(self) -> dict[str, bool | None]:
        return {each.name: each.holds for each in self.run.steps}

    def failed(self) -> set[str]:
        return {each.name for each in self.run.steps if each.holds is False}

    def record(self, name: str, later_ns: int = 0) -> DrillRecord:
        """later_ns: how much later than the harness's clock another one goes, by which the instants are told."""
        assert self.newest is not None, "the drill is over"
        return DrillRecord(
            drill=name,
            claim=drill_named(name).claim,
            account=NAME,
            mode="practice",
            release=self.release,
            by="ann",
            began_at=self.began_at + later_ns,
            ended_at=self.ended_at + later_ns,
            steps=tuple(self.run.steps),
            journal_seq=self.newest.seq,
            journal_digest=self.newest.digest,
            again=f"fairway drill {name} CONFIG",
        )


class SimulatedSystem:
    """See `fairway.operations.drills.running_system`."""

    def __init__(self, stage: DrilledHarness) -> None:
        self._stage = stage

    @asynccontextmanager
    async def observed(self) -> AsyncIterator[ObservedAccount]:
        stage, clock = self._stage, SimClock(running())
        venue = stage._client(stage._credentials, running(), "drill", clock)
        known = list(stage.file.records)
        permissions = permissions_by_account(known)[NAME]
        seen = ObservedAccount(NAME, tuple(PRICES), venue, _JournalOf(stage), clock, permissions, known[-1].seq)
        await seen.open()
        try:
            yield seen
        finally:
            await venue.close()

    def lacks_trader(self) -> str:
        return "it is dead" if self._stage._trading.done() else ""

    def lacks_pilot(self) -> str:
        return "" if any(each.get_name() == TOWER for each in self._stage._companions) else "no pilot"

    def lacks_supervisor(self) -> str:
        return ""

    def lacks_free_hold(self) -> str:
        return "a hold is there" if "person ann" in self._stage.launch.holds else ""

    def is_killed(self) -> bool:
        return bool(self._stage.latch.read_anew().read())

    async def kill(self, reason: str) -> ObservedKill:
        now = self._stage.trader_clock.now()
        await self._stage._kill(Killed(scope=KillScope.ACCOUNT, reason=reason, by="ann", at=now))
        answer = self._stage.killings[-1]
        return ObservedKill(isinstance(answer, Killing), (str(answer),))

    async def resume(self, reason: str) -> str:
        raise AssertionError("no scene resumes")

    async def contain(self, reason: str) -> str:
        self._stage.tell_pilot("ann", said.HoldIt(reason=reason, contains=True))
        return ""

    async def release(self, reason: str) -> str:
        self._stage.tell_pilot("ann", said.Release(reason=reason, hold_id="person ann"))
        return ""

    async def limit_positions(self, positions: int, reason: str) -> str:
        self._stage.trader_inbox.say("ann", LimitPositions(reason=reason, account=NAME, positions=positions))
        return ""

    async def lift_limit(self, reason: str) -> str:
        self._stage.trader_inbox.say("ann", LiftCap(reason=reason, account=NAME, cap_id=cap_kinds.LIMITED.id_of()))
        return ""

    async def trial_entry(self, symbol: str, reason: str) -> None:
        self._stage.trader_inbox.say("ann", TrialEntry(reason=reason, account=NAME, symbol=symbol))

    async def end_pilot(self, down_ns: int) -> str:
        self._stage.kill_pilot()
        return ""

    async def let_pilot_start(self) -> str:
        self._stage.start_pilot()
        return ""

    async def differences(self) -> Sequence[str]:
        """Between the ledger and the exchange's own books."""
        books = self._stage.account_state.money.ledger.balances
        pairs = {coin: (there, books.of(coin).value) for coin, there in self._stage.held_at_exchange().items()}
        return [f"{coin}: {there} there, {booked} in the books" for coin, (there, booked) in pairs.items() if there != booked]

    def rollback_promise(self) -> RollbackPromise:
        return RollbackPromise(5 * MINUTE, "back to small")


DrilledHarness.moves = SimulatedSystem


class _JournalOf:
    def __init__(self, stage: DrilledHarness) -> None:
        self._stage = stage

    async def news(self, after: int) -> Sequence[Record]:
        return self._stage.file.records[after : after + 500]


class SeldomHarness(DrilledHarness):
    def strategy(self) -> Strategy:
        return WantsOnce()


def drilled(
    name: str,
    minutes: float,
    moves: type[SimulatedSystem] = SimulatedSystem,
    harness: type[DrilledHarness] = DrilledHarness,
    **more: Any,
) -> DrilledHarness:
    """A play in which the drill of a name was carried out."""
    stage = harness(**more)
    stage.drill, stage.moves = name, moves
    stage.run(minutes=minutes)
    return stage
