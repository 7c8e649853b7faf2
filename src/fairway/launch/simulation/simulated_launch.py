"""Simulates one launch: one plan, one bot, one seed, from the first approval to the end, by the pilot's own tick.

The pilot of a simulation looks every quarter of an hour, and when something happens, instead of every second: what it decides, it
decides up to fifteen minutes late. A lease that it gave is in force until it looks again.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from msgspec import Struct

from fairway.journal.command_reader import ReadCommand
from fairway.launch.control import launch_events
from fairway.launch.control.lifecycle import Phase, StageEntered, TrackDemoted, TrackFinished
from fairway.launch.control.state import Launch
from fairway.launch.control.tick import tick
from fairway.launch.control.tick_context import TickOutcome
from fairway.launch.gates.verdict import Result
from fairway.launch.observation.observation import Observation
from fairway.launch.plan.compiled_plan import CompiledPlan
from fairway.launch.simulation.bots import SimulatedBot
from fairway.launch.simulation.evidence_sources import RELEASE, Show, shown
from fairway.launch.simulation.people import SimulatedPeople
from fairway.launch.simulation.plan_terms import PlanTerms
from fairway.launch.simulation.world import BEGINS, World
from fairway.world.chance import Chance
from fairway.world.clock import DAY, MINUTE

EVERY_NS: Final = 15 * MINUTE
SOON_NS: Final = MINUTE
"""After a move the pilot looks again so soon, to see whether it took effect."""


Decide = Callable[[CompiledPlan, Launch, Observation, Sequence[ReadCommand]], TickOutcome]
"""The pilot's tick, or one that is watched."""


@dataclass(frozen=True, slots=True)
class StageStay:
    """One stay in a stage of real money. lost, in_flight, bound: cents; bound None where there is none.

    in_flight: what positions of the stage before had at risk when it began; it may be lost beside the bound.
    """

    stage: str
    lost: int
    in_flight: int
    bound: int | None


@dataclass(frozen=True, slots=True)
class SimulatedLaunchResult:
    """is_through: whether it came to the end. days: how long it lasted. reached: by stage, after how many days it was first
    entered. stays: in stages of real money. lost: cents of it, by all users who lost any, whatever others won. stopped_by: what
    kept it from the end; "" where nothing did. held: the share of the time in which a stage's clock stood; demotions: how often.
    """

    bot: str
    seed: int
    is_through: bool
    days: float
    reached: Mapping[str, float]
    stays: tuple[StageStay, ...]
    lost: int
    stopped_by: str
    held: float
    demotions: int
    ticks: int


def simulate_launch(
    terms: PlanTerms, bot: SimulatedBot, seed: int, days: int = 0, *, decide: Decide = tick, show: Show = shown
) -> SimulatedLaunchResult:
    """Deterministic: the same plan, bot and seed give the same result. days: at most; 0 for as long as the plan suggests.

    show: how people show a claim of the plan.
    """
    return _SimulatedLaunch(terms, bot, seed, days or terms.days, decide, show).run()


