"""Writes the server's own journal. What cannot be written down is not done."""

import threading
from collections.abc import Iterator
from typing import Final

from fairway.api.server_events import CODEC, ServerEvent
from fairway.journal.port import Record
from fairway.journal.sql import SqlJournal, open_journal
from fairway.settings import Settings
from fairway.settings.server import SERVER_STREAM, server_journal_beside
from fairway.world.clock import Clock

RECENT_MAX: Final = 200_000
"""Read in about a second; a command that is older is in the journal, and the server has forgotten it."""


class ServerJournal:
    """The one writer. Its methods may be called from any thread; they block for the disk."""

    def __init__(self, journal: SqlJournal, clock: Clock) -> None:
        self._journal, self._clock = journal, clock
        self._turn = threading.Lock()

    def record(self, *events: ServerEvent, by: str) -> None:
        """Durable when this returns. by: who did it. Raises JournalErrors."""
        with self._turn:
            self._journal.append(events, account="", author=by, at=self._clock.now())
            self._journal.sync()

    def recent(self) -> Iterator[Record]:
        """The newest records, oldest first, for the start, however long the journal is. Raises JournalErrors."""
        last = self._journal.last()
        return self._journal.read(max(0, last.seq - RECENT_MAX) if last is not None else 0)

    def close(self) -> None:
        with self._turn:
            self._journal.close()


def open_server_journal(settings: Settings, clock: Clock) -> ServerJournal:
    """Raises JournalErrors; JournalLocked where another server runs beside the same trader."""
    where = server_journal_beside(settings.journal)
    return ServerJournal(open_journal(where, CODEC, mode=settings.mode, trader=settings.account, stream=SERVER_STREAM), clock)
