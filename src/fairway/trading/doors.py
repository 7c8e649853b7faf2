"""The doors, as the trader sees them: what people have told it since it listened last."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol, cast

from fairway.journal.chain import GENESIS, is_sound
from fairway.journal.doors import CODEC, lost
from fairway.journal.instructions import Instruction
from fairway.journal.port import DOORS_STREAM, JournalBroken, JournalError, JournalForeign, JournalUnwritable, Record
from fairway.journal.reader import PAGE, SqlReader
from fairway.journal.sql import open_reader
from fairway.journal.telling import told_as_journals
from fairway.store.patience import AtOnce, OwnThread, Patience
from fairway.store.place import Place
from fairway.trading.commands import Told


class Doors(Protocol):
    """Where people's instructions wait."""

    async def waiting(self, after: int, known: int) -> Sequence[Told]:
        """The next instructions after a number, oldest first; none where nobody said anything. Raises JournalErrors.

        known: number of the newest that any account has heard; doors that do not hold it are not the ones that it was heard at.
        It is asked once a second, so it must be cheap, and must answer within a bounded time.
        """
        ...


class JournalDoors:
    """The doors' journal, opened when there is one. Each record is checked against the one before: it may raise exposure."""

    def __init__(self, where: Place, *, mode: str, trader: str) -> None:
        """mode and trader: as stamped on the trader's own journal."""
        self._where, self._mode, self._trader = where, mode, trader
        self._reader: SqlReader | None = None
        self._patience: Patience = AtOnce() if isinstance(where, Path) else OwnThread("the doors")
        self._inode = 0

    async def waiting(self, after: int, known: int) -> Sequence[Told]:
        reader = await self._opened()
        records = await reader.news(max(0, after - 1)) if reader is not None else []
        if len(records) < PAGE and known > (records[-1].seq if records else 0):
            raise lost(self._where, known)
        return self._told(records, after)

    def close(self) -> None:
        self._let_go()
        self._patience.close()

    async def _opened(self) -> SqlReader | None:
        """The reader of the file that is there now, for one that was replaced is read on without a sign."""
        inode = _inode_of(self._where) if isinstance(self._where, Path) else 1
        if inode != self._inode:
            self._let_go()
        if inode and self._reader is None:
            with told_as_journals("the doors' journal"):
                self._reader = await self._patience.wait_for(self._open)
            self._inode = inode
        return self._reader

    def _open(self) -> SqlReader:
        reader = open_reader(self._where, trader=self._trader, stream=DOORS_STREAM)
        if reader.mode not in ("", self._mode):
            reader.close()
            raise JournalForeign(f"{reader.name} is of mode {reader.mode}, and this is {self._mode}")
        return reader

    def _let_go(self) -> None:
        if self._reader is not None:
            self._reader.close()
        self._reader, self._inode = None, 0

    def _told(self, records: Sequence[Record], after: int) -> Sequence[Told]:
        """What comes before a record that is broken or cannot be read is told first."""
        told: list[Told] = []
        try:
            for record in self._following(records, after):
                told.append(Told(record.seq, record.author, cast(Instruction, CODEC.decode(record))))
        except JournalError:
            if not told:
                raise
        return told

    def _following(self, records: Sequence[Record], after: int) -> Iterator[Record]:
        """The records after one that was heard, in a chain."""
        previous = GENESIS
        if after:
            if records[0].seq != after:
                raise lost(self._where, after)
            previous, records = records[0].digest, records[1:]
        for number, record in enumerate(records, after + 1):
            if record.seq != number or not is_sound(record, previous):
                raise JournalBroken(f"the doors' journal was changed at record {number}; put back a backup")
            yield record
            previous = record.digest


def _inode_of(path: Path) -> int:
    """0 where there certainly is no file."""
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return 0
    except OSError as error:
        raise JournalUnwritable(f"the doors' journal {path} cannot be looked at: {error.strerror}") from None
