"""Shows where a launch is: stages, gates with their forecast, holds, evidence, approvals; and its GO or NO-GO."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.launch.instruct import launch_subject
from fairway.operations.operation import Call, Exposure, Operation, Outcome, Preview
from fairway.people.roles import UserAct
from fairway.settings import load

if TYPE_CHECKING:
    from fairway.launch.views.record import LaunchRecord
    from fairway.launch.views.status_text import LaunchStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowLaunchRequest:
    """config: of the trader beside which the launch flies."""

    config: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class GateOutlook:
    """forecast: when an unknown verdict can be decided at the present rate, "" where that is not known.

    blocks: whether the next stage waits for the gate. at: of the forecast (ns), 0 where it is not known.
    """

    forecast: str
    blocks: bool
    at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchOutcome(Outcome):
    """outlooks: by track and gate, of the gates between each track and its next stage."""

    status: "LaunchStatus"
    outlooks: "Mapping[tuple[str, str], GateOutlook]"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOutcome(Outcome):
    """is_done: whether it is GO."""

    record: "LaunchRecord"


def show_launch(call: Call[ShowLaunchRequest]) -> LaunchOutcome:
    """Raises SettingsError, NotBegun, JournalErrors."""
    from fairway.assembly.tower import launch_status
    from fairway.launch.control.transitions import next_gates
    from fairway.launch.gates.verdict import Result
    from fairway.launch.plan.compiled_plan import OnFail
    from fairway.launch.views.forecast import decidable_at, outlook
    from fairway.launch.views.status_text import explain

    status = launch_status(load(call.request.config))
    outlooks = {
        (track.name, gate.name): GateOutlook(
            forecast=outlook(gate, verdict, status.observation).lstrip(" ;,"),
            blocks=gate.on_fail is not OnFail.TELL and verdict.result is not Result.PASS,
            at=decidable_at(gate, verdict, status.observation),
        )
        for track in status.plan.tracks
        for gate, verdict in zip(next_gates(status.plan, track, status.launch), status.verdicts.get(track.name, ()), strict=False)
    }
    return LaunchOutcome(status=status, outlooks=outlooks, lines=tuple(explain(status)))


def show_record(call: Call[ShowLaunchRequest]) -> RecordOutcome:
    """Raises SettingsError, NotBegun, JournalErrors."""
    from fairway.assembly.tower import record_now

    record = record_now(load(call.request.config))
    return RecordOutcome(record=record, is_done=record.is_go, lines=(record.verdict, *_missing(record)))


def _missing(record: "LaunchRecord") -> Sequence[str]:
    return [each for section in record.sections for each in (*section.missing, *section.waits_for)]


SHOW_LAUNCH = Operation(
    name="launch show",
    summary="Show where a launch is, what its gates say, and what its next stage needs.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=ShowLaunchRequest,
    subject=launch_subject,
    preview=lambda call: Preview(effect="reads the journals; nothing is changed"),
    perform=show_launch,
)
SHOW_RECORD = Operation(
    name="launch record",
    summary="Show the GO or NO-GO of a launch, and what it rests on.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=ShowLaunchRequest,
    subject=launch_subject,
    preview=lambda call: Preview(effect="reads the journals; nothing is changed"),
    perform=show_record,
)
OPERATIONS: Final = (SHOW_LAUNCH, SHOW_RECORD)
