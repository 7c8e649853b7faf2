"""The journal of the command inbox: what people told a trader to do. A command opens it, writes one record, and closes it.

The trader never writes it, and no door ever writes the trader's: each piece of state has one writer at a time.
"""

import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from msgspec import Struct

from fairway.journal.commands import INSTRUCTIONS, Instruction
from fairway.journal.events import Codec
from fairway.journal.port import DOORS_STREAM, JournalBroken, JournalLocked
from fairway.journal.sql import SqlJournal, open_journal
from fairway.store.place import Place, name_of

CODEC: Final = Codec(*INSTRUCTIONS)
TRIES_MAX: Final = 40
NAP_S: Final = 0.05
"""Two doors at once: the second waits for the first, which needs some milliseconds, two seconds at most."""


def doors_beside(journal: Place) -> Place:
    """Where the doors of a trader's journal are: a file beside its file, or a stream in the same database."""
    return journal.with_name(f"{journal.name}.doors") if isinstance(journal, Path) else journal


def say(doors: Place, *instructions: Instruction, mode: str, trader: str, by: str, at: int) -> int:
    """Writes down what a person, or a pilot, tells a trader, durable when this returns; the number of the last record.

    mode and trader are of the trader's journal; at is ns. Raises JournalErrors.
    """
    with closing(opened(doors, CODEC, mode=mode, trader=trader, stream=DOORS_STREAM)) as journal:
        return write_down(journal, instructions, [each.account for each in instructions], by=by, at=at)


def write_down(journal: SqlJournal, said: Sequence[Struct], accounts: Sequence[str], *, by: str, at: int) -> int:
    """The number of the last record, durable when this returns, as all of them are. accounts: of each, whose it is."""
    records = [journal.append([each], account=account, author=by, at=at)[0] for each, account in zip(said, accounts, strict=True)]
    journal.sync()
    return records[-1].seq


def lost(doors: Place, heard: int) -> JournalBroken:
    """The refusal of a doors' journal that was begun anew, or cut: its numbers would be taken for ones that were obeyed."""
    return JournalBroken(
        f"the doors' journal {name_of(doors)} does not hold instruction {heard}, which the trader has taken; "
        "put back the one that does"
    )


def opened(doors: Place, codec: Codec, *, mode: str, trader: str, stream: str) -> SqlJournal:
    """For a moment: others speak there, too. Raises JournalErrors."""
    for _ in range(TRIES_MAX - 1):
        try:
            return open_journal(doors, codec, mode=mode, trader=trader, stream=stream)
        except JournalLocked:
            time.sleep(NAP_S)
    return open_journal(doors, codec, mode=mode, trader=trader, stream=stream)
