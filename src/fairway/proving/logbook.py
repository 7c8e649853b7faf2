"""The logbook of a launch: notes what its pilot decides while it flies, in the plain values that its report is made of."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from msgspec import Struct

from fairway.journal.kinds import Event, Marked
from fairway.launch.control import launch_events, lifecycle
from fairway.launch.control.gate_stage import verdicts_of
from fairway.launch.control.state import Launch
from fairway.launch.gates.verdict import Verdict
from fairway.launch.observation.trader_projection import TraderProjection
from fairway.launch.plan.compiled_plan import CompiledPlan
from fairway.launch.simulation.population import SimulatedUser
from fairway.launch.views.event_text import event_in_words
from fairway.money.amount import ZERO
from fairway.reports.launch_report import DecidedKind, LaunchDecision, LaunchMark, MarkKind, Spell
from fairway.risk.limits import Limits, TradingState
from fairway.world.clock import HOUR

ASKED_EVERY_NS: Final = HOUR
_MOVES: Final = (
    lifecycle.StageEntered,
    lifecycle.TrackDemoted,
    lifecycle.TrackRearmed,
    lifecycle.GatesPassed,
    lifecycle.GatesLapsed,
    lifecycle.TrackFinished,
    lifecycle.TrackAborted,
)
_TOLD: Final = (
    *_MOVES,
    launch_events.HoldRaised,
    launch_events.HoldLifted,
    launch_events.ApprovalGiven,
    launch_events.LaunchBegan,
    launch_events.ReleaseChanged,
)


class StageLog:
    """course: that is flown. It takes note of the first track that leads accounts."""

    def __init__(self, plan: CompiledPlan, users: Sequence[SimulatedUser]) -> None:
        self._plan, self._users = plan, {user.name: user for user in users}
        self._track = next(track for track in plan.tracks if track.leads)
        self.lived: list[Spell] = []
        self.holds: list[Spell] = []
        self.marks: list[LaunchMark] = []
        self.decisions: list[LaunchDecision] = []
        self.allowed: list[tuple[int, Decimal]] = []
        self.let_in: dict[str, int] = {}
        self.equity: dict[str, list[tuple[int, Decimal]]] = {user.profile.value: [] for user in users}
        self._answers: dict[str, list[tuple[int, str, str]]] = {}
        self._stage: tuple[str, int] | None = None
        self._open_holds: dict[str, tuple[int, str, bool]] = {}
        self._leases: dict[str, tuple[int, Limits]] = {}
        self._worths: dict[str, Decimal] = {user.name: Decimal(user.opening) for user in users}
        self._number = 0
        self._asked_at = 0

    @property
    def stages(self) -> list[str]:
        return [stage.name for stage in self._track.stages]

    # -- what happens --------------------------------------------------------------------------------------------

    def decided(self, event: Struct, at: int) -> None:
        if isinstance(event, launch_events.Decided):
            self._number = event.number
            self._note(event.verdicts.get(self._track.name, ()), at)
        if isinstance(event, _TOLD):
            what, _, why = event_in_words(event).partition(": ") if not isinstance(event, _MOVES) else _of_move(event)
            self.decisions.append(LaunchDecision(self._number, at, _kind_of(event), what, why))
        match event:
            case lifecycle.StageEntered(name=name, why=why):
                self._enter(name, at)
                self.marks.append(LaunchMark(at, MarkKind.PROMOTED, f"{name}: {why}"))
            case lifecycle.TrackDemoted(stage=stage, why=why):
                name = self._track.stages[stage].name
                self._enter(name, at)
                self.marks.append(LaunchMark(at, MarkKind.DEMOTED, f"back to {name}: {why}"))
            case lifecycle.TrackRearmed(why=why):
                self.marks.append(LaunchMark(at, MarkKind.DEMOTED, f"armed again: {why}"))
            case launch_events.HoldRaised(hold=hold):
                self._open_holds[hold.id] = (at, hold.reason, hold.contains)
                if hold.contains:
                    self.marks.append(LaunchMark(at, MarkKind.HELD, hold.reason))
            case launch_events.HoldLifted(hold_id=hold_id):
                self._close_hold(hold_id, at)
            case launch_events.LeaseIssued():
                self._allow(event, at)

    def hear(self, account: str, events: Iterable[Event], at: int) -> None:
        for event in events:
            if isinstance(event, Marked):
                self._worths[account] = event.worth.value
                self._note_equity(self._users[account].profile.value, at)

    def stage(self, at: int, text: str) -> None:
        """Something was made to happen."""
        self.marks.append(LaunchMark(at, MarkKind.STAGED, text))

    def looked(self, at: int, text: str) -> None:
        """A person has looked into what was stopped, and lets it go on."""
        self.marks.append(LaunchMark(at, MarkKind.LOOKED, text))

    def ask(self, launch: Launch, projection: TraderProjection, at: int) -> Sequence[Verdict]:
        """What the gates before the next stage say now."""
        verdicts = verdicts_of(self._plan, launch, projection.observation(at))[self._track.name]
        self._note(verdicts, at)
        return verdicts

    def _note(self, verdicts: Iterable[Verdict], at: int) -> None:
        stage = self._stage[0] if self._stage else "entry"
        for verdict in verdicts:
            self._answers.setdefault(f"{stage}/{verdict.gate}", []).append((at, verdict.result.value, verdict.reason))

    def _enter(self, name: str, at: int) -> None:
        if self._stage is not None:
            self.lived.append(Spell(self._stage[0], self._stage[1], at))
        self._stage = name, at

    def _close_hold(self, hold_id: str, at: int) -> None:
        since, why, contains = self._open_holds.pop(hold_id)
        self.holds.append(Spell("contained" if contains else "held", since, at, why, hold_id))

    def _allow(self, lease: launch_events.LeaseIssued, at: int) -> None:
        for account in lease.accounts:
            self._leases[account] = lease.until, lease.limits
            if lease.limits.state is TradingState.ACTIVE:
                self.let_in.setdefault(account, at)
        self._note_allowed(at)

    def _note_allowed(self, at: int) -> None:
        active = [limits for until, limits in self._leases.values() if until > at and limits.state is TradingState.ACTIVE]
        each = sum((limits.capital.value for limits in active if limits.capital is not None), ZERO)
        total = min((limits.capital_total.value for limits in active if limits.capital_total is not None), default=each)
        now = min(each, total)
        if not self.allowed or self.allowed[-1][1] != now:
            self.allowed.append((at, now))

    def _note_equity(self, profile: str, at: int) -> None:
        names = [name for name, user in self._users.items() if user.profile.value == profile]
        began = sum(self._users[name].opening for name in names)
        share = sum((self._worths[name] for name in names), ZERO) / began
        points = self.equity[profile]
        if points and points[-1][0] == at:
            points.pop()
        points.append((at, share))

    # -- the end -------------------------------------------------------------------------------------------------

    def close(self, at: int) -> None:
        if self._stage is not None:
            self.lived.append(Spell(self._stage[0], self._stage[1], at))
        for hold_id in list(self._open_holds):
            self._close_hold(hold_id, at)

    def gates(self, ended_at: int) -> Mapping[str, Sequence[Spell]]:
        """By gate, its answers joined to spells; a gate is not asked while its stage is not lived in."""
        found: dict[str, list[Spell]] = {}
        for name, answers in self._answers.items():
            spells: list[Spell] = []
            for at, result, reason in answers:
                if spells and spells[-1].name == result and at - spells[-1].until <= ASKED_EVERY_NS:
                    spells[-1] = Spell(result, spells[-1].since, at, reason)
                else:
                    if spells and at - spells[-1].until <= ASKED_EVERY_NS:
                        spells[-1] = Spell(spells[-1].name, spells[-1].since, at, spells[-1].why)
                    spells.append(Spell(result, at, at, reason))
            found[name] = [
                Spell(it.name, it.since, min(max(it.until, it.since + ASKED_EVERY_NS), ended_at), it.why) for it in spells
            ]
        return found


def _kind_of(event: Struct) -> DecidedKind:
    match event:
        case lifecycle.StageEntered() | lifecycle.TrackFinished():
            return DecidedKind.FORWARD
        case lifecycle.TrackDemoted() | lifecycle.TrackRearmed() | lifecycle.TrackAborted():
            return DecidedKind.BACK
        case launch_events.HoldRaised():
            return DecidedKind.HELD
        case launch_events.HoldLifted():
            return DecidedKind.RELEASED
        case _:
            return DecidedKind.SAID


def _of_move(event: Struct) -> tuple[str, str, str]:
    assert isinstance(event, lifecycle.Move)
    match event:
        case lifecycle.StageEntered(name=name):
            return f"stage {name} is entered", "", event.why
        case lifecycle.TrackDemoted(name=name):
            return f"BACK to stage {name or 'the first'}", "", event.why
        case lifecycle.TrackRearmed():
            return "ARMED AGAIN", "", event.why
        case lifecycle.GatesLapsed():
            return "not ready any more", "", event.why
        case lifecycle.TrackFinished():
            return "finished", "", event.why
        case lifecycle.TrackAborted():
            return "given up", "", event.why
        case _:
            return "ready", "", event.why
