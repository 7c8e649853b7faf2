"""Draft: a plan's text is checked as a whole and kept beside the journal, so that a launch begins by its digest.

What a server keeps of commands then holds no plan, and a person begins what was looked at.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.launch.begin_files import PlanDraft, keep_draft
from fairway.operations.launch.begin_preview import said_of_plan
from fairway.operations.launch.instruct import launch_subject
from fairway.operations.launch.plan_files import check_sound
from fairway.operations.launch.plan_text import check_length
from fairway.operations.launch.start import any_command
from fairway.operations.operation import Call, Exposure, Operation, Outcome, Preview
from fairway.operations.refusal import against_rule
from fairway.people.roles import UserAct
from fairway.settings import load

if TYPE_CHECKING:
    from fairway.launch.plan.load import Written


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPlanRequest:
    """text: of the plan; file: as it is called. command_trouble: what is wrong with a command line in it, "" for a right one."""

    config: Path
    text: str
    file: str = "plan.yaml"
    command_trouble: Callable[[str], str] = any_command


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPlanOutcome(Outcome):
    """digest: of the plan; a launch is begun by it. lines: what the plan says, and what the linter says of it."""

    digest: str


def draft_plan(call: Call[DraftPlanRequest]) -> DraftPlanOutcome:
    """Raises Refusal, SettingsError, PlanError."""
    asked = call.request
    settings, written = load(asked.config), _checked(asked)
    lines, digest = said_of_plan(settings, written, asked.command_trouble), written.plan.digest
    try:
        keep_draft(settings, PlanDraft(text=asked.text, digest=digest))
    except OSError as error:
        raise against_rule("DRAFT_UNWRITTEN: draft", f"the plan cannot be kept: {error}; nothing changed") from None
    return DraftPlanOutcome(digest=digest, lines=lines)


def _checked(asked: DraftPlanRequest) -> "Written":
    """A plan that may be launched. Raises Refusal, PlanError."""
    from fairway.launch.plan.load import parse

    check_length(asked.text)
    written = parse(asked.text, file=asked.file)
    check_sound(written, asked.command_trouble)
    return written


def preview_draft(call: Call[DraftPlanRequest]) -> Preview:
    """Raises Refusal, SettingsError, PlanError."""
    load(call.request.config)
    _checked(call.request)
    return Preview(effect="the plan is kept as a draft beside the journal; nothing else changes")


DRAFT_PLAN = Operation(
    name="launch draft",
    summary="Check a plan as a whole, and keep it as the draft of the launch that is to begin.",
    act=UserAct.LAUNCH,
    exposure=Exposure.KEEPS,
    request=DraftPlanRequest,
    subject=launch_subject,
    preview=preview_draft,
    perform=draft_plan,
)
OPERATIONS: Final = (DRAFT_PLAN,)
