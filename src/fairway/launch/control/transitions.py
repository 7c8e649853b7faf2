"""Decides when a track goes on to its next stage, and when back. On needs everything at one instant; back needs one reason."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from fairway.launch.control import launch_events
from fairway.launch.control.approvals import Need, missing, valid
from fairway.launch.control.command_handler import binds_of, leg_after
from fairway.launch.control.holds import Hold, on
from fairway.launch.control.leases import is_settled, may_widen
from fairway.launch.control.lifecycle import (
    GatesLapsed,
    GatesPassed,
    Phase,
    StageEntered,
    StageSettled,
    TrackDemoted,
    TrackFinished,
)
from fairway.launch.control.reviews import overdue
from fairway.launch.control.state import PILOT, Launch
from fairway.launch.control.timeline import lacking
from fairway.launch.evidence.claims import claim_of
from fairway.launch.evidence.model import Rank, newest
from fairway.launch.gates.verdict import Result
from fairway.launch.observation.baselines import captured
from fairway.launch.observation.observation import Observation
from fairway.launch.plan.compiled_plan import Asked, CompiledPlan, CompiledTrack
from fairway.money.amount import Amount
from fairway.risk.caps import Lifting
from fairway.world.clock import MINUTE

SETTLES_WITHIN_NS: Final = 5 * MINUTE
"""A stage whose limits are not seen in force so long after they were handed out is nobody's word for anything."""

NOTHING: Final = Amount.of(0, "USD")
"""What is at stake in a stage whose money is not real."""


def asked(course: CompiledPlan, route: CompiledTrack, launch: Launch) -> tuple[Asked, ...]:
    """The gates between a track and its next stage; of a stage that another trader flies only what asks for the checklist."""
    track = launch.track(route.name)
    if track.stage < 0:
        return course.entry
    leg = route.legs[track.stage]
    return (*(leg.gates if leg.is_flown else ()), *leg.counts)


def moves(course: CompiledPlan, route: CompiledTrack, launch: Launch, result: Result, sight: Observation) -> Iterator[Struct]:
    """What a track does now. At most one stage a tick; each event is to be applied before the next is asked for."""
    track = launch.track(route.name)
    match track.phase:
        case Phase.ARMED:
            yield from _begin(course, route, launch, result, sight)
        case Phase.ENTERING | Phase.DEMOTING:
            yield from _settle(course, route, launch, sight)
        case Phase.DWELLING:
            yield from _dwell(course, route, launch, result, sight)
        case Phase.STEADY:
            yield from _recertify(route, launch, result, sight)
    if track.phase is Phase.READY:
        yield from _go_on(course, route, launch, result, sight)


def demotion(route: CompiledTrack, launch: Launch, why: str, now: int, *, to_smallest: bool = False) -> Iterator[Struct]:
    """One stage back. Where there is none smaller, nothing is opened until a person has looked."""
    track = launch.track(route.name)
    if track.stage < 0 or track.phase is Phase.ABORTED:
        return
    stage, was = 0 if to_smallest else max(0, track.stage - 1), track.stage
    yield TrackDemoted(track=route.name, by=PILOT, why=why, stage=stage, name=route.legs[stage].name)
    if was == stage and not to_smallest:
        hold = Hold(id=f"failed {route.name}", reason=why, since=now, lifting=Lifting.PERSON, track=route.name, contains=True)
        yield launch_events.HoldRaised(hold=hold)


def lacks(course: CompiledPlan, route: CompiledTrack, launch: Launch, now: int) -> list[str]:
    """Which approvals the next stage still needs, in words."""
    leg = leg_after(route, launch.track(route.name))
    if leg is None or not leg.is_flown:
        return []  # where another trader flies it, nothing is raised here
    capital = leg.capital if leg.is_real else NOTHING
    need = Need(leg.approvals, course.author, course.alone, capital, course.capital_alone_max, course.alone_after_ns)
    return missing(need, valid(launch.approvals, f"{route.name}/{leg.name}", binds_of(course, launch, leg), now))


def _begin(course: CompiledPlan, route: CompiledTrack, launch: Launch, result: Result, sight: Observation) -> Iterator[Struct]:
    if result is Result.PASS and may_begin(course, route, launch):
        yield from _enter(course, route, launch, sight, "the plan begins")


def may_begin(course: CompiledPlan, route: CompiledTrack, launch: Launch) -> bool:
    """Another track's stage may have to be passed first."""
    if not route.after:
        return True
    name, _, stage = route.after.partition("/")
    other, before = course.route(name), launch.track(name)
    place = next(at for at, leg in enumerate(other.legs) if leg.name == stage)
    return before.phase is not Phase.ABORTED and (before.stage > place or before.phase is Phase.STEADY)


