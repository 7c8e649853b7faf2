"""Where each track of a launch is, what its gates say, and what its next stage needs."""

from dataclasses import dataclass
from typing import Final

from fairway.launch.control.command_handler import stage_after
from fairway.launch.control.holds import on
from fairway.launch.control.lifecycle import Phase
from fairway.launch.control.transitions import missing_approvals, next_gates
from fairway.launch.gates.verdict import Result
from fairway.launch.plan.compiled_plan import CompiledTrack
from fairway.launch.views.gate_progress import gate_progress
from fairway.launch.views.reason_text import ends_when, reason_in_words
from fairway.launch.views.status_text import next_stage
from fairway.operations.launch.show import LaunchOutcome
from fairway.panel.state_marks import Mark
from fairway.risk.caps import Lifting
from fairway.texts.durations import duration_words

RESULT_MARKS: Final = {
    Result.PASS: Mark.GOOD,
    Result.FAIL: Mark.BAD,
    Result.ERROR: Mark.UNKNOWN,
    Result.STALE: Mark.UNKNOWN,
    Result.INSUFFICIENT: Mark.PENDING,
}
"""How the result of a gate looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateFacts:
    """One gate. share: of the evidence that it needs, 0 to 1; None where that is not known. gathered: the same in words."""

    track: str
    name: str
    result: str
    mark: Mark
    share: float | None
    gathered: str
    why: str
    forecast: str
    blocks: bool
    numbers: tuple[tuple[str, str], ...]
    kind: str
    digest: str
    since: int
    until: int

    @property
    def key(self) -> tuple[str, str]:
        return self.track, self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldFacts:
    """One hold. needs_person: whether a person has to release it."""

    id: str
    reason: str
    since: int
    ends: str
    contains: bool
    needs_person: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackFacts:
    """One track. stay_share: how much of the stay it has served, 0 to 1. approvals_missing: "" where none is missing."""

    name: str
    stage: str
    number: str
    phase: str
    since: int
    stay: str
    stay_share: float
    sentence: str
    next_stage: str
    approvals_missing: str
    gates: tuple[GateFacts, ...]
    holds: tuple[HoldFacts, ...]
    mark: Mark


def track_facts(found: LaunchOutcome) -> tuple[TrackFacts, ...]:
    """In the order of the plan."""
    return tuple(_track(found, track) for track in found.status.plan.tracks)


def _track(found: LaunchOutcome, track: CompiledTrack) -> TrackFacts:
    status, now = found.status, found.status.observation.now
    progress = status.launch.track(track.name)
    stage = track.stages[progress.stage] if progress.stage >= 0 else None
    after = stage_after(track, progress)
    served = progress.served_ns(now)
    least = stage.stay_min_ns if stage is not None else 0
    holds = tuple(
        HoldFacts(
            id=each.id,
            reason=each.reason,
            since=each.since,
            ends=ends_when(each),
            contains=each.contains,
            needs_person=each.lifting is Lifting.PERSON,
        )
        for each in on(track.name, status.launch.holds.values())
    )
    return TrackFacts(
        name=track.name,
        stage=stage.name if stage is not None else "not begun",
        number=f"{progress.stage + 1} of {len(track.stages)}",
        phase=progress.phase.value,
        since=progress.entered_at,
        stay=f"{duration_words(served)} of at least {duration_words(least)}" if least else "no least stay",
        stay_share=min(1.0, served / least) if least else 1.0,
        sentence=_sentence(found, track, holds),
        next_stage=after.name if after is not None else "",
        approvals_missing=", ".join(missing_approvals(status.plan, track, status.launch, now)) if after is not None else "",
        gates=gate_facts(found, track),
        holds=holds,
        mark=Mark.HELD if holds else Mark.BAD if progress.phase is Phase.ABORTED else Mark.GOOD,
    )


def _sentence(found: LaunchOutcome, track: CompiledTrack, holds: tuple[HoldFacts, ...]) -> str:
    """What happens next to it, in one sentence."""
    if holds:
        return f"Held: {holds[0].reason}; {holds[0].ends}."
    return f"Next {next_stage(found.status, track)}."


def gate_facts(found: LaunchOutcome, track: CompiledTrack) -> tuple[GateFacts, ...]:
    """The gates between a track and its next stage, as the plan orders them."""
    status = found.status
    said = status.verdicts.get(track.name, ())
    facts = []
    for gate, verdict in zip(next_gates(status.plan, track, status.launch), said, strict=False):
        outlook, progress = found.outlooks[track.name, gate.name], gate_progress(gate, verdict)
        facts.append(
            GateFacts(
                track=track.name,
                name=gate.name,
                result=verdict.result.value,
                mark=RESULT_MARKS[verdict.result],
                share=round(progress.share, 3) if progress is not None else None,
                gathered=f"{progress.gathered} of {progress.needed}" if progress is not None and verdict.missing else "",
                why=reason_in_words(verdict.reason),
                forecast=outlook.forecast,
                blocks=outlook.blocks,
                numbers=tuple(verdict.numbers.items()),
                kind=gate.gate.name,
                digest=verdict.digest,
                since=verdict.since,
                until=verdict.until,
            )
        )
    return tuple(facts)
