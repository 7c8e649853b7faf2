"""A trader runs beside a launch: the same signals on paper, on a faster line. Its pilot compares fills and times."""

from collections.abc import Callable, Sequence
from typing import Any

from tests.scenes.script import ScriptedSignal, ScriptedStrategy, enter, leave

from fairway.assembly import CODEC as TRADERS
from fairway.assembly import Bot, open_trader
from fairway.journal.memory import MemoryFile, open_memory
from fairway.journal.port import Record
from fairway.launch.control import launch_events
from fairway.launch.control.decision import replayed
from fairway.launch.control.gate_stage import verdicts_of
from fairway.launch.control.pilot import Source
from fairway.launch.control.state import CODEC
from fairway.launch.gates.kinds.paired_difference import GATE as PAIRED
from fairway.launch.gates.kinds.regression import GATE as REGRESSION
from fairway.launch.gates.port import Gate
from fairway.launch.gates.verdict import Result, Verdict
from fairway.launch.observation.comparison.comparison_sources import Control, Shadow, Unfollowed, asked_of_control
from fairway.launch.observation.comparison.pairing import OF
from fairway.launch.observation.observation import Observation
from fairway.launch.observation.trader_projection import TraderProjection
from fairway.launch.plan.compiled_plan import CompiledGate, CompiledPlan, CompiledStage, CompiledTrack, OnFail
from fairway.launch.views.status_text import LaunchStatus, status
from fairway.money.amount import Amount
from fairway.proving.flown import LaunchHarness
from fairway.proving.harness import HOST, TRADER
from fairway.risk.limits import Limits, TradingState
from fairway.trading.latch import Killed
from fairway.world.clock import MILLISECOND, MINUTE, SimClock, SteadyClock
from fairway.world.loop import running
from fairway.world.process_memory import SimProcessMemory

PAPER = "paper"
Acts = dict[float, Callable[[Any], object]]
MINUTES = 40
SLOW_NS = 1_200 * MILLISECOND


def asked(gate: Gate, **settings: str) -> CompiledGate:
    return CompiledGate(settings["name"], gate, gate.settings.model_validate(settings), OnFail.HOLD)


GATES = (
    asked(PAIRED, name="parity", of=OF, not_worse_than="5 bps", at_least_n="10"),
    asked(REGRESSION, name="slower", of="order_ack", against="control", block="1m"),
)
SMALL = CompiledStage("small", Limits(capital=Amount.of("1000", "USDT")), stay_min_ns=2 * MINUTE, gates=GATES)
COURSE = CompiledPlan(name="ramp", digest="plan-1", author="ann", tracks=(CompiledTrack("engine", (SMALL,)),))


def wishes() -> list[ScriptedSignal]:
    """In at one bar and out at the next, all the time."""
    return [enter(bar) if bar % 2 == 0 else leave(bar) for bar in range(MINUTES - 1)]


def moves() -> dict[int, str]:
    """Two seconds after each bar the price has run away from who trades on it: up by 20 bps where it is bought, then down."""
    return {0: "100"} | {60 * (bar + 1) + 2: "100.2" if bar % 2 == 0 else "100" for bar in range(MINUTES - 1)}


class NoLatch:
    """Nobody kills who trades on paper here."""

    def read(self) -> Sequence[Killed]:
        return ()

    def may_have_changed(self) -> bool:
        return False


class Journaled:
    """A journal that somebody follows. is_gone: from then on it cannot be read."""

    def __init__(self, file: MemoryFile) -> None:
        self._file, self.is_gone = file, False

    async def news(self, after: int) -> Sequence[Record]:
        if self.is_gone:
            raise Unfollowed("its disk is gone")
        return self._file.records[after : after + 500]


class Beside(LaunchHarness):
    """A launch, and beside it one trader that is shadow and control alike: the same strategy, on an account of its own."""

    release = "r1"
    paper_release = "r1"

    def start_trader(self, credentials: Any) -> None:
        super().start_trader(credentials)
        if not hasattr(self, "paper"):
            self.paper = MemoryFile("the paper trader's journal")
            self.followed = Journaled(self.paper)
            own = self.exchange.open_account(PAPER, self._start)
            self._companions.append(running().spawn(PAPER, self._trade_on_paper(own)))

    async def _trade_on_paper(self, credentials: Any) -> None:
        loop = running()
        clock = SteadyClock(SimClock(loop))
        venue = self._client(credentials, loop, PAPER, clock)
        journal = open_memory(self.paper, TRADERS, mode=self.mode, trader=PAPER)
        bot = Bot(
            account=PAPER,
            symbols=tuple(self._prices),
            interval="1m",
            strategy_name="scripted",
            strategy=ScriptedStrategy(self._signals),
            rules=self._rules,
            digest=self.paper_release,
        )
        chance = loop.chance.child("comebacks on paper")
        try:
            trader = await open_trader(bot, venue, journal, NoLatch(), clock, chance, SimProcessMemory())
            await trader.run()
        finally:
            await venue.close()

    def sources(self) -> Sequence[Source]:
        shadow = Shadow(Journaled(self.file), self.followed, MINUTE)
        return (shadow, Control(self.followed, asked_of_control(self.plan)))

    def launched_of(self, kind: type) -> list[Any]:
        return [event for event in map(CODEC.decode, self.launched.records) if isinstance(event, kind)]

    def verdicts(self) -> dict[str, Verdict]:
        """What the gates say at the end."""
        return {each.gate: each for each in verdicts_of(self.plan, self.launch, self.observation())["engine"]}

    def observation(self) -> Observation:
        projection = TraderProjection()
        projection.fold(self.file.records)
        return projection.observation(self._ended_at)

    def told(self) -> list[str]:
        return list(status(LaunchStatus(self.plan, self.launch, self.observation(), {})))


