"""A tick: from what is known and seen to what is decided. Pure: the same facts give the same decision, to the byte.

It is told what is there, never what happened: whatever was missed, or done twice, the next tick decides the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import copy, deepcopy
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

import msgspec
from msgspec import Struct

from fairway.journal.command_reader import ReadCommand
from fairway.launch.control import launch_events, leases, liquidation, messages, transitions
from fairway.launch.control.alarms import alarms
from fairway.launch.control.approvals import valid
from fairway.launch.control.causes import Trouble, troubles
from fairway.launch.control.command_handler import binds_of, of_heard
from fairway.launch.control.guard_requirements import guard_hold
from fairway.launch.control.hold_kinds import LIMITS_NOT_SHOWN, LOSS_BUDGET, gate_kind
from fairway.launch.control.holds import Hold, hold_of
from fairway.launch.control.lifecycle import Phase, TrackRearmed
from fairway.launch.control.objectives import LOSSES, lost_by_each
from fairway.launch.control.stage_clock import clock_moves
from fairway.launch.control.state import PILOT, Launch
from fairway.launch.gates.evaluation import evaluate, result_of
from fairway.launch.gates.port import Facts
from fairway.launch.gates.verdict import Result, Verdict
from fairway.launch.observation.baselines import series_of
from fairway.launch.observation.external_series import with_notes
from fairway.launch.observation.observation import Observation
from fairway.launch.observation.planned_maintenance import excused
from fairway.launch.plan.compiled_plan import CompiledPlan, CompiledTrack, OnFail
from fairway.launch.views.reason_text import reason_in_words
from fairway.risk.caps import Lifting
from fairway.risk.causes import Effect
from fairway.risk.disposal import Disposal
from fairway.watch.series import Series
from fairway.world.clock import HOUR

SPENT: Final = 0.9
"""Of what may be lost in a stage: who has lost so much of it is not promoted by what is left."""
FAIL_EFFECTS: Final = {
    OnFail.TELL: Effect.NONE,
    OnFail.HOLD: Effect.HOLD,
    OnFail.CONTAIN: Effect.CONTAIN,
    OnFail.DEMOTE: Effect.DEMOTE,
    OnFail.KILL: Effect.KILL,
    OnFail.FLATTEN: Effect.FLATTEN,
}
"""What the FAIL of a gate leads to, by its `on_fail`."""
KILLS: Final = {OnFail.KILL: Disposal.KEEP_STOPS, OnFail.FLATTEN: Disposal.FLATTEN}
FLUTTERS_MAX: Final = 3
"""A hold that went by itself so often within an hour stays, the next time, until a person lifts it."""


@dataclass(slots=True)
class TickOutcome:
    """What a tick decided: events, oldest first, and the verdicts that they rest on, by track."""

    events: list[Struct] = field(default_factory=list)
    verdicts: dict[str, tuple[Verdict, ...]] = field(default_factory=dict)
    results: dict[str, Result] = field(default_factory=dict)

    def kills(self) -> list[launch_events.KillOrdered]:
        return [each for each in self.events if isinstance(each, launch_events.KillOrdered)]

    def leases(self) -> list[launch_events.LeaseIssued]:
        return [each for each in self.events if isinstance(each, launch_events.LeaseIssued)]


class _Draft:
    """A launch as it will be: each event moves it as soon as it is decided, so that the next one is decided on it."""

    def __init__(self, plan: CompiledPlan, launch: Launch, sight: Observation) -> None:
        self.plan, self.sight = plan, sight
        self.launch = _copied(launch)
        self.outcome = TickOutcome()

    def take(self, events: Iterator[Struct]) -> None:
        for event in events:
            self.outcome.events.append(event)
            self.launch.apply(event, self.sight.now)


def tick(plan: CompiledPlan, launch: Launch, sight: Observation, heard: Sequence[ReadCommand] = ()) -> TickOutcome:
    """What follows from what is seen and said. launch is left as it is."""
    draft = _Draft(plan, launch, sight)
    for each in heard:
        draft.take(of_heard(plan, draft.launch, each, sight.now))
    draft.take(_release(draft.launch, sight))
    draft.take(_holds(draft))
    for track in plan.tracks:
        draft.take(clock_moves(plan, track, draft.launch, sight))
        _judge(draft, track)
        draft.take(_failed(draft, track))
        draft.take(_spent(draft, track))
        draft.take(transitions.moves(plan, track, draft.launch, draft.outcome.results[track.name], sight))
    for track in plan.tracks:
        draft.take(leases.leases_due(plan, track, draft.launch, sight))
    draft.take(messages.due(plan, launch, draft.launch, list(draft.outcome.events), sight))
    return draft.outcome


def verdicts_of(plan: CompiledPlan, launch: Launch, sight: Observation) -> dict[str, tuple[Verdict, ...]]:
    """By track, what the gates before its next stage say as things are; nothing is decided by it."""
    sight = excused(with_notes(sight, launch.notes, plan.paces), launch.maintenance)
    return {
        track.name: evaluate(transitions.asked(plan, track, launch), facts_of(plan, track, launch, sight))
        for track in plan.tracks
    }


def digest_of(sight: Observation, heard: Sequence[ReadCommand]) -> str:
    """Of all that a decision rests on, beside the launch itself."""
    accounts = {name: (permissions.caps, permissions.lease, permissions.heard) for name, permissions in sight.accounts.items()}
    series = _extents(sight.series)
    told: tuple[object, ...] = (sight.now, sight.release, sight.read_to, accounts, series, tuple(heard))
    if sight.controls:  # only then, so that what was decided before there were any is made anew to the same bytes
        told = (*told, _extents(sight.controls))
    if sight.guards:  # likewise
        told = (*told, sight.guards)
    if sight.unleased:  # likewise
        told = (*told, sight.unleased)
    return sha256(msgspec.json.encode(told, order="deterministic")).hexdigest()


def _extents(series: Mapping[str, Series]) -> dict[str, tuple[int, int, int]]:
    """How far each series goes."""
    return {name: (len(each), each.watermark, each.beats) for name, each in series.items()}


def _copied(launch: Launch) -> Launch:
    """Its own lists and tables; what is in them is never changed."""
    new = copy(launch)
    new.tracks = deepcopy(launch.tracks)
    new.holds, new.looks, new.leases = dict(launch.holds), dict(launch.looks), dict(launch.leases)
    new.lifts, new.baselines = dict(launch.lifts), dict(launch.baselines)
    new.told = dict(launch.told)
    new.killing = dict(launch.killing)
    new.given_at, new.let_in_at = dict(launch.given_at), dict(launch.let_in_at)
    new.approvals, new.evidence, new.waivers = list(launch.approvals), list(launch.evidence), list(launch.waivers)
    return new


def _release(launch: Launch, sight: Observation) -> Iterator[Struct]:
    """Another release runs: each track is armed again, and needs the entry gates and approvals of its first stage."""
    if not sight.release or sight.release == launch.release:
        return
    was = launch.release
    yield launch_events.ReleaseChanged(was=was, now=sight.release, voids=bool(was))
    for name, progress in list(launch.tracks.items()):
        if was and progress.stage >= 0 and progress.phase is not Phase.ABORTED:
            yield TrackRearmed(track=name, by=PILOT, why=f"release {sight.release[:12]} runs, and not {was[:12]}")
            hold = launch.holds.get(LIMITS_NOT_SHOWN.id_of(name))
            if hold is not None:
                yield launch_events.lifted(hold, by=PILOT, why="its stage was left")


# -- holds ---------------------------------------------------------------------------------------------------------


def _holds(draft: _Draft) -> Iterator[Struct]:
    """What troubles there are now: those that are new are raised, with what they lead to; those that are gone are lifted."""
    found = (*_of_traders(draft), *alarms(draft.plan, draft.launch, draft.sight))
    wanted = {each.id: each for each in found if each.effect is not Effect.NONE}
    for trouble in wanted.values():
        known = draft.launch.holds.get(trouble.id)
        if known is None or (trouble.contains and not known.contains):  # one account's own has become the launch's
            yield launch_events.HoldRaised(hold=_hold(draft, trouble, known))
            yield from _demoted(draft, trouble)
    for trouble in found:
        if trouble.disposal is not None:
            yield from _killed(draft, trouble.disposal, trouble.reason, trouble.accounts if trouble.effect is Effect.HOLD else ())
    yield from liquidation.again(draft.plan, draft.launch, draft.sight)
    blind = leases.blindness(draft.plan, draft.launch, draft.sight)
    blind += guard_hold(draft.launch.accounts, draft.plan.guards, draft.sight)
    for hold in blind:
        if hold.id not in draft.launch.holds:
            yield launch_events.HoldRaised(hold=_latched(draft, hold))
    there = {*wanted, *(each.id for each in blind)}
    for hold_id, hold in list(draft.launch.holds.items()):
        if hold.kind.is_observed and hold_id not in there and hold.lifting is Lifting.ITSELF:
            why = leases.how_gone(draft.plan, draft.launch, draft.sight, hold)
            if why:
                yield launch_events.lifted(hold, by=PILOT, why=why)


def _of_traders(draft: _Draft) -> Iterator[Trouble]:
    """Of the accounts that there are: one that has left takes no part in what befalls the others."""
    launch, plan = draft.launch, draft.plan
    there = {each.account for each in launch.accounts}
    caps = {name: permissions.caps for name, permissions in draft.sight.accounts.items() if name in there or not there}
    yield from troubles(caps, plan.answers, leases.leading(plan, launch, draft.sight))


def _hold(draft: _Draft, trouble: Trouble, known: Hold | None) -> Hold:
    """It goes when the trader's cap goes, whoever lifted that; but what waits for a person already goes on waiting for one."""
    hold = _latched(draft, hold_of(trouble.kind, trouble.reason, draft.sight.now))
    return msgspec.structs.replace(hold, lifting=known.lifting) if known is not None and known.lifting is Lifting.PERSON else hold


