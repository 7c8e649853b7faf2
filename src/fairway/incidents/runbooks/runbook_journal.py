"""The journal of executed runbooks, beside the trader's journal: a file, or a stream in the same database."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from fairway.incidents.runbooks.executions import Executions
from fairway.incidents.runbooks.runbook_events import RUNBOOK_CODEC, RunbookEvent
from fairway.journal.command_inbox import write_down, writing
from fairway.journal.port import JournalMissing
from fairway.journal.sql import open_reader
from fairway.store.place import Place

RUNBOOK_STREAM: Final = "runbooks"


def runbooks_beside(journal: Place) -> Place:
    """Where the journal of executed runbooks of a trader's journal is."""
    return journal.with_name(f"{journal.name}.runbooks") if isinstance(journal, Path) else journal


def record_runbook(journal: Place, events: Sequence[RunbookEvent], *, mode: str, trader: str, by: str, at: int) -> None:
    """Durable when this returns. journal: the trader's; at in ns. Several executions may write in turn. Raises JournalErrors."""
    where = runbooks_beside(journal)
    with writing(where, RUNBOOK_CODEC, mode=mode, trader=trader, stream=RUNBOOK_STREAM) as writer:
        write_down(writer, events, [""] * len(events), by=by, at=at)


def executions_beside(journal: Place, *, trader: str) -> Executions:
    """What was executed so far; nothing where no runbook ever was. Raises JournalErrors."""
    found = Executions()
    try:
        with open_reader(runbooks_beside(journal), trader=trader, stream=RUNBOOK_STREAM) as reader:
            for record in reader.read():
                found.take(RUNBOOK_CODEC.decode(record), record.author, record.at)
    except JournalMissing:
        return Executions()
    return found
