"""The command inbox: a journal of commands from people and from the pilot to one trader.

A sender opens it, writes one record, and closes it. The trader only reads it, and no sender ever writes the trader's journal:
each piece of state has one writer at a time.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from msgspec import Struct

from fairway.journal.commands import INSTRUCTIONS, Instruction
from fairway.journal.events import Codec
from fairway.journal.port import COMMAND_STREAM, JournalBroken, JournalLocked
from fairway.journal.sql import SqlJournal, open_journal
from fairway.store.place import Place, name_of

CODEC: Final = Codec(*INSTRUCTIONS)
TRIES_MAX: Final = 250
NAP_S: Final = 0.02
"""Between two tries of a sender to open the inbox while another process writes, which takes some milliseconds."""
_TURN: Final = threading.Lock()
"""The threads of one process wait for each other with it: tries that only poll would let some of many wait for too long."""


def command_inbox_beside(journal: Place) -> Place:
    """Where the command inbox of a trader's journal is: a file beside its file, or a stream in the same database."""
    return journal.with_name(f"{journal.name}.commands") if isinstance(journal, Path) else journal


def say(command_inbox: Place, *instructions: Instruction, mode: str, trader: str, by: str, at: int) -> int:
    """Writes commands of a person or a pilot to a trader, durable when this returns; the number of the last record.

    mode and trader are of the trader's journal; at is ns. Raises JournalErrors.
    """
    with writing(command_inbox, CODEC, mode=mode, trader=trader, stream=COMMAND_STREAM) as journal:
        return write_down(journal, instructions, [each.account for each in instructions], by=by, at=at)


def write_down(journal: SqlJournal, said: Sequence[Struct], accounts: Sequence[str], *, by: str, at: int) -> int:
    """Writes these commands, durable when this returns; the number of the last record. accounts: of each command, its account."""
    records = [journal.append([each], account=account, author=by, at=at)[0] for each, account in zip(said, accounts, strict=True)]
    journal.sync()
    return records[-1].seq


def lost(command_inbox: Place, heard: int) -> JournalBroken:
    """The error for an inbox that was started again or cut: its new commands would have numbers that were obeyed already."""
    return JournalBroken(
        f"the command inbox {name_of(command_inbox)} does not hold instruction {heard}, which the trader has taken; "
        "put back the one that does"
    )


@contextmanager
def writing(command_inbox: Place, codec: Codec, *, mode: str, trader: str, stream: str) -> Iterator[SqlJournal]:
    """The inbox, locked by this thread: be short, for other senders wait. Raises JournalErrors."""
    with _TURN, closing(_opened(command_inbox, codec, mode, trader, stream)) as journal:
        yield journal


def _opened(command_inbox: Place, codec: Codec, mode: str, trader: str, stream: str) -> SqlJournal:
    for _ in range(TRIES_MAX - 1):
        try:
            return open_journal(command_inbox, codec, mode=mode, trader=trader, stream=stream)
        except JournalLocked:
            time.sleep(NAP_S)
    return open_journal(command_inbox, codec, mode=mode, trader=trader, stream=stream)
