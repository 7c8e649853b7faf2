"""Demote: goes back to a smaller stage, at once and without an approval."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fairway.operations.launch.instruct import PilotOutcome, instruct_pilot, launch_subject, preview_for_launch
from fairway.operations.operation import Call, Exposure, Operation, Preview
from fairway.operations.refusal import reason_given
from fairway.operations.trader.instruct import settings_to_lower
from fairway.people.roles import UserAct


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoteRequest:
    """stage: "" for the one before the present one. track: "" for all tracks."""

    config: Path
    reason: str
    stage: str = ""
    track: str = ""


def perform_demote(call: Call[DemoteRequest]) -> PilotOutcome:
    """Raises Refusal, NotBegun, JournalErrors."""
    from fairway.launch.control.commands import Demote

    asked = call.request
    settings, reason = settings_to_lower(asked.config), reason_given(asked.reason, "it is worth less than it looked")
    return instruct_pilot(settings, Demote(reason=reason, stage=asked.stage, track=asked.track), call)


def preview_demote(call: Call[DemoteRequest]) -> Preview:
    """What would follow, and in which accounts. Raises Refusal, NotBegun."""
    stage = f"the stage {call.request.stage}" if call.request.stage else "the stage before the present one"
    return preview_for_launch(settings_to_lower(call.request.config), f"the limits of {stage} are in force, at once")


DEMOTE = Operation(
    name="launch demote",
    summary="Go back to a smaller stage of a launch.",
    act=UserAct.STOP,
    exposure=Exposure.LOWERS,
    request=DemoteRequest,
    subject=launch_subject,
    preview=preview_demote,
    perform=perform_demote,
)
OPERATIONS: Final = (DEMOTE,)
