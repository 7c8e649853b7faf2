"""Decides when a track enters its next stage, and when it goes back. Entering needs every condition; going back needs one."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from fairway.launch.control import launch_events
from fairway.launch.control.approvals import Need, missing, valid
from fairway.launch.control.command_handler import binds_of, stage_after
from fairway.launch.control.hold_kinds import FIRST_STAGE_FAILED, LIMITS_NOT_SHOWN, LONGEST_STAY
from fairway.launch.control.holds import hold_of, on
from fairway.launch.control.leases import is_settled, may_widen
from fairway.launch.control.lifecycle import (
    PILOT,
    GatesLapsed,
    GatesPassed,
    Phase,
    StageEntered,
    StageSettled,
    TrackDemoted,
    TrackFinished,
    TrackRearmed,
)
from fairway.launch.control.reviews import overdue
from fairway.launch.control.state import Launch
from fairway.launch.control.timeline import unmet_items
from fairway.launch.evidence.claims import claim_of
from fairway.launch.evidence.model import Rank, newest
from fairway.launch.gates.verdict import Result
from fairway.launch.observation.baselines import captured
from fairway.launch.observation.observation import Observation
from fairway.launch.plan.compiled_plan import CompiledGate, CompiledPlan, CompiledTrack
from fairway.launch.plan.stage_ref import StageRef
from fairway.money.amount import Amount
from fairway.world.clock import MINUTE

SETTLES_WITHIN_NS: Final = 5 * MINUTE
"""A stage whose limits are not seen in force so long after it was entered is held."""

NOTHING: Final = Amount.of(0, "USD")
"""What is at stake in a stage whose money is not real."""


def next_gates(plan: CompiledPlan, track: CompiledTrack, launch: Launch) -> tuple[CompiledGate, ...]:
    """The gates between a track and its next stage; of a stage of another trader only those of the checklist."""
    progress = launch.track(track.name)
    if progress.stage < 0:
        return plan.entry
    stage = track.stages[progress.stage]
    return (*(stage.gates if stage.is_flown else ()), *stage.counts)


def moves(plan: CompiledPlan, track: CompiledTrack, launch: Launch, result: Result, observation: Observation) -> Iterator[Struct]:
    """The moves of a track: at most one stage a tick. Apply each event before taking the next."""
    progress = launch.track(track.name)
    match progress.phase:
        case Phase.ARMED:
            yield from _begin(plan, track, launch, result, observation)
        case Phase.ENTERING | Phase.DEMOTING:
            yield from _settle(plan, track, launch, observation)
        case Phase.DWELLING:
            yield from _dwell(plan, track, launch, result, observation)
        case Phase.STEADY:
            yield from _recertify(track, launch, result, observation)
    if progress.phase is Phase.READY:
        yield from _go_on(plan, track, launch, result, observation)


def release_change(launch: Launch, release: str) -> Iterator[Struct]:
    """What follows when another release runs: each track is armed again, and needs the gates and approvals of its first stage.

    release: digest of what runs now; "" where it is unknown.
    """
    was = launch.release
    if not release or release == was:
        return
    yield launch_events.ReleaseChanged(was=was, now=release, voids=bool(was))
    for name, progress in list(launch.tracks.items()):
        if was and progress.stage >= 0 and progress.phase is not Phase.ABORTED:
            yield TrackRearmed(track=name, by=PILOT, why=f"release {release[:12]} runs, and not {was[:12]}")
            hold = launch.holds.get(LIMITS_NOT_SHOWN.id_of(name))
            if hold is not None:
                yield launch_events.lifted(hold, by=PILOT, why="its stage was left")


def demotion(track: CompiledTrack, launch: Launch, why: str, now: int, *, to_smallest: bool = False) -> Iterator[Struct]:
    """One stage back. Where there is none smaller, nothing is opened until a person has looked."""
    progress = launch.track(track.name)
    if progress.stage < 0 or progress.phase is Phase.ABORTED:
        return
    stage, was = 0 if to_smallest else max(0, progress.stage - 1), progress.stage
    yield TrackDemoted(track=track.name, by=PILOT, why=why, stage=stage, name=track.stages[stage].name)
    if was == stage and not to_smallest:
        hold = hold_of(FIRST_STAGE_FAILED, why, now, scope=track.name, track=track.name)
        yield launch_events.HoldRaised(hold=hold)


def missing_approvals(plan: CompiledPlan, track: CompiledTrack, launch: Launch, now: int) -> list[str]:
    """Which approvals the next stage still needs, in words."""
    stage = stage_after(track, launch.track(track.name))
    if stage is None or not stage.is_flown:
        return []  # where another trader flies it, nothing is raised here
    capital = stage.capital if stage.is_real else NOTHING
    need = Need(stage.approvals, plan.author, plan.alone, capital, plan.capital_alone_max, plan.alone_after_ns)
    return missing(need, valid(launch.approvals, StageRef(track.name, stage.name), binds_of(plan, launch, stage), now))


def _begin(
    plan: CompiledPlan, track: CompiledTrack, launch: Launch, result: Result, observation: Observation
) -> Iterator[Struct]:
    if result is Result.PASS and may_begin(plan, track, launch):
        yield from _enter(plan, track, launch, observation, "the plan begins")


def may_begin(plan: CompiledPlan, track: CompiledTrack, launch: Launch) -> bool:
    """Another track's stage may have to be passed first."""
    if track.after is None:
        return True
    other, progress = plan.track(track.after.track), launch.track(track.after.track)
    place = next(at for at, stage in enumerate(other.stages) if stage.name == track.after.stage)
    return progress.phase is not Phase.ABORTED and (progress.stage > place or progress.phase is Phase.STEADY)


