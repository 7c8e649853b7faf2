"""Review: a person states that they looked at a stage, and what they saw."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fairway.operations.launch.instruct import PilotOutcome, instruct_pilot, launch_subject, preview_for_launch
from fairway.operations.operation import Call, Exposure, Operation, Preview
from fairway.operations.refusal import reason_given
from fairway.people.roles import UserAct
from fairway.settings import load


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRequest:
    """reason: what the person saw. track: "" for all tracks."""

    config: Path
    reason: str
    track: str = ""


def perform_review(call: Call[ReviewRequest]) -> PilotOutcome:
    """Raises Refusal, SettingsError, NotBegun, JournalErrors."""
    from fairway.launch.control.commands import Review

    asked = call.request
    settings, reason = load(asked.config), reason_given(asked.reason, "ten trades, all with their stops")
    return instruct_pilot(settings, Review(reason=reason, track=asked.track), call)


def preview_review(call: Call[ReviewRequest]) -> Preview:
    """What would follow, and in which accounts. Raises SettingsError, NotBegun."""
    return preview_for_launch(load(call.request.config), "the review counts until the plan asks for the next one")


REVIEW = Operation(
    name="launch review",
    summary="State that you reviewed a stage, and what you saw.",
    act=UserAct.LAUNCH,
    exposure=Exposure.KEEPS,
    request=ReviewRequest,
    subject=launch_subject,
    preview=preview_review,
    perform=perform_review,
)
OPERATIONS: Final = (REVIEW,)
