"""Locks a journal against a second writer: by a file beside an SQLite file, by an advisory lock of PostgreSQL.

Neither is proof: a file can be deleted, a connection cut. The proof is the epoch, which each write asks for (see `Writer`).
"""

import fcntl
import os
import platform
import re
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple, Protocol

import msgspec

from fairway.journal.port import JournalError, JournalFull, JournalLocked, JournalUnwritable
from fairway.journal.statements import HOLDER, WAIT_FOR_LOCK
from fairway.store.failures import StoreLocked, as_store_errors
from fairway.store.session import StoreSession
from fairway.world.private import MODE

LOCK_BYTES: Final = 512
"""Length of a lock file: its holder, and in a second line why the journal cannot be written."""

_HOLDER: Final = re.compile(r"process (\d+) on (.*)")


class LockHolder(NamedTuple):
    """The process that holds a writer lock, and the name of its machine."""

    pid: int
    host: str

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}"

    @property
    def is_here(self) -> bool:
        """Whether it runs on this machine, so that its number is meaningful here."""
        return self.host == platform.node()


def ourselves() -> str:
    """This process in words, for a person who looks for it; `holder_of` reads them again."""
    return str(LockHolder(os.getpid(), platform.node()))


class WriterLock(Protocol):
    """The lock of the one process that may write a journal."""

    def take(self, session: StoreSession) -> None:
        """Takes the lock. Raises JournalLocked, which names the holder."""
        ...

    def check(self) -> None:
        """Called before each write. Raises JournalUnwritable where a reader would not find what is written."""
        ...

    def note_trouble(self, trouble: str) -> None:
        """Stores why the journal cannot be written, for readers of it; "" once it can be again."""
        ...

    def release(self) -> None: ...


class FileWriterLock:
    """A lock file beside the journal, until it is released or the process ends.

    Not a lock of SQLite: that would shut readers out, or leave a gap between two transactions.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None
        self._inode = 0
        self._noted: str | None = None

    def lock(self) -> None:
        """Before the journal is touched at all. Raises JournalLocked, JournalFull, JournalUnwritable."""
        try:
            self._descriptor = os.open(f"{self._path}.lock", os.O_RDWR | os.O_CREAT, MODE)
            self._try_lock(self._descriptor)
        except OSError as error:
            self.release()
            kind: type[JournalError] = JournalFull if error.errno == 28 else JournalUnwritable
            raise kind(f"the lock beside the journal {self._path} cannot be made: {error.strerror}") from None

    def _try_lock(self, descriptor: int) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, LOCK_BYTES).decode("ascii", "replace").partition("\n")[0].strip()
            self.release()
            raise locked(f"the journal {self._path}", holder) from None
        self.note_trouble("")

    def note_trouble(self, trouble: str) -> None:
        """In the lock file, which is always of the same length: writing over it needs no room on a disk that is full."""
        if self._descriptor is not None and trouble != self._noted:
            words = f"{ourselves()}\n{' '.join(trouble.split())}".encode("ascii", "replace")[: LOCK_BYTES - 1]
            with suppress(OSError):
                os.pwrite(self._descriptor, words.ljust(LOCK_BYTES - 1) + b"\n", 0)
                self._noted = trouble

    def take(self, session: StoreSession) -> None:
        """The file is there by now; from here on it must stay the same one."""
        self._inode = self._path.stat().st_ino

    def check(self) -> None:
        """Raises JournalUnwritable for a file that was deleted or replaced: it still takes writes, and no reader would ever find
        them."""
        try:
            in_place = self._path.stat().st_ino == self._inode
        except OSError:
            in_place = False
        if not in_place:
            raise JournalUnwritable(f"the journal {self._path} was removed or replaced while it was written; put it back")

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def trouble_of(journal: Path) -> str | None:
    """What the writer of a journal's file says that it cannot write; "" where it can, None where the file has no writer."""
    words = _words_of_writer(journal)
    return words.partition("\n")[2].strip() if words is not None else None


def holder_of(journal: Path) -> LockHolder | None:
    """The process that holds the lock of a journal's file now; None where none holds it, or it has not written its number yet."""
    words = _words_of_writer(journal)
    found = _HOLDER.fullmatch(words.partition("\n")[0].strip()) if words is not None else None
    return LockHolder(int(found[1]), found[2]) if found is not None else None


def _words_of_writer(journal: Path) -> str | None:
    """What the lock file holds while a process holds the lock; None while none does."""
    try:
        descriptor = os.open(f"{journal}.lock", os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)  # for an instant
    except BlockingIOError:
        return os.read(descriptor, LOCK_BYTES).decode("ascii", "replace")
    finally:
        os.close(descriptor)
    return None


class ServerWriterLock:
    """An advisory lock of the connection that writes; it is free when that connection ends, however it ends."""

    def __init__(self, name: str, trader: str, stream: str) -> None:
        self._name = name
        self._journal: Final = {"trader": trader, "stream": stream}
        digest = sha256(msgspec.json.encode(("fairway journal", trader, stream))).digest()
        self._key = int.from_bytes(digest[:8], "big", signed=True)

    def take(self, session: StoreSession) -> None:
        """Waits as long as the connection waits for locks: a writer that has just ended needs an instant to be gone."""
        try:
            with as_store_errors(self._name):
                session.rows(WAIT_FOR_LOCK, {"key": self._key})
        except StoreLocked:
            holder = session.rows(HOLDER, self._journal)
            raise locked(self._name, f"{holder[0][0]}, since {holder[0][1]}" if holder else "") from None

    def check(self) -> None:
        """Nothing to do: each transaction reads the epoch, which another writer would have raised."""

    def note_trouble(self, trouble: str) -> None:
        """Nothing to do: a database that cannot be written cannot store the reason either."""

    def release(self) -> None:
        """Nothing to do: the lock ends with its connection."""


def locked(name: str, holder: str) -> JournalLocked:
    return JournalLocked(
        f"{name} is written by another trader ({holder or 'unknown'}); stop it, or give this one a journal of its own", holder
    )
