"""The projector: keeps the read models up with the journal, behind the trading, and never in its way.

It reads what is durable, a page at a time, and writes the rows and how far it came in one transaction; so it may stop anywhere.
What fails is told and tried again; the journal does not wait for it.
"""

import asyncio
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select

from fairway.journal.events import Codec
from fairway.journal.known_kinds import KnownRows
from fairway.journal.models import PROJECTIONS, TABLES
from fairway.journal.port import TRADER_STREAM, JournalError, Readable, Record
from fairway.store.engine import engine_of
from fairway.store.failures import StoreError, told_as_ours
from fairway.store.migrations import migrate
from fairway.store.patience import OwnThread
from fairway.store.place import Place, name_of

PAGE: Final = 500
"""Records of one transaction."""
RETRY_S: Final = 5


def models_beside(journal: Place) -> Place:
    """Where the read models of a journal are: in the same database, or in a file beside its file, which has one writer."""
    return journal.with_name(f"{journal.name}.models") if isinstance(journal, Path) else journal


class Projector:
    """Of one trader's journal into one store. It is given a reader of the journal, which sees only what is durable."""

    def __init__(self, where: Place, codec: Codec, *, trader: str) -> None:
        self.name = f"the read models {name_of(where)}"
        self.trouble = ""
        """Why the last step failed; "" where it did not."""
        # What can be made anew from the journal need not survive the loss of power.
        self._engine = engine_of(where, synchronous="NORMAL")
        self._codec, self._trader = codec, trader
        self._rows = KnownRows(trader)
        self._is_ready = False
        self._news = asyncio.Event()

    # -- beside a trader -----------------------------------------------------------------------------------------

    def hear(self, *_: object) -> None:
        """Something is durable. It is read from the journal, so however much is told, nothing piles up."""
        self._news.set()

    async def run(self, journal: Readable, tell: Callable[[str], None]) -> None:
        """Until it is cancelled. tell is given one sentence for each new trouble."""
        thread = OwnThread(self.name)
        try:
            while True:
                if not await self._stepped(thread, journal, tell):
                    await self._news.wait()
                    self._news.clear()
        finally:
            thread.close()

    async def _stepped(self, thread: OwnThread, journal: Readable, tell: Callable[[str], None]) -> bool:
        """Whether there may be more to do at once."""
        try:
            count = await thread.wait_for(lambda: self.step(journal))
        except (JournalError, StoreError) as error:
            if str(error) != self.trouble:
                self.trouble = str(error)
                tell(self.trouble)
            await asyncio.sleep(RETRY_S)
            return True
        self.trouble = ""
        return count > 0

    # -- blocking ------------------------------------------------------------------------------------------------

    def step(self, journal: Readable) -> int:
        """Projects the next records, a page at most; how many they were. Raises StoreErrors and JournalErrors."""
        try:
            with told_as_ours(self.name):
                if not self._is_ready:
                    migrate(self._engine, self.name)
                    self._is_ready = True
                with self._engine.begin() as connection:
                    return self._project_page(connection, journal)
        except BaseException:
            self._rows.forget()
            raise

    def catch_up(self, journal: Readable) -> int:
        """All steps there are; how many records that were."""
        total = 0
        while count := self.step(journal):
            total += count
        return total

    def rebuild(self, journal: Readable) -> int:
        """All of it anew."""
        with told_as_ours(self.name):
            migrate(self._engine, self.name)
            with self._engine.begin() as connection:
                self._clear(connection)
        return self.catch_up(journal)

    def counts(self) -> dict[str, int]:
        """How many rows each read model has, by its name."""
        with told_as_ours(self.name), self._engine.connect() as connection:
            mine = {t.name: select(func.count()).where(t.c.trader == self._trader) for t in TABLES.values()}
            return {name: int(connection.execute(count).scalar_one()) for name, count in mine.items()}

    def close(self) -> None:
        self._engine.dispose()

    def _project_page(self, connection: Connection, journal: Readable) -> int:
        seq, digest = self._progress(connection)
        records = list(islice(journal.read(max(0, seq - 1)), PAGE + 1))
        if seq and (not records or records[0].digest != digest):
            self._clear(connection)  # another history: nothing of this one may stay
            return 1
        fresh = records[1:] if seq else records[:PAGE]
        if fresh:
            self._rows.take(connection, fresh, self._codec)
            self._rows.write(connection)
            self._note_progress(connection, fresh[-1])
        return len(fresh)

    def _progress(self, connection: Connection) -> tuple[int, str]:
        mine = (PROJECTIONS.c.trader == self._trader) & (PROJECTIONS.c.stream == TRADER_STREAM)
        row = connection.execute(select(PROJECTIONS.c.seq, PROJECTIONS.c.digest).where(mine).with_for_update()).first()
        return (row.seq, row.digest) if row else (0, "")

    def _note_progress(self, connection: Connection, last: Record) -> None:
        connection.execute(delete(PROJECTIONS).where(PROJECTIONS.c.trader == self._trader))
        row = {"trader": self._trader, "stream": TRADER_STREAM, "seq": last.seq, "digest": last.digest}
        connection.execute(insert(PROJECTIONS), row)

    def _clear(self, connection: Connection) -> None:
        self._rows.forget()
        for table in (*TABLES.values(), PROJECTIONS):
            connection.execute(delete(table).where(table.c.trader == self._trader))
