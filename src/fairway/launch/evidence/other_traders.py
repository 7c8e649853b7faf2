"""What a launch has shown that counts for another trader, which runs the same plan with the same release."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from fairway.launch.control.holds import on
from fairway.launch.control.launch_events import ReleaseChanged
from fairway.launch.control.lifecycle import GatesPassed, Phase, StageEntered, TrackDemoted, TrackRearmed
from fairway.launch.control.track_progress import TrackProgress
from fairway.launch.evidence.claims import claim_of, claims_asked, facts_of_claims
from fairway.launch.evidence.model import Evidence, Rank, newest
from fairway.launch.evidence.producers import OF_CLAIMS
from fairway.launch.plan.compiled_plan import CompiledTrack
from fairway.launch.views.status_text import LaunchStatus
from fairway.world.clock import DAY

OF_PASSED: Final = "another trader's launch"
PASSED_LASTS_NS: Final = 30 * DAY
"""What a stage has shown counts for another trader of the same release for so long."""


def passed(status: LaunchStatus, history: Sequence[tuple[int, Any]]) -> Iterator[Evidence]:
    """Each stage that was passed with the release that runs, as evidence for a launch of another trader."""
    for track in status.plan.tracks:
        progress = status.launch.track(track.name)
        for place, stage in enumerate(track.stages):
            at = _passed_at(track.name, place, history)
            if at and (place < progress.stage or (place == progress.stage and _has_passed(status, track, progress))):
                yield Evidence(
                    claim=claim_of(track, stage),
                    rank=Rank.OBSERVED_IN_PRODUCTION if status.is_live else Rank.OBSERVED_IN_A_DRILL,
                    holds=True,
                    why=f"stage {stage.name} of plan {status.plan.name} was passed",
                    producer=OF_PASSED,
                    made_at=at,
                    ends_at=at + PASSED_LASTS_NS,
                    release=status.launch.release,
                    digest=status.plan.digest,
                    again="fairway launch start CONFIG PLAN",
                )


def drills(status: LaunchStatus) -> Iterator[Evidence]:
    """What was seen in drills of the release that runs, but for what is about this trader's own account or journal."""
    own = {each.claim for each in OF_CLAIMS if each.is_of_account}
    facts = facts_of_claims(status.launch, status.observation)
    for item in claims_asked(status.plan):
        found = newest(facts.evidence, item.name)
        if found is None or not found.holds or found.rank < Rank.OBSERVED_IN_A_DRILL or item.name in own:
            continue
        if found.release == status.launch.release and found.producer != OF_PASSED:
            yield found


def _has_passed(status: LaunchStatus, track: CompiledTrack, progress: TrackProgress) -> bool:
    """Whether only people's approval is missing for its current stage. While it is on hold it counts as not passed."""
    return progress.phase in (Phase.READY, Phase.STEADY) and not on(track.name, status.launch.holds.values())


def _passed_at(track: str, stage: int, history: Sequence[tuple[int, Any]]) -> int:
    """When the gates of a stage last passed with the release that runs (ns); 0 for never."""
    found, place = 0, -1
    for at, event in history:
        match event:
            case ReleaseChanged():
                found = 0
            case StageEntered(track=name, stage=entered) | TrackDemoted(track=name, stage=entered) if name == track:
                place = entered
            case TrackRearmed(track=name) if name == track:
                place = -1
            case GatesPassed(track=name) if name == track and place == stage:
                found = at
    return found
