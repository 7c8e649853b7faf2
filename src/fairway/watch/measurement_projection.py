"""Folds a trader's journal into the series of all indicators."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS
from fairway.journal.port import Record, ReplayEntry
from fairway.journal.projection import Checkpoint, DamagedCheckpoint
from fairway.watch.account import MeasuredAccount
from fairway.watch.measurements import Measurements
from fairway.watch.observer import PASSED_OVER, RULES, Measurement, Observer, alone
from fairway.watch.series import Series, Spell
from fairway.watch.series_store import SavedPosition, SavedSeries, SeriesChanges

UNSAVED_MAX: Final = 1_000_000
"""Observations that may wait for a store that cannot be written; beyond, this process saves nothing any more."""


class MeasurementProjection:
    """See `Projection`. series: of every indicator that is measured, by its name."""

    version: Final = str(RULES)

    def __init__(self, maintenance: Iterable[Spell] = (), *, is_saved: bool = True) -> None:
        """maintenance: planned spells (ns)."""
        self._maintenance, self._codec = tuple(maintenance), Codec(*EVENTS)
        self._observer, self.measurements = Observer(), Measurements(self._maintenance)
        self.is_saved = is_saved
        """Whether snapshots are taken; where they are not, nothing is kept for them."""
        self._unsaved: list[Measurement] = []
        self.folded_to = 0
        self.digest = ""
        """Of the last record; "" where it was an entry, which has none: the caller sets it before a snapshot."""
        self.saved_to = SavedPosition()
        """Where the last snapshot that was saved ends."""
        self.series: Mapping[str, Series] = self.measurements.series()

    @property
    def seen_to(self) -> int:
        """The instant of the last event (ns)."""
        return self._observer.seen_to

    @property
    def accounts(self) -> Mapping[str, MeasuredAccount]:
        """By name, as the last event left them; "" is the trader itself."""
        return self._observer.accounts

    def fold(self, records: Sequence[Record | ReplayEntry]) -> None:
        for record in records:
            if record.kind in PASSED_OVER:
                self._observer.pass_over(record.at)
            else:  # a kind of a newer release is reported as unreadable
                self._observer.take(self._codec.decode(record), record.account, record.at)
            self.folded_to = record.seq
        if records:
            self.digest = getattr(records[-1], "digest", "")
            self._note_observations()

    def _note_observations(self) -> None:
        observations = self._observer.away()
        self.measurements.add(observations)
        self.measurements.watermark, self.measurements.beats = self._observer.seen_to, self._observer.beats
        self.series = self.measurements.series()
        if self.is_saved:
            self._unsaved += observations
            self.is_saved = len(self._unsaved) <= UNSAVED_MAX
        if not self.is_saved:
            self._unsaved = []

    def snapshot(self) -> Checkpoint[SeriesChanges] | None:
        if not self.is_saved or not self.digest:
            return None
        touched = {name: msgspec.msgpack.encode(alone(self._observer.accounts[name])) for name in self._observer.touched}
        mark = SavedPosition(self.folded_to, self.digest, self.measurements.watermark, self.measurements.beats)
        return Checkpoint(self.version, mark, SeriesChanges(self.saved_to, touched, self._unsaved))

    def forget_saved(self, checkpoint: Checkpoint[SeriesChanges]) -> None:
        """To be called when a snapshot was saved: the next one holds only what changes from now on."""
        assert isinstance(checkpoint.position, SavedPosition)
        self.saved_to, self._unsaved = checkpoint.position, []
        self._observer.touched.clear()

    def restore(self, checkpoint: Checkpoint[SavedSeries]) -> None:
        mark, (bodies, measurements) = checkpoint.position, checkpoint.state
        assert isinstance(mark, SavedPosition)
        try:
            accounts = [msgspec.msgpack.decode(body, type=MeasuredAccount) for body in bodies.values()]
        except msgspec.MsgspecError as error:
            raise DamagedCheckpoint(str(error)) from None
        measurements.maintenance = self.measurements.maintenance
        self._observer, self.measurements = Observer(accounts), measurements
        self._observer.seen_to, self._observer.beats = mark.watermark, mark.beats
        self.folded_to, self.digest, self.saved_to = mark.seq, mark.digest, mark
        self.series = measurements.series()
