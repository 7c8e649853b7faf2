"""Writes one command into the alerting process's command inbox, and waits for its own answer."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fairway.operations.operation import WHOLE_BOT, Call, Outcome, Preview, Progress, Subject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from msgspec import Struct

    from fairway.incidents.incident_events import CommandAnswered
    from fairway.journal.port import Record
    from fairway.settings import Settings

LOOKS_MAX: Final = 50
NAP_S: Final = 0.1
"""Five seconds in all: an alerting process that runs reads its command inbox once a second."""
UNANSWERED: Final = "no alerting process has answered: where none runs, the next start hears it before anything else"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertingOutcome(Outcome):
    """is_done: whether the alerting process has answered, and did not refuse."""

    number: int
    """Of the command in the command inbox."""
    is_answered: bool
    refused: str
    """Why it was refused, "" where it was not."""
    made: str
    """The id of what was made or meant: an incident, an action item or a ticket."""


def instruct_alerting(settings: "Settings", command: "Struct", call: Call[Any], then: str = "done") -> AlertingOutcome:
    """Writes it down, and waits for the answer. then: what follows where it is carried out. Raises JournalErrors."""
    from fairway.incidents.alerting_journal import tell_alerting
    from fairway.world.clock import SystemClock

    after = _end_of_journal(settings)
    by, now = call.actor.name, SystemClock().now()
    number = tell_alerting(settings.journal, command, mode=settings.mode, trader=settings.account, by=by, at=now)
    call.tell(Progress(f"written down as command {number} to the alerting process, by {by}"))
    return _outcome(number, _wait(settings, number, after), then)


def _end_of_journal(settings: "Settings") -> int:
    """Number of the last record of the alerting journal; 0 while there is none."""
    from fairway.journal.port import JournalMissing
    from fairway.operations.incidents.reading import alerting_reader

    try:
        with alerting_reader(settings) as journal:
            last = journal.last()
    except JournalMissing:
        return 0
    return last.seq if last is not None else 0


def _wait(settings: "Settings", number: int, after: int) -> "CommandAnswered | None":
    """None where no answer came in time, or no alerting process has ever run."""
    from fairway.journal.port import JournalMissing
    from fairway.operations.incidents.reading import alerting_reader

    try:
        with alerting_reader(settings) as journal:
            for _ in range(LOOKS_MAX):
                answer = _answer(journal.read(after), number)
                if answer is not None:
                    return answer
                time.sleep(NAP_S)
    except JournalMissing:
        pass
    return None


def _answer(records: "Iterable[Record]", number: int) -> "CommandAnswered | None":
    from fairway.incidents.alerting_journal import ALERTING_CODEC
    from fairway.incidents.incident_events import CommandAnswered

    for record in records:
        if record.kind == CommandAnswered.__name__:
            event = ALERTING_CODEC.decode(record)
            assert isinstance(event, CommandAnswered)
            if event.number == number:
                return event
    return None


def _outcome(number: int, answer: "CommandAnswered | None", then: str) -> AlertingOutcome:
    from fairway.incidents.refusal_text import refusal_in_words

    if answer is None:
        return AlertingOutcome(is_done=False, lines=(UNANSWERED,), number=number, is_answered=False, refused="", made="")
    line = f"NOT DONE: {refusal_in_words(answer.refused)}" if answer.refused else f"{answer.made or answer.what}: {then}"
    return AlertingOutcome(
        is_done=not answer.refused, lines=(line,), number=number, is_answered=True, refused=answer.refused, made=answer.made
    )


def incident_subject(request: object) -> Subject:
    """An incident may be about every account, so what is done about it is about the whole bot."""
    return WHOLE_BOT


def written_down(effect: str) -> Preview:
    """The preview of a command: nothing but this effect."""
    return Preview(effect=effect)
