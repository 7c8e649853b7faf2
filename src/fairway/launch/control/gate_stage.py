"""Judges a track's gates in a tick, and decides what follows from a gate that fails."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from fairway.launch.control.approvals import valid
from fairway.launch.control.command_handler import binds_of
from fairway.launch.control.hold_kinds import gate_kind
from fairway.launch.control.hold_stage import order_kill
from fairway.launch.control.holds import hold_of
from fairway.launch.control.launch_events import HoldRaised
from fairway.launch.control.lifecycle import Phase
from fairway.launch.control.state import Launch
from fairway.launch.control.tick_context import TickContext
from fairway.launch.control.transitions import demotion, next_gates
from fairway.launch.gates.evaluation import evaluate, result_of
from fairway.launch.gates.port import Facts
from fairway.launch.gates.verdict import Result, Verdict
from fairway.launch.observation.baselines import series_of
from fairway.launch.observation.external_series import with_external
from fairway.launch.observation.observation import Observation
from fairway.launch.observation.planned_maintenance import excused
from fairway.launch.plan.compiled_plan import CompiledGate, CompiledPlan, CompiledTrack, OnFail
from fairway.launch.plan.stage_ref import StageRef
from fairway.launch.views.reason_text import reason_in_words
from fairway.risk.causes import Effect
from fairway.risk.disposal import Disposal

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
"""What becomes of positions, by the `on_fail` of a gate that kills."""
_JUDGED: Final = (Phase.DWELLING, Phase.READY, Phase.STEADY)
"""Phases in which a gate's FAIL has an effect."""


def judge_gates(context: TickContext, track: CompiledTrack) -> Iterator[Struct]:
    """Stores the verdicts and the result of a track's gates in the outcome. Yields no event."""
    gates = next_gates(context.plan, track, context.launch)
    verdicts = evaluate(gates, facts_of(context.plan, track, context.launch, context.observation))
    context.outcome.verdicts[track.name] = verdicts
    context.outcome.results[track.name] = result_of(gates, verdicts)
    yield from ()


def fail_gates(context: TickContext, track: CompiledTrack) -> Iterator[Struct]:
    """What a gate's FAIL leads to, once; a demotion or a kill ends the round."""
    if context.launch.track(track.name).phase not in _JUDGED:
        return
    gates = next_gates(context.plan, track, context.launch)
    for gate, verdict in zip(gates, context.outcome.verdicts[track.name], strict=True):
        if verdict.result is not Result.FAIL or gate.on_fail is OnFail.TELL:
            continue
        kind, scope = gate_kind(FAIL_EFFECTS[gate.on_fail]), f"{track.name}/{gate.name}"
        hold = hold_of(kind, verdict.reason, context.observation.now, scope=scope, track=track.name)
        if hold.id in context.launch.holds:
            continue
        if gate.on_fail is not OnFail.DEMOTE:
            yield HoldRaised(hold=hold)
        yield from _effect(context, track, gate, verdict)
        if gate.on_fail is OnFail.DEMOTE or gate.on_fail in KILLS:
            return


def _effect(context: TickContext, track: CompiledTrack, gate: CompiledGate, verdict: Verdict) -> Iterator[Struct]:
    """The demotion and the kill that a failed gate leads to beside its hold."""
    why, now = f"the gate {gate.name} fails: {reason_in_words(verdict.reason)}", context.observation.now
    if gate.on_fail is OnFail.DEMOTE:
        yield from demotion(track, context.launch, why, now)
    elif gate.on_fail in KILLS:
        yield from demotion(track, context.launch, why, now, to_smallest=True)
        yield from order_kill(context, KILLS[gate.on_fail], why)


def verdicts_of(plan: CompiledPlan, launch: Launch, observation: Observation) -> dict[str, tuple[Verdict, ...]]:
    """By track, the verdicts of the gates before its next stage, for views: nothing is decided."""
    observation = excused(with_external(observation, launch.external, plan.paces), launch.maintenance)
    return {
        track.name: evaluate(next_gates(plan, track, launch), facts_of(plan, track, launch, observation)) for track in plan.tracks
    }


def facts_of(plan: CompiledPlan, track: CompiledTrack, launch: Launch, observation: Observation) -> Facts:
    """What the gates of a track may use."""
    progress, now = launch.track(track.name), observation.now
    return Facts(
        now=now,
        since=progress.settled_at or now,
        release=launch.release,
        author=plan.author,
        series=observation.series,
        controls=observation.controls,
        baselines=series_of(launch.baselines),
        evidence=(*launch.evidence, *observation.evidence),
        checklist=plan.checklist,
        waived=frozenset(each.claim for each in launch.waivers if each.at <= now < each.ends_at),
        approvals=_approvals(plan, track, launch, now),
        pauses=progress.spells(now),
        release_since=launch.release_at,
        tries=progress.tries.get(progress.stage, 1),
    )


def _approvals(plan: CompiledPlan, track: CompiledTrack, launch: Launch, now: int) -> dict[str, list[str]]:
    """By role, the people whose approvals of the present stage were given since it was entered and are valid now (ns)."""
    progress = launch.track(track.name)
    if progress.stage < 0:
        return {}
    stage = track.stages[progress.stage]
    given = [each for each in launch.approvals if each.at >= progress.entered_at]
    people: dict[str, list[str]] = {}
    for each in valid(given, StageRef(track.name, stage.name), binds_of(plan, launch, stage), now):
        people.setdefault(each.role, []).append(each.person)
    return people
