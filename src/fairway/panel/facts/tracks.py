"""Where each track of a launch is, what its gates say, and what its next stage needs."""

import re
from dataclasses import dataclass
from typing import Any, Final, get_args

from pydantic import BaseModel

from fairway.launch.control.command_handler import stage_after
from fairway.launch.control.holds import on
from fairway.launch.control.lifecycle import Phase
from fairway.launch.control.transitions import missing_approvals, next_gates
from fairway.launch.gates.port import GateSettings
from fairway.launch.gates.verdict import Result
from fairway.launch.plan.compiled_plan import CompiledTrack
from fairway.launch.views.gate_progress import gate_progress
from fairway.launch.views.reason_text import ends_when, reason_in_words
from fairway.launch.views.status_text import next_stage
from fairway.operations.launch.show import LaunchOutcome
from fairway.panel.state_marks import Mark
from fairway.risk.caps import Lifting
from fairway.risk.guards.sentences import code_in, sentences_of
from fairway.texts.display import clock_text
from fairway.texts.durations import as_setting, duration_words
from fairway.texts.quantities import Duration

RESULT_MARKS: Final = {
    Result.PASS: Mark.GOOD,
    Result.FAIL: Mark.BAD,
    Result.ERROR: Mark.UNKNOWN,
    Result.STALE: Mark.UNKNOWN,
    Result.INSUFFICIENT: Mark.PENDING,
}
"""How the result of a gate looks."""
_LENGTH: Final = get_args(Duration)[1]
"""By which settings are told that are lengths of time, in ns."""
_COMMANDS: Final = re.compile(r" \(fairway [^)]*\)")
"""What to type: a page has a button or a link for it."""
_DIGITS: Final = re.compile(r"(\d\.\d{3})\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class GateFacts:
    """One gate. share: of the evidence that it needs, 0 to 1; None where that is not known. gathered: the same in words.

    stage: in which it is asked, "" before the first. at: when it can be decided at the present pace (ns), 0 for unknown.
    asked: what the plan asks of it, setting by setting.
    """

    track: str
    stage: str
    name: str
    result: str
    mark: Mark
    share: float | None
    gathered: str
    why: str
    forecast: str
    at: int
    blocks: bool
    numbers: tuple[tuple[str, str], ...]
    kind: str
    asked: tuple[tuple[str, str], ...]
    digest: str
    since: int
    until: int

    @property
    def key(self) -> tuple[str, str]:
        return self.track, self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldFacts:
    """One hold. code: what its reason was made of, "" for plain words. needs_person: whether a person has to release it."""

    id: str
    reason: str
    code: str
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
            reason=sentences_of(each.reason),
            code=code_in(each.reason),
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
        first = holds[0]
        return f"Held since {clock_text(first.since)}: {first.reason}; it ends when {_COMMANDS.sub('', first.ends)}."
    return f"Next {next_stage(found.status, track)}."


def gate_facts(found: LaunchOutcome, track: CompiledTrack) -> tuple[GateFacts, ...]:
    """The gates between a track and its next stage, as the plan orders them."""
    status = found.status
    said, place = status.verdicts.get(track.name, ()), status.launch.track(track.name).stage
    facts = []
    for gate, verdict in zip(next_gates(status.plan, track, status.launch), said, strict=False):
        outlook, progress = found.outlooks[track.name, gate.name], gate_progress(gate, verdict)
        facts.append(
            GateFacts(
                track=track.name,
                stage=track.stages[place].name if place >= 0 else "",
                name=gate.name,
                result=verdict.result.value,
                mark=RESULT_MARKS[verdict.result],
                share=round(progress.share, 3) if progress is not None else None,
                gathered=f"{progress.gathered} of {progress.needed}" if progress is not None and verdict.missing else "",
                why=reason_in_words(verdict.reason),
                forecast=outlook.forecast,
                at=outlook.at,
                blocks=outlook.blocks,
                numbers=tuple((name, _DIGITS.sub(r"\1", value)) for name, value in verdict.numbers.items()),
                kind=gate.gate.name,
                asked=asked_settings(gate.settings),
                digest=verdict.digest,
                since=verdict.since,
                until=verdict.until,
            )
        )
    return tuple(facts)


def asked_settings(settings: GateSettings) -> tuple[tuple[str, str], ...]:
    """What a plan asks of a gate, with what holds where the plan says nothing; without its name and what is empty."""
    fields = type(settings).model_fields
    named = ((name, getattr(settings, name)) for name in fields if name != "name")
    return tuple(
        (name.replace("_", " "), _setting(name, value, is_length=_LENGTH in fields[name].metadata))
        for name, value in named
        if value not in (None, "", (), {})
    )


def _setting(name: str, value: Any, *, is_length: bool) -> str:
    if name == "over":
        return as_setting(value) if value else "the stage"
    if is_length:
        return as_setting(value) if value else "0 s"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, BaseModel):
        value = {key: getattr(value, key) for key in type(value).model_fields}
    if isinstance(value, dict):
        return ", ".join(f"{key.replace('_', ' ')} {each}" for key, each in value.items())
    return ", ".join(map(str, value)) if isinstance(value, tuple | list | frozenset) else str(value)
