"""`fairway launch survey`: what users answered to a survey, brought to the pilot by a person who answers for it."""

from pathlib import Path

from fairway.cli.launch.commands import tell_pilot
from fairway.cli.send_command import given
from fairway.cli.shared_options import By, Config
from fairway.settings import load


def survey(config: Config, file: Path, /, *, reason: str, by: By = "") -> int:
    """Bring users' answers to a survey: rows with the columns id, at, positive and, where it is known, severity.

    Each answer counts once, however often its file is brought, and of who gave it the launch keeps only a digest of the id.

    Parameters
    ----------
    file: Path
        A table in CSV: positive is yes or no, severity is none, mild or severe.
    reason: str
        Where the answers are from; it goes into the journal.
    """
    import hashlib

    from fairway.launch.control.commands import BringAnswers
    from fairway.launch.evidence.survey import SurveyError, answers_of
    from fairway.texts.reading import read_text
    from fairway.world.clock import SystemClock

    settings, why = load(config), given(reason, "the survey of the first week")
    text = read_text(file, error=SurveyError)
    found = answers_of(text, file=str(file), now=SystemClock().now())
    severe = sum(each.severity == "severe" for each in found)
    print(f"{file}: {len(found)} answers, {sum(each.is_positive for each in found)} positive, {severe} with a severe complaint")
    return tell_pilot(settings, BringAnswers(reason=why, answers=found, digest=hashlib.sha256(text.encode()).hexdigest()), by)