def _latched(draft: _Draft, hold: Hold) -> Hold:
    lifts = [at for at in draft.launch.lifts.get(hold.id, ()) if draft.sight.now - at <= HOUR]
    if len(lifts) < FLUTTERS_MAX:
        return hold
    reason = f"{hold.reason}; it came and went {len(lifts)} times within an hour"
    return msgspec.structs.replace(hold, reason=reason, lifting=Lifting.PERSON)


def _demoted(draft: _Draft, trouble: Trouble) -> Iterator[Struct]:
    if trouble.effect is Effect.CONTAIN or not trouble.contains:
        return
    for track in draft.plan.tracks:
        if track.leads:
            yield from transitions.demotion(
                track, draft.launch, trouble.reason, draft.sight.now, to_smallest=trouble.effect is not Effect.DEMOTE
            )


def _killed(draft: _Draft, disposal: Disposal, why: str, accounts: Sequence[str] = ()) -> Iterator[Struct]:
    """accounts: whose; nobody's for all."""
    names = accounts or [each.account for each in draft.launch.accounts]
    yield from liquidation.kills(draft.plan, draft.launch, draft.sight, names, disposal, why)


# -- gates ---------------------------------------------------------------------------------------------------------


def _judge(draft: _Draft, track: CompiledTrack) -> None:
    asked = transitions.asked(draft.plan, track, draft.launch)
    verdicts = evaluate(asked, facts_of(draft.plan, track, draft.launch, draft.sight))
    draft.outcome.verdicts[track.name] = verdicts
    draft.outcome.results[track.name] = result_of(asked, verdicts)


