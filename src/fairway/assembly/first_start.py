"""Takes back what a first start has made, where it fails before anything was traded: a journal that tells of nothing.

The second start is then a first one again, and nobody has to ask what the files are.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS, ClerkFailed, TraderStarted, TraderStopped
from fairway.journal.port import JournalError
from fairway.journal.sql import open_reader
from fairway.journal.writer_lock import FileWriterLock
from fairway.store.place import Place

OF_A_START: Final = (TraderStarted, TraderStopped, ClerkFailed)
"""Records that tell only that a start was tried. Everything else may be needed: an order, a cap, what a person has said."""
BESIDE: Final = ("", "-wal", "-shm", ".lock")
"""What a journal's file is made of; the lock goes last, for it is held meanwhile."""


@contextmanager
def leaving_no_trace(where: Place) -> Iterator[None]:
    """Around all of a start, with its journal opened and closed inside. Stores in a database stay as they are."""
    is_new = isinstance(where, Path) and not _files(where)
    try:
        yield
    except Exception:
        if is_new and isinstance(where, Path):
            _take_back(where.resolve())
        raise


def _take_back(path: Path) -> None:
    """Nothing is removed that another start holds, or that cannot be read."""
    hold = FileWriterLock(path)
    try:
        hold.lock()
        if not path.exists() or _tells_nothing(path):
            for file in _files(path):
                file.unlink()
    except (JournalError, OSError):
        return
    finally:
        hold.release()


def _tells_nothing(path: Path) -> bool:
    codec = Codec(*EVENTS)
    with open_reader(path) as journal:
        return all(isinstance(codec.decode(record), OF_A_START) for record in journal.read())


def _files(path: Path) -> list[Path]:
    """Those that are there."""
    return [file for file in (Path(f"{path}{suffix}") for suffix in BESIDE) if file.exists()]
