"""The demo of a launch: the beta plan with twelve users, shown while it is flown, and returned as a result for the report."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, Protocol

from msgspec import Struct

import fairway
from fairway.assembly import history_of
from fairway.journal.kinds import Event
from fairway.journal.port import Record
from fairway.journal.sql import open_reader
from fairway.launch.control import launch_events
from fairway.launch.control.command_inbox import PILOT_STREAM
from fairway.launch.control.gate_stage import verdicts_of
from fairway.launch.control.lifecycle import GatesPassed, StageEntered, StageSettled, TrackDemoted, TrackRearmed
from fairway.launch.gates.verdict import Result
from fairway.launch.observation.trader_projection import TraderProjection
from fairway.launch.plan.compile import PlanCompiler
from fairway.launch.plan.compiled_plan import CompiledPlan
from fairway.launch.plan.limits import Mode
from fairway.launch.plan.load import parse, whole
from fairway.launch.plan.shipped import text
from fairway.launch.simulation.population import SimulatedUser
from fairway.launch.views.event_text import event_in_words
from fairway.launch.views.status_text import LaunchStatus, next_stage
from fairway.market.candles import INTERVALS
from fairway.market.instrument import Instrument
from fairway.money.amount import ZERO
from fairway.orders.lifecycle import OrderFilled
from fairway.proving.degradable_strategy import DegradableStrategy
from fairway.proving.demo import shown_every_ns
from fairway.proving.demo_actors import DemoActors, DemoSchedule
from fairway.proving.demo_incident import Script
from fairway.proving.launched import (
    LEASE_NS,
    PACE,
    QUOTE,
    RENEW_NS,
    SHOWN_EVERY_NS,
    VENUE_CHECK_LASTS_NS,
    LaunchFinalState,
    LaunchSimulation,
    LaunchViewer,
)
from fairway.proving.logbook import ASKED_EVERY_NS, StageLog
from fairway.proving.market import choose_market
from fairway.proving.users import TWELVE
from fairway.reports.event_log import EventLog
from fairway.reports.launch_report import LaunchProgress, LaunchResult, ProfileLine, UserRun
from fairway.reports.run import DAYS, DemoOptions, DemoResult
from fairway.strategies.trend import Trend, TrendSettings
from fairway.trading.trader import Trader
from fairway.world import loop as simulated
from fairway.world.chance import Chance
from fairway.world.clock import MINUTE
from fairway.world.realtime import keep_pace

PLAN: Final = "beta"
STEP_S: Final = 30
SOUND: Final = TrendSettings(
    breakout_bars=10,
    range_bars=14,
    bars_max=96,
    exit_bars=12,
    trend_bars=25,
    stop_ranges=Decimal(4),
    target_ranges=Decimal(8),
    trail_from=Decimal("0.3"),
    trail_ranges=Decimal(3),
)
"""A stop so far away that fees are small beside it, which then follows the price."""
USERS: Final = tuple(replace(user, cents_min=100_000, cents_max=100_000) for user in TWELVE)
"""Ten of them fill what the stage `limited` allows in all."""
STRUCK: Final = "cleo"
"""Whose orders meet with the incident."""
_MOVES: Final = (StageEntered, TrackDemoted, TrackRearmed, GatesPassed, StageSettled)
_SHOWN: Final = (
    *_MOVES,
    launch_events.LaunchBegan,
    launch_events.ApprovalGiven,
    launch_events.HoldRaised,
    launch_events.HoldLifted,
)


class LaunchScreen(Protocol):
    """Where a launch shows itself; see `reports.run.Screen`."""

    @property
    def stop_wanted(self) -> bool: ...

    def show(self, progress: LaunchProgress) -> None: ...

    def tell(self, at: int, line: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchScenario:
    """What is flown, by whom, and what goes wrong when. plan: as it is written; interval: of the bot's candles."""

    plan: str
    users: Sequence[SimulatedUser] = USERS
    times: DemoSchedule = DemoSchedule()
    interval: str = "15m"


@dataclass(frozen=True, slots=True)
class LaunchRun:
    """A launch that was flown, before its result is read."""

    command: str
    simulation: LaunchSimulation
    ended: LaunchFinalState
    logbook: StageLog
    script: Script
    options: DemoOptions
    wall_seconds: float


def launch_demo(options: DemoOptions, screen: LaunchScreen, scenario: LaunchScenario | None = None) -> LaunchResult:
    """Flies a launch, of the beta plan where no scenario is given. Raises JournalErrors, and PlanError for a scenario's plan."""
    return launch_result(fly(options, screen, scenario))


