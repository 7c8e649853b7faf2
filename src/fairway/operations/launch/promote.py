"""Promote: asks the pilot for the next stage now."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fairway.operations.launch.instruct import PilotOutcome, instruct_pilot, launch_subject, preview_for_launch
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
    """What would follow, and in which accounts. Raises SettingsError, NotBegun."""
    return preview_for_launch(
        load(call.request.config), "the next stage is entered as soon as its gates pass and its approvals are given"
    )


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
