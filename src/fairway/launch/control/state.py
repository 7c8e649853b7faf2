"""The state of a launch: what its journal's events have made of it. Only its pilot moves it; everybody else folds it anew."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from msgspec import Struct

from fairway.journal.events import Codec
from fairway.journal.port import Record, ReplayEntry
from fairway.launch.control import launch_events
from fairway.launch.control.approvals import Approval
from fairway.launch.control.holds import Hold, on
from fairway.launch.control.lifecycle import Move, Phase, StageEntered, TrackDemoted, TrackRearmed, after
from fairway.launch.evidence.model import Evidence
from fairway.launch.evidence.survey import UserAnswer
from fairway.launch.observation.external_series import ExternalSeries
from fairway.launch.observation.planned_maintenance import counted
from fairway.risk.disposal import Disposal
from fairway.risk.limits import TradingState

CODEC: Final = Codec(*launch_events.EVENTS)
PAUSES_KEPT: Final = 1_000
"""Beyond that the two oldest become one, with the time between them: nothing that did not count ever counts again."""
LIFTS_KEPT: Final = 3
KILL_TOLD: Final = "kill"
"""Under which it is known that a kill was told when it was ordered; it is forgotten when that hold goes."""
PILOT: Final = "pilot"
"""Who moves a launch where no person does."""


@dataclass(slots=True)
class TrackProgress:
    """Where one track is. stage: its place, -1 before the first; highest: the furthest it ever was. Instants in ns.

    since: of the phase; entered_at: of the stage; settled_at: when its limits had been seen in force, from when on it counts.
    pauses: spells in which the stage's clock stood; paused_at: since when it stands now, or 0.
    """

    phase: Phase = Phase.ARMED
    stage: int = -1
    highest: int = -1
    since: int = 0
    entered_at: int = 0
    settled_at: int = 0
    tries: dict[int, int] = field(default_factory=dict)
    """By stage, how often this release was tried in it: entered, or lived in anew."""
    pauses: list[tuple[int, int]] = field(default_factory=list)
    paused_at: int = 0
    why: str = ""
    by: str = ""
    stopped: str = ""
    """Why its clock stands beside its holds, in words; "" where it does not."""
    reviewed_at: int = 0
    """When a person last looked at it (ns)."""
    reviewed_by: str = ""

    def served_ns(self, now: int) -> int:
        """How long the stage has been lived in, without the spells in which its clock stood."""
        if not self.settled_at or self.phase in (Phase.ENTERING, Phase.DEMOTING):
            return 0
        stood = sum(until - since for since, until in self.pauses)
        return now - self.settled_at - stood - (now - self.paused_at if self.paused_at else 0)

    def try_it(self) -> None:
        """Its evidence begins anew."""
        self.tries = {**self.tries, self.stage: self.tries.get(self.stage, 0) + 1}

    def pause(self, since: int, until: int) -> None:
        """The stage's clock stood so long (ns)."""
        self.pauses = [*self.pauses, (since, until)]
        if len(self.pauses) > PAUSES_KEPT:
            (first, _), (_, second), *later = self.pauses
            self.pauses = [(first, second), *later]

    def stop(self, since: int, why: str, at: int) -> None:
        """Its clock stands since an instant (ns), which may be before the one at which that was noticed."""
        self.stopped = why
        if self.settled_at:
            counted_to = max(since, self.settled_at, self.pauses[-1][1] if self.pauses else 0)
            self.paused_at = min(counted_to, self.paused_at or at, at)

    def spells(self, now: int) -> tuple[tuple[int, int], ...]:
        """All pauses, with the one that lasts."""
        return (*self.pauses, *(((self.paused_at, now),) if self.paused_at else ()))


@dataclass(frozen=True, slots=True)
class Ordered:
    """A kill that is not seen to be done. since, at: when it was ordered first and last (ns); at is 0 where that was in an
    earlier life of the pilot. is_seen: whether the trader has shown it; tries: one, and how often it was ordered again since.
    """

    disposal: Disposal
    why: str
    since: int
    at: int
    tries: int = 1
    is_seen: bool = False
    sells_later: bool = False


