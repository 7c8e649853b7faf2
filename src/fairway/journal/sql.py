"""Keeps a journal in an SQLite file: one writer, any number of readers."""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal, Self

from msgspec import Struct

from fairway.journal import file
from fairway.journal.chain import GENESIS, Chain, digest_of
from fairway.journal.events import Codec
from fairway.journal.port import BUFFER_MAX, JournalBroken, Record

PAGE = 500
"""Records read at once; between two pages no read holds the file."""

_SELECT = "SELECT seq, at, account, author, kind, version, CAST(body AS BLOB), digest FROM records "
_INSERT = "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?)"


def open_to_write(
    path: Path,
    codec: Codec,
    *,
    mode: str,
    account: str,
    synchronous: Literal["FULL", "NORMAL", "OFF"] = "FULL",
    busy_timeout_s: float = 5,
    bytes_max: int = 0,
) -> "SqlJournal":
    """The one writer of a file, which is made where there is none.

    FULL survives the loss of power; NORMAL and OFF only that of the process, for simulated time. bytes_max bounds the file
    (0: the disk does); at the bound, as on a full disk, `sync` raises JournalFull. Raises every JournalError.
    """
    path = path.resolve()
    file.check_place(path)
    descriptor = file.lock(path)
    try:
        with file.told_as_ours(path):
            connection = file.connect(path, synchronous=synchronous, busy_timeout_s=busy_timeout_s, bytes_max=bytes_max)
            try:
                file.stamp(connection, path, mode, account)
                last = _sound_last(connection, path)
            except BaseException:
                connection.close()
                raise
    except BaseException:
        os.close(descriptor)
        raise
    return SqlJournal(path, connection, descriptor, Chain(codec, last), last, mode=mode, account=account)


def open_to_read(path: Path) -> "SqlReader":
    """A reader of a file, beside its writer or after it. Raises JournalErrors other than JournalLocked and JournalFull."""
    path = path.resolve()
    file.check_header(path)
    with file.told_as_ours(path):
        connection, stamp = file.connect_to_read(path)
    mode, account = stamp or ("", "")
    return SqlReader(path, connection, mode=mode, account=account)


class SqlJournal:
    """See `Journal`. Made by `open_to_write`."""

    def __init__(
        self,
        path: Path,
        connection: sqlite3.Connection,
        descriptor: int,
        chain: Chain,
        last: Record | None,
        *,
        mode: str,
        account: str,
    ) -> None:
        self.path = path
        self.mode = mode
        self.account = account
        self._connection = connection
        self._descriptor = descriptor
        self._inode = path.stat().st_ino
        self._chain = chain
        self._last = last
        self._buffer: list[Record] = []
        self._is_open = True

    def append(self, events: Sequence[Struct], *, account: str, author: str, at: int) -> Sequence[Record]:
        self._check_open()
        if len(self._buffer) + len(events) > BUFFER_MAX:
            self.sync()
        records = self._chain.extend(events, account, author, at)
        if records:
            self._buffer += records
            self._last = records[-1]
        return records

    def sync(self) -> None:
        self._check_open()
        if not self._buffer:
            return
        self._check_in_place()
        rows = [(r.seq, r.at, r.account, r.author, r.kind, r.version, r.body.decode(), r.digest) for r in self._buffer]
        with file.told_as_ours(self.path), file.written(self._connection):
            self._connection.executemany(_INSERT, rows)
        self._buffer = []

    async def commit(self) -> None:
        self.sync()

    def read(self, after: int = 0) -> Iterator[Record]:
        self._check_open()
        page = self._page(after)
        while page:
            yield from page
            page = self._page(page[-1].seq)

    def _page(self, after: int) -> list[Record]:
        """The next records, from the file, or from the buffer where the file has no more: a sync in between loses none."""
        self._check_open()
        return _page(self._connection, self.path, after) or [record for record in self._buffer if record.seq > after]

    def last(self) -> Record | None:
        self._check_open()
        return self._last

    def close(self) -> None:
        if not self._is_open:
            return
        try:
            self.sync()
            # A reader of a write-ahead file leaves its side files behind, so nobody finds one; while somebody reads, it stays so.
            with suppress(sqlite3.OperationalError):
                self._connection.execute("PRAGMA journal_mode = DELETE")
        finally:
            self.crash()

    def crash(self) -> None:
        if not self._is_open:
            return
        self._is_open, self._buffer = False, []
        self._connection.close()
        os.close(self._descriptor)

    def _check_open(self) -> None:
        if not self._is_open:
            raise RuntimeError(f"the journal {self.path} is closed")

    def _check_in_place(self) -> None:
        """A file that was deleted or replaced still takes our writes, and nobody would ever read them."""
        try:
            in_place = self.path.stat().st_ino == self._inode
        except FileNotFoundError:
            in_place = False
        if not in_place:
            raise JournalBroken(
                f"the journal {self.path} was removed or replaced while it was written; put it back, and start again"
            )


class SqlReader:
    """Reads a journal file. mode and account are empty before its first writer. Made by `open_to_read`."""

    def __init__(self, path: Path, connection: sqlite3.Connection, *, mode: str, account: str) -> None:
        self.path = path
        self.mode = mode
        self.account = account
        self._connection = connection

    def read(self, after: int = 0) -> Iterator[Record]:
        """Records after a sequence number, oldest first, one page in memory at a time."""
        page = _page(self._connection, self.path, after)
        while page:
            yield from page
            page = _page(self._connection, self.path, page[-1].seq)

    def last(self) -> Record | None:
        with file.told_as_ours(self.path):
            row = self._connection.execute(_SELECT + "ORDER BY seq DESC LIMIT 1").fetchone()
        return Record(*row) if row else None

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _page(connection: sqlite3.Connection, path: Path, after: int) -> list[Record]:
    with file.told_as_ours(path):
        rows = connection.execute(_SELECT + "WHERE seq > ? ORDER BY seq LIMIT ?", (after, PAGE)).fetchall()
    return [Record(*row) for row in rows]


def _sound_last(connection: sqlite3.Connection, path: Path) -> Record | None:
    """The last record, checked against the one before: nothing is ever added to a broken end. `verify` checks the rest."""
    rows = connection.execute(_SELECT + "ORDER BY seq DESC LIMIT 2").fetchall()
    if not rows:
        return None
    last = Record(*rows[0])
    previous = rows[1][-1] if len(rows) == 2 else GENESIS
    if last.digest != digest_of(previous, last.seq, last.at, last.account, last.author, last.kind, last.version, last.body):
        raise JournalBroken(
            f"the journal {path} was changed at record {last.seq}; run fairway journal verify, and restore a backup"
        )
    return last
