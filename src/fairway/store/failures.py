"""Sorts errors of a database by what a person can do about them, and states each in one sentence.

StoreError
├── StoreMissing      there is none at this place
├── StoreForeign      it is not ours, or of a newer release: nothing was changed
├── StoreLocked       another process holds it at the moment
├── StoreFull         no space
├── StoreUnwritable   not permitted, not reached, not answered in time, or the disk failed
└── StoreBroken       it does not hold what was written
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError


class StoreError(Exception):
    """One clear sentence: what is wrong, and what may be done."""


class StoreMissing(StoreError):
    """There is no store at this place."""


class StoreForeign(StoreError):
    """It is a store, but not ours to use."""


class StoreLocked(StoreError):
    """Another process holds it."""


class StoreFull(StoreError):
    """There is no space left; nothing was written."""


class StoreUnwritable(StoreError):
    """It cannot be read or written now."""


class StoreBroken(StoreError):
    """It does not hold what was written."""


@contextmanager
def as_store_errors(name: str) -> Iterator[None]:
    """Turns errors of either driver, bare or by SQLAlchemy, into StoreErrors about a name, such as `the journal x.db`."""
    try:
        yield
    except DBAPIError as error:
        raise _sorted(name, error.orig or error) from error
    except sqlite3.Error as error:
        raise _of_sqlite(name, error) from error
    except Exception as error:  # of psycopg, which is not imported for SQLite; any other error is raised again
        if not _is_of_psycopg(error):
            raise
        raise _of_postgres(name, error) from error


def _sorted(name: str, error: BaseException) -> StoreError:
    return _of_sqlite(name, error) if isinstance(error, sqlite3.Error) else _of_postgres(name, error)


def _is_of_psycopg(error: Exception) -> bool:
    """Decided by the module's name, because psycopg takes a tenth of a second to import and SQLite never needs it."""
    return any(kind.__module__.split(".")[0] == "psycopg" for kind in type(error).__mro__)


def _of_sqlite(name: str, error: sqlite3.Error) -> StoreError:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    if code in (sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_FULL):
        return StoreFull(f"no space left for {name}; free some on its disk")
    match code & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreLocked(f"another program holds a lock on {name}; end it")
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_ERROR | sqlite3.SQLITE_SCHEMA:
            return StoreBroken(f"{name} is damaged ({error}); keep it, and restore a backup beside it")
        case sqlite3.SQLITE_CONSTRAINT:
            return StoreBroken(f"{name} already holds other rows with these keys ({error})")
    return StoreUnwritable(f"{name} cannot be opened or written ({error}); check the permissions and the disk")


_LOCKED: Final = ("55P03", "40P01", "40001")
_FULL: Final = ("53100", "53200", "53400")
_FORBIDDEN: Final = ("42501", "25006", "28000", "28P01")
_CANCELLED: Final = "57014"
_NO_DATABASE: Final = "3D000"
_CONSTRAINT: Final = "23"
_WRONG_TABLES: Final = ("42P01", "42703", "XX001", "XX002")


def _of_postgres(name: str, error: BaseException) -> StoreError:
    code = getattr(error, "sqlstate", None) or ""
    why = _first_line(error)
    if code in _LOCKED:
        return StoreLocked(f"another program holds a lock on {name}; end it")
    if code in _FULL:
        return StoreFull(f"no space left for {name} ({why}); free some on the database's disk")
    if code in _FORBIDDEN:
        return StoreUnwritable(f"the database does not permit it for {name} ({why}); check the user and its rights")
    if code == _CANCELLED:
        return StoreUnwritable(f"the database of {name} does not answer in time; look at its load and its locks")
    if code == _NO_DATABASE:
        return StoreMissing(f"there is no database for {name} ({why}); make it first, with createdb")
    if code.startswith(_CONSTRAINT):
        return StoreBroken(f"{name} already holds other rows with these keys ({why})")
    if code in _WRONG_TABLES:
        return StoreBroken(f"{name} is damaged ({why}); keep it, and restore a backup beside it")
    return StoreUnwritable(f"the database of {name} cannot be reached ({why}); it is tried again")


def _first_line(error: BaseException) -> str:
    """What the server said, without its details: they may hold the values of rows."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
