"""Promote: asks the pilot for the next stage now."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from fairway.operations.launch.instruct import PilotOutcome, instruct_pilot, launch_subject, preview_for_launch
from fairway.operations.launch.next_stage import next_stage_lines
from fairway.operations.operation import Call, Exposure, Operation, Preview
from fairway.operations.refusal import reason_given
from fairway.people.roles import UserAct
from fairway.settings import load


@dataclass(frozen=True, slots=True, kw_only=True)
class PromoteRequest:
    """track: "" for all tracks."""

    config: Path
    reason: str
    track: str = ""


def perform_promote(call: Call[PromoteRequest]) -> PilotOutcome:
    """Raises Refusal, SettingsError, NotBegun, JournalErrors."""
    from fairway.launch.control.commands import Promote

    asked = call.request
    settings, reason = load(asked.config), reason_given(asked.reason, "all is there")
    return instruct_pilot(settings, Promote(reason=reason, track=asked.track), call)


def preview_promote(call: Call[PromoteRequest]) -> Preview:
    """Limits now and then, and whose approval is missing, in which accounts. Raises SettingsError, NotBegun, JournalErrors."""
    from fairway.assembly.tower import launch_status
    from fairway.launch.control.command_handler import tracks_meant

    settings = load(call.request.config)
    status = launch_status(settings)
    tracks = tracks_meant(status.plan, call.request.track)
    details = tuple(line for track in tracks for line in next_stage_lines(status, track))
    effect = "the next stage is entered as soon as its gates pass and its approvals are given"
    return replace(preview_for_launch(settings, effect), details=details)


PROMOTE = Operation(
    name="launch promote",
    summary="Ask for the next stage of a launch now.",
    act=UserAct.LAUNCH,
    exposure=Exposure.RAISES,
    request=PromoteRequest,
    subject=launch_subject,
    preview=preview_promote,
    perform=perform_promote,
)
OPERATIONS: Final = (PROMOTE,)
