"""What a rehearsal takes from a plan: who trades, how often, what its gates ask for, and where its end is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from fairway.launch.control.objectives import LOSSES
from fairway.launch.gates.port import Claim
from fairway.launch.observation.comparison.comparison_sources import asked_of_control
from fairway.launch.observation.comparison.pairing import OF
from fairway.launch.plan.compile import PlanCompiler
from fairway.launch.plan.compiled_plan import CompiledPlan, CompiledStage, CompiledTrack
from fairway.launch.plan.limits import Mode
from fairway.launch.plan.load import Written
from fairway.launch.plan.model import Plan
from fairway.launch.plan.stage import Stage
from fairway.launch.simulation.background_series import ANSWERED
from fairway.launch.simulation.population import SimulatedUser
from fairway.money.amount import Amount
from fairway.people.account import Cohort
from fairway.risk.profiles import Profile
from fairway.watch.indicators import BY_NAME, PROBED
from fairway.world.clock import DAY

QUOTE: Final = "USDT"
CROWD_MAX: Final = 24
"""Users who are played, whatever the plan allows: the others would do the same."""
TRIPS_A_DAY: Final = 12.0
"""Round trips of a stage, where the plan does not say what it expects."""
BRINGS: Final = 1_000
"""Dollars that a user brings, where the plan does not say it."""


@dataclass(frozen=True, slots=True)
class StageTerms:
    """A stage as it is played. trips_a_day: of one user. loss_cents: what all may lose in it together, None for no bound."""

    name: str
    is_real: bool
    trips_a_day: float
    loss_cents: int | None


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """grounds: by track, its stages in order. intents: order intents of a round trip. goal: track and place of the last stage.

    must_pass: whether the last stage has to be passed; where it has no longest stay it is where a launch leads to, and is only
    entered. asks: indicators that its gates need. claims: what evidence must be there for.
    """

    plan: CompiledPlan
    stages: Mapping[str, tuple[StageTerms, ...]]
    users: tuple[SimulatedUser, ...]
    intents: int
    signals_a_day: float
    goal: tuple[str, int]
    must_pass: bool
    asks: frozenset[str]
    claims: tuple[Claim, ...]
    restarts: bool
    """Whether its gates ask for a restart with a position, so that people restart it."""
    days: int
    """How many days it is rehearsed at most by default: its longest stays, or twice its shortest ones."""

    def needs(self) -> Iterator[str]:
        """Notes on measurements that a rehearsal simulates and a real launch has only where its configuration provides them."""
        if OF in self.asks:
            yield f"{OF} is measured in a real launch where its configuration names a shadow (beside); else its gate says ERROR"
        for name in sorted(self.asks):
            if name in PROBED and name not in self.plan.paces:
                yield f"{name} is measured in a real launch where a probe of the plan feeds it; else its gate says ERROR"
        if asked_of_control(self.plan):
            yield "nothing runs beside a rehearsal, so a gate with  against: control  says ERROR here, and passes no bot"
        for name in self.asked_by(beside=True):
            yield f"what the probe {name} asks is answered here, and as fast as a good bot answers; a real launch needs it to run"

    def asked_by(self, *, beside: bool) -> tuple[str, ...]:
        """Probes that measure how fast is answered: of the launch itself, or of what runs beside it."""
        return tuple(each.name for each in self.plan.probes if ANSWERED in each.feeds and each.beside is beside)


def terms_of(written: Written) -> PlanTerms:
    """What is played. Raises PlanError for gates that cannot be asked."""
    plan = written.plan
    mode = min((stage.limits.mode for _, stage, _ in plan.walk()), key=lambda mode: mode.rank)
    compiled = PlanCompiler(written, QUOTE, mode).compiled()
    goal = _goal(compiled)
    last = compiled.track(goal[0]).stages[goal[1]]
    users = tuple(_users(plan))
    return PlanTerms(
        plan=compiled,
        stages={name: tuple(_stage_terms(plan, stage, users) for stage in row.stages) for name, row in plan.rows.items()},
        users=users,
        intents=_intents(plan),
        signals_a_day=max(
            (float(rate.within(DAY)) for key, rate in plan.expects.items() if key == "signal_latency"), default=200.0
        ),
        goal=goal,
        must_pass=bool(last.stay_max_ns),
        asks=frozenset(name for each in compiled.gates for name in each.gate.indicators(each.settings)) | _watched(compiled),
        claims=(*compiled.checklist, *_drills(compiled)),
        restarts=any("restart_with_position" in getattr(each.settings, "paths", ()) for each in compiled.gates),
        days=_days(compiled, goal),
    )


def _goal(plan: CompiledPlan) -> tuple[str, int]:
    """The last stage of the track that leads to the most."""
    leading = [track for track in plan.tracks if track.leads] or list(plan.tracks)
    return leading[-1].name, len(leading[-1].stages) - 1


def _days(plan: CompiledPlan, goal: tuple[str, int]) -> int:
    track, place = plan.track(goal[0]), goal[1]
    ways: list[CompiledTrack] = [track]
    while (after := ways[-1].after) is not None:
        ways.append(plan.track(after.track))
    stays = sum(_longest(stage) for way in ways for stage in way.stages[: place if way is track else None])
    last = track.stages[place]
    return max(10, -(-(stays + (_longest(last) if last.stay_max_ns else 0)) // DAY))


def _longest(stage: CompiledStage) -> int:
    """How long a stage is played at most (ns)."""
    return max(stage.stay_max_ns or 0, 2 * stage.stay_min_ns)


def _drills(plan: CompiledPlan) -> Iterator[Claim]:
    """What a gate asks for that is no item of the checklist."""
    known = {claim.name for claim in plan.checklist}
    for each in plan.gates:
        claim = getattr(each.settings, "claim", None)
        if isinstance(claim, Claim) and claim.name not in known:
            known.add(claim.name)
            yield claim


def _watched(plan: CompiledPlan) -> frozenset[str]:
    """What alarms and budgets of the plan look at, and baselines keep."""
    names = [*(each.of for each in plan.alarms), *(each.of or LOSSES for each in plan.objectives)]
    names += [name for each in plan.baselines for name in each.of]
    return frozenset(name for name in names if name in BY_NAME)


def _intents(plan: Plan) -> int:
    """An entry and an exit at least."""
    orders, trips = plan.expects.get("order_success"), plan.expects.get("round_trips")
    if orders is None or trips is None or not trips.number:
        return 2
    return min(6, max(2, round(float(orders.number / orders.span / (trips.number / trips.span)))))


def _stage_terms(plan: Plan, stage: Stage, users: tuple[SimulatedUser, ...]) -> StageTerms:
    rate = stage.expects.get("round_trips") or plan.expects.get("round_trips")
    trips = float(rate.number * DAY / rate.span) if rate is not None else TRIPS_A_DAY
    there = sum(_fits(user, stage) for user in users)
    loss = stage.limits.loss
    return StageTerms(
        name=stage.name,
        is_real=stage.limits.mode is Mode.LIVE,
        trips_a_day=trips / max(1, stage.limits.users or there),
        loss_cents=_cents(loss) if loss is not None else None,
    )


# -- who comes -----------------------------------------------------------------------------------------------------


def _users(plan: Plan) -> Iterator[SimulatedUser]:
    """As many users of its cohort as each stage has room for; one where a plan names no users."""
    users: list[SimulatedUser] = []
    for _, stage, _ in plan.walk():
        if stage.limits.users is None and stage.limits.cohort is None:
            continue
        room = min(stage.limits.users or CROWD_MAX, CROWD_MAX)
        fitting = sum(_fits(user, stage) for user in users)
        users += [_user(stage, len(users) + number) for number in range(room - fitting)]
    yield from users or [_user(list(plan.walk())[-1][1], 0)]


def _fits(user: SimulatedUser, stage: Stage) -> bool:
    return stage.limits.cohort is None or user.cohort in stage.limits.cohort.and_nearer()


def _user(stage: Stage, number: int) -> SimulatedUser:
    profiles = tuple(Profile) if stage.limits.profiles == "all" else stage.limits.profiles
    between, capital = stage.limits.capital_per_user, stage.limits.capital
    users = stage.limits.users or 1
    most = _cents(between.at_most or (capital and Amount(capital.value / users, capital.asset)) or Amount.of(BRINGS, "USD"))
    least = _cents(between.at_least) if between.at_least is not None else most
    cohort = stage.limits.cohort or Cohort.PUBLIC
    return SimulatedUser(f"{cohort.value}{number + 1}", profiles[(number + 1) % len(profiles)], cohort, least, most)


def _cents(amount: Amount) -> int:
    return int(amount.value * 100)
