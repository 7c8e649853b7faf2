"""Hold: no stage is promoted, and the stage's clock stands still, until a person releases the hold."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fairway.operations.launch.instruct import PilotOutcome, instruct_pilot, launch_subject, preview_for_launch
from fairway.operations.operation import Call, Exposure, Operation, Preview
from fairway.operations.refusal import reason_given
from fairway.operations.trader.instruct import settings_to_lower
from fairway.people.roles import UserAct


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRequest:
    """track: "" for all tracks. contain: nothing is opened either."""

    config: Path
    reason: str
    track: str = ""
    contain: bool = False


def perform_hold(call: Call[HoldRequest]) -> PilotOutcome:
    """Raises Refusal, NotBegun, JournalErrors."""
    from fairway.launch.control.commands import HoldIt

    asked = call.request
    settings, reason = settings_to_lower(asked.config), reason_given(asked.reason, "I want to look")
    return instruct_pilot(settings, HoldIt(reason=reason, track=asked.track, contains=asked.contain), call)


def preview_hold(call: Call[HoldRequest]) -> Preview:
    """What would follow, and in which accounts. Raises Refusal, NotBegun."""
    also = " and nothing is opened" if call.request.contain else ""
    effect = f"no stage is promoted{also} until a person releases the hold; what is held stays under its stop and target"
    return preview_for_launch(settings_to_lower(call.request.config), effect)


HOLD = Operation(
    name="launch hold",
    summary="Hold a launch, so that no stage is promoted.",
    act=UserAct.STOP,
    exposure=Exposure.LOWERS,
    request=HoldRequest,
    subject=launch_subject,
    preview=preview_hold,
    perform=perform_hold,
)
OPERATIONS: Final = (HOLD,)