def fly(options: DemoOptions, screen: LaunchScreen, scenario: LaunchScenario | None = None) -> LaunchRun:
    """Runs until its last day, or until a person stops it. Raises as `launch_demo`."""
    began, scenario = time.perf_counter(), scenario or LaunchScenario(plan=text(PLAN))
    strategy, plan, users = DegradableStrategy(Trend(SOUND)), plan_of(scenario.plan), scenario.users
    history_ns = strategy.warm_up * INTERVALS[scenario.interval]
    market = choose_market((), days=options.days or DAYS, history_ns=history_ns, chance=Chance(options.seed), step_s=STEP_S)
    logbook, script = StageLog(plan, users), Script(STRUCK, 0, PACE.reconcile_ns)
    watching = _Shown(screen, logbook, users, market.ends_at, options.speed)
    simulation = LaunchSimulation(
        market=market,
        users=users,
        plan=plan,
        text=scenario.plan,
        strategy=strategy,
        interval=scenario.interval,
        journal=options.out / "journal.db",
        watching=watching,
    )
    actors = DemoActors(scenario.times, strategy, watching.acted, watching.looked, script)

    async def live() -> LaunchFinalState:
        if options.speed is None:
            return await simulation.live(actors.play)
        pacing = simulated.running().create_task(keep_pace(options.speed, lambda: screen.stop_wanted))
        try:
            return await simulation.live(actors.play)
        finally:
            pacing.cancel()

    ended = simulated.run(live, seed=options.seed, epoch_ns=market.trading_from)
    logbook.close(ended.ended_at)
    command = f"fairway demo --days {options.days or DAYS} --seed {options.seed}"
    return LaunchRun(command, simulation, ended, logbook, script, options, time.perf_counter() - began)


def plan_of(plan: str) -> CompiledPlan:
    """A plan's text, with leases and looks that last as long as the simulation's pace asks for. Raises PlanError."""
    written = whole(parse(plan))
    compiled = PlanCompiler(written, QUOTE, Mode.PAPER).compiled()
    return replace(compiled, lease_ns=LEASE_NS, renew_ns=RENEW_NS, venue_check_lasts_ns=VENUE_CHECK_LASTS_NS)


class _Shown(LaunchViewer):
    """Hands what happens to a screen, in plain words, and to the logbook."""

    def __init__(
        self, screen: LaunchScreen, logbook: StageLog, users: Sequence[SimulatedUser], ends_at: int, speed: float | None
    ) -> None:
        self._ends_at = ends_at
        self.show_every_ns = shown_every_ns(speed) if speed is not None else SHOWN_EVERY_NS
        self._screen, self._logbook, self._users = screen, logbook, users
        self._logs: dict[str, EventLog] = {}
        self._asked_at = 0
        self._gates: list[tuple[str, str, str]] = []

    def meet(self, instruments: Mapping[str, Instrument]) -> None:
        self._logs = self._logs or {name: EventLog(instruments) for name in (self._users[0].name, STRUCK)}

    def hear(self, account: str, events: Sequence[Event], at: int) -> None:
        self._logbook.hear(account, events, at)
        for event in events if account in self._logs else ():
            for line in self._logs[account].lines((event,), at):
                if self._is_shown(account, event, line) and at < self._ends_at:  # after that no market moves
                    is_trouble = line.startswith("! ")
                    self._screen.tell(at, f"{'! ' if is_trouble else ''}{account}: {line.removeprefix('! ')}")

    def _is_shown(self, account: str, event: Event, line: str) -> bool:
        """The trades of the first user, and the troubles of the one that meets with the fault."""
        if account == STRUCK:
            return line.startswith("! ")
        return isinstance(event, OrderFilled)

    def decided(self, event: Struct, at: int) -> None:
        self._logbook.decided(event, at)
        if isinstance(event, _SHOWN):
            is_grave = isinstance(event, TrackDemoted | TrackRearmed | launch_events.HoldRaised)
            self._screen.tell(at, f"{'! ' if is_grave else ''}{event_in_words(event)}")

    def acted(self, at: int, line: str) -> None:
        self._logbook.stage(at, line)
        self._screen.tell(at, f"* {line}")

    def looked(self, at: int, line: str) -> None:
        self._logbook.looked(at, line)
        self._screen.tell(at, f"* {line}")

    def show(self, at: int, share_done: float, simulation: LaunchSimulation) -> None:
        launch, track = simulation.pilot.launch, simulation.plan.tracks[0]
        if at - self._asked_at >= ASKED_EVERY_NS:
            self._asked_at = at
            verdicts = self._logbook.ask(launch, simulation.projection, at)
            self._gates = [(it.gate, it.result.value, "" if it.result is Result.PASS else it.reason) for it in verdicts]
        progress = launch.track(track.name)
        prices = next(iter(simulation.trader.executors.values())).state.marks()
        self._screen.show(
            LaunchProgress(
                at=at,
                share_done=share_done,
                stages=self._logbook.stages,
                stage=progress.stage,
                phase=progress.phase.value,
                holds=[hold.reason for hold in launch.holds.values() if hold.covers(track.name)],
                gates=self._gates,
                allowed=self._logbook.allowed[-1][1] if self._logbook.allowed else ZERO,
                quote=QUOTE,
                profiles=list(_profiles(self._users, simulation.trader)),
                prices=prices,
            )
        )

    @property
    def stop_wanted(self) -> bool:
        return self._screen.stop_wanted


