"""Removes the journal of a first start that failed before anything was traded, so that the next start is a first one again."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS, AccountFailed, TraderStarted, TraderStopped
from fairway.journal.port import JournalError
from fairway.journal.sql import open_reader
from fairway.journal.writer_lock import FileWriterLock
from fairway.store.place import Place

OF_A_START: Final = (TraderStarted, TraderStopped, AccountFailed)
"""Events that record only an attempt to start. Every other event may be needed later: an order, a cap, a command."""
BESIDE: Final = ("", "-wal", "-shm", ".lock")
"""Suffixes of a journal's files; the lock comes last, because it is held meanwhile."""


@contextmanager
def removing_failed_start(where: Place) -> Iterator[None]:
    """Wraps a start, with its journal opened and closed inside. A journal in a database stays as it is."""
    is_new = isinstance(where, Path) and not _files(where)
    try:
        yield
    except Exception:  # whatever made the start fail, the caller gets it; only the empty journal is removed first
        if is_new and isinstance(where, Path):
            _remove_empty_journal(where.resolve())
        raise


def _remove_empty_journal(path: Path) -> None:
    """Leaves a journal that another process locks, or that cannot be read."""
    hold = FileWriterLock(path)
    try:
        hold.lock()
        if not path.exists() or _is_empty(path):
            for file in _files(path):
                file.unlink()
    except (JournalError, OSError):
        return
    finally:
        hold.release()


def _is_empty(path: Path) -> bool:
    codec = Codec(*EVENTS)
    with open_reader(path) as journal:
        return all(isinstance(codec.decode(record), OF_A_START) for record in journal.read())


def _files(path: Path) -> list[Path]:
    """Those that exist."""
    return [file for file in (Path(f"{path}{suffix}") for suffix in BESIDE) if file.exists()]
