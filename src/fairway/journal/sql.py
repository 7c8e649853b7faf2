"""Opens journals in either place, an SQLite file or a PostgreSQL database: one writer, any number of readers."""

import errno
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct
from sqlalchemy import Engine

from fairway.journal import statements
from fairway.journal.chain import Chain
from fairway.journal.error_mapping import as_journal_errors
from fairway.journal.events import Codec
from fairway.journal.port import (
    BUFFER_MAX,
    TRADER_STREAM,
    JournalForeign,
    JournalMissing,
    JournalSnapshot,
    JournalUnwritable,
    Record,
    ReplayEntry,
    Stamp,
    buffer_full,
    foreign,
)
from fairway.journal.reader import SqlReader
from fairway.journal.writer import Writer
from fairway.journal.writer_lock import FileWriterLock, ServerWriterLock
from fairway.store.engine import Synchronous, begin_file, engine_of, is_database
from fairway.store.migrations import check_form, form_of, migrate
from fairway.store.patience import AtOnce, OwnThread, Patience
from fairway.store.place import Place, name_of
from fairway.store.session import StoreSession


def open_journal(
    where: Place,
    codec: Codec,
    *,
    mode: str,
    trader: str,
    stream: str = TRADER_STREAM,
    synchronous: Synchronous = "FULL",
    bytes_max: int = 0,
) -> "SqlJournal":
    """The one writer of a journal, which is made where there is none. Raises every JournalError.

    synchronous and bytes_max are of an SQLite file: FULL survives the loss of power; NORMAL and OFF only that of the process,
    for simulated time. bytes_max bounds the file (0: the disk does); at the bound, as on a full disk, it raises JournalFull.
    """
    stamp = Stamp(mode, trader, stream)
    if isinstance(where, Path):
        return _open_file(where.resolve(), codec, stamp, synchronous, bytes_max)
    name = _name(where)
    with as_journal_errors(name):
        engine = engine_of(where)
        writer = Writer(name, StoreSession(engine), ServerWriterLock(name, trader, stream), stamp, is_alone=False)
        return _opened(engine, writer, codec, stamp, reads=engine_of(where, reads_only=True), patience=OwnThread(name))


def _open_file(path: Path, codec: Codec, stamp: Stamp, synchronous: Synchronous, bytes_max: int) -> "SqlJournal":
    _check_folder(path)
    engine = engine_of(path, synchronous=synchronous, bytes_max=bytes_max)
    lock = FileWriterLock(path)
    lock.lock()
    try:
        if not _is_there(path):
            with as_journal_errors(_name(path)):
                begin_file(path)
        writer = Writer(_name(path), StoreSession(engine), lock, stamp, is_alone=True)
        return _opened(engine, writer, codec, stamp, reads=engine_of(path, reads_only=True), patience=AtOnce())
    except BaseException:  # also Ctrl-C: a lock that stays would refuse the next writer of this process
        lock.release()
        raise


def _opened(engine: Engine, writer: Writer, codec: Codec, stamp: Stamp, *, reads: Engine, patience: Patience) -> "SqlJournal":
    try:
        with as_journal_errors(writer.name):
            migrate(engine, writer.name)
        last = writer.take_up()
    except BaseException:  # also Ctrl-C: drops the connection, which holds the writer's lock
        writer.drop()
        raise
    finally:
        engine.dispose()  # the writer has a connection of its own
    reader = SqlReader(writer.name, StoreSession(reads), AtOnce(), mode=stamp.mode, trader=stamp.trader, stream=stamp.stream)
    return SqlJournal(writer, reader, Chain(codec, last), last, patience)


def open_reader(where: Place, *, trader: str = "", stream: str = TRADER_STREAM) -> SqlReader:
    """A reader of a journal, written or not. trader and stream may be "" where the place holds one only.

    Raises JournalMissing, JournalForeign, JournalUnwritable.
    """
    if isinstance(where, Path):
        check_header(where)
    name = _name(where)
    with as_journal_errors(name):
        engine = engine_of(where, reads_only=True)
        try:
            stamp = _found(engine, name, trader, stream, is_alone=isinstance(where, Path))
        finally:
            engine.dispose()
    patience = AtOnce() if isinstance(where, Path) else OwnThread(name)
    return SqlReader(name, StoreSession(engine), patience, mode=stamp.mode, trader=stamp.trader, stream=stamp.stream)


def _found(engine: Engine, name: str, trader: str, stream: str, *, is_alone: bool) -> Stamp:
    """The journal that is meant, of those that the place holds; a stamp without a mode where it has had no writer yet."""
    form = form_of(engine)
    if form is None:
        raise JournalMissing(f"there is no journal in {name.removeprefix('the journal ')}; its first trader makes it")
    check_form(form, name)
    with engine.connect() as connection:
        stamps = [Stamp(*row) for row in connection.execute(statements.ALL_WRITERS)]
    meant = [stamp for stamp in stamps if stream in ("", stamp.stream) and trader in ("", stamp.trader)]
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise JournalForeign(f"{name} is one of several: of {', '.join(each.trader for each in meant)}; say which with --trader")
    if is_alone and stamps:
        raise foreign(name, stamps[0], Stamp(stamps[0].mode, trader or stamps[0].trader, stream))
    return Stamp("", trader, stream)


