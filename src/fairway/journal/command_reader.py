"""Reads what people wrote into a command inbox: the records after the last one taken, checked against that one."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from fairway.journal.chain import GENESIS, is_sound
from fairway.journal.command_inbox import lost
from fairway.journal.error_mapping import as_journal_errors
from fairway.journal.events import Codec
from fairway.journal.port import JournalBroken, JournalError, JournalForeign, JournalMissing, JournalUnwritable, Record
from fairway.journal.reader import PAGE, SqlReader
from fairway.journal.sql import open_reader
from fairway.store.engine import is_unmade
from fairway.store.patience import AtOnce, OwnThread, Patience
from fairway.store.place import Place


class ReadCommand(Struct, frozen=True):
    """A command as it was read. number: of its record in the command inbox; said_at: by the sender's clock (ns).

    digest: covers its record and all before it, by which a later reader sees that it is the same inbox.
    """

    number: int
    by: str
    said_at: int
    instruction: Struct
    digest: str = ""


class CommandReader:
    """One command inbox, opened when there is one. Each record is checked against the one before: it may raise exposure."""

    def __init__(self, where: Place, codec: Codec, *, mode: str, trader: str, stream: str) -> None:
        """mode and trader: as stamped on the trader's own journal."""
        self._where, self._codec = where, codec
        self._mode, self._trader, self._stream = mode, trader, stream
        self._reader: SqlReader | None = None
        self._patience: Patience = AtOnce() if isinstance(where, Path) else OwnThread("the command inbox")
        self._inode = 0
        self._newest = (0, "")
        """Number and digest of the newest command that was handed out."""

    async def heard(self, after: int, known: int, digest: str = "") -> Sequence[ReadCommand]:
        """The next commands after a number, oldest first; none while there is no inbox. Raises JournalErrors.

        known: number of the newest that was ever taken; an inbox without it is not the one that it was read from. digest: of the
        command with the number `after`, where it is known: an old copy has other commands under the numbers taken since.
        """
        reader = await self._opened(known)
        records = await reader.news(max(0, after - 1)) if reader is not None else []
        if len(records) < PAGE and known > (records[-1].seq if records else 0):
            raise lost(self._where, known)
        kept = dict([self._newest, *([(after, digest)] if digest else [])])
        if any(kept.get(each.seq, each.digest) != each.digest for each in records):
            raise lost(self._where, known)
        commands = self._decoded(records, after)
        self._newest = max([self._newest, *((each.number, each.digest) for each in commands[-1:])])
        return commands

    def close(self) -> None:
        self._let_go()
        self._patience.close()

    async def _opened(self, known: int) -> SqlReader | None:
        """The reader of the file now at this path: without a check SQLite would go on reading the replaced file, with no
        error."""
        inode = _inode_of(self._where) if isinstance(self._where, Path) else 1
        if inode != self._inode:
            self._let_go()
        if inode and self._reader is None:
            with as_journal_errors("the command inbox"):
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
        """None while there is no inbox: the first sender creates it, and its file is empty for a moment."""
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

    def _decoded(self, records: Sequence[Record], after: int) -> Sequence[ReadCommand]:
        """The commands before the first bad record. Raises JournalErrors only where there is none, so at the next call
        at the latest."""
        commands: list[ReadCommand] = []
        try:
            for record in self._following(records, after):
                commands.append(ReadCommand(record.seq, record.author, record.at, self._codec.decode(record), record.digest))
        except JournalError:
            if not commands:
                raise
        return commands

    def _following(self, records: Sequence[Record], after: int) -> Iterator[Record]:
        """The records after number `after`, each checked against the one before it."""
        previous = GENESIS
        if after:
            if records[0].seq != after:
                raise lost(self._where, after)
            previous, records = records[0].digest, records[1:]
        for number, record in enumerate(records, after + 1):
            if record.seq != number or not is_sound(record, previous):
                raise JournalBroken(f"the command inbox was changed at record {number}; put back a backup")
            yield record
            previous = record.digest


def _inode_of(path: Path) -> int:
    """0 where there certainly is no file."""
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return 0
    except OSError as error:
        raise JournalUnwritable(f"the command inbox {path} cannot be looked at: {error.strerror}") from None
