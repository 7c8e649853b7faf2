"""Writes one instruction into the launch's command inbox, and waits for the pilot's own answer."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fairway.operations.operation import WHOLE_BOT, Call, Outcome, Preview, Progress, Subject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fairway.journal.port import Record
    from fairway.launch.control.commands import LaunchInstruction
    from fairway.settings import Settings

LOOKS_MAX: Final = 50
NAP_S: Final = 0.1
"""Five seconds in all: a pilot that runs reads its command inbox once a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotOutcome(Outcome):
    """is_done: whether the pilot has answered, and did not refuse."""

    number: int
    """Of the instruction in the launch's command inbox."""
    is_answered: bool
    refused: str
    """Why the pilot refused, "" where it did not."""


def instruct_pilot(settings: "Settings", instruction: "LaunchInstruction", call: Call[Any]) -> PilotOutcome:
    """Writes it down, and waits for the answer. Raises JournalErrors, NotBegun.

    Only the begin of the launch is read before: a person who wants to stop it does not wait until millions of records are read.
    """
    from fairway.assembly.tower import launch_as_begun, reader_of
    from fairway.launch.control.command_inbox import tell
    from fairway.world.clock import SystemClock

    launch_as_begun(settings)
    with reader_of(settings) as journal:
        last = journal.last()
    by, now = call.actor.name, SystemClock().now()
    number = tell(settings.journal, instruction, mode=settings.mode, trader=settings.account, by=by, at=now)
    call.tell(Progress(f"written down as instruction {number} to the pilot, by {by}: {instruction.reason}"))
    return _outcome(number, _wait(settings, number, last.seq if last is not None else 0))


def _wait(settings: "Settings", number: int, after: int) -> str | None:
    """The pilot's answer as `_answer` returns it; None where it did not come in time."""
    from fairway.assembly.tower import reader_of

    with reader_of(settings) as journal:
        for _ in range(LOOKS_MAX):
            answer = _answer(journal.read(after), number)
            if answer is not None:
                return answer
            time.sleep(NAP_S)
    return None


def _answer(records: "Iterable[Record]", number: int) -> str | None:
    """Why the pilot refused, "" where it obeyed; None where it has not answered yet."""
    from fairway.launch.control.launch_events import InstructionHeard
    from fairway.launch.control.state import CODEC

    for record in records:
        if record.kind == InstructionHeard.__name__:
            event = CODEC.decode(record)
            assert isinstance(event, InstructionHeard)
            if event.number == number:
                return event.refused
    return None


def _outcome(number: int, answer: str | None) -> PilotOutcome:
    from fairway.launch.views.reason_text import reason_in_words

    if answer is None:
        line = "no pilot has answered: where none flies, the next start hears it before anything else"
    else:
        line = f"NOT DONE: {reason_in_words(answer)}" if answer else "done; `fairway launch status` shows what follows"
    return PilotOutcome(is_done=answer == "", lines=(line,), number=number, is_answered=answer is not None, refused=answer or "")


def preview_for_launch(settings: "Settings", effect: str) -> Preview:
    """This effect, with the accounts of the launch. Raises NotBegun.

    A journal that cannot be read keeps no effect from being shown: which accounts the launch has is then unknown.
    """
    from fairway.assembly.tower import launch_as_begun, launch_now
    from fairway.journal.port import JournalError

    launch_as_begun(settings)
    try:
        accounts = tuple(each.account for each in launch_now(settings).accounts)
    except JournalError as error:
        return Preview(effect=effect, unknown=(f"the accounts of the launch: {error}",))
    return Preview(effect=effect, accounts=accounts)


def launch_subject(request: object) -> Subject:
    """A launch carries many accounts, so a decision about it is a decision about the whole bot."""
    return WHOLE_BOT
