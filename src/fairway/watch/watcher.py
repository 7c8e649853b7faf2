"""The watcher: reads a trader's journal as it grows, and has every indicator's series ready; it decides nothing.

It goes on from its shelf, where there is one, and then puts there what it has seen, so no record is read twice, whoever asks.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Final

import msgspec

from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS
from fairway.journal.port import Entry, Readable, Record
from fairway.store.failures import StoreError
from fairway.watch.account import Account
from fairway.watch.following import follow
from fairway.watch.measurements import Measurements
from fairway.watch.observer import PASSED_OVER, Measurement, Observer, alone
from fairway.watch.series import Series, Spell
from fairway.watch.series_store import Mark, SeriesStore
from fairway.world.clock import SECOND
from fairway.world.realtime import without_collecting

PAGE: Final = 2_000
"""Records of one step."""
PUT_RECORDS: Final = 20_000
"""What was read is put on the shelf after so many records, …"""
UNKEPT_MAX: Final = 1_000_000
"""Observations that may wait for a shelf that cannot be written; beyond, this start puts nothing there any more."""
PUT_NS: Final = 30 * SECOND
"""… or, by whoever has caught up, after so much of the journal's time; whoever dies reads no more than that again."""


class Watcher:
    """series: of every indicator that is measured, by its name, as far as the journal was read."""

    def __init__(self, journal: Readable, *, shelf: SeriesStore | None = None, maintenance: Iterable[Spell] = ()) -> None:
        self._journal, self._shelf, self._maintenance = journal, shelf, tuple(maintenance)
        self._codec = Codec(*EVENTS)
        self._kept = Mark()
        """How far all that was read is on the shelf."""
        self._seq = 0
        self._measurements = Measurements(self._maintenance)
        self._observer = Observer()
        self._unkept: list[Measurement] = []
        self.series: Mapping[str, Series] = self._measurements.series()
        self._turn = threading.Lock()
        """A step that was under way when it was cancelled goes on in its thread, and whoever closes waits for it."""
        self.journal_trouble = self._shelf_trouble = ""

    @property
    def trouble(self) -> str:
        """Why the journal could not be read, or the shelf not be written, the last time; "" where they could."""
        return self.journal_trouble or self._shelf_trouble

    @property
    def watermark(self) -> int:
        """Until when (ns) everything is known."""
        return self._measurements.watermark

    @property
    def beats(self) -> int:
        """When the trader last measured itself (ns)."""
        return self._measurements.beats

    def begins_at(self) -> int:
        """When the journal begins (ns), before which nothing could be measured; 0 where it is empty. Raises JournalErrors."""
        first = next(iter(self._journal.replay()), None)
        return first.at if first is not None else 0

    @property
    def read_to(self) -> int:
        """Number of the last record that was read."""
        return self._seq

    # -- blocking ------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Goes on where the shelf ends, where it is of this journal's history. Raises StoreErrors and JournalErrors."""
        if self._shelf is None:
            return
        self._shelf.open()
        measurements = Measurements(self._maintenance)
        try:
            mark, bodies = self._shelf.take_down(measurements)
            accounts = [msgspec.msgpack.decode(body, type=Account) for body in bodies.values()]
        except (msgspec.MsgspecError, KeyError, ValueError):
            mark, accounts = Mark(), []  # damaged, or of other indicators
        if mark.is_of(self._journal):
            self._go_on(mark, accounts, measurements)
        elif self._shelf.is_ours:
            self._shelf.clear()

    def step(self) -> int:
        """Reads the next records, a page at most; how many they were. Raises JournalErrors.

        A shelf that cannot be written is told in `trouble`, and tried again: what is measured does not wait for it.
        """
        with self._turn:
            count = self._read(islice(self._journal.replay(self._seq), PAGE))
            if count:
                self._show()
            unkept_ns = self._observer.seen_to - self._kept.watermark if count < PAGE else 0
            if self._seq - self._kept.seq >= PUT_RECORDS or unkept_ns >= PUT_NS:
                self._try_to_put()
            return count

    def _show(self) -> None:
        observations = self._observer.away()
        self._measurements.add(observations)
        self._measurements.watermark, self._measurements.beats = self._observer.seen_to, self._observer.beats
        self.series = self._measurements.series()
        self._remember(observations)

    def _try_to_put(self) -> None:
        try:
            self._put()
            self._shelf_trouble = ""
        except StoreError as error:
            self._shelf_trouble = str(error)

    def _remember(self, observations: list[Measurement]) -> None:
        """For the shelf; too many that cannot be put there are let go, and the next start reads them from the journal."""
        if self._shelf is None or not self._shelf.is_ours:
            return
        self._unkept += observations
        if len(self._unkept) > UNKEPT_MAX:
            self._shelf.is_ours, self._unkept = False, []

    def catch_up(self) -> int:
        """All steps there are; how many records that were. Raises JournalErrors."""
        total = 0
        with without_collecting():
            while count := self.step():
                total += count
        return total

    def _put(self) -> None:
        """Puts on the shelf what is not there yet; where somebody else has gone on from there, it is theirs from now on."""
        if self._shelf is None or not self._shelf.is_ours or self._seq == self._kept.seq:
            return
        now = Mark(self._seq, self._digest_at(self._seq), self._measurements.watermark, self._measurements.beats)
        touched = {name: msgspec.msgpack.encode(alone(self._observer.accounts[name])) for name in self._observer.touched}
        self._shelf.is_ours = self._shelf.put(self._kept, now, touched, self._unkept)
        self._kept, self._unkept = now, []
        self._observer.touched.clear()

    def close(self) -> None:
        """Puts away what there is. Raises StoreErrors."""
        if self._shelf is not None:
            with self._turn:
                try:
                    self._put()
                finally:
                    self._shelf.close()

    # -- beside others -------------------------------------------------------------------------------------------

    async def run(self, tell: Callable[[str], None]) -> None:
        """Follows the journal until it is cancelled. tell is given one sentence for each new trouble."""
        await follow(self, "the measurements", tell)

    # -- reading -------------------------------------------------------------------------------------------------

    def _go_on(self, mark: Mark, accounts: Iterable[Account], measurements: Measurements) -> None:
        self._seq, self._kept, self._measurements = mark.seq, mark, measurements
        self._observer = Observer(accounts)
        self._observer.seen_to, self._observer.beats = mark.watermark, mark.beats
        self.series = measurements.series()

    def _read(self, entries: Iterable[Record | Entry]) -> int:
        count = 0
        for entry in entries:
            if entry.kind in PASSED_OVER:
                self._observer.pass_over(entry.at)
            else:  # one of a newer release is told as unreadable
                self._observer.take(self._codec.decode(entry), entry.account, entry.at)
            self._seq = entry.seq
            count += 1
        return count

    def _digest_at(self, seq: int) -> str:
        """Of a record; "" where the journal has none of this number."""
        record = next(iter(self._journal.read(seq - 1)), None)
        return record.digest if record is not None and record.seq == seq else ""