@dataclass(slots=True)
class _SimulatedLaunch:
    terms: PlanTerms
    bot: SimulatedBot
    seed: int
    days: int
    decide: Decide
    show: Show
    launch: Launch = field(default_factory=Launch)
    world: World = field(init=False)
    people: SimulatedPeople = field(init=False)
    reached: dict[str, float] = field(default_factory=dict)
    stays: list[StageStay] = field(default_factory=list)
    held_ns: int = 0
    ticks: int = 0
    demotions: int = 0
    outcome: TickOutcome = field(default_factory=TickOutcome)
    _stage: tuple[str, int] | None = None

    def run(self) -> SimulatedLaunchResult:
        self.world = World(self.terms, self.bot, self.seed, self.days)
        self.people = SimulatedPeople(Chance(self.seed).child(self.bot.name).stream("people"), self.show)
        plan = self.terms.plan
        self._take(launch_events.LaunchBegan(plan=plan.name, text="", digest=plan.digest, release=RELEASE, by=plan.author))
        self._take(launch_events.PilotStarted(epoch=1, version="rehearsal"))
        self._take(launch_events.AccountsSeen(accounts=self.world.enrolled()))
        soon = sorted(set(self.world.instants()), reverse=True)
        now = BEGINS
        while now < self.world.ends and not self._is_over():
            now = self._next(now, soon)
            self._step(now)
        return self._played()

    def _next(self, now: int, soon: list[int]) -> int:
        while soon and soon[-1] <= now:
            soon.pop()
        has_moved = bool(self.launch.pending_kills) or any(
            isinstance(event, StageEntered | TrackDemoted) for event in self.outcome.events
        )
        following = now + SOON_NS if has_moved else (now // EVERY_NS + 1) * EVERY_NS
        return min(following, soon[-1]) if soon else following

    def _step(self, now: int) -> None:
        was, plan = self.world.now, self.terms.plan
        self.world.advance(now)
        self.people.lift(self.world)
        for seen in (*self.world.looks(), *self.people.evidence(self.world, self.launch)):
            self._take(seen)
        commands = self.people.said(plan, self.launch, self.world, self.outcome.verdicts)
        self.outcome = self.decide(plan, self.launch, self.world.observe(), commands)
        self.ticks += 1
        if any(progress.paused_at for progress in self.launch.tracks.values()):
            self.held_ns += now - was
        self.people.see(plan, self.launch, self.outcome)
        for event in self.outcome.events:
            self._before(event)
            self._take(event)
        self._note_results()
        for ordered in self.outcome.kills():
            self.world.kill(ordered)
        for lease in self.outcome.leases():
            self.world.issue(lease)

    def _note_results(self) -> None:
        """What the journal's decisions would tell people."""
        known = self.launch.last_decision.results if self.launch.last_decision is not None else None
        if self.outcome.results != known:
            self._take(_decided(self.launch, self.outcome, self.world.now))

    def _take(self, event: Struct) -> None:
        self.launch.apply(event, self.world.now)

    # -- stages ----------------------------------------------------------------------------------------------------

    def _before(self, event: Struct) -> None:
        """Counts what was lost in a stage before it is left."""
        if not isinstance(event, StageEntered | TrackDemoted | TrackFinished):
            return
        track = self.terms.plan.track(event.track)
        if track.leads:
            self._leave()
        if isinstance(event, TrackFinished):
            return
        self.demotions += isinstance(event, TrackDemoted)
        self.reached.setdefault(f"{track.name}/{event.name}", (self.world.now - BEGINS) / DAY)
        if track.leads:
            self.world.enter(event.track, event.stage)
            self._stage = (event.track, event.stage)

    def _leave(self) -> None:
        if self._stage is None:
            return
        stage_terms = self.terms.stages[self._stage[0]][self._stage[1]]
        if stage_terms.is_real:
            lost, stage = self.world.lost_in_stay(), f"{self._stage[0]}/{stage_terms.name}"
            self.stays.append(StageStay(stage, lost, self.world.carried, stage_terms.loss_cents))
        self._stage = None

    # -- the end ---------------------------------------------------------------------------------------------------

    def _is_over(self) -> bool:
        return self._is_through() or any(progress.phase is Phase.ABORTED for progress in self.launch.tracks.values())

    def _is_through(self) -> bool:
        name, place = self.terms.goal
        progress = self.launch.track(name)
        return progress.phase is Phase.STEADY if self.terms.must_pass else progress.stage == place

    def _played(self) -> SimulatedLaunchResult:
        self._leave()
        return SimulatedLaunchResult(
            bot=self.bot.name,
            seed=self.seed,
            is_through=self._is_through(),
            days=(self.world.now - BEGINS) / DAY,
            reached=self.reached,
            stays=tuple(self.stays),
            lost=self.world.lost_by_users(),
            stopped_by="" if self._is_through() else self._why(),
            held=self.held_ns / max(1, self.world.now - BEGINS),
            demotions=self.demotions,
            ticks=self.ticks,
        )

    def _why(self) -> str:
        """Of a launch that people gave up, what set it back most often; else what was missing at the end."""
        if self.people.has_given_up:
            return str(Counter(self.people.setbacks).most_common(1)[0][0])
        return next(self._missing(), "people had not approved")

    def _missing(self) -> Iterator[str]:
        name, _ = self.terms.goal
        for verdict in self.outcome.verdicts.get(name, ()):
            if verdict.result is not Result.PASS:
                yield f"gate {verdict.gate}"
        for hold in self.launch.holds.values():
            yield hold.id


def _decided(launch: Launch, outcome: TickOutcome, now: int) -> launch_events.Decided:
    return launch_events.Decided(
        number=launch.decisions + 1,
        now=now,
        read_to=0,
        inputs="",
        commands=(),
        verdicts=outcome.verdicts,
        results=outcome.results,
        served_ns={},
        outcome=(),
    )
