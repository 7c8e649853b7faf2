"""Writes one instruction into the trader's command inbox, and waits for the trader's own answer."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fairway.operations.operation import Call, Outcome, Progress
from fairway.operations.refusal import Ground, Refusal
from fairway.operations.trader.accounts_of_trader import last_heard

if TYPE_CHECKING:
    from fairway.journal.commands import Instruction
    from fairway.journal.kinds import InstructionTaken
    from fairway.settings import Settings

LOOKS_MAX: Final = 30
NAP_S: Final = 0.1
"""Three seconds in all: a trader that runs reads its command inbox once a second."""
UNANSWERED: Final = (
    "no trader has answered: where none runs, the next start obeys before it opens anything; `fairway caps` shows what waits"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InstructionOutcome(Outcome):
    """is_done: whether the trader has answered, and refused nothing."""

    number: int
    """Of the instruction in the command inbox."""
    is_answered: bool
    refused: Mapping[str, str]
    """By account that answered: why it refused, "" where it did not."""


def settings_to_lower(config: Path) -> "Settings":
    """The configuration, for an operation that lowers exposure. Raises Refusal, which names the kill: it needs no sound file."""
    from fairway.settings import SettingsError, load

    try:
        return load(config)
    except SettingsError as error:
        way = f'a kill needs no sound configuration:  fairway kill {config} --reason "..."'
        refusal = Refusal(
            f"CONFIGURATION_WRONG: file={config}", f"{error}\nNOTHING was written down; {way}", Ground.CONFIGURATION
        )
        refusal.cause = error
        raise refusal from None


def instruct(
    settings: "Settings", instruction: "Instruction", call: Call[Any], then: str, unanswered: str = UNANSWERED
) -> InstructionOutcome:
    """Writes it down, and waits for the answer. Raises JournalErrors.

    then: what follows where the trader obeys. unanswered: what follows where it does not answer.

    It is written down before the trader's journal is read: an instruction that lowers exposure counts even where that is damaged.
    """
    from fairway.journal.command_inbox import command_inbox_beside, say
    from fairway.world.clock import SystemClock

    after = _end_of_journal(settings)
    by, now = call.actor.name, SystemClock().now()
    number = say(command_inbox_beside(settings.journal), instruction, mode=settings.mode, trader=settings.account, by=by, at=now)
    call.tell(Progress(f"written down as instruction {number}, by {by}: {instruction.reason}"))
    taken = _answers(settings, number, after) if after is not None else {}
    if not taken:
        return _unanswered(settings, number, unanswered)
    refused = {account: event.refused for account, event in taken.items()}
    return InstructionOutcome(
        is_done=not any(refused.values()),
        lines=tuple(_lines(refused, then)),
        number=number,
        is_answered=True,
        refused=refused,
    )


def _lines(refused: Mapping[str, str], then: str) -> Iterator[str]:
    from fairway.reports.refusals import in_words

    for account, why in refused.items():
        yield f"{account}: NOT DONE: {in_words(why)} ({why})" if why else f"{account}: done; {then}"


def _unanswered(settings: "Settings", number: int, line: str) -> InstructionOutcome:
    """No trader runs, or it does not read its inbox. Raises JournalBroken where it would never read this instruction."""
    from fairway.journal.command_inbox import command_inbox_beside, lost

    heard = last_heard(settings)
    if number <= heard:
        raise lost(command_inbox_beside(settings.journal), heard)
    return InstructionOutcome(is_done=False, lines=(line,), number=number, is_answered=False, refused={})


def _end_of_journal(settings: "Settings") -> int | None:
    """Number of the last record of the trader's journal; None where it cannot be read, so that no answer can be seen."""
    from fairway.journal.port import JournalError
    from fairway.journal.sql import open_reader

    try:
        with open_reader(settings.journal, trader=settings.account) as journal:
            last = journal.last()
    except JournalError:
        return None
    return last.seq if last else 0


def _answers(settings: "Settings", number: int, after: int) -> "Mapping[str, InstructionTaken]":
    """All accounts answer in one commit, so the first answer comes with the others."""
    from fairway.journal.account_permissions import answers
    from fairway.journal.sql import open_reader

    with open_reader(settings.journal, trader=settings.account) as journal:
        for _ in range(LOOKS_MAX):
            taken = answers(journal.read(after), number)
            if taken:
                return taken
            time.sleep(NAP_S)
    return {}