def facts_of(plan: CompiledPlan, track: CompiledTrack, launch: Launch, sight: Observation) -> Facts:
    """What the gates of a track may know."""
    progress = launch.track(track.name)
    approvals: dict[str, list[str]] = {}
    stage = track.stages[progress.stage] if progress.stage >= 0 else None
    given = [each for each in launch.approvals if each.at >= progress.entered_at] if stage is not None else []
    place, binds = (f"{track.name}/{stage.name}", binds_of(plan, launch, stage)) if stage is not None else ("", "")
    for each in valid(given, place, binds, sight.now):
        approvals.setdefault(each.role, []).append(each.person)
    return Facts(
        now=sight.now,
        since=progress.settled_at or sight.now,
        release=launch.release,
        author=plan.author,
        series=sight.series,
        controls=sight.controls,
        baselines=series_of(launch.baselines),
        evidence=(*launch.evidence, *sight.evidence),
        checklist=plan.checklist,
        waived=frozenset(each.claim for each in launch.waivers if each.at <= sight.now < each.ends_at),
        approvals=approvals,
        pauses=progress.spells(sight.now),
        release_since=launch.release_at,
        tries=progress.tries.get(progress.stage, 1),
    )


def _spent(draft: _Draft, track: CompiledTrack) -> Iterator[Struct]:
    """A stage in which nearly all is lost that may be: its trader refuses what could lose more, so nothing else would tell."""
    progress, hold_id = draft.launch.track(track.name), LOSS_BUDGET.id_of(track.name)
    losses, now = draft.sight.series.get(LOSSES), draft.sight.now
    if progress.phase not in (Phase.DWELLING, Phase.READY) or losses is None or hold_id in draft.launch.holds:
        return
    stage = track.stages[progress.stage]
    lost = lost_by_each(losses, progress.settled_at, now)
    if stage.limits.loss_total is not None and lost >= float(stage.limits.loss_total.value) * SPENT:
        why = f"{lost:.2f} of the {stage.limits.loss_total} that may be lost in {stage.name} is lost: go back, or give up"
        hold = hold_of(LOSS_BUDGET, why, now, scope=track.name, track=track.name)
        yield launch_events.HoldRaised(hold=hold)


def _failed(draft: _Draft, track: CompiledTrack) -> Iterator[Struct]:
    """What a gate's FAIL leads to, once."""
    if draft.launch.track(track.name).phase not in (Phase.DWELLING, Phase.READY, Phase.STEADY):
        return
    asked = transitions.asked(draft.plan, track, draft.launch)
    for each, verdict in zip(asked, draft.outcome.verdicts[track.name], strict=True):
        if verdict.result is not Result.FAIL or each.on_fail is OnFail.TELL:
            continue
        kind, scope = gate_kind(FAIL_EFFECTS[each.on_fail]), f"{track.name}/{each.name}"
        hold = hold_of(kind, verdict.reason, draft.sight.now, scope=scope, track=track.name)
        if hold.id in draft.launch.holds:
            continue
        why = f"the gate {each.name} fails: {reason_in_words(verdict.reason)}"
        if each.on_fail is OnFail.DEMOTE:
            yield from transitions.demotion(track, draft.launch, why, draft.sight.now)
            return
        yield launch_events.HoldRaised(hold=hold)
        if each.on_fail in KILLS:
            yield from transitions.demotion(track, draft.launch, why, draft.sight.now, to_smallest=True)
            yield from _killed(draft, KILLS[each.on_fail], why)
            return
