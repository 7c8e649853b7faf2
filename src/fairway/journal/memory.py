"""Keeps a journal in memory, with the manners of a file: it outlives its writer, has a lock, and may be full.

For simulated time and for tests. `MemoryFile` is what stays when a writer crashes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from msgspec import Struct

from fairway.journal.chain import Chain
from fairway.journal.events import Codec
from fairway.journal.port import BUFFER_MAX, JournalFull, JournalLocked, Record, foreign


@dataclass(slots=True)
class MemoryFile:
    """records are the durable ones; records_max is the size of the "disk", None for one without end."""

    name: str = "journal in memory"
    records_max: int | None = None
    records: list[Record] = field(default_factory=list)
    stamp: tuple[str, str] | None = None
    """Mode and account of its first writer."""
    is_locked: bool = False


def open_memory(file: MemoryFile, codec: Codec, *, mode: str, account: str) -> "MemoryJournal":
    """The one writer of a file. Raises JournalLocked while there is another, JournalForeign for another mode or account."""
    if file.is_locked:
        raise JournalLocked(f"{file.name} is written by another trader; stop it, or give this one a journal of its own")
    if file.stamp is not None and file.stamp != (mode, account):
        raise foreign(file.name, file.stamp, (mode, account))
    file.stamp, file.is_locked = (mode, account), True
    return MemoryJournal(file, codec, mode=mode, account=account)


class MemoryJournal:
    """See `Journal`. Made by `open_memory`."""

    def __init__(self, file: MemoryFile, codec: Codec, *, mode: str, account: str) -> None:
        self.mode = mode
        self.account = account
        self._file: MemoryFile | None = file
        self._buffer: list[Record] = []
        self._chain = Chain(codec, file.records[-1] if file.records else None)

    def append(self, events: Sequence[Struct], *, account: str, author: str, at: int) -> Sequence[Record]:
        self._open_file()
        if len(self._buffer) + len(events) > BUFFER_MAX:
            self.sync()
        records = self._chain.extend(events, account, author, at)
        self._buffer += records
        return records

    def sync(self) -> None:
        file = self._open_file()
        if file.records_max is not None and len(file.records) + len(self._buffer) > file.records_max:
            raise JournalFull(f"no space left for {file.name}; free some, and start again")
        file.records += self._buffer
        self._buffer = []

    async def commit(self) -> None:
        self.sync()

    def read(self, after: int = 0) -> Iterator[Record]:
        file = self._open_file()
        seq = after
        while seq < len(file.records) + len(self._buffer):
            synced = len(file.records)
            yield file.records[seq] if seq < synced else self._buffer[seq - synced]
            seq += 1

    def last(self) -> Record | None:
        records = self._buffer or self._open_file().records
        return records[-1] if records else None

    def close(self) -> None:
        if self._file is None:
            return
        try:
            self.sync()
        finally:
            self.crash()

    def crash(self) -> None:
        if self._file is not None:
            self._file.is_locked = False
        self._file, self._buffer = None, []

    def _open_file(self) -> MemoryFile:
        if self._file is None:
            raise RuntimeError("the journal is closed")
        return self._file