class SqlJournal:
    """See `Journal`. Made by `open_journal`."""

    def __init__(self, writer: Writer, reader: SqlReader, chain: Chain, last: Record | None, patience: Patience) -> None:
        self.mode = reader.mode
        self.trader = reader.trader
        self._writer, self._reader, self._chain, self._last, self._patience = writer, reader, chain, last, patience
        self._buffer: list[Record] = []
        self._snapshot: JournalSnapshot | None = None
        self._is_open = True

    def append(self, events: Sequence[Struct], *, account: str, author: str, at: int) -> Sequence[Record]:
        self._check_open()
        if len(self._buffer) + len(events) > BUFFER_MAX:
            raise buffer_full(self._writer.name)
        records = self._chain.extend(events, account, author, at)
        if records:
            self._buffer += records
            self._last = records[-1]
        return records

    async def commit(self) -> None:
        self._check_open()
        if self._buffer or self._snapshot:
            records, snapshot = tuple(self._buffer), self._snapshot
            try:
                with as_journal_errors(self._writer.name):
                    await self._patience.wait_for(lambda: self._writer.write(records, snapshot))
            finally:
                self._forget_durable()
            self._snapshot = None if self._snapshot is snapshot else self._snapshot

    def sync(self) -> None:
        self._check_open()
        if self._buffer or self._snapshot:
            try:
                self._writer.write(self._buffer, self._snapshot)
            finally:
                self._forget_durable()
            self._snapshot = None

    def _forget_durable(self) -> None:
        """Forgets also the records of a write that exceeded its deadline and was durable later."""
        durable = self._writer.durable
        self._buffer = [record for record in self._buffer if record.seq > durable]

    def read(self, after: int = 0, account: str | None = None) -> Iterator[Record]:
        """From the database, and from the buffer where that has no more: a commit in between loses none."""
        page = self._page(after, account)
        while page:
            yield from page
            page = self._page(page[-1].seq, account)

    def _page(self, after: int, account: str | None) -> list[Record]:
        self._check_open()
        waiting = (record for record in self._buffer if record.seq > after and account in (None, record.account))
        return self._reader.page(after, account) or list(waiting)

    def replay(self, after: int = 0, account: str | None = None) -> Iterator[Record | ReplayEntry]:
        self._check_open()
        for entry in self._reader.replay(after, account):
            after = entry.seq
            yield entry
        yield from self.read(after, account)

    def last(self) -> Record | None:
        self._check_open()
        return self._last

    def keep_snapshot(self, seq: int, digest: str, body: bytes) -> None:
        self._check_open()
        self._snapshot = JournalSnapshot(seq, digest, body)

    def snapshot(self) -> JournalSnapshot | None:
        self._check_open()
        return self._reader.snapshot()

    def close(self) -> None:
        if not self._is_open:
            return
        try:
            self.sync()
            self._reader.close()
            self._writer.put_down()
        finally:
            self.crash()

    def crash(self) -> None:
        if not self._is_open:
            return
        self._is_open, self._buffer = False, []
        self._reader.close()
        self._patience.close()
        self._writer.drop()

    def _check_open(self) -> None:
        if not self._is_open:
            raise RuntimeError(f"{self._writer.name} is closed")


def _name(where: Place) -> str:
    with as_journal_errors("the journal"):
        return f"the journal {name_of(where)}"


def _check_folder(path: Path) -> None:
    """Whether a journal may be there. Raises JournalMissing."""
    if path.is_dir():
        raise JournalMissing(f"{path} is a directory; name a file, such as {path / 'fairway.journal'}")
    if not path.parent.is_dir():
        raise JournalMissing(f"there is no directory {path.parent} for the journal {path.name}; make it first")


def _is_there(path: Path) -> bool:
    """Asked once the lock is held, so that no other trader is making the file.

    Raises JournalMissing for what is no journal, and where the file is gone and its log is there; JournalUnwritable.
    """
    log = Path(f"{path}-wal")
    if path.exists():
        check_header(path)
        return True
    if log.exists() and log.stat().st_size:
        raise JournalMissing(
            f"there is no journal {path}, and its log {log} is there: the journal was lost. "
            f"Put it back beside its log, or remove the log to begin a new journal: rm {log}"
        )
    return False


def check_header(path: Path) -> None:
    """Whether a file is a database at all; one of 0 bytes was lost. Raises JournalMissing, JournalUnwritable.

    SQLite reads the file, never this process by itself: where a process closes a file, the system ends all locks that the process
    has on it, those of its database connections too. A writer would lose its log to the next program that closes the journal.
    """
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        raise JournalMissing(f"there is no journal {path}") from None
    except OSError as error:
        raise JournalUnwritable(f"the journal {path} cannot be opened: {error.strerror}") from None
    if not os.access(path, os.R_OK):
        raise JournalUnwritable(f"the journal {path} cannot be opened: {os.strerror(errno.EACCES)}")
    if not size:
        raise JournalMissing(
            f"{path} is no journal of Fairway: it is empty. Put the newest backup in its place, or remove it to begin a new "
            f"journal: rm {path}"
        )
    if not is_database(path):
        raise JournalMissing(f"{path} is no journal of Fairway; a right one is named by the key journal of a configuration")