def play(acts: Acts | None = None, *, kind: type[Beside] = Beside, latency_ns: int, minutes: float = MINUTES) -> Beside:
    def shape(_: Any) -> None:
        running().network.shape(TRADER, HOST, latency=latency_ns)

    stage = kind(*wishes(), plan=COURSE, prices={"BTC/USDT": moves()}, acts={0: shape, **(acts or {})})
    stage.run(minutes=minutes)
    return stage


def code(verdict: Verdict) -> tuple[Result, str]:
    return verdict.result, verdict.reason.partition(":")[0]


def differing(stage: Beside) -> list[str]:
    done = [
        replayed(each, stage.launched.records, stage.file.records, stage.said, lambda began: COURSE, TraderProjection())
        for each in range(1, stage.launch.decisions + 1)
    ]
    return [each.differs for each in done if each.differs]


def test_a_slow_line_fills_worse_than_the_shadow_and_acknowledges_later_than_the_control() -> None:
    stage = play(latency_ns=SLOW_NS)
    said = stage.verdicts()
    assert code(said["parity"]) == (Result.FAIL, "PARITY_DISPROVEN")
    assert code(said["slower"]) == (Result.FAIL, "NONINFERIORITY_DISPROVEN")
    assert 15 <= float(said["parity"].numbers["mean_bps"]) <= 20
    holds = {event.hold.id for event in stage.launched_of(launch_events.HoldRaised)}
    assert {"gate engine/parity", "gate engine/slower"} <= holds
    assert differing(stage) == []


def test_on_equal_lines_both_are_alike_and_a_pilot_that_is_killed_notes_no_pair_twice() -> None:
    stage = play({1_000: Beside.kill_and_restart_pilot}, latency_ns=MILLISECOND)
    said = stage.verdicts()
    assert code(said["parity"]) == (Result.INSUFFICIENT, "PARITY_TAIL_UNSEEN")  # it takes 75 pairs
    assert code(said["slower"]) == (Result.PASS, "NONINFERIORITY_PROVEN")
    pairs = stage.launch.external.series()[OF]
    assert len(set(pairs.ats.tolist())) == len(pairs) >= 30
    assert not pairs.values.any(), "both trade the same book in the same second"
    assert any(line.startswith("shadow: known until ") and f"; {len(pairs)} pairs; 0 unpaired; " in line for line in stage.told())
    assert differing(stage) == []


def test_a_companion_that_cannot_be_read_passes_nothing_and_stops_nobody() -> None:
    def lose(stage: Beside) -> None:
        stage.followed.is_gone = True

    stage = play({400: lose}, latency_ns=MILLISECOND, minutes=23)
    said = stage.verdicts()
    assert code(said["parity"]) == (Result.STALE, "SERIES_STALE")
    assert code(said["slower"]) == (Result.STALE, "SERIES_STALE")
    troubles = [line for line in stage.told() if line.endswith("; its disk is gone")]
    assert [line.partition(":")[0] for line in sorted(troubles)] == ["control", "shadow"]
    assert stage.account_state.limits.of("BTC/USDT").state is TradingState.ACTIVE
    assert max(order.created_at for order in stage.orders) > stage._ended_at - 2 * MINUTE
    notes = [event for event in stage.launched_of(launch_events.SamplesTaken) if event.trouble]
    assert len(notes) == 2, "what is the matter is written down once"


def test_a_shadow_that_runs_another_release_is_no_shadow() -> None:
    class Other(Beside):
        paper_release = "r2"

    stage = play(kind=Other, latency_ns=MILLISECOND, minutes=12)
    assert code(stage.verdicts()["parity"]) == (Result.STALE, "SERIES_STALE")
    assert "shadow: nothing is known of it yet; 0 pairs; " in "\n".join(stage.told())
    assert "it runs release r2, and here r1: nothing is paired" in "\n".join(stage.told())
    assert len(stage.launch.external.series()[OF]) == 0
