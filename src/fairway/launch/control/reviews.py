"""Reviews: whether a person reviews a stage as often as its plan says. An approval counts as a review, and so does a release.

An overdue review keeps a track from being promoted. It does not stop the stage's clock, and revokes no lease.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from fairway.launch.control.launch_events import Reviewed
from fairway.launch.control.lifecycle import Phase, StageEntered, TrackAborted, TrackDemoted, TrackRearmed
from fairway.launch.control.state import Launch
from fairway.launch.control.track_progress import TrackProgress
from fairway.launch.plan.compiled_plan import CompiledPlan, CompiledStage, CompiledTrack
from fairway.texts.durations import as_setting
from fairway.world.clock import text_of


@dataclass(frozen=True, slots=True)
class Kept:
    """The reviews of one stay in a stage: one is due every `every_ns`. held: intervals that had a review."""

    track: str
    stage: str
    every_ns: int
    held: int
    due: int


def reviewed_stage(track: CompiledTrack, progress: TrackProgress) -> CompiledStage | None:
    """The stage that people review at an interval; None where the plan asks for no review."""
    if progress.stage < 0 or progress.phase is Phase.ABORTED:
        return None
    stage = track.stages[progress.stage]
    return stage if stage.review_ns and stage.is_flown else None


def due_at(track: CompiledTrack, progress: TrackProgress) -> int:
    """When the next review is due (ns); 0 where none is asked for."""
    stage = reviewed_stage(track, progress)
    return max(progress.entered_at, progress.reviewed_at) + stage.review_ns if stage is not None else 0


def overdue(track: CompiledTrack, launch: Launch, now: int) -> str:
    """Why a track is not promoted for want of a review; "" where none is overdue."""
    progress = launch.track(track.name)
    at, stage = due_at(track, progress), reviewed_stage(track, progress)
    if stage is None or now <= at:
        return ""
    last = f"{text_of(progress.reviewed_at)[:16]} by {progress.reviewed_by}" if progress.reviewed_at else "none"
    return f"REVIEW_OVERDUE: stage={stage.name} every={as_setting(stage.review_ns)} since={text_of(at)[:16]} last={last}"


def looked(plan: CompiledPlan, launch: Launch, tracks: Iterable[str], by: str, what: str) -> Iterator[Reviewed]:
    """A command that counts as a review of these tracks, where the plan asks for reviews."""
    for track in plan.tracks:
        if track.name in tracks and reviewed_stage(track, launch.track(track.name)) is not None:
            yield Reviewed(track=track.name, by=by, what=what)


def kept(plan: CompiledPlan, history: Sequence[tuple[int, Any]], now: int) -> list[Kept]:
    """How many reviews were held of those that were due, stay by stay. history: (instant in ns, event), oldest first."""
    return [found for track in plan.tracks for found in _of_track(track, history, now)]


def _of_track(track: CompiledTrack, history: Sequence[tuple[int, Any]], now: int) -> Iterator[Kept]:
    stage, since, looks = None, 0, list[int]()
    for at, event in history:
        match event:
            case StageEntered(track=name, stage=index) | TrackDemoted(track=name, stage=index) if name == track.name:
                yield from _stay(track, stage, since, at, looks)
                stage, since, looks = track.stages[index], at, []
            case TrackAborted(track=name) | TrackRearmed(track=name) if name == track.name:
                yield from _stay(track, stage, since, at, looks)
                stage = None
            case Reviewed(track=name) if name == track.name:
                looks.append(at)
    yield from _stay(track, stage, since, now, looks)


def _stay(track: CompiledTrack, stage: CompiledStage | None, since: int, until: int, looks: Sequence[int]) -> Iterator[Kept]:
    if stage is None or not stage.review_ns or not stage.is_flown:
        return
    due = (until - since) // stage.review_ns
    held = {(at - since) // stage.review_ns for at in looks}
    yield Kept(track.name, stage.name, stage.review_ns, len([spell for spell in held if spell < due]), due)
