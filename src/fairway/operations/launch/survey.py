"""Survey: brings users' answers to a survey to the pilot, by a person who answers for them."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.launch.instruct import PilotOutcome, instruct_pilot, launch_subject, preview_for_launch
from fairway.operations.operation import Call, Exposure, Operation, Preview, Progress
from fairway.operations.refusal import reason_given
from fairway.people.roles import UserAct
from fairway.settings import load

if TYPE_CHECKING:
    from fairway.launch.evidence.survey import UserAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyRequest:
    """file: a CSV with the columns id, at, positive and, optional, severity. reason: where the answers are from."""

    config: Path
    file: Path
    reason: str


def perform_survey(call: Call[SurveyRequest]) -> PilotOutcome:
    """Raises Refusal, SettingsError, SurveyError, NotBegun, JournalErrors."""
    from fairway.launch.control.commands import BringAnswers

    asked = call.request
    settings, reason = load(asked.config), reason_given(asked.reason, "the survey of the first week")
    answers, digest = _read(asked.file)
    call.tell(Progress(_counted(asked.file, answers)))
    return instruct_pilot(settings, BringAnswers(reason=reason, answers=answers, digest=digest), call)


def _read(file: Path) -> "tuple[tuple[UserAnswer, ...], str]":
    """The answers, and the file's digest. Raises SurveyError."""
    from fairway.launch.evidence.survey import SurveyError, answers_of
    from fairway.texts.reading import read_text
    from fairway.world.clock import SystemClock

    text = read_text(file, error=SurveyError)
    answers = answers_of(text, file=str(file), now=SystemClock().now())
    return answers, hashlib.sha256(text.encode()).hexdigest()


def _counted(file: Path, answers: "tuple[UserAnswer, ...]") -> str:
    positive = sum(each.is_positive for each in answers)
    severe = sum(each.severity == "severe" for each in answers)
    return f"{file}: {len(answers)} answers, {positive} positive, {severe} with a severe complaint"


def preview_survey(call: Call[SurveyRequest]) -> Preview:
    """What the pilot would count. Raises SettingsError, SurveyError, NotBegun."""
    answers, _ = _read(call.request.file)
    return preview_for_launch(load(call.request.config), _counted(call.request.file, answers))


SURVEY = Operation(
    name="launch survey",
    summary="Bring users' answers to a survey to a launch.",
    act=UserAct.LAUNCH,
    exposure=Exposure.KEEPS,
    request=SurveyRequest,
    subject=launch_subject,
    preview=preview_survey,
    perform=perform_survey,
)
OPERATIONS: Final = (SURVEY,)
