"""The projector: keeps the read models up to date with the journal, without holding up the trader.

It reads what is durable, a page at a time, and writes the rows and their position in one transaction; so it may stop anywhere. A
failure is reported and tried again; the journal does not wait for it. See `journal/projection.py` for when rows are made again.
"""

import asyncio
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select

from fairway.journal.events import Codec
from fairway.journal.known_kinds import KnownRows
from fairway.journal.models import PROJECTIONS, TABLES
from fairway.journal.port import TRADER_STREAM, JournalError, Readable, Record, ReplayEntry
from fairway.journal.projection import Checkpoint, JournalPosition, restore
from fairway.store.engine import engine_of
from fairway.store.failures import StoreError, as_store_errors
from fairway.store.migrations import migrate
from fairway.store.patience import OwnThread
from fairway.store.place import Place, name_of

PAGE: Final = 500
"""Records of one transaction."""
RETRY_S: Final = 5
RULES: Final = 1
"""Counts what `projections.project` makes of records: raise it with each change of that, so that all rows are made again."""


def models_beside(journal: Place) -> Place:
    """Where the read models of a journal are: in the same database, or in a file beside its file, which has one writer."""
    return journal.with_name(f"{journal.name}.models") if isinstance(journal, Path) else journal


class ReadModels:
    """The rows of one trader in one transaction: both a projection and the store of its checkpoint, because each fold writes
    them."""

    version: Final = str(RULES)

    def __init__(self, connection: Connection, rows: KnownRows, codec: Codec, trader: str) -> None:
        self._connection, self._rows, self._codec, self._trader = connection, rows, codec, trader
        self._position = JournalPosition()

    @property
    def folded_to(self) -> int:
        return self._position.seq

    def fold(self, records: Sequence[Record | ReplayEntry]) -> None:
        """Writes the rows that the records change. Raises UnreadableRecord."""
        if records:
            self._rows.take(self._connection, records, self._codec)
            self._rows.write(self._connection)
            self._position = JournalPosition(records[-1].seq, getattr(records[-1], "digest", ""))

    def snapshot(self) -> Checkpoint[None] | None:
        return Checkpoint(self.version, self._position, None) if self._position.digest else None

    def restore(self, checkpoint: Checkpoint[None]) -> None:
        self._position = checkpoint.position

    # -- its store -----------------------------------------------------------------------------------------------

    def load(self, version: str) -> Checkpoint[None] | None:
        """The position of the rows, locked against other projectors until the transaction ends."""
        columns = PROJECTIONS.c
        mine = (columns.trader == self._trader) & (columns.stream == TRADER_STREAM)
        row = self._connection.execute(select(columns.version, columns.seq, columns.digest).where(mine).with_for_update()).first()
        if row is None or row.version != version:
            return None
        return Checkpoint(row.version, JournalPosition(row.seq, row.digest), None)

    def save(self, checkpoint: Checkpoint[None]) -> bool:
        position = checkpoint.position
        self._connection.execute(delete(PROJECTIONS).where(PROJECTIONS.c.trader == self._trader))
        row = {"trader": self._trader, "stream": TRADER_STREAM, "seq": position.seq, "digest": position.digest}
        self._connection.execute(insert(PROJECTIONS), row | {"version": checkpoint.version})
        return True

    def discard(self, damage: str) -> None:
        """Deletes all rows of this trader."""
        self._rows.forget()
        for table in (*TABLES.values(), PROJECTIONS):
            self._connection.execute(delete(table).where(table.c.trader == self._trader))


class Projector:
    """Of one trader's journal into one store. It is given a reader of the journal, which sees only what is durable."""

    def __init__(self, where: Place, codec: Codec, *, trader: str) -> None:
        self.name = f"the read models {name_of(where)}"
        self.trouble = ""
        """Why the last step failed; "" where it did not."""
        # What can be made again from the journal need not survive a power failure.
        self._engine = engine_of(where, synchronous="NORMAL")
        self._codec, self._trader = codec, trader
        self._rows = KnownRows(trader)
        self._is_ready = False
        self._news = asyncio.Event()

    # -- beside a trader -----------------------------------------------------------------------------------------

    def hear(self, *_: object) -> None:
        """Called when events are durable. They are read from the journal, so that no queue grows here."""
        self._news.set()

    async def run(self, journal: Readable, report: Callable[[str], None]) -> None:
        """Until it is cancelled. report is called with one sentence for each new trouble."""
        thread = OwnThread(self.name)
        try:
            while True:
                if not await self._stepped(thread, journal, report):
                    await self._news.wait()
                    self._news.clear()
        finally:
            thread.close()

    async def _stepped(self, thread: OwnThread, journal: Readable, report: Callable[[str], None]) -> bool:
        """Whether there may be more to do at once."""
        try:
            count = await thread.wait_for(lambda: self.step(journal))
        except (JournalError, StoreError) as error:
            if str(error) != self.trouble:
                self.trouble = str(error)
                report(self.trouble)
            await asyncio.sleep(RETRY_S)
            return True
        self.trouble = ""
        return count > 0

    # -- blocking ------------------------------------------------------------------------------------------------

    def step(self, journal: Readable) -> int:
        """Projects the next records, a page at most; how many they were. Raises StoreErrors and JournalErrors."""
        try:
            with as_store_errors(self.name):
                if not self._is_ready:
                    migrate(self._engine, self.name)
                    self._is_ready = True
                with self._engine.begin() as connection:
                    return self._project_page(connection, journal)
        except BaseException:  # also a cancellation: the rows were rolled back
            self._rows.forget()
            raise

    def catch_up(self, journal: Readable) -> int:
        """All steps there are; how many records that were."""
        total = 0
        while count := self.step(journal):
            total += count
        return total

    def rebuild(self, journal: Readable) -> int:
        """Deletes all rows of this trader and makes them again; from how many records."""
        with as_store_errors(self.name):
            migrate(self._engine, self.name)
            with self._engine.begin() as connection:
                self._models(connection).discard("")
        return self.catch_up(journal)

    def counts(self) -> dict[str, int]:
        """How many rows each read model has, by its name."""
        with as_store_errors(self.name), self._engine.connect() as connection:
            mine = {t.name: select(func.count()).where(t.c.trader == self._trader) for t in TABLES.values()}
            return {name: int(connection.execute(count).scalar_one()) for name, count in mine.items()}

    def close(self) -> None:
        self._engine.dispose()

    def _project_page(self, connection: Connection, journal: Readable) -> int:
        models = self._models(connection)
        restore(models, models, journal)
        page = list(islice(journal.read(models.folded_to), PAGE))
        models.fold(page)
        if page and (checkpoint := models.snapshot()) is not None:
            models.save(checkpoint)
        return len(page)

    def _models(self, connection: Connection) -> ReadModels:
        return ReadModels(connection, self._rows, self._codec, self._trader)
