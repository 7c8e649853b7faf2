"""Opens connections to a store: SQLite in WAL mode, or PostgreSQL by psycopg; both so that nothing waits without end.

Only its one writer ever writes or checkpoints an SQLite file (readers open it read-only): SQLite before 3.51.3 can lose
pages when two connections do so at once. Not for network file systems.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import quote

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.pool import NullPool

from fairway.store.failures import StoreForeign, StoreMissing
from fairway.store.place import Place, url_of
from fairway.world.files import replaced
from fairway.world.private import MODE, make_private

APPLICATION_ID: Final = 0x46574159
"""`FWAY`, in the header of our SQLite files, where `file` and SQLite show it."""
PAGE_BYTES_MIN: Final = 512
"""A database has a page at least. SQLite takes a file with less for an empty one, whatever stands in it."""
BUSY_TIMEOUT_S: Final = 0.05
"""How long SQLite waits for another process's lock: a locked file must not stall the loop that protects positions."""
LOCK_TIMEOUT_MS: Final = 1_000
STATEMENT_TIMEOUT_MS: Final = 1_500
"""PostgreSQL ends a statement itself by then, before those who wait for it give up (store/patience.py)."""
CONNECT_TIMEOUT_S: Final = 2
"""The shortest that libpq knows."""

Synchronous = Literal["FULL", "NORMAL", "OFF"]


def engine_of(where: Place, *, synchronous: Synchronous = "FULL", bytes_max: int = 0, reads_only: bool = False) -> Engine:
    """Connects when it is first used. The tables are `migrate`'s work.

    synchronous and bytes_max (0: the disk is the bound) are of SQLite: FULL survives the loss of power, the others only that of
    the process. Raises StoreMissing for what names no store; connecting raises StoreMissing and StoreForeign for a database that
    is not Fairway's, and the drivers' errors: see `as_store_errors`.
    """
    if isinstance(where, Path):
        return _sqlite_engine(where, synchronous, bytes_max, reads_only=reads_only)
    return _postgres_engine(where, reads_only=reads_only)


def _sqlite_engine(path: Path, synchronous: Synchronous, bytes_max: int, *, reads_only: bool) -> Engine:
    def connect() -> sqlite3.Connection:
        return _opened_to_read(path) if reads_only else _opened_to_write(path, synchronous, bytes_max)

    engine = create_engine("sqlite+pysqlite://", creator=connect, poolclass=NullPool)
    begin = "BEGIN" if reads_only else "BEGIN IMMEDIATE"

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _connected(address: str | Path, *, is_url: bool = False) -> sqlite3.Connection:
    """isolation_level=None: transactions begin where we say so. One thread at a time uses it, but not always the same one."""
    return sqlite3.connect(address, timeout=BUSY_TIMEOUT_S, isolation_level=None, uri=is_url, check_same_thread=False)


def _opened_to_write(path: Path, synchronous: Synchronous, bytes_max: int) -> sqlite3.Connection:
    is_new = not path.exists()
    connection = _connected(path)
    try:
        if is_new:
            connection.execute("SELECT count(*) FROM sqlite_master")  # SQLite makes the file with its first statement
            path.chmod(MODE)
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            _check_ours(connection, path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute("PRAGMA fullfsync = ON")  # elsewhere than on a Mac this changes nothing
        if bytes_max:
            page = connection.execute("PRAGMA page_size").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {max(1, bytes_max // page)}")
    except BaseException:  # a connection that is not handed out is closed, whatever went wrong
        connection.close()
        raise
    return connection


def begin_file(path: Path) -> None:
    """Makes a file of Fairway's without a table, at once and whole: a crash leaves it or none, and never one of 0 bytes.

    Raises the drivers' errors, and OSErrors.
    """
    with replaced(path, is_durable=False) as new:  # the first commit syncs it
        make_private(new)
        with closing(_connected(new)) as connection:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def _opened_to_read(path: Path) -> sqlite3.Connection:
    """A connection that cannot change anything, not even when the writer is gone."""
    url = f"file:{quote(str(path))}"
    try:
        return _checked(_connected(f"{url}?mode=ro", is_url=True), path)
    except sqlite3.OperationalError:
        if Path(f"{path}-wal").exists():
            raise
        # In a directory that we may not write, SQLite cannot make the file it shares with a writer; there is no writer.
        return _checked(_connected(f"{url}?immutable=1", is_url=True), path)


def _checked(connection: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    try:
        _check_ours(connection, path)
    except BaseException:  # a connection that is not handed out is closed, whatever went wrong
        connection.close()
        raise
    return connection


def _check_ours(connection: sqlite3.Connection, path: Path) -> None:
    """Raises StoreMissing for another program's database, StoreForeign for a file from before the first release."""
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise StoreMissing(f"{path} is a database, but none of Fairway")
    if connection.execute("PRAGMA user_version").fetchone()[0]:
        raise StoreForeign(f"{path} is of a form from before the first release, which this one does not read; begin a new one")


def is_database(path: Path) -> bool:
    """Whether SQLite takes a file for a database. One that cannot be read now may be one: who opens it is told what is wrong."""
    if path.stat().st_size < PAGE_BYTES_MIN:
        return False
    try:
        with closing(_connected(f"file:{quote(str(path))}?mode=ro", is_url=True)) as connection:
            connection.execute("PRAGMA schema_version").fetchone()
    except sqlite3.DatabaseError as error:
        return error.sqlite_errorname != "SQLITE_NOTADB"
    return True


def is_unmade(path: Path) -> bool:
    """Whether a file is a database without a table: a program is making it, and has not said yet what it holds."""
    try:
        if not path.stat().st_size:
            return False  # it was lost: see `begin_file`
        with closing(_connected(f"file:{quote(str(path))}?mode=ro", is_url=True)) as connection:
            named = connection.execute("PRAGMA application_id").fetchone()[0]
            return named in (0, APPLICATION_ID) and not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    except (sqlite3.Error, OSError):
        return False


def _postgres_engine(where: str, *, reads_only: bool) -> Engine:
    url = url_of(where)
    return create_engine(url, connect_args=_patience(reads_only=reads_only), pool_size=2, max_overflow=2, pool_pre_ping=True)


def _patience(*, reads_only: bool) -> dict[str, Any]:
    """Every wait has an end: for the connection, for locks, for statements, and for a network that swallows packets."""
    options: dict[str, object] = {"lock_timeout": LOCK_TIMEOUT_MS, "statement_timeout": STATEMENT_TIMEOUT_MS}
    if reads_only:
        options["default_transaction_read_only"] = "on"
    return {
        "application_name": "fairway",
        "connect_timeout": CONNECT_TIMEOUT_S,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": 10_000,
        "options": " ".join(f"-c {name}={value}" for name, value in options.items()),
    }