def _settle(course: CompiledPlan, route: CompiledTrack, launch: Launch, sight: Observation) -> Iterator[Struct]:
    track = launch.track(route.name)
    hold_id = effect_of(route.name)
    if track.phase is Phase.ENTERING and not route.legs[track.stage].is_flown:
        yield StageSettled(track=route.name, by=PILOT, why="another trader flies it, and nothing was handed out here")
        return
    if is_settled(course, route, launch, sight):
        if hold_id in launch.holds:
            yield launch_events.HoldLifted(hold_id=hold_id, by=PILOT, why="its limits were seen in force")
        yield StageSettled(track=route.name, by=PILOT, why="its limits were seen in force, and the venue in order")
    elif sight.now - track.entered_at > SETTLES_WITHIN_NS and hold_id not in launch.holds:
        why = f"the limits of {route.legs[track.stage].name} were handed out, and are not seen in force"
        hold = Hold(id=hold_id, reason=why, since=sight.now, lifting=Lifting.ITSELF, track=route.name, contains=True)
        yield launch_events.HoldRaised(hold=hold)


def effect_of(track: str) -> str:
    """The id of the hold of a track whose stage's limits are not seen in force."""
    return f"effect {track}"


def unshown(course: CompiledPlan, route: CompiledTrack, launch: Launch, now: int) -> str:
    """Of a track whose stage another trader flies: why that trader's record does not show yet that it was passed; else ""."""
    track = launch.track(route.name)
    if track.stage < 0 or route.legs[track.stage].is_flown:
        return ""
    claim = claim_of(route, route.legs[track.stage])
    found = newest(launch.evidence, claim)
    if found is None or not found.holds or found.rank < Rank.OBSERVED_IN_A_DRILL:
        return f"the record of the trader that flies it: fairway launch evidence THIS.yaml --flown ITS.yaml ({claim})"
    if found.digest != course.digest:
        return f"the record of a trader that flies this very plan: what there is was flown by plan {found.digest[:12]}"
    if found.release != launch.release:
        return f"the record of the release that runs here, {launch.release[:12]}: what there is is of {found.release[:12]}"
    if found.ends_at and now >= found.ends_at:
        return f"a newer record of the trader that flies it: what there is has expired ({claim})"
    return ""


def _dwell(course: CompiledPlan, route: CompiledTrack, launch: Launch, result: Result, sight: Observation) -> Iterator[Struct]:
    track, leg = launch.track(route.name), route.legs[launch.track(route.name).stage]
    if on(route.name, launch.holds.values()) or track.stopped:
        return
    if not leg.is_flown:
        if result is Result.PASS and not unshown(course, route, launch, sight.now):
            yield GatesPassed(track=route.name, by=PILOT, why="another trader's record shows it")
        return
    served = track.served_ns(sight.now)
    if result is Result.PASS and served >= leg.stay_min_ns:
        yield GatesPassed(track=route.name, by=PILOT, why="every gate passes")
        yield from captured(course, route, launch, sight)
    elif leg.stay_max_ns and served > leg.stay_max_ns:
        why = f"after {leg.name}'s longest stay its gates say {result.value}: extend it, go back, or give up"
        hold = Hold(id=f"inconclusive {route.name}", reason=why, since=sight.now, lifting=Lifting.PERSON, track=route.name)
        yield launch_events.HoldRaised(hold=hold)


def _go_on(course: CompiledPlan, route: CompiledTrack, launch: Launch, result: Result, sight: Observation) -> Iterator[Struct]:
    """Everything is asked anew at the instant: what passed an hour ago is not what passes now."""
    track, lacking = launch.track(route.name), unshown(course, route, launch, sight.now)
    if result is not Result.PASS or lacking:
        why = f"it lacks {lacking}" if lacking else f"its gates say {result.value}"
        yield GatesLapsed(track=route.name, by=PILOT, why=why)
        return
    if on(route.name, launch.holds.values()) or track.stopped or overdue(route, launch, sight.now):
        return
    if track.stage + 1 == len(route.legs):
        yield TrackFinished(track=route.name, by=PILOT, why="the last stage was passed")
        return
    yield from _enter(course, route, launch, sight, "every gate passes")


def _enter(course: CompiledPlan, route: CompiledTrack, launch: Launch, sight: Observation, why: str) -> Iterator[Struct]:
    leg = leg_after(route, launch.track(route.name))
    if leg is None or on(route.name, launch.holds.values()) or lacks(course, route, launch, sight.now):
        return
    if leg.is_flown and not may_widen(course, route, launch, sight):
        return
    if lacking(course, route, leg, launch, sight):
        return
    yield StageEntered(track=route.name, by=PILOT, why=why, stage=launch.track(route.name).stage + 1, name=leg.name)


def _recertify(route: CompiledTrack, launch: Launch, result: Result, sight: Observation) -> Iterator[Struct]:
    track, leg = launch.track(route.name), route.legs[-1]
    if leg.recertify_ns and sight.now - track.since >= leg.recertify_ns and result is not Result.PASS:
        yield GatesLapsed(track=route.name, by=PILOT, why=f"it has to be proven anew, and its gates say {result.value}")
