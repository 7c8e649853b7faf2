"""The journal's file on disk: its schema, its lock, its stamp, and SQLite's errors told as ours.

An SQLite database in WAL mode, so that others read while one writes. Nobody but the writer ever writes or checkpoints (readers
open it read-only): SQLite before 3.51.3 can lose pages when two connections do so at once. Not for network file systems.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from fairway.journal.port import (
    JournalBroken,
    JournalError,
    JournalForeign,
    JournalFull,
    JournalLocked,
    JournalMissing,
    JournalUnwritable,
    foreign,
)

APPLICATION_ID = 0x46574159
"""`FWAY`, in the file's header, where `file` and SQLite show it."""
SCHEMA_VERSION = 2
"""In the header's user_version."""

_SCHEMA = (
    """CREATE TABLE records (
        seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, account TEXT NOT NULL, author TEXT NOT NULL, kind TEXT NOT NULL,
        version INTEGER NOT NULL, body TEXT NOT NULL, digest TEXT NOT NULL) STRICT""",
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    # Against accidents with a database tool; against malice there is the chain.
    "CREATE TRIGGER records_stay BEFORE UPDATE ON records BEGIN SELECT RAISE(ABORT, 'a journal is append-only'); END",
    "CREATE TRIGGER records_remain BEFORE DELETE ON records BEGIN SELECT RAISE(ABORT, 'a journal is append-only'); END",
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {SCHEMA_VERSION}",
)


@contextmanager
def told_as_ours(path: Path) -> Iterator[None]:
    """Turns SQLite's errors into JournalErrors of one sentence."""
    try:
        yield
    except sqlite3.Error as error:
        raise _journal_error(path, error) from error


def _journal_error(path: Path, error: sqlite3.Error) -> JournalError:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    if code in (sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_FULL):
        return JournalFull(f"no space left for the journal {path}; free some on its disk, and start again")
    match code & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return JournalLocked(f"another program holds a lock on the journal {path}; end it, and start again")
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_ERROR | sqlite3.SQLITE_SCHEMA:
            return JournalBroken(f"the journal {path} is damaged ({error}); keep it, and restore a backup beside it")
        case sqlite3.SQLITE_CONSTRAINT:
            return JournalBroken(f"the journal {path} already holds other records with these numbers ({error})")
    return JournalUnwritable(f"the journal {path} cannot be opened or written ({error}); check the permissions and the disk")


def check_place(path: Path) -> None:
    """Whether a journal is there or may be made there. Raises JournalMissing, JournalForeign, JournalUnwritable."""
    if path.is_dir():
        raise JournalMissing(f"{path} is a directory; name a file, such as {path / 'fairway.journal'}")
    if not path.parent.is_dir():
        raise JournalMissing(f"there is no directory {path.parent} for the journal {path.name}; make it first")
    if path.exists() and path.stat().st_size:
        check_header(path)


def check_header(path: Path) -> None:
    """Whether a file is a journal that this release reads. Raises JournalMissing, JournalForeign, JournalUnwritable."""
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except FileNotFoundError:
        raise JournalMissing(f"there is no journal {path}") from None
    except OSError as error:
        raise JournalUnwritable(f"the journal {path} cannot be opened: {error.strerror}") from None
    if not header.startswith(b"SQLite format 3\0"):
        raise JournalMissing(f"{path} is no journal of Fairway")


def lock(path: Path) -> int:
    """Takes the writer's lock, a file beside the journal, until the descriptor is closed or the process ends.

    Not a lock of SQLite: that would shut readers out, or leave a gap between two transactions.
    """
    try:
        descriptor = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise _no_lock(path, error) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(descriptor, 20).decode("ascii", "replace").strip() or "unknown"
        os.close(descriptor)
        raise JournalLocked(
            f"the journal {path} is written by another trader (process {holder}); stop it, or give this one a journal of its own"
        ) from None
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    except OSError as error:
        os.close(descriptor)
        raise _no_lock(path, error) from None
    return descriptor


def _no_lock(path: Path, error: OSError) -> JournalError:
    kind = JournalFull if error.errno == 28 else JournalUnwritable
    return kind(f"the lock beside the journal {path} cannot be made: {error.strerror}")


def connect(path: Path, *, synchronous: str, busy_timeout_s: float, bytes_max: int) -> sqlite3.Connection:
    """A writing connection with a journal's schema in place."""
    connection = sqlite3.connect(path, timeout=busy_timeout_s, isolation_level=None)
    try:
        is_new = not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if not is_new:
            check_ours(connection, path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute("PRAGMA fullfsync = ON")  # elsewhere than on a Mac this changes nothing
        if bytes_max:
            page = connection.execute("PRAGMA page_size").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {max(1, bytes_max // page)}")
        if is_new:
            _make_schema(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def connect_to_read(path: Path) -> tuple[sqlite3.Connection, tuple[str, str] | None]:
    """A connection that cannot change anything, not even when the writer is gone; and the journal's mode and account."""
    url = f"file:{quote(str(path))}"
    try:
        return _connected(f"{url}?mode=ro", path)
    except sqlite3.OperationalError:
        if Path(f"{path}-wal").exists():
            raise
        # In a directory that we may not write, SQLite cannot make the file it shares with a writer; there is no writer.
        return _connected(f"{url}?immutable=1", path)


def _connected(url: str, path: Path) -> tuple[sqlite3.Connection, tuple[str, str] | None]:
    connection = sqlite3.connect(url, uri=True, isolation_level=None)
    try:
        check_ours(connection, path)
        return connection, stamped(connection)
    except BaseException:
        connection.close()
        raise


def _make_schema(connection: sqlite3.Connection) -> None:
    with written(connection):
        for statement in _SCHEMA:
            connection.execute(statement)


def check_ours(connection: sqlite3.Connection, path: Path) -> None:
    """Raises JournalMissing for another program's database, JournalForeign for a journal of a newer release."""
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise JournalMissing(f"{path} is a database, but no journal of Fairway")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version != SCHEMA_VERSION:
        raise JournalForeign(
            f"the journal {path} is of form {version}, and this release reads form {SCHEMA_VERSION}; update Fairway"
        )


@contextmanager
def written(connection: sqlite3.Connection) -> Iterator[None]:
    """One transaction: all of it is written, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def stamp(connection: sqlite3.Connection, path: Path, mode: str, account: str) -> None:
    """Marks a new journal with its mode and account. Raises JournalForeign where it bears other ones."""
    found = stamped(connection)
    if found is None:
        with written(connection):
            connection.executemany("INSERT INTO meta VALUES (?, ?)", (("mode", mode), ("account", account)))
    elif found != (mode, account):
        raise foreign(f"the journal {path}", found, (mode, account))


def stamped(connection: sqlite3.Connection) -> tuple[str, str] | None:
    """Mode and account of a journal, None before its first writer."""
    found = dict(connection.execute("SELECT key, value FROM meta"))
    return (found["mode"], found["account"]) if found else None