def _profiles(users: Sequence[SimulatedUser], trader: Trader) -> Iterable[ProfileLine]:
    for profile in dict.fromkeys(user.profile for user in users):
        mine = [user for user in users if user.profile is profile]
        states = [executor.state for user in mine if (executor := trader.executors.get(user.name)) is not None]
        worth = sum((found.value for account_state in states if (found := account_state.worth()) is not None), ZERO)
        began = Decimal(sum(user.opening for user in mine))
        yield ProfileLine(
            profile=profile.value,
            users=len(mine),
            trading=sum(account_state.limits.why_limited("") == "" for account_state in states),
            worth=worth,
            share=worth / began - 1 if len(states) == len(mine) else ZERO,
            positions=sum(len(account_state.money.ledger.positions) for account_state in states),
            trips=sum(len(account_state.money.trips) for account_state in states),
        )


# -- the result ------------------------------------------------------------------------------------------------------


def _alerts(projection: TraderProjection, now: int) -> list[tuple[int, str]]:
    """As they were measured, each once in a minute."""
    series = projection.observation(now).series["alerts"]
    notes = ((int(at) // MINUTE * MINUTE, series.names[code]) for at, code in zip(series.ats, series.labels, strict=True))
    return sorted(set(notes))


def _next_stage(simulation: LaunchSimulation, now: int) -> str:
    plan, launch, observation = simulation.plan, simulation.pilot.launch, simulation.projection.observation(now)
    return next_stage(LaunchStatus(plan, launch, observation, verdicts_of(plan, launch, observation)), plan.tracks[0])


def launch_result(flown: LaunchRun) -> LaunchResult:
    """The result, read from what the journals hold. Raises JournalErrors."""
    simulation, ended, logbook = flown.simulation, flown.ended, flown.logbook
    last, decided = _last_records(simulation)
    runs = _runs_of(flown, last)
    return LaunchResult(
        plan=simulation.plan.name,
        stages=logbook.stages,
        quote=QUOTE,
        lived=logbook.lived,
        holds=logbook.holds,
        gates=logbook.gates(ended.ended_at),
        allowed=logbook.allowed,
        equity=logbook.equity,
        marks=logbook.marks,
        alerts=_alerts(simulation.projection, ended.ended_at),
        decisions=logbook.decisions,
        next_stage=_next_stage(simulation, ended.ended_at),
        users=[
            UserRun(user.name, user.profile.value, user.cohort.value, runs[user.name], logbook.let_in.get(user.name))
            for user in simulation.users
        ],
        started_at=simulation.market.trading_from,
        ended_at=ended.ended_at,
        is_complete=ended.is_complete,
        seed=flown.options.seed,
        journal_digest=last.digest,
        journal_count=last.seq,
        journal_path=simulation.journal,
        launch_digest=decided.digest,
        launch_count=decided.seq,
        launch_path=simulation.launch_journal,
        wall_seconds=flown.wall_seconds,
        command=flown.command,
        release=fairway.__version__,
    )


def _last_records(simulation: LaunchSimulation) -> tuple[Record, Record]:
    """The last record of the trader's journal, and of the launch's."""
    with open_reader(simulation.journal) as journal:
        last = journal.last()
    with open_reader(simulation.launch_journal, stream=PILOT_STREAM) as launch:
        decided = launch.last()
    assert last is not None, "a trader writes at least its start"
    assert decided is not None, "a pilot writes at least that the launch began"
    return last, decided


def _runs_of(flown: LaunchRun, last: Record) -> dict[str, DemoResult]:
    """By user. last: the last record of the trader's journal."""
    with open_reader(flown.simulation.journal) as journal:
        histories = {user.name: list(history_of(journal, user.name)) for user in flown.simulation.users}
    return {name: _run_of(flown, name, history, last) for name, history in histories.items()}


def _run_of(flown: LaunchRun, user: str, events: Sequence[tuple[Event, int]], last: Record) -> DemoResult:
    simulation, ended = flown.simulation, flown.ended
    return DemoResult(
        events=events,
        instruments=ended.instruments,
        candles=ended.candles,
        exchange_balances=ended.balances[user],
        prices=ended.prices,
        quote=QUOTE,
        started_at=simulation.market.trading_from,
        ended_at=ended.ended_at,
        seed=flown.options.seed,
        journal_digest=last.digest,
        journal_count=last.seq,
        journal_path=simulation.journal,
        is_complete=ended.is_complete,
        command=flown.command,
        release=fairway.__version__,
        incidents=flown.script.incidents(ended.instruments.values()) if user == STRUCK else (),
    )
