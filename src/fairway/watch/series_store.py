"""Keeps measurements in a store, so that a start reads no record of the journal twice.

One program at a time puts things there; others read it. Whatever is on it can be made anew from the journal, so what is damaged
or of other rules is thrown away, and need not survive the loss of power.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, delete, insert, select, tuple_

from fairway.journal.port import JournalLocked, Readable
from fairway.journal.writer_lock import FileWriterLock
from fairway.store.engine import engine_of
from fairway.store.failures import told_as_ours
from fairway.store.migrations import check_form, form_of, migrate
from fairway.store.place import Place, name_of
from fairway.watch.measurements import Measurements
from fairway.watch.observer import RULES, Measurement
from fairway.watch.tables import ACCOUNTS, BLOCKS, PROGRESS, packed, sealed, unpack, unpacked, unsealed

BLOCK_ROWS: Final = 1024
"""Rows of a block; the last one is written again until it is full."""
BLOCKS_AT_ONCE: Final = 256
"""So many are asked for in one question, seven megabytes: a database that is asked for all would not answer in time."""


class Mark(Struct, frozen=True):
    """How far the journal was read: to the record of this number and digest, and to which instant (ns) that is."""

    seq: int = 0
    digest: str = ""
    watermark: int = 0
    beats: int = 0

    def is_of(self, journal: Readable) -> bool:
        """Whether a journal has this very record; never before the first one. Raises JournalErrors."""
        record = next(iter(journal.read(self.seq - 1)), None) if self.seq else None
        return record is not None and (record.seq, record.digest) == (self.seq, self.digest)


def shelf_beside(journal: Place) -> Place:
    """Where the measurements of a journal are: in the same database, or in a file beside its file, which has one writer."""
    return journal.with_name(f"{journal.name}.watch") if isinstance(journal, Path) else journal


class SeriesStore:
    """Of one trader. Nothing is opened before `open`. All methods raise StoreErrors.

    rules: of whoever made what is on it; what was made by others is as if it were not there.
    """

    def __init__(self, where: Place, *, trader: str, rules: int = RULES) -> None:
        self.name = f"the measurements {name_of(where)}"
        self.is_ours = False
        """Whether this program may put things there."""
        self._where, self._trader, self._rules = where, trader, rules
        self._engine = engine_of(where, synchronous="NORMAL")
        self._hold = FileWriterLock(where) if isinstance(where, Path) else None
        self._tails: dict[str, tuple[int, list[Measurement]]] = {}
        """By indicator: the number of its last block, and what is in it."""

    def open(self) -> bool:
        """Makes it where there is none; whether this program may put things there, or only look. What was made by a newer
        release is refused."""
        try:
            if self._hold is not None:
                self._hold.lock()
        except JournalLocked:
            self.look()
            return False
        with told_as_ours(self.name):
            migrate(self._engine, self.name)
        self.is_ours = True
        return True

    def look(self) -> None:
        """Instead of `open`, for whoever only looks, and keeps nobody from putting things there."""
        self._engine.dispose()
        self._engine = engine_of(self._where, reads_only=True)
        with told_as_ours(self.name):
            check_form(form_of(self._engine), self.name)

    def close(self) -> None:
        self._engine.dispose()
        if self._hold is not None:
            self._hold.release()

    # -- looking -------------------------------------------------------------------------------------------------

    def take_down(self, measurements: Measurements) -> tuple[Mark, dict[str, bytes]]:
        """All that is kept, into measurements that are empty: how far it goes, and what is remembered of each account.

        Nothing, where nothing is kept that this release can go on with. Raises ValueError, KeyError and msgspec.MsgspecError for
        what is damaged.
        """
        with self._reading() as connection:
            mark = self._mark(connection)
            if mark is None:
                return Mark(), {}
            bodies = {row.account: unsealed(row.body, row.account) for row in self._accounts(connection)}
            last: dict[str, tuple[int, bytes]] = {}
            for row in self._blocks(connection):
                body = unsealed(row.body, row.indicator, row.number)
                unpack(body, measurements.growing(row.indicator))
                last[row.indicator] = (row.number, body)
        self._tails = {name: (number, list(unpacked(name, body))) for name, (number, body) in last.items()}
        measurements.watermark, measurements.beats = mark.watermark, mark.beats
        return mark, bodies

    def _mark(self, connection: Connection) -> Mark | None:
        row = connection.execute(select(PROGRESS).where(PROGRESS.c.trader == self._trader)).first()
        if row is None or row.form != self._rules:
            return None
        return Mark(row.seq, row.digest, row.watermark, row.beats)

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
        """All of it as it was at one instant, whoever puts things there meanwhile."""
        with told_as_ours(self.name), self._engine.connect() as connection:
            if self._engine.dialect.name != "sqlite":  # which does so anyway
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    # -- putting things there ------------------------------------------------------------------------------------

    def put(self, before: Mark, now: Mark, accounts: Mapping[str, bytes], observations: Iterable[Measurement]) -> bool:
        """What was observed between two marks, all of it or nothing; False where somebody else has gone on from the first one.

        accounts: what is remembered of those that were moved.
        """
        fresh: dict[str, list[Measurement]] = {}
        for each in observations:
            fresh.setdefault(each.indicator, []).append(each)
        tails = {name: self._tail(name, rows) for name, rows in fresh.items()}
        with told_as_ours(self.name), self._engine.begin() as connection:
            if not self._is_at(connection, before):
                return False
            self._put_accounts(connection, accounts)
            for name, (number, rows) in tails.items():
                self._put_blocks(connection, name, number, rows)
            self._put_mark(connection, now)
        self._tails.update({name: _last_block(number, rows) for name, (number, rows) in tails.items()})
        return True

    def clear(self) -> None:
        """Everything of this trader."""
        self._tails = {}
        with told_as_ours(self.name), self._engine.begin() as connection:
            for table in (BLOCKS, ACCOUNTS, PROGRESS):
                connection.execute(delete(table).where(table.c.trader == self._trader))

    def _tail(self, name: str, rows: Sequence[Measurement]) -> tuple[int, list[Measurement]]:
        number, kept = self._tails.get(name, (0, []))
        return number, [*kept, *rows]

    def _is_at(self, connection: Connection, mark: Mark) -> bool:
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

    def _put_mark(self, connection: Connection, now: Mark) -> None:
        connection.execute(delete(PROGRESS).where(PROGRESS.c.trader == self._trader))
        row = {"trader": self._trader, "form": self._rules, **msgspec.structs.asdict(now)}
        connection.execute(insert(PROGRESS), row)


def _last_block(first: int, rows: Sequence[Measurement]) -> tuple[int, list[Measurement]]:
    """The number of the last block, and what is in it: a full one is the last until there is more."""
    last = max(0, len(rows) - 1) // BLOCK_ROWS
    return first + last, list(rows[last * BLOCK_ROWS :])
