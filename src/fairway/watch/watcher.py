"""The watcher: reads a trader's journal as it grows, and has every indicator's series ready; it decides nothing.

It starts from the series store, where there is one, and saves there what it has read, so no record is read twice.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Final

from fairway.journal.port import Readable
from fairway.journal.projection import PAGE, restore
from fairway.store.failures import StoreError
from fairway.watch.account import MeasuredAccount
from fairway.watch.following import follow
from fairway.watch.measurement_projection import MeasurementProjection
from fairway.watch.series import Series, Spell
from fairway.watch.series_store import SeriesStore
from fairway.world.clock import SECOND
from fairway.world.garbage import without_collecting

PUT_RECORDS: Final = 20_000
"""What was read is saved after so many records, …"""
PUT_NS: Final = 30 * SECOND
"""… or, once all was read, after so much of the journal's time. After a crash no more than that is read again."""


class Watcher:
    """Reads one trader's journal. maintenance: planned spells (ns), in which nothing counts."""

    def __init__(self, journal: Readable, *, store: SeriesStore | None = None, maintenance: Iterable[Spell] = ()) -> None:
        self._journal, self._store = journal, store
        self._projection = MeasurementProjection(maintenance, is_saved=False)
        self._turn = threading.Lock()
        """A step that was cancelled goes on in its thread; `close` waits for it."""
        self.journal_trouble = self._store_trouble = ""

    @property
    def series(self) -> Mapping[str, Series]:
        """Of every indicator that is measured, by its name, as far as the journal was read."""
        return self._projection.series

    @property
    def accounts(self) -> Mapping[str, MeasuredAccount]:
        """By name, as far as the journal was read; "" is the trader itself."""
        return self._projection.accounts

    @property
    def trouble(self) -> str:
        """Why the journal could not be read, or the store not be written, the last time; "" where both could."""
        return self.journal_trouble or self._store_trouble

    @property
    def watermark(self) -> int:
        """Until when (ns) everything is known."""
        return self._projection.measurements.watermark

    @property
    def beats(self) -> int:
        """When the trader last measured itself (ns)."""
        return self._projection.measurements.beats

    def begins_at(self) -> int:
        """When the journal begins (ns), before which nothing could be measured; 0 where it is empty. Raises JournalErrors."""
        first = next(iter(self._journal.replay()), None)
        return first.at if first is not None else 0

    @property
    def read_to(self) -> int:
        """Number of the last record that was read."""
        return self._projection.folded_to

    # -- blocking ------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Goes on where the store ends, where its checkpoint fits this journal. Raises StoreErrors and JournalErrors."""
        if self._store is None:
            return
        self._store.open()
        restore(self._projection, self._store, self._journal)
        self._projection.is_saved = self._store.is_ours

    def step(self) -> int:
        """Reads the next records, a page at most; how many they were. Raises JournalErrors.

        A store that cannot be written is reported in `trouble`, and tried again: the measurements do not wait for it.
        """
        with self._turn:
            projection, saved_to = self._projection, self._projection.saved_to
            page = list(islice(self._journal.replay(projection.folded_to), PAGE))
            projection.fold(page)
            unsaved_ns = projection.seen_to - saved_to.watermark if len(page) < PAGE else 0
            if projection.folded_to - saved_to.seq >= PUT_RECORDS or unsaved_ns >= PUT_NS:
                self._try_to_save()
            return len(page)

    def _try_to_save(self) -> None:
        try:
            self._save()
            self._store_trouble = ""
        except StoreError as error:
            self._store_trouble = str(error)

    def catch_up(self) -> int:
        """All steps there are; how many records that were. Raises JournalErrors."""
        total = 0
        with without_collecting():
            while count := self.step():
                total += count
        return total

    def _save(self) -> None:
        """Saves what is new. Where another program has written since the last save, this one saves nothing any more."""
        projection = self._projection
        if self._store is None or not projection.is_saved or projection.folded_to == projection.saved_to.seq:
            return
        projection.digest = self._digest_at(projection.folded_to)
        checkpoint = projection.snapshot()
        if checkpoint is None:
            return
        projection.is_saved = self._store.is_ours = self._store.save(checkpoint)
        projection.forget_saved(checkpoint)

    def close(self) -> None:
        """Saves what is new. Raises StoreErrors."""
        if self._store is not None:
            with self._turn:
                try:
                    self._save()
                finally:
                    self._store.close()

    # -- beside others -------------------------------------------------------------------------------------------

    async def run(self, report: Callable[[str], None]) -> None:
        """Follows the journal until it is cancelled. report is called with one sentence for each new trouble."""
        await follow(self, "the measurements", report)

    # -- reading -------------------------------------------------------------------------------------------------

    def _digest_at(self, seq: int) -> str:
        """Of a record; "" where the journal has none of this number."""
        record = next(iter(self._journal.read(seq - 1)), None)
        return record.digest if record is not None and record.seq == seq else ""
