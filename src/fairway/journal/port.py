"""What a journal promises, and how it says no. An event is in the journal, and durable, before anyone acts on it.

JournalError
├── JournalMissing     there is no such file, or it is no journal
├── JournalForeign     it belongs to another mode, account or release: nothing was read, nothing was written
├── JournalLocked      somebody else writes it
├── JournalFenced      somebody else has taken over: whoever wrote it must stop
├── JournalFull        no space: the records wait in memory, and nothing may be acted on
├── JournalUnwritable  not permitted, or the disk failed: the same
└── JournalBroken      a record was edited, lost or moved, or cannot be read
    └── UnreadableRecord   one record, by its number and kind
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

from msgspec import Struct

BUFFER_MAX = 10_000
"""Records that may wait for `sync`. The append that reaches it syncs by itself."""


class Record(Struct, frozen=True, gc=False):
    """One line of the journal.

    at is ns UTC; account "" is the whole trader; body is JSON without the kind; digest is of this record and all before it.
    """

    seq: int
    at: int
    account: str
    author: str
    kind: str
    version: int
    body: bytes
    digest: str


class Journal(Protocol):
    """One writer's journal. Synchronous on purpose: what is not durable has not happened, so there is nothing to do meanwhile."""

    mode: str
    account: str

    def append(self, events: Sequence[Struct], *, account: str, author: str, at: int) -> Sequence[Record]:
        """Adds events at an instant (ns), all of them or none. They may wait in a buffer until `sync`; `read` shows them at once.

        Raises TypeError for an event that the codec was not given, or that holds a float.
        """
        ...

    def sync(self) -> None:
        """Makes all that was appended durable, in one step.

        After an error it is not; nothing is lost, and it may be tried again.
        """
        ...

    async def commit(self) -> None:
        """`sync`, by whoever must not stand still meanwhile; bounded in time. The same holds after an error."""
        ...

    def read(self, after: int = 0) -> Iterator[Record]:
        """Records after a sequence number, oldest first, without holding them all in memory."""
        ...

    def last(self) -> Record | None: ...

    def close(self) -> None:
        """Syncs and lets the next writer in. Closing twice is harmless."""
        ...

    def crash(self) -> None:
        """What `kill -9` does: the buffer is lost, the lock is free."""
        ...


class JournalError(Exception):
    """One clear sentence: what is wrong, and what may be done."""


class JournalMissing(JournalError):
    """There is no journal at this place."""


class JournalForeign(JournalError):
    """It is a journal, but not ours to use."""


class JournalLocked(JournalError):
    """Another process holds it."""


class JournalFenced(JournalError):
    """Another writer has taken over; this one must not act any more."""


class JournalFull(JournalError):
    """There is no space left; what was appended waits, and is not durable."""


class JournalUnwritable(JournalError):
    """The system does not let us write; what was appended waits, and is not durable."""


class JournalBroken(JournalError):
    """It does not hold what was written."""


class UnreadableRecord(JournalBroken):
    """A record of an unknown kind, of a newer release, or with a body that does not fit its kind."""

    def __init__(self, seq: int, kind: str, version: int, why: str) -> None:
        super().__init__(f"record {seq} ({kind}, version {version}) cannot be read: {why}")
        self.seq = seq
        self.kind = kind


def foreign(name: str, found: tuple[str, str], wanted: tuple[str, str]) -> JournalForeign:
    """The refusal of a journal whose (mode, account) is not the one that is wanted."""
    return JournalForeign(
        f"{name} is of mode {found[0]} and account {found[1]}, and this is mode {wanted[0]} and account {wanted[1]}; "
        "give each its own journal file"
    )
