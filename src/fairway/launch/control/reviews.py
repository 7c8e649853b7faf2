"""Reviews: whether a person has looked at a stage as often as its plan says. An approval is a look, too, and so is a release.

An overdue review keeps a track from being promoted. It does not stop the stage's clock, and revokes no lease.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from fairway.launch.control.launch_events import Reviewed
from fairway.launch.control.lifecycle import Phase, StageEntered, TrackAborted, TrackDemoted, TrackRearmed
from fairway.launch.control.state import Launch, TrackNow
from fairway.launch.plan.compiled_plan import CompiledPlan, CompiledStage, CompiledTrack
from fairway.texts.quantities import duration_text
from fairway.world.clock import text_of


@dataclass(frozen=True, slots=True)
class Kept:
    """Of one stay in a stage: each spell as long as its cadence is due one review. held: spells that had one."""

    track: str
    stage: str
    every_ns: int
    held: int
    due: int


def reviewed_leg(route: CompiledTrack, track: TrackNow) -> CompiledStage | None:
    """The stage at which people look again and again; None where there is none, or its plan does not ask for it."""
    if track.stage < 0 or track.phase is Phase.ABORTED:
        return None
    leg = route.legs[track.stage]
    return leg if leg.review_ns and leg.is_flown else None


def due_at(route: CompiledTrack, track: TrackNow) -> int:
    """Until when somebody has to have looked again (ns); 0 where nobody has to."""
    leg = reviewed_leg(route, track)
    return max(track.entered_at, track.reviewed_at) + leg.review_ns if leg is not None else 0


def overdue(route: CompiledTrack, launch: Launch, now: int) -> str:
    """Why a track is not promoted for want of a review; "" where none is overdue."""
    track = launch.track(route.name)
    at, leg = due_at(route, track), reviewed_leg(route, track)
    if leg is None or now <= at:
        return ""
    last = f"{text_of(track.reviewed_at)[:16]} by {track.reviewed_by}" if track.reviewed_at else "none"
    return f"REVIEW_OVERDUE: stage={leg.name} every={duration_text(leg.review_ns)} since={text_of(at)[:16]} last={last}"


def looked(course: CompiledPlan, launch: Launch, tracks: Iterable[str], by: str, what: str) -> Iterator[Reviewed]:
    """A person's word that shows that he has looked at these tracks, where that is asked for."""
    for route in course.routes:
        if route.name in tracks and reviewed_leg(route, launch.track(route.name)) is not None:
            yield Reviewed(track=route.name, by=by, what=what)


def kept(course: CompiledPlan, history: Sequence[tuple[int, Any]], now: int) -> list[Kept]:
    """How many reviews were held of those that were due, stay by stay. history: (instant in ns, event), oldest first."""
    return [found for route in course.routes for found in _of_track(route, history, now)]


def _of_track(route: CompiledTrack, history: Sequence[tuple[int, Any]], now: int) -> Iterator[Kept]:
    leg, since, looks = None, 0, list[int]()
    for at, event in history:
        match event:
            case StageEntered(track=name, stage=stage) | TrackDemoted(track=name, stage=stage) if name == route.name:
                yield from _stay(route, leg, since, at, looks)
                leg, since, looks = route.legs[stage], at, []
            case TrackAborted(track=name) | TrackRearmed(track=name) if name == route.name:
                yield from _stay(route, leg, since, at, looks)
                leg = None
            case Reviewed(track=name) if name == route.name:
                looks.append(at)
    yield from _stay(route, leg, since, now, looks)


def _stay(route: CompiledTrack, leg: CompiledStage | None, since: int, until: int, looks: Sequence[int]) -> Iterator[Kept]:
    if leg is None or not leg.review_ns or not leg.is_flown:
        return
    due = (until - since) // leg.review_ns
    held = {(at - since) // leg.review_ns for at in looks}
    yield Kept(route.name, leg.name, leg.review_ns, len([spell for spell in held if spell < due]), due)
