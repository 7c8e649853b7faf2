"""Follows a journal for all readers of its events at once: each record is read and encoded once, and nobody waits for anybody."""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from fairway.api.views.journal import shown_record
from fairway.journal.port import JournalError, JournalMissing, Record
from fairway.journal.reader import SqlReader
from fairway.operations.trader.read_journal import JournalName, opened_reader
from fairway.settings import Settings

LOOK_S: Final = 0.025
"""From a record to its readers at most, besides the reading itself."""
RETRY_S: Final = 1.0
KEPT_MAX: Final = 10_000
"""Events kept for readers that are a little behind; who is further behind reads the journal."""


@dataclass(frozen=True, slots=True)
class JournalEvent:
    """A record, ready to be sent. json: as `JournalRecord` has it."""

    seq: int
    account: str
    author: str
    kind: str
    json: bytes


def event_of(record: Record) -> JournalEvent:
    """A record, encoded."""
    return JournalEvent(record.seq, record.account, record.author, record.kind, shown_record(record).model_dump_json().encode())


class JournalTail:
    """Of one journal. It looks only while somebody reads."""

    def __init__(self, settings: Settings, journal: JournalName) -> None:
        self.journal = journal
        self._settings = settings
        self._kept: deque[JournalEvent] = deque(maxlen=KEPT_MAX)
        self._news = asyncio.Event()
        """Set, and replaced by a new one, with each news: whoever waits is woken once, without a lock."""
        self._last = 0
        self._readers = 0
        self._looking: asyncio.Task[None] | None = None
        self._reader: SqlReader | None = None
        self._is_closed = False

    async def join(self) -> int:
        """Adds a reader; the number of the newest record. Raises JournalErrors."""
        self._readers += 1
        try:
            if self._looking is None:
                self._last = await asyncio.to_thread(self._newest)
                self._kept.clear()
                self._looking = asyncio.create_task(self._look(), name=f"tail of the {self.journal.value}'s journal")
        except BaseException:
            self.leave()
            raise
        return self._last

    def leave(self) -> None:
        """Removes a reader."""
        self._readers -= 1
        if self._readers == 0 and self._looking is not None:
            self._looking.cancel()
            self._looking = None

    async def after(self, seq: int) -> Sequence[JournalEvent]:
        """The next events after a number, oldest first; waits until there is one. Empty once the tail is closed.

        Raises JournalErrors where the journal itself must be read and cannot be.
        """
        while self._last <= seq and not self._is_closed:
            await self._news.wait()
        if self._is_closed:
            return ()
        if self._kept and self._kept[0].seq <= seq + 1:
            return [self._kept[index] for index in range(seq + 1 - self._kept[0].seq, len(self._kept))]
        return [event_of(each) for each in await asyncio.to_thread(self._page, seq)]

    def close(self) -> None:
        """Ends all readers."""
        self._is_closed = True
        self._wake()

    async def _look(self) -> None:
        while True:
            wait_s = LOOK_S
            try:
                page = await asyncio.to_thread(self._page, self._last)
            except JournalError:  # a damaged journal is told by the health of the system; readers wait
                page, wait_s = [], RETRY_S
                self._let_go()
            if page:
                self._kept.extend(event_of(each) for each in page)
                self._last = page[-1].seq
                self._wake()
            else:
                await asyncio.sleep(wait_s)

    def _wake(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()

    def _newest(self) -> int:
        with suppress(JournalMissing):
            last = self._opened().last()
            return last.seq if last is not None else 0
        return 0

    def _page(self, after: int) -> list[Record]:
        with suppress(JournalMissing):
            return self._opened().page(after)
        return []

    def _opened(self) -> SqlReader:
        if self._reader is None:
            self._reader = opened_reader(self._settings, self.journal)
        return self._reader

    def _let_go(self) -> None:
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.close()


@dataclass(frozen=True, slots=True)
class Tails:
    """One tail for each journal of a system."""

    by_journal: dict[JournalName, JournalTail]

    @classmethod
    def of(cls, settings: Settings) -> "Tails":
        """Nothing is opened before somebody reads."""
        return cls({journal: JournalTail(settings, journal) for journal in JournalName})

    def close(self) -> None:
        """Ends all readers of all journals."""
        for tail in self.by_journal.values():
            tail.close()
