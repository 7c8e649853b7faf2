"""Abort: gives a launch up for good. Nothing is opened any more, and what is held stays under its stops."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from fairway.operations.launch.instruct import PilotOutcome, instruct_pilot, launch_subject, preview_for_launch
from fairway.operations.operation import Call, Exposure, Operation, Preview
from fairway.operations.refusal import reason_given
from fairway.operations.trader.instruct import settings_to_lower
from fairway.people.roles import UserAct
from fairway.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class AbortRequest:
    """track: "" for all tracks."""

    config: Path
    reason: str
    track: str = ""


def perform_abort(call: Call[AbortRequest]) -> PilotOutcome:
    """With the parts of the rollback as they are at this instant. Raises Refusal, NotBegun, JournalErrors."""
    from fairway.launch.control.commands import Abort

    asked = call.request
    settings, reason = settings_to_lower(asked.config), reason_given(asked.reason, "we start again with another plan")
    outcome = instruct_pilot(settings, Abort(reason=reason, track=asked.track), call)
    return replace(outcome, lines=(*outcome.lines, *_rollback(settings))) if outcome.is_done else outcome


def _rollback(settings: Settings) -> tuple[str, ...]:
    """The parts of the rollback, done and not done."""
    from fairway.assembly.tower import launch_status
    from fairway.launch.views.rollback_view import in_words, rollback_parts

    status = launch_status(settings)
    parts = in_words(rollback_parts(status.plan, status.launch, status.observation))
    return *parts, "fairway launch explain shows how far it is"


def preview_abort(call: Call[AbortRequest]) -> Preview:
    """What would follow, and in which accounts. Raises Refusal, NotBegun."""
    effect = "the launch is given up for good: nothing is opened any more, and what is held stays under its stops"
    return preview_for_launch(settings_to_lower(call.request.config), effect)


ABORT = Operation(
    name="launch abort",
    summary="Give a launch up for good.",
    act=UserAct.STOP,
    exposure=Exposure.LOWERS,
    request=AbortRequest,
    subject=launch_subject,
    preview=preview_abort,
    perform=perform_abort,
)
OPERATIONS: Final = (ABORT,)
