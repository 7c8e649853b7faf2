"""What the launch page shows: each track with its stages, gates, people and holds, the evidence, and what has happened."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final

from fairway.launch.control.state import Launch
from fairway.launch.plan.compiled_plan import CompiledTrack
from fairway.operations.actor import Actor
from fairway.operations.launch.history import SHOW_HISTORY, LaunchHistoryRequest
from fairway.operations.launch.show import SHOW_LAUNCH, LaunchOutcome, ShowLaunchRequest
from fairway.operations.trader.worth import WORTH, WorthRequest
from fairway.panel.facts.approvals import ApprovalFacts, RoleFacts, approval_facts, role_facts
from fairway.panel.facts.claims import ClaimFacts, claim_facts
from fairway.panel.facts.launch_axis import AxisFacts, axis_facts
from fairway.panel.facts.launch_stages import (
    NextFacts,
    ReviewFacts,
    StageFacts,
    next_facts,
    review_facts,
    stage_facts,
)
from fairway.panel.facts.tracks import TrackFacts, track_facts
from fairway.panel.feed import Question
from fairway.panel.sources import Sources
from fairway.world.clock import DAY, HOUR, SECOND

HISTORY_NS: Final = 10 * SECOND
"""The axis is asked again after this time, and at once when a stage, a hold or the result of a gate has changed."""
LENGTHS: Final = (HOUR, 6 * HOUR, DAY, 7 * DAY, 30 * DAY, 366 * DAY)
"""How far back the worth is asked for: the shortest that has the whole launch. So few, that an answer is asked for once."""
NEWS_SHOWN: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchTrackFacts:
    """One track, as the page shows it. raises: why the pilot does not enter the next stage now; empty where nothing keeps it."""

    track: TrackFacts
    stages: tuple[StageFacts, ...]
    next: NextFacts
    review: ReviewFacts
    roles: tuple[RoleFacts, ...]
    approvals: tuple[ApprovalFacts, ...]
    why_not: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.track.name


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchFacts:
    """plan: its name, author and digest. waiting: commands that no pilot has read yet, in words."""

    plan: str
    author: str
    digest: str
    release: str
    money: str
    begun_at: int
    tracks: tuple[LaunchTrackFacts, ...]
    claims: tuple[ClaimFacts, ...]
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryFacts:
    """news: (instant in ns, sentence), the newest first."""

    axis: AxisFacts
    news: tuple[tuple[int, str], ...]


def launch_facts(sources: Sources, actor: Actor) -> LaunchFacts:
    """Raises what the operations raise; NotBegun where no launch was begun."""
    found = sources.outcome(actor, SHOW_LAUNCH, ShowLaunchRequest(config=sources.context.config))
    status = found.status
    return LaunchFacts(
        plan=status.plan.name,
        author=status.plan.author,
        digest=status.plan.digest,
        release=status.launch.release,
        money="real money" if status.is_live else "no real money",
        begun_at=status.launch.began_at,
        tracks=tuple(
            _track(found, track, shown, actor.name) for track, shown in zip(status.plan.tracks, track_facts(found), strict=True)
        ),
        claims=claim_facts(status),
        waiting=len(status.waiting),
    )


def _track(found: LaunchOutcome, track: CompiledTrack, shown: TrackFacts, by: str) -> LaunchTrackFacts:
    status = found.status
    following = next_facts(status, track)
    return LaunchTrackFacts(
        track=shown,
        stages=stage_facts(status, track),
        next=following,
        review=review_facts(status, track),
        roles=role_facts(status, track, by),
        approvals=approval_facts(status, track),
        why_not=_why_not(shown, following),
    )


def _why_not(shown: TrackFacts, following: NextFacts) -> tuple[str, ...]:
    if not following.name:
        return ("no stage follows",)
    gates = (f"gate {gate.name}: {gate.result}, {gate.why}" for gate in shown.gates if gate.blocks)
    return (*gates, *following.needs)


def history_facts(sources: Sources, actor: Actor) -> HistoryFacts:
    """Raises what the operations raise; NotBegun where no launch was begun."""
    config = sources.context.config
    status = sources.outcome(actor, SHOW_LAUNCH, ShowLaunchRequest(config=config)).status
    request = LaunchHistoryRequest(config=config)
    outcome = sources.outcome(actor, SHOW_HISTORY, request, HISTORY_NS, since=turning_points(status.launch))
    length = next((each for each in LENGTHS if outcome.now - outcome.history.began_at <= each), LENGTHS[-1])
    worth = sources.outcome(actor, WORTH, WorthRequest(config=config, length=length), HISTORY_NS)
    return HistoryFacts(
        axis=axis_facts(status.plan, outcome.history, worth.curve, outcome.now),
        news=tuple(reversed(outcome.history.news[-NEWS_SHOWN:])),
    )


def turning_points(launch: Launch) -> Hashable:
    """What a span of the axis begins or ends with: the same, as long as no stage, hold or result of a gate has changed."""
    decided = launch.last_decision.verdicts if launch.last_decision is not None else {}
    return (
        tuple((name, track.stage, track.entered_at) for name, track in launch.tracks.items()),
        tuple((hold.id, hold.since, hold.contains) for hold in launch.holds.values()),
        tuple((name, verdict.gate, verdict.result) for name, verdicts in decided.items() for verdict in verdicts),
    )


LAUNCH: Final = Question("launch", launch_facts)
LAUNCH_HISTORY: Final = Question("launch history", history_facts)