@dataclass(slots=True)
class Launch:
    """began: None before it began. looks: by account, how the venue was when it was asked last, and asked last in order."""

    began: launch_events.LaunchBegan | None = None
    began_at: int = 0
    release: str = ""
    release_at: int = 0
    """When it took the place of another one (ns); 0 where there was none."""
    epoch: int = 0
    tracks: dict[str, TrackProgress] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)
    approvals: list[Approval] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    other_evidence: list[Evidence] = field(default_factory=list)
    """Evidence bound to releases that do not run now; it counts again when its own release does."""
    waivers: list[launch_events.Waiver] = field(default_factory=list)
    accounts: tuple[launch_events.Seated, ...] = ()
    planned: tuple[tuple[int, int], ...] = ()
    """Spells of planned maintenance as the configuration told them last (ns)."""
    maintenance: tuple[tuple[int, int], ...] = ()
    """Those that count: what had passed when it was told is none, once a stage was entered."""
    looks: dict[str, launch_events.VenueSeen] = field(default_factory=dict)
    leases: dict[str, launch_events.LeaseIssued] = field(default_factory=dict)
    """By account, the last lease that it was given."""
    let_in_at: dict[str, int] = field(default_factory=dict)
    """By account, when it first had a lease to open anything (ns)."""
    given_at: dict[str, int] = field(default_factory=dict)
    """By account, when it was given limits or an epoch that it had not before (ns)."""
    lifts: dict[str, list[int]] = field(default_factory=dict)
    """By hold, when it went by itself (ns): what comes and goes again and again is left to a person."""
    killing: dict[str, Ordered] = field(default_factory=dict)
    """By account, the kill that was ordered and is not seen to be done."""
    baselines: dict[str, launch_events.BaselineCaptured] = field(default_factory=dict)
    answers: tuple[UserAnswer, ...] = ()
    """What users answered to surveys, in the order in which it was brought."""
    answers_at: int = 0
    """When it was last brought (ns)."""
    notes: ExternalSeries = field(default_factory=ExternalSeries)
    """What is known from elsewhere than the trader's journal."""
    started_at: int = 0
    """When the first stage of all was entered (ns)."""
    said: launch_events.MessageDue | None = None
    said_at: int = 0
    told: dict[tuple[str, str], int] = field(default_factory=dict)
    """By message of the plan and what it was last told of, the instant of that (ns): nothing is told twice."""
    decided: launch_events.Decided | None = None
    decisions: int = 0
    heard: int = 0
    heard_digest: str = ""
    written_at: int = 0
    """When its last event was written (ns)."""

    @property
    def messages(self) -> int:
        """How many were ever due."""
        return self.said.number if self.said is not None else 0

    def track(self, name: str) -> TrackProgress:
        return self.tracks.setdefault(name, TrackProgress())

    def apply(self, event: Struct, at: int) -> None:
        """Moves it by one event, live and in replay alike. at: ns."""
        if isinstance(event, launch_events.PilotStarted):
            self._stood(at)
        self.written_at = at
        if isinstance(event, Move):
            self._move(event, at)
        else:
            self._take(event, at)
        for name, progress in self.tracks.items():
            self._clock(name, progress, at)

    def _move(self, move: Move, at: int) -> None:
        progress = self.track(move.track)
        progress.phase, progress.since, progress.why, progress.by = after(progress.phase, move), at, move.why, move.by
        match move:
            case StageEntered(stage=stage) | TrackDemoted(stage=stage):
                progress.stage, progress.entered_at, progress.settled_at = stage, at, 0
                progress.highest = max(progress.highest, stage)
                progress.pauses, progress.paused_at = [], 0
                progress.try_it()
                self.started_at = self.started_at or at
            case TrackRearmed():
                progress.stage, progress.entered_at, progress.settled_at = -1, 0, 0
                progress.pauses, progress.paused_at, progress.stopped, progress.tries = [], 0, "", {}
        if progress.phase is Phase.DWELLING and not progress.settled_at:
            progress.settled_at = at
        if isinstance(move, TrackDemoted):  # what was approved was another way up
            self.approvals = [each for each in self.approvals if each.track != move.track]
            if move.voids:
                self.evidence = []

    def _clock(self, name: str, progress: TrackProgress, at: int) -> None:
        """The stage's clock stands while anything holds the track, or its trader could open nothing."""
        is_held = bool(on(name, self.holds.values())) or bool(progress.stopped)
        if is_held and not progress.paused_at and progress.settled_at:
            progress.paused_at = at
        elif not is_held and progress.paused_at:
            progress.pause(progress.paused_at, at)
            progress.paused_at = 0

    def _stood(self, until: int) -> None:
        """While no pilot flew no account had a lease, and nothing was lived in. One that flies writes something every minute."""
        for progress in self.tracks.values():
            if progress.settled_at and not progress.paused_at and self.written_at < until:
                progress.pause(max(self.written_at, progress.settled_at), until)

    def _take(self, event: Struct, at: int) -> None:
        match event:
            case launch_events.LaunchBegan():
                self.began, self.began_at, self.release = event, at, event.release
            case launch_events.PilotStarted(epoch=epoch):
                self.epoch = epoch
                self.killing = {name: replace(each, at=0) for name, each in self.killing.items()}
                self.notes.begin()
            case launch_events.HoldRaised(hold=hold):
                self.holds[hold.id] = hold
            case launch_events.HoldLifted(hold_id=hold_id, by=by):
                self._lift(hold_id, by, at)
            case launch_events.ClockStopped(track=name, since=since, why=why):
                self.track(name).stop(since, why, at)
            case launch_events.ClockStarted(track=name):
                self.track(name).stopped = ""
            case launch_events.LeaseIssued(accounts=accounts):
                self._give(event, accounts, at)
            case launch_events.KillOrdered() | launch_events.KillSeen() | launch_events.KillDone():
                self._kill(event, at)
            case launch_events.InstructionHeard(number=number, digest=digest):
                self.heard, self.heard_digest = number, digest
            case launch_events.Decided(number=number):
                self.decided, self.decisions = event, number
            case _:
                self._learn(event, at)

    def _lift(self, hold_id: str, by: str, at: int) -> None:
        """Where a person releases a hold of a kind that restarts its stage, the stage begins again."""
        hold = self.holds.pop(hold_id, None)
        is_kill = hold is not None and hold.kind.is_kill
        self._forget({hold_id, KILL_TOLD} if is_kill and not self.killing else {hold_id})
        self.lifts[hold_id] = [*self.lifts.get(hold_id, [])[-LIFTS_KEPT + 1 :], at] if by == PILOT else []
        if hold is None or not hold.track or not hold.kind.restarts_stage or by == PILOT:
            return
        progress = self.track(hold.track)
        if progress.stage >= 0:
            progress.settled_at, progress.pauses, progress.paused_at = at, [], 0
            progress.try_it()

    def _kill(self, event: launch_events.KillOrdered | launch_events.KillSeen | launch_events.KillDone, at: int) -> None:
        match event:
            case launch_events.KillOrdered(accounts=accounts, disposal=disposal, why=why, stays=True, sells_later=sells_later):
                for account in accounts:
                    last = self.killing.get(account)
                    if last is not None and last.disposal is disposal:
                        self.killing[account] = replace(last, at=at, tries=last.tries + last.is_seen)
                    else:
                        self.killing[account] = Ordered(disposal, why, since=at, at=at, sells_later=sells_later)
            case launch_events.KillSeen(accounts=accounts):
                for account in accounts:
                    self.killing[account] = replace(self.killing[account], is_seen=True)
            case launch_events.KillDone(account=account):
                self.killing.pop(account, None)
                if not any(each.kind.is_kill for each in self.holds.values()):
                    self._forget({KILL_TOLD})

    def _forget(self, over: set[str]) -> None:
        """What is over may be told anew when it comes again."""
        self.told = {key: since for key, since in self.told.items() if key[1] not in over}

    def _give(self, lease: launch_events.LeaseIssued, accounts: tuple[str, ...], at: int) -> None:
        for account in accounts:
            last = self.leases.get(account)
            if last is None or (last.epoch, last.limits) != (lease.epoch, lease.limits):
                self.given_at[account] = at
            self.leases[account] = lease
            if lease.limits.state is TradingState.ACTIVE:
                self.let_in_at.setdefault(account, at)

    def _learn(self, event: Struct, at: int) -> None:
        """What is seen and measured."""
        match event:
            case launch_events.ReleaseChanged(was=was, now=release, voids=voids):
                self.release, self.release_at = release, at if was else self.release_at
                self.approvals = []  # also where it changes back: a person approves again
                if voids:
                    self._bind(release)
            case launch_events.AccountsSeen(accounts=accounts):
                self.accounts = accounts
            case launch_events.MaintenancePlanned(spells=spells):
                self.maintenance = counted(self.maintenance, spells, at if self.started_at else 0)
                self.planned = spells
            case launch_events.VenueSeen(account=account):
                self.looks[account] = event
            case launch_events.Noted():
                self.notes.take(event)
            case launch_events.BaselineCaptured(name=name):
                self.baselines[name] = event
            case _:
                self._hear(event, at)

    def _bind(self, release: str) -> None:
        """Keeps the evidence of one release in force. What speaks against a claim and names no release counts for each."""
        known = [*self.other_evidence, *self.evidence]
        counts = [each.release == release or not (each.release or each.holds) for each in known]
        self.evidence = [each for each, is_bound in zip(known, counts, strict=True) if is_bound]
        self.other_evidence = [each for each, is_bound in zip(known, counts, strict=True) if not is_bound and each.release]
        self.waivers = []

    def _hear(self, event: Struct, at: int) -> None:
        """What people brought and said, and what is due to be told them."""
        match event:
            case launch_events.AnswersTaken(answers=answers, at=brought_at):
                self.answers, self.answers_at = (*self.answers, *answers), brought_at
            case launch_events.EvidenceTaken(evidence=evidence):
                self.evidence = [*(each for each in self.evidence if each.claim != evidence.claim), evidence]
                self.approvals = self.approvals if evidence.holds else []  # likewise
            case launch_events.ApprovalGiven(approval=approval):
                self.approvals.append(approval)
            case launch_events.Reviewed(track=name, by=by):
                progress = self.track(name)
                progress.reviewed_at, progress.reviewed_by = at, by
            case launch_events.WaiverGranted(waiver=waiver):
                self.waivers.append(waiver)
            case launch_events.MessageDue(place=place, of=of, since=since):
                self.said, self.said_at = event, at
                if of:
                    self.told[place, of] = since


def launch_from(records: Iterable[Record | ReplayEntry]) -> Launch:
    """Folded from its journal. Raises UnreadableRecord, IllegalMove."""
    launch = Launch()
    for record in records:
        launch.apply(CODEC.decode(record), record.at)
    return launch
