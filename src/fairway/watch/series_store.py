"""Saves measurements and the state of their accounts in a database, as the checkpoint of a projection of one trader's journal.

One program at a time writes there; others read. See `journal/projection.py` for when a checkpoint is used.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import Connection, delete, insert, select, tuple_

from fairway.journal.port import JournalLocked
from fairway.journal.projection import Checkpoint, DamagedCheckpoint, JournalPosition
from fairway.journal.writer_lock import FileWriterLock
from fairway.store.engine import engine_of
from fairway.store.failures import as_store_errors
from fairway.store.migrations import check_form, form_of, migrate
from fairway.store.place import Place, name_of
from fairway.watch.measurements import Measurements
from fairway.watch.observer import Measurement
from fairway.watch.tables import ACCOUNTS, BLOCKS, PROGRESS, packed, sealed, unpack, unpacked, unsealed

BLOCK_ROWS: Final = 1024
"""Rows of a block; the last one is written again until it is full."""
BLOCKS_AT_ONCE: Final = 256
"""So many are asked for in one question, seven megabytes: a database that is asked for all would not answer in time."""


class SavedPosition(JournalPosition, frozen=True):
    """A position in the journal, with the series as they were there."""

    watermark: int = 0
    """Instant until which the series are complete (ns)."""
    beats: int = 0
    """Instant at which the trader last measured itself (ns)."""


class SavedSeries(NamedTuple):
    """What a store has of one trader."""

    bodies: dict[str, bytes]
    """By account, as it was encoded."""
    measurements: Measurements


class SeriesChanges(NamedTuple):
    """What is to be saved beside what a store has already."""

    after: SavedPosition
    """Where the last save ended."""
    bodies: Mapping[str, bytes]
    """By account, encoded: the accounts that have changed since then."""
    observations: Sequence[Measurement]


def series_store_beside(journal: Place) -> Place:
    """Where the measurements of a journal are: in the same database, or in a file beside its file, which has one writer."""
    return journal.with_name(f"{journal.name}.watch") if isinstance(journal, Path) else journal


class SeriesStore:
    """The checkpoint of one trader's measurements. Nothing is opened before `open` or `look`. All methods raise StoreErrors."""

    def __init__(self, where: Place, *, trader: str) -> None:
        self.name = f"the measurements {name_of(where)}"
        self.is_ours = False
        """Whether this program may write there."""
        self._where, self._trader = where, trader
        self._engine = engine_of(where, synchronous="NORMAL")
        self._hold = FileWriterLock(where) if isinstance(where, Path) else None
        self._tails: dict[str, tuple[int, list[Measurement]]] = {}
        """By indicator: the number of its last block, and what is in it."""

    def open(self) -> bool:
        """Creates the store where there is none; whether this program may write there. Raises StoreForeign for a newer
        release's."""
        try:
            if self._hold is not None:
                self._hold.lock()
        except JournalLocked:
            self.look()
            return False
        with as_store_errors(self.name):
            migrate(self._engine, self.name)
        self.is_ours = True
        return True

    def look(self) -> None:
        """Opens the store for reading only: the program that writes there is not disturbed."""
        self._engine.dispose()
        self._engine = engine_of(self._where, reads_only=True)
        with as_store_errors(self.name):
            check_form(form_of(self._engine), self.name)

    def close(self) -> None:
        self._engine.dispose()
        if self._hold is not None:
            self._hold.release()

    # -- reading -------------------------------------------------------------------------------------------------

    def load(self, version: str) -> Checkpoint[SavedSeries] | None:
        """All that is kept by this version, None where there is nothing. Raises DamagedCheckpoint."""
        measurements = Measurements()
        try:
            with self._reading() as connection:
                mark = self._mark(connection, version)
                if mark is None:
                    return None
                bodies = {row.account: unsealed(row.body, row.account) for row in self._accounts(connection)}
                tails = self._load_blocks(connection, measurements)
        except (ValueError, KeyError, msgspec.MsgspecError) as error:
            raise DamagedCheckpoint(str(error)) from None
        self._tails = tails
        measurements.watermark, measurements.beats = mark.watermark, mark.beats
        return Checkpoint(version, mark, SavedSeries(bodies, measurements))

    def _load_blocks(self, connection: Connection, into: Measurements) -> dict[str, tuple[int, list[Measurement]]]:
        """The last block of each indicator. Raises KeyError for an unknown indicator, ValueError and MsgspecError for damage."""
        last: dict[str, tuple[int, bytes]] = {}
        for row in self._blocks(connection):
            body = unsealed(row.body, row.indicator, row.number)
            unpack(body, into.growing(row.indicator))
            last[row.indicator] = (row.number, body)
        return {name: (number, list(unpacked(name, body))) for name, (number, body) in last.items()}

    def _mark(self, connection: Connection, version: str) -> SavedPosition | None:
        row = connection.execute(select(PROGRESS).where(PROGRESS.c.trader == self._trader)).first()
        if row is None or str(row.form) != version:
            return None
        return SavedPosition(row.seq, row.digest, row.watermark, row.beats)

    def _accounts(self, connection: Connection) -> Sequence[Any]:
        return connection.execute(select(ACCOUNTS).where(ACCOUNTS.c.trader == self._trader).order_by(ACCOUNTS.c.account)).all()

    def _blocks(self, connection: Connection) -> Iterator[Any]:
        """By indicator, each one's in their order."""
        key = tuple_(BLOCKS.c.indicator, BLOCKS.c.number)
        asked = select(BLOCKS).where(BLOCKS.c.trader == self._trader).order_by(*key).limit(BLOCKS_AT_ONCE)
        rows = connection.execute(asked).all()
        while rows:
            yield from rows
            rows = connection.execute(asked.where(key > (rows[-1].indicator, rows[-1].number))).all()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """All of it as it was at one instant, even while another program writes."""
        with as_store_errors(self.name), self._engine.connect() as connection:
            if self._engine.dialect.name != "sqlite":  # which does so anyway
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    # -- writing -------------------------------------------------------------------------------------------------

    def save(self, checkpoint: Checkpoint[SeriesChanges]) -> bool:
        """Adds the changes since the last save, all or none; False where another program has written since then."""
        assert isinstance(checkpoint.position, SavedPosition)
        changes, fresh = checkpoint.state, dict[str, list[Measurement]]()
        for each in changes.observations:
            fresh.setdefault(each.indicator, []).append(each)
        tails = {name: self._tail(name, rows) for name, rows in fresh.items()}
        with as_store_errors(self.name), self._engine.begin() as connection:
            if not self._is_at(connection, changes.after):
                return False
            self._put_accounts(connection, changes.bodies)
            for name, (number, rows) in tails.items():
                self._put_blocks(connection, name, number, rows)
            self._put_mark(connection, checkpoint.position, checkpoint.version)
        self._tails.update({name: _last_block(number, rows) for name, (number, rows) in tails.items()})
        return True

    def discard(self, damage: str) -> None:
        """Removes the checkpoint, where this program may write."""
        if self.is_ours:
            self.clear()

    def clear(self) -> None:
        """Removes all that the store has of this trader."""
        self._tails = {}
        with as_store_errors(self.name), self._engine.begin() as connection:
            for table in (BLOCKS, ACCOUNTS, PROGRESS):
                connection.execute(delete(table).where(table.c.trader == self._trader))

    def _tail(self, name: str, rows: Sequence[Measurement]) -> tuple[int, list[Measurement]]:
        number, kept = self._tails.get(name, (0, []))
        return number, [*kept, *rows]

    def _is_at(self, connection: Connection, mark: SavedPosition) -> bool:
        query = select(PROGRESS.c.seq, PROGRESS.c.digest).where(PROGRESS.c.trader == self._trader).with_for_update()
        row = connection.execute(query).first()
        return (row.seq, row.digest) == (mark.seq, mark.digest) if row is not None else not mark.seq

    def _put_accounts(self, connection: Connection, accounts: Mapping[str, bytes]) -> None:
        if not accounts:
            return
        mine = (ACCOUNTS.c.trader == self._trader) & ACCOUNTS.c.account.in_(list(accounts))
        connection.execute(delete(ACCOUNTS).where(mine))
        rows = [{"trader": self._trader, "account": name, "body": sealed(body, name)} for name, body in accounts.items()]
        connection.execute(insert(ACCOUNTS), rows)

    def _put_blocks(self, connection: Connection, name: str, first: int, rows: Sequence[Measurement]) -> None:
        mine = (BLOCKS.c.trader == self._trader) & (BLOCKS.c.indicator == name) & (BLOCKS.c.number >= first)
        connection.execute(delete(BLOCKS).where(mine))
        blocks = [rows[start : start + BLOCK_ROWS] for start in range(0, len(rows), BLOCK_ROWS)]
        of_this: Mapping[str, str] = {"trader": self._trader, "indicator": name}
        connection.execute(
            insert(BLOCKS),
            [
                {**of_this, "number": number, "rows": len(block), "body": sealed(packed(block), name, number)}
                for number, block in enumerate(blocks, start=first)
            ],
        )

    def _put_mark(self, connection: Connection, now: SavedPosition, version: str) -> None:
        connection.execute(delete(PROGRESS).where(PROGRESS.c.trader == self._trader))
        row = {"trader": self._trader, "form": int(version), **msgspec.structs.asdict(now)}
        connection.execute(insert(PROGRESS), row)


def _last_block(first: int, rows: Sequence[Measurement]) -> tuple[int, list[Measurement]]:
    """The number of the last block, and what is in it: a full one is the last until there is more."""
    last = max(0, len(rows) - 1) // BLOCK_ROWS
    return first + last, list(rows[last * BLOCK_ROWS :])
