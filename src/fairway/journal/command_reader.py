"""Reads what people wrote into a command inbox: the records after the last one taken, checked against that one."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from fairway.journal.chain import GENESIS, is_sound
from fairway.journal.command_inbox import lost
from fairway.journal.error_mapping import told_as_journals
from fairway.journal.events import Codec
from fairway.journal.port import JournalBroken, JournalError, JournalForeign, JournalMissing, JournalUnwritable, Record
from fairway.journal.reader import PAGE, SqlReader
from fairway.journal.sql import open_reader
from fairway.store.engine import is_unmade
from fairway.store.patience import AtOnce, OwnThread, Patience
from fairway.store.place import Place


class HeardCommand(Struct, frozen=True):
    """An instruction. number: of its record in the doors' journal; said_at: by the clock where it was said (ns).

    digest: of its record and all before it, by which the doors are known again.
    """

    number: int
    by: str
    said_at: int
    instruction: Struct
    digest: str = ""


class CommandReader:
    """One doors' journal, opened when there is one. Each record is checked against the one before: it may raise exposure."""

    def __init__(self, where: Place, codec: Codec, *, mode: str, trader: str, stream: str) -> None:
        """mode and trader: as stamped on the trader's own journal."""
        self._where, self._codec = where, codec
        self._mode, self._trader, self._stream = mode, trader, stream
        self._reader: SqlReader | None = None
        self._patience: Patience = AtOnce() if isinstance(where, Path) else OwnThread("the doors")
        self._inode = 0
        self._newest = (0, "")
        """Number and digest of the newest that was told."""

    async def heard(self, after: int, known: int, digest: str = "") -> Sequence[HeardCommand]:
        """The next instructions after a number, oldest first; none where nobody said anything. Raises JournalErrors.

        known: number of the newest that was ever taken; doors that do not hold it are not the ones that it was heard at. digest:
        of the one with the number, where it is known: an old copy has other words under the numbers that were taken since.
        """
        reader = await self._opened(known)
        records = await reader.news(max(0, after - 1)) if reader is not None else []
        if len(records) < PAGE and known > (records[-1].seq if records else 0):
            raise lost(self._where, known)
        kept = dict([self._newest, *([(after, digest)] if digest else [])])
        if any(kept.get(each.seq, each.digest) != each.digest for each in records):
            raise lost(self._where, known)
        told = self._told(records, after)
        self._newest = max([self._newest, *((each.number, each.digest) for each in told[-1:])])
        return told

    def close(self) -> None:
        self._let_go()
        self._patience.close()

    async def _opened(self, known: int) -> SqlReader | None:
        """The reader of the file that is there now, for one that was replaced is read on without a sign."""
        inode = _inode_of(self._where) if isinstance(self._where, Path) else 1
        if inode != self._inode:
            self._let_go()
        if inode and self._reader is None:
            with told_as_journals("the doors' journal"):
                self._reader = await self._patience.wait_for(self._open if known else self._open_if_made)
            self._inode = inode if self._reader is not None else 0
        return self._reader

    def _open(self) -> SqlReader:
        reader = open_reader(self._where, trader=self._trader, stream=self._stream)
        if reader.mode not in ("", self._mode):
            reader.close()
            raise JournalForeign(f"{reader.name} is of mode {reader.mode}, and this is {self._mode}")
        return reader

    def _open_if_made(self) -> SqlReader | None:
        """Whoever says the first word makes the file, which takes a moment; until then nobody has said anything."""
        try:
            return self._open()
        except JournalMissing:
            if isinstance(self._where, Path) and is_unmade(self._where):
                return None
            raise

    def _let_go(self) -> None:
        if self._reader is not None:
            self._reader.close()
        self._reader, self._inode = None, 0

    def _told(self, records: Sequence[Record], after: int) -> Sequence[HeardCommand]:
        """What comes before a record that is broken or cannot be read is told first."""
        told: list[HeardCommand] = []
        try:
            for record in self._following(records, after):
                told.append(HeardCommand(record.seq, record.author, record.at, self._codec.decode(record), record.digest))
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
