"""Writes for a journal's one writer: each transaction proves that no other writer has taken over, and none is written twice.

Blocking, and used by one thread at a time; the journal decides which.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final

import msgspec

from fairway.journal import statements
from fairway.journal.chain import GENESIS, is_sound
from fairway.journal.error_mapping import as_journal_errors
from fairway.journal.port import (
    JournalBroken,
    JournalError,
    JournalFenced,
    JournalSnapshot,
    JournalUnwritable,
    Record,
    Stamp,
    foreign,
)
from fairway.journal.writer_lock import WriterLock, ourselves
from fairway.store.patience import DEADLINE_S
from fairway.store.session import StoreSession


class Writer:
    """durable: the number of the last record that is known to be written."""

    def __init__(self, name: str, session: StoreSession, lock: WriterLock, stamp: Stamp, *, is_alone: bool) -> None:
        """is_alone: the database is for this journal only, as each SQLite file is."""
        self.name = name
        self.durable = 0
        self._session, self._lock, self._stamp, self._is_alone = session, lock, stamp, is_alone
        self._journal: Final = {"trader": stamp.trader, "stream": stamp.stream}
        self._epoch = 0
        self._in_doubt = False
        self._one_at_a_time = threading.Lock()

    def take_up(self) -> Record | None:
        """Becomes the writer; returns the last record, None in a new journal. Raises JournalErrors."""
        with as_journal_errors(self.name):
            self._session.open()
            self._lock.take(self._session)
            with self._session.transaction():
                self._epoch = self._raised_epoch()
            last = self._sound_last()
        self.durable = last.seq if last else 0
        return last

    def write(self, records: Sequence[Record], snapshot: JournalSnapshot | None) -> None:
        """Makes records durable that follow what is, and then a snapshot. Those that were written before are left out.

        Raises JournalErrors; then it may be tried again, with the same records and more.
        """
        with self._alone():
            try:
                self._write(records, snapshot)
            except JournalError as error:
                self._in_doubt = True
                self._lock.note_trouble(str(error))
                raise
            self._lock.note_trouble("")

    def _write(self, records: Sequence[Record], snapshot: JournalSnapshot | None) -> None:
        self._lock.check()
        with as_journal_errors(self.name):
            if not self._session.is_open:
                self._come_back()
            if self._in_doubt:
                self._check_epoch()
                self._settle(records)
            fresh = [record for record in records if record.seq > self.durable]
            if fresh:
                with self._session.transaction():
                    self._check_epoch()
                    self._session.execute_all(statements.ADD, [self._row(record) for record in fresh])
                self.durable = fresh[-1].seq
            if snapshot is not None:
                self._keep(snapshot)

    def put_down(self) -> None:
        """Ends as the writer, and lets the next one in. While another process reads an SQLite file, its side files stay."""
        with self._alone():
            if self._session.is_open:
                with suppress(JournalError), as_journal_errors(self.name):
                    self._session.pragma("journal_mode = DELETE")
            self.drop()

    def drop(self) -> None:
        """Drops the connection and the lock as the end of the process would."""
        self._session.close()
        self._lock.release()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Waits, with a bound, for a write that is still under way in another thread."""
        if not self._one_at_a_time.acquire(timeout=DEADLINE_S):
            raise JournalUnwritable(f"the database of {self.name} does not answer within {DEADLINE_S:g} s; it is asked again")
        try:
            yield
        finally:
            self._one_at_a_time.release()

    def _come_back(self) -> None:
        """Connects again after the connection was lost; checks first whether another writer has taken over meanwhile."""
        self._session.open()
        try:
            self._check_epoch()
            self._lock.take(self._session)
        except BaseException:  # whatever went wrong: a connection without the lock must never write
            self._session.close()
            raise

    def _check_epoch(self) -> None:
        found = self._session.rows(statements.EPOCH, self._journal)
        if not found or found[0][0] != self._epoch:
            raise JournalFenced(f"another trader has taken over {self.name}; this one must stop, and may be started again")

    def _raised_epoch(self) -> int:
        """Stamps a new journal, or takes over one of our stamp. Raises JournalForeign."""
        stamps = [Stamp(*row) for row in self._session.rows(statements.ALL_WRITERS)]
        ours = [stamp for stamp in stamps if (stamp.trader, stamp.stream) == (self._stamp.trader, self._stamp.stream)]
        others = [stamp for stamp in (stamps if self._is_alone else ours) if stamp != self._stamp]
        if others:
            raise foreign(self.name, others[0], self._stamp)
        since = str(self._session.rows(statements.NOW)[0][0])
        if ours:
            self._session.execute(statements.TAKE_OVER, {**self._journal, "new_holder": ourselves(), "new_since": since})
        else:
            row = {**msgspec.structs.asdict(self._stamp), "epoch": 1, "holder": ourselves(), "since": since}
            self._session.execute(statements.NEW_WRITER, row)
        return int(self._session.rows(statements.EPOCH, self._journal)[0][0])

    def _sound_last(self) -> Record | None:
        """The last record, checked against the one before: nothing is ever added to a broken end. `verify` checks the rest."""
        found = [record_of(row) for row in self._session.rows(statements.LAST_TWO, self._journal)]
        if not found:
            return None
        previous = found[1].digest if len(found) == 2 else GENESIS
        if not is_sound(found[0], previous):
            raise JournalBroken(
                f"{self.name} was changed at record {found[0].seq}; run fairway journal verify, and restore a backup"
            )
        return found[0]

    def _settle(self, records: Sequence[Record]) -> None:
        """Asks the database whether the last transaction was written: after an error it may have been or not."""
        last = self._sound_last()
        written = last.seq if last else 0
        if last is not None and written > self.durable and (written, last.digest) not in ((r.seq, r.digest) for r in records):
            raise JournalBroken(f"{self.name} holds another record {written}; keep it, and restore a backup beside it")
        if written < self.durable:
            raise JournalBroken(f"{self.name} has lost its records after {written}; keep it, and restore a backup beside it")
        self.durable, self._in_doubt = written, False

    def _keep(self, snapshot: JournalSnapshot) -> None:
        with self._session.transaction():
            self._check_epoch()
            kept = [seq for (seq,) in self._session.rows(statements.SNAPSHOTS_KEPT, self._journal)]
            for seq in dict.fromkeys((*kept[1:], *(seq for seq in kept if seq == snapshot.seq))):
                self._session.execute(statements.DROP_SNAPSHOT, {**self._journal, "old_seq": seq})
            self._session.execute(statements.ADD_SNAPSHOT, {**self._journal, **msgspec.structs.asdict(snapshot)})

    def _row(self, record: Record) -> dict[str, Any]:
        return {**self._journal, **msgspec.structs.asdict(record), "body": record.body.decode()}


def record_of(row: tuple[Any, ...]) -> Record:
    seq, at, account, author, kind, version, body, digest = row
    return Record(seq, at, account, author, kind, version, body.encode(), digest)
