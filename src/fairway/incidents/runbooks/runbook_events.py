"""The events of a runbook's execution: its transcript, in a journal of its own. All instants are in ns."""

from typing import Final

from msgspec import Struct

from fairway.incidents.runbooks.flow import FlowEnd
from fairway.journal.events import Codec

LINES_KEPT: Final = 20
LINE_CHARACTERS: Final = 500
"""Of an answer; the rest is where the command or the operation has it from."""


class RunbookEvent(Struct, frozen=True, tag=True, kw_only=True):
    """Base of all. execution: the instant at which it began, which tells executions apart. incident: its id, "" for none."""

    runbook: str
    execution: int
    incident: str = ""


class RunbookStarted(RunbookEvent, frozen=True, tag=True, kw_only=True):
    """digest: of the text that is followed. account: what it is about, "" for the configured one."""

    digest: str
    account: str = ""


class StepDone(RunbookEvent, frozen=True, tag=True, kw_only=True):
    """A step had its effect, or a person answered. did: the command, the operation or the question.

    answer: lines of what was answered. verified: what was seen, one sentence for each check.
    """

    step: str
    did: str
    answer: tuple[str, ...] = ()
    verified: tuple[str, ...] = ()
    took_ns: int = 0


class StepFailed(RunbookEvent, frozen=True, tag=True, kw_only=True):
    """A step did not have its effect, or that could not be seen. otherwise: what follows."""

    step: str
    did: str
    why: str
    otherwise: str
    answer: tuple[str, ...] = ()
    took_ns: int = 0


class RunbookEnded(RunbookEvent, frozen=True, tag=True, kw_only=True):
    """next_runbook: the one that follows, "" for none. left: steps that were not carried out, as sentences."""

    end: FlowEnd
    next_runbook: str = ""
    left: tuple[str, ...] = ()


RUNBOOK_EVENTS: Final = (RunbookStarted, StepDone, StepFailed, RunbookEnded)
RUNBOOK_CODEC: Final = Codec(*RUNBOOK_EVENTS)


def shortened(lines: tuple[str, ...]) -> tuple[str, ...]:
    """The lines as a transcript keeps them."""
    return tuple(line[:LINE_CHARACTERS] for line in lines[:LINES_KEPT])


def sentence_of(event: RunbookEvent) -> str:
    """An event as a note in the timeline of its incident."""
    match event:
        case RunbookStarted():
            return f"runbook {event.runbook} was started"
        case StepDone():
            seen = f"; verified: {'; '.join(event.verified)}" if event.verified else ""
            said = f"; answer: {event.answer[0]}" if event.answer and not event.verified else ""
            return f"runbook {event.runbook}, step {event.step}: {event.did}{said}{seen}"
        case StepFailed():
            return f"runbook {event.runbook}, step {event.step} FAILED: {event.did}: {event.why}; then: {event.otherwise}"
        case RunbookEnded():
            follows = f"; runbook {event.next_runbook} follows" if event.next_runbook else ""
            left = f"; left: {'; '.join(event.left)}" if event.left else ""
            return f"runbook {event.runbook} ended: {event.end.value}{follows}{left}"
    raise TypeError(f"{type(event).__name__} is no event of a runbook")
