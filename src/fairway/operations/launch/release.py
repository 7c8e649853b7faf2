"""Release: ends a hold of a launch that a person may end."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fairway.operations.launch.instruct import PilotOutcome, instruct_pilot, launch_subject, preview_for_launch
from fairway.operations.operation import Call, Exposure, Operation, Preview
from fairway.operations.refusal import reason_given
from fairway.people.roles import UserAct
from fairway.settings import load


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRequest:
    """hold_id: as the launch's status shows it."""

    config: Path
    hold_id: str
    reason: str


def perform_release(call: Call[ReleaseRequest]) -> PilotOutcome:
    """Raises Refusal, SettingsError, NotBegun, JournalErrors."""
    from fairway.launch.control.commands import Release

    asked = call.request
    settings, reason = load(asked.config), reason_given(asked.reason, "the cause is mended")
    return instruct_pilot(settings, Release(reason=reason, hold_id=asked.hold_id), call)


def preview_release(call: Call[ReleaseRequest]) -> Preview:
    """What would follow, and in which accounts. Raises SettingsError, NotBegun."""
    effect = f"the hold {call.request.hold_id!r} ends; where a gate had failed, its stage starts again from its beginning"
    return preview_for_launch(load(call.request.config), effect)


RELEASE = Operation(
    name="launch release",
    summary="End a hold of a launch.",
    act=UserAct.LAUNCH,
    exposure=Exposure.RAISES,
    request=ReleaseRequest,
    subject=launch_subject,
    preview=preview_release,
    perform=perform_release,
)
OPERATIONS: Final = (RELEASE,)
