"""The shelf: keeps measurements in a store, so that a start reads no record of the journal twice.

One program at a time puts things there; others read it. Whatever is on it can be made anew from the journal, so what is damaged
or of other rules is thrown away, and need not survive the loss of power.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, delete, insert, select

from fairway.journal.hold import FileHold
from fairway.journal.port import JournalLocked
from fairway.store.engine import engine_of
from fairway.store.failures import told_as_ours
from fairway.store.migrations import check_form, form_of, migrate
from fairway.store.place import Place, name_of
from fairway.watch.account import Account
from fairway.watch.measurements import Measurements
from fairway.watch.observer import RULES, TRADER, Observation
from fairway.watch.tables import ACCOUNTS, BLOCKS, PROGRESS, packed, unpack, unpacked

BLOCK_ROWS: Final = 1024
"""Rows of a block; the last one is written again until it is full."""


class Mark(Struct, frozen=True):
    """How far the journal was read: to the record of this number and digest, and to which instant (ns) that is."""

    seq: int = 0
    digest: str = ""
    watermark: int = 0
    beats: int = 0


def shelf_beside(journal: Place) -> Place:
    """Where the measurements of a journal are: in the same database, or in a file beside its file, which has one writer."""
    return journal.with_name(f"{journal.name}.watch") if isinstance(journal, Path) else journal


class Shelf:
    """Of one trader. Nothing is opened before `open`. All methods raise StoreErrors."""

    def __init__(self, where: Place, *, trader: str) -> None:
        self.name = f"the measurements {name_of(where)}"
        self.is_ours = False
        """Whether this program may put things there."""
        self._where, self._trader = where, trader
        self._engine = engine_of(where, synchronous="NORMAL")
        self._hold = FileHold(where) if isinstance(where, Path) else None
        self._tails: dict[str, tuple[int, list[Observation]]] = {}
        """By indicator: the number of its last block, and what is in it."""

    def open(self) -> bool:
        """Makes it where there is none; whether this program may put things there, or only look. What was made by a newer
        release is refused."""
        try:
            if self._hold is not None:
                self._hold.lock()
        except JournalLocked:
            self._engine.dispose()
            self._engine = engine_of(self._where, reads_only=True)
            with told_as_ours(self.name):
                check_form(form_of(self._engine), self.name)
            return False
        with told_as_ours(self.name):
            migrate(self._engine, self.name)
        self.is_ours = True
        return True

    def close(self) -> None:
        self._engine.dispose()
        if self._hold is not None:
            self._hold.release()

    # -- looking -------------------------------------------------------------------------------------------------

    def take_down(self, measurements: Measurements) -> tuple[Mark, list[Account]]:
        """All that is kept, into measurements that are empty: how far it goes, and what is remembered of each account.

        Nothing, where nothing is kept that this release can go on with.
        """
        with self._reading() as connection:
            mark = self._mark(connection)
            if mark is None:
                return Mark(), []
            accounts = [msgspec.msgpack.decode(row.body, type=Account) for row in self._rows(connection, ACCOUNTS)]
            last: dict[str, tuple[int, bytes]] = {}
            for row in self._rows(connection, BLOCKS):
                unpack(row.body, measurements.growing(row.indicator))
                last[row.indicator] = (row.number, row.body)
        self._tails = {name: (number, list(unpacked(name, body))) for name, (number, body) in last.items()}
        measurements.watermark, measurements.beats = mark.watermark, mark.beats
        return mark, accounts

    def _mark(self, connection: Connection) -> Mark | None:
        row = connection.execute(select(PROGRESS).where(PROGRESS.c.trader == self._trader)).first()
        if row is None or row.form != RULES:
            return None
        return Mark(row.seq, row.digest, row.watermark, row.beats)

    def _rows(self, connection: Connection, table: Any) -> Iterator[Any]:
        return iter(connection.execute(select(table).where(table.c.trader == self._trader).order_by(*table.primary_key)))

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with told_as_ours(self.name), self._engine.connect() as connection:
            yield connection

    # -- putting things there ------------------------------------------------------------------------------------

    def put(self, before: Mark, now: Mark, accounts: Iterable[Account], observations: Iterable[Observation]) -> bool:
        """What was observed between two marks, all of it or nothing; False where somebody else has gone on from the first one."""
        fresh: dict[str, list[Observation]] = {}
        for each in observations:
            fresh.setdefault(each.indicator, []).append(each)
        tails = {name: self._tail(name, rows) for name, rows in fresh.items()}
        with told_as_ours(self.name), self._engine.begin() as connection:
            if not self._is_at(connection, before):
                return False
            self._put_accounts(connection, list(accounts))
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

    def _tail(self, name: str, rows: Sequence[Observation]) -> tuple[int, list[Observation]]:
        number, kept = self._tails.get(name, (0, []))
        return number, [*kept, *rows]

    def _is_at(self, connection: Connection, mark: Mark) -> bool:
        query = select(PROGRESS.c.seq, PROGRESS.c.digest).where(PROGRESS.c.trader == self._trader).with_for_update()
        row = connection.execute(query).first()
        return (row.seq, row.digest) == (mark.seq, mark.digest) if row is not None else not mark.seq

    def _put_accounts(self, connection: Connection, accounts: Sequence[Account]) -> None:
        if not accounts:
            return
        names = [account.name for account in accounts]
        mine = (ACCOUNTS.c.trader == self._trader) & ACCOUNTS.c.account.in_(names)
        connection.execute(delete(ACCOUNTS).where(mine))
        rows = [{"trader": self._trader, "account": account.name, "body": _body(account)} for account in accounts]
        connection.execute(insert(ACCOUNTS), rows)

    def _put_blocks(self, connection: Connection, name: str, first: int, rows: Sequence[Observation]) -> None:
        mine = (BLOCKS.c.trader == self._trader) & (BLOCKS.c.indicator == name) & (BLOCKS.c.number >= first)
        connection.execute(delete(BLOCKS).where(mine))
        blocks = [rows[start : start + BLOCK_ROWS] for start in range(0, len(rows), BLOCK_ROWS)]
        of_this: Mapping[str, str] = {"trader": self._trader, "indicator": name}
        connection.execute(
            insert(BLOCKS),
            [
                {**of_this, "number": number, "rows": len(block), "body": packed(block)}
                for number, block in enumerate(blocks, start=first)
            ],
        )

    def _put_mark(self, connection: Connection, now: Mark) -> None:
        connection.execute(delete(PROGRESS).where(PROGRESS.c.trader == self._trader))
        row = {"trader": self._trader, "form": RULES, **msgspec.structs.asdict(now)}
        connection.execute(insert(PROGRESS), row)


def _last_block(first: int, rows: Sequence[Observation]) -> tuple[int, list[Observation]]:
    """The number of the last block, and what is in it: a full one is the last until there is more."""
    last = max(0, len(rows) - 1) // BLOCK_ROWS
    return first + last, list(rows[last * BLOCK_ROWS :])


def _body(account: Account) -> bytes:
    """Prices are kept once, with the trader's own."""
    return msgspec.msgpack.encode(msgspec.structs.replace(account, prices={}) if account.name != TRADER else account)
