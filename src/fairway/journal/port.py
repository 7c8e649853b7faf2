"""What a journal promises, and its errors. An event is in the journal, and durable, before Fairway acts on it.

JournalError
├── JournalMissing     there is no such file, or it is no journal
├── JournalForeign     it belongs to another mode, trader or release: nothing was read, nothing was written
├── JournalLocked      another process writes it, or holds its lock at the moment
├── JournalFenced      another process has taken it over: the writer that gets this must stop
├── JournalFull        no space: the records wait in memory, and nothing may be acted on
├── JournalUnwritable  not permitted, not reached, not answered in time, or the disk failed: the same
├── JournalBehind      it is still being read; ask again
└── JournalBroken      a record was edited, lost or moved, or cannot be read
    └── UnreadableRecord   one record, by its number and kind
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

from msgspec import Struct

BUFFER_MAX = 10_000
"""Records that may wait to become durable. An append beyond it raises JournalFull, and adds nothing."""
TRADER_STREAM = "trader"
"""The stream of a trader's own events. Commands from people come in a stream of their own, `COMMAND_STREAM`."""
COMMAND_STREAM = "commands"


class Record(Struct, frozen=True, gc=False):
    """One line of the journal. at is ns UTC; account is whose event it is, "" for the whole trader; body is JSON without the
    kind; digest is of this record and all before it."""

    seq: int
    at: int
    account: str
    author: str
    kind: str
    version: int
    body: bytes
    digest: str


class ReplayEntry(Struct, frozen=True, gc=False):
    """A record without its author and its digest: all that a replay needs, and read in half the time."""

    seq: int
    at: int
    account: str
    kind: str
    version: int
    body: bytes


class JournalSnapshot(Struct, frozen=True):
    """What was replayed from all records up to seq, whose digest it carries; body is its maker's own form."""

    seq: int
    digest: str
    body: bytes


class Readable(Protocol):
    """A journal, or a reader of one."""

    def read(self, after: int = 0, account: str | None = None) -> Iterator[Record]:
        """Records after a sequence number, oldest first, without holding them all in memory.

        account: only that account's ("": of the whole trader), without looking at the others'; None: of all accounts.
        """
        ...

    def replay(self, after: int = 0, account: str | None = None) -> Iterator[Record | ReplayEntry]:
        """The same without author and digest, where the journal can read them faster so."""
        ...

    def last(self) -> Record | None: ...

    def snapshot(self) -> JournalSnapshot | None:
        """The newest that is durable and fits the chain; one that does not is passed over."""
        ...


class Journal(Readable, Protocol):
    """One writer's journal. mode and trader are stamped on it by its first writer."""

    mode: str
    trader: str

    def append(self, events: Sequence[Struct], *, account: str, author: str, at: int) -> Sequence[Record]:
        """Adds events of an account ("": of the whole trader) at an instant (ns), all of them or none.

        They wait in a buffer until `commit` or `sync`; `read` shows them at once. Raises JournalFull at BUFFER_MAX, TypeError
        for an event that the codec was not given, or that holds a float.
        """
        ...

    async def commit(self) -> None:
        """Makes all that was appended durable, in order, within a bounded time.

        After an error all of it is still here, and may be tried again; none of it is ever written twice. Raises JournalErrors;
        JournalFenced is final.
        """
        ...

    def sync(self) -> None:
        """The same, blocking: for programs without a loop, and for the last word before the end."""
        ...

    def keep_snapshot(self, seq: int, digest: str, body: bytes) -> None:
        """Keeps what was replayed up to a record of this journal, with the next commit. The newest two are kept."""
        ...

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
    """Another process holds it. holder: which, where that is known."""

    def __init__(self, told: str, holder: str = "") -> None:
        super().__init__(told)
        self.holder = holder


class JournalFenced(JournalError):
    """Another writer has taken over. Nothing that waits here may ever be written, and nothing more be acted on."""


class JournalFull(JournalError):
    """There is no space left; what was appended waits, and is not durable."""


class JournalUnwritable(JournalError):
    """The system does not let us write; what was appended waits, and is not durable."""


class JournalBehind(JournalError):
    """Another thread still reads what was written; nothing is wrong with it."""


class JournalBroken(JournalError):
    """It does not hold what was written."""


class UnreadableRecord(JournalBroken):
    """A record of an unknown kind, of a newer release, or with a body that does not fit its kind."""

    def __init__(self, seq: int, kind: str, version: int, why: str) -> None:
        super().__init__(f"record {seq} ({kind}, version {version}) cannot be read: {why}")
        self.seq = seq
        self.kind = kind


class Stamp(Struct, frozen=True):
    """What a journal is of: never mixed with another."""

    mode: str
    trader: str
    stream: str

    def __str__(self) -> str:
        stream = "" if self.stream == TRADER_STREAM else f", stream {self.stream}"
        return f"mode {self.mode} and trader {self.trader}{stream}"


def foreign(name: str, found: Stamp, wanted: Stamp) -> JournalForeign:
    """The refusal of a journal whose stamp is not the one that is wanted."""
    return JournalForeign(f"{name} is of {found}, and this is {wanted}; give each a journal of its own")


def buffer_full(name: str) -> JournalFull:
    """The refusal of an append that would make more than BUFFER_MAX records wait."""
    return JournalFull(f"{BUFFER_MAX:,} records wait for {name}, which is not written; nothing more is taken until it is")
