"""Measurements: every indicator's series of one trader, as far as its journal has been read."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from fairway.watch.indicators import OF_TRADER
from fairway.watch.observer import Measurement
from fairway.watch.series import Series, Spell, merged
from fairway.watch.series_builder import SeriesBuilder
from fairway.world.clock import SECOND

HEARTBEAT: Final = "loop_lag"
"""What the trader notes each time that it measures itself."""


class Measurements:
    """maintenance: planned spells (ns); in them no minute of uptime is due, and none counts."""

    def __init__(self, maintenance: Iterable[Spell] = ()) -> None:
        self._growing = {each.name: SeriesBuilder(each) for each in OF_TRADER}
        self.maintenance = merged(maintenance)
        self.watermark = 0
        """Until when (ns) all series are complete: the last event that was read."""
        self.beats = 0
        """When the trader last measured itself (ns)."""

    def add(self, observations: Iterable[Measurement]) -> None:
        for indicator, at, value, label, times in observations:
            self._growing[indicator].add(at, value, label, times)

    def growing(self, indicator: str) -> SeriesBuilder:
        """The builder of one series, to be filled from a checkpoint. Raises KeyError for an unknown indicator."""
        return self._growing[indicator]

    def rows(self) -> dict[str, int]:
        """How many there are of each indicator."""
        return {name: len(each) for name, each in self._growing.items()}

    def series(self) -> Mapping[str, Series]:
        """All of them, by the indicator's name; what nothing measures is not among them."""
        series = {name: each.series(watermark=self.watermark, beats=self.beats) for name, each in self._growing.items()}
        beats_at = series[HEARTBEAT].ats
        series = {name: each if each.indicator.every_s else replace(each, beats_at=beats_at) for name, each in series.items()}
        if self.maintenance:
            series["uptime"] = without(series["uptime"], self.maintenance)
        return series


def without(series: Series, spells: Iterable[Spell]) -> Series:
    """The series without observations whose time lies in the spells, even in part; none is due there."""
    length = (series.indicator.every_s or 0) * SECOND
    excused = merged((begins, ends + length) for begins, ends in spells)
    stays = np.ones(len(series), dtype=bool)
    if excused:
        begins, ends = np.array(excused, dtype=np.int64).T
        firsts, lasts = np.searchsorted(series.ats, begins, side="right"), np.searchsorted(series.ats, ends, side="left")
        for first, last in zip(firsts, lasts, strict=True):
            stays[first:last] = False
    return replace(
        series,
        ats=series.ats[stays],
        values=series.values[stays],
        labels=series.labels[stays],
        counts=None if series.counts is None else series.counts[stays],
        excused=excused,
        _memo={},
    )
