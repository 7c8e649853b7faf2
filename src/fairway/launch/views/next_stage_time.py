"""Says when a track can reach its next stage at the present pace, and what has no instant: people, holds, gates that fail."""

from collections.abc import Iterator
from dataclasses import dataclass

from fairway.launch.control.command_handler import stage_after
from fairway.launch.control.holds import on
from fairway.launch.control.lifecycle import Phase
from fairway.launch.control.transitions import missing_approvals, next_gates
from fairway.launch.gates.verdict import Result
from fairway.launch.plan.compiled_plan import CompiledTrack, OnFail
from fairway.launch.views.forecast import decidable_at
from fairway.launch.views.status_text import LaunchStatus, stay_of


@dataclass(frozen=True, slots=True)
class NextStageTime:
    """at: the earliest instant (ns) by all that has one, now where nothing of that is missing. waits_for: the rest, in words."""

    at: int
    waits_for: tuple[str, ...] = ()


def next_stage_time(status: LaunchStatus, track: CompiledTrack) -> NextStageTime | None:
    """None where no stage follows: it is the last one, or the track was given up."""
    progress = status.launch.track(track.name)
    if progress.phase is Phase.ABORTED or stage_after(track, progress) is None:
        return None
    found = list(_conditions(status, track))
    now = status.observation.now
    return NextStageTime(max((at for at, _ in found if at), default=now), tuple(words for at, words in found if not at))


def _conditions(status: LaunchStatus, track: CompiledTrack) -> Iterator[tuple[int, str]]:
    """(instant in ns or 0, what is waited for), of each condition that is not met."""
    now, progress = status.observation.now, status.launch.track(track.name)
    if on(track.name, status.launch.holds.values()):
        yield 0, "the end of its holds"
    left = stay_of(track, progress) - progress.served_ns(now)
    if left > 0:
        is_counting = progress.settled_at and not progress.paused_at and progress.phase is Phase.DWELLING
        yield (now + left, "") if is_counting else (0, "the stage's clock, which stands")
    verdicts = status.verdicts.get(track.name, ())
    for gate, said in zip(next_gates(status.plan, track, status.launch), verdicts, strict=False):
        if said.result is not Result.PASS and gate.on_fail is not OnFail.TELL:
            yield decidable_at(gate, said, status.observation), f"gate {gate.name} ({said.result.value})"
    for each in missing_approvals(status.plan, track, status.launch, now):
        yield 0, f"approval: {each}"
