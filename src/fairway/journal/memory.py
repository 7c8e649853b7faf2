"""Keeps a journal in memory, as a database would: it outlives its writer, has a lock, and may be full or out of reach.

For simulated time and for tests. `MemoryFile` is what stays when a writer crashes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from msgspec import Struct

from fairway.journal.chain import Chain
from fairway.journal.events import Codec
from fairway.journal.port import (
    BUFFER_MAX,
    TRADER_STREAM,
    JournalError,
    JournalFenced,
    JournalFull,
    JournalLocked,
    JournalSnapshot,
    Record,
    Stamp,
    buffer_full,
    foreign,
)


@dataclass(slots=True)
class MemoryFile:
    """records are the durable ones; records_max is the size of the "disk", None for one without end."""

    name: str = "journal in memory"
    records_max: int | None = None
    trouble: JournalError | None = None
    """What every commit raises while it is set: another process's lock, a server that is gone."""
    records: list[Record] = field(default_factory=list)
    snapshots: list[JournalSnapshot] = field(default_factory=list)
    stamp: Stamp | None = None
    """Of its first writer."""
    is_locked: bool = False
    epoch: int = 0
    """Counts its writers; only the newest may write."""


def open_memory(file: MemoryFile, codec: Codec, *, mode: str, trader: str, stream: str = TRADER_STREAM) -> "MemoryJournal":
    """The one writer of a file. Raises JournalLocked while there is another, JournalForeign for another mode or trader."""
    stamp = Stamp(mode, trader, stream)
    if file.is_locked:
        raise JournalLocked(f"{file.name} is written by another trader; stop it, or give this one a journal of its own")
    if file.stamp not in (None, stamp):
        raise foreign(file.name, file.stamp, stamp)
    file.stamp, file.is_locked = stamp, True
    file.epoch += 1
    return MemoryJournal(file, codec, mode=mode, trader=trader)


class MemoryJournal:
    """See `Journal`. Made by `open_memory`."""

    def __init__(self, file: MemoryFile, codec: Codec, *, mode: str, trader: str) -> None:
        self.mode = mode
        self.trader = trader
        self._file: MemoryFile | None = file
        self._epoch = file.epoch
        self._buffer: list[Record] = []
        self._snapshot: JournalSnapshot | None = None
        self._chain = Chain(codec, file.records[-1] if file.records else None)

    def append(self, events: Sequence[Struct], *, account: str, author: str, at: int) -> Sequence[Record]:
        file = self._open_file()
        if len(self._buffer) + len(events) > BUFFER_MAX:
            raise buffer_full(file.name)
        records = self._chain.extend(events, account, author, at)
        self._buffer += records
        return records

    async def commit(self) -> None:
        self.sync()

    def sync(self) -> None:
        file = self._open_file()
        if not self._buffer and self._snapshot is None:
            return
        if file.epoch != self._epoch:
            raise JournalFenced(f"another trader has taken over {file.name}; this one must stop")
        if file.trouble is not None:
            raise file.trouble
        if file.records_max is not None and len(file.records) + len(self._buffer) > file.records_max:
            raise JournalFull(f"no space left for {file.name}; free some on its disk")
        file.records += self._buffer
        self._buffer = []
        if self._snapshot is not None:
            file.snapshots = [*file.snapshots[-1:], self._snapshot]
            self._snapshot = None

    def read(self, after: int = 0, account: str | None = None) -> Iterator[Record]:
        file = self._open_file()
        seq = after
        while seq < len(file.records) + len(self._buffer):
            synced = len(file.records)
            record = file.records[seq] if seq < synced else self._buffer[seq - synced]
            if account in (None, record.account):
                yield record
            seq += 1

    replay = read

    def last(self) -> Record | None:
        records = self._buffer or self._open_file().records
        return records[-1] if records else None

    def keep_snapshot(self, seq: int, digest: str, body: bytes) -> None:
        self._open_file()
        self._snapshot = JournalSnapshot(seq, digest, body)

    def snapshot(self) -> JournalSnapshot | None:
        file = self._open_file()
        sound = [
            kept for kept in file.snapshots if kept.seq <= len(file.records) and file.records[kept.seq - 1].digest == kept.digest
        ]
        return sound[-1] if sound else None

    def close(self) -> None:
        if self._file is None:
            return
        try:
            self.sync()
        finally:
            self.crash()

    def crash(self) -> None:
        if self._file is not None and self._file.epoch == self._epoch:
            self._file.is_locked = False
        self._file, self._buffer = None, []

    def _open_file(self) -> MemoryFile:
        if self._file is None:
            raise RuntimeError("the journal is closed")
        return self._file