def _settle(plan: CompiledPlan, track: CompiledTrack, launch: Launch, observation: Observation) -> Iterator[Struct]:
    progress = launch.track(track.name)
    hold = launch.holds.get(LIMITS_NOT_SHOWN.id_of(track.name))
    if progress.phase is Phase.ENTERING and not track.stages[progress.stage].is_flown:
        yield StageSettled(track=track.name, by=PILOT, why="another trader flies it, and nothing was handed out here")
        return
    if is_settled(plan, track, launch, observation):
        if hold is not None:
            yield launch_events.lifted(hold, by=PILOT, why="its limits were seen in force")
        yield StageSettled(track=track.name, by=PILOT, why="its limits were seen in force, and the venue in order")
    elif observation.now - progress.entered_at > SETTLES_WITHIN_NS and hold is None:
        why = f"the limits of {track.stages[progress.stage].name} were handed out, and are not seen in force"
        hold = hold_of(LIMITS_NOT_SHOWN, why, observation.now, scope=track.name, track=track.name)
        yield launch_events.HoldRaised(hold=hold)


def missing_record(plan: CompiledPlan, track: CompiledTrack, launch: Launch, now: int) -> str:
    """Where the track's stage belongs to another trader: why that trader's record does not show yet that it passed; else ""."""
    progress = launch.track(track.name)
    if progress.stage < 0 or track.stages[progress.stage].is_flown:
        return ""
    claim = claim_of(track, track.stages[progress.stage])
    found = newest(launch.evidence, claim)
    if found is None or not found.holds or found.rank < Rank.OBSERVED_IN_A_DRILL:
        return f"the record of the trader that flies it: fairway launch evidence THIS.yaml --flown ITS.yaml ({claim})"
    if found.digest != plan.digest:
        return f"the record of a trader that flies this very plan: what there is was flown by plan {found.digest[:12]}"
    if found.release != launch.release:
        return f"the record of the release that runs here, {launch.release[:12]}: what there is is of {found.release[:12]}"
    if found.ends_at and now >= found.ends_at:
        return f"a newer record of the trader that flies it: what there is has expired ({claim})"
    return ""


def _dwell(
    plan: CompiledPlan, track: CompiledTrack, launch: Launch, result: Result, observation: Observation
) -> Iterator[Struct]:
    progress, stage = launch.track(track.name), track.stages[launch.track(track.name).stage]
    if on(track.name, launch.holds.values()) or progress.stopped:
        return
    if not stage.is_flown:
        if result is Result.PASS and not missing_record(plan, track, launch, observation.now):
            yield GatesPassed(track=track.name, by=PILOT, why="another trader's record shows it")
        return
    served = progress.served_ns(observation.now)
    if result is Result.PASS and served >= stage.stay_min_ns:
        yield GatesPassed(track=track.name, by=PILOT, why="every gate passes")
        yield from captured(plan, track, launch, observation)
    elif stage.stay_max_ns and served > stage.stay_max_ns:
        why = f"after {stage.name}'s longest stay its gates say {result.value}: extend it, go back, or give up"
        hold = hold_of(LONGEST_STAY, why, observation.now, scope=track.name, track=track.name)
        yield launch_events.HoldRaised(hold=hold)


def _go_on(
    plan: CompiledPlan, track: CompiledTrack, launch: Launch, result: Result, observation: Observation
) -> Iterator[Struct]:
    """The next stage, where every condition holds at this instant: what passed an hour ago does not count."""
    progress, lacking = launch.track(track.name), missing_record(plan, track, launch, observation.now)
    if result is not Result.PASS or lacking:
        why = f"it lacks {lacking}" if lacking else f"its gates say {result.value}"
        yield GatesLapsed(track=track.name, by=PILOT, why=why)
        return
    if on(track.name, launch.holds.values()) or progress.stopped or overdue(track, launch, observation.now):
        return
    if progress.stage + 1 == len(track.stages):
        yield TrackFinished(track=track.name, by=PILOT, why="the last stage was passed")
        return
    yield from _enter(plan, track, launch, observation, "every gate passes")


def _enter(plan: CompiledPlan, track: CompiledTrack, launch: Launch, observation: Observation, why: str) -> Iterator[Struct]:
    stage = stage_after(track, launch.track(track.name))
    if stage is None or on(track.name, launch.holds.values()) or missing_approvals(plan, track, launch, observation.now):
        return
    if stage.is_flown and not may_widen(plan, track, launch, observation):
        return
    if unmet_items(plan, track, stage, launch, observation):
        return
    yield StageEntered(track=track.name, by=PILOT, why=why, stage=launch.track(track.name).stage + 1, name=stage.name)


def _recertify(track: CompiledTrack, launch: Launch, result: Result, observation: Observation) -> Iterator[Struct]:
    progress, stage = launch.track(track.name), track.stages[-1]
    if stage.recertify_ns and observation.now - progress.since >= stage.recertify_ns and result is not Result.PASS:
        yield GatesLapsed(track=track.name, by=PILOT, why=f"it has to be proven again, and its gates say {result.value}")
