"""Series of a launch from other sources than its trader's journal, in the form of the trader's own.

They are in the launch's journal, so a decision that rests on them can be repeated from there, also when the source is gone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from fairway.launch.observation.observation import Observation
from fairway.watch.indicators import BY_NAME
from fairway.watch.series import Series
from fairway.watch.series_builder import SeriesBuilder

if TYPE_CHECKING:
    from fairway.launch.control.launch_events import SamplesTaken


class ExternalSeries:
    """All that was noted. It only grows, and a tick adds nothing to it, so copies of a launch share it."""

    def __init__(self) -> None:
        self._growing: dict[tuple[bool, str], SeriesBuilder] = {}
        self._stands: dict[str, SamplesTaken] = {}
        self._newest: dict[str, int] = {}
        self._current: dict[str, None] = {}

    def begin(self) -> None:
        """A pilot has started: only sources that report to it count from now on, so that a removed source holds nothing back."""
        self._current.clear()

    def take(self, event: "SamplesTaken") -> None:
        for of, rows in event.values.items():
            if of not in BY_NAME:
                continue  # of a newer release
            growing = self._growing.get((event.is_control, of))
            if growing is None:
                growing = self._growing[event.is_control, of] = SeriesBuilder(BY_NAME[of])
            for at, value, label, times in rows:
                growing.add(at, float(value), label, times)
        ats = (at for rows in event.values.values() for at, *_ in rows)
        self._newest[event.source] = max(ats, default=self.newest(event.source))
        self._stands[event.source] = msgspec.structs.replace(event, values=dict.fromkeys(event.values, ()))
        self._current[event.source] = None

    def last(self, source: str) -> "SamplesTaken | None":
        """The last status of a source, of any pilot; without its observations."""
        return self._stands.get(source)

    def newest(self, source: str) -> int:
        """When the newest was observed of all that was noted of a source (ns); 0 where nothing was."""
        return self._newest.get(source, 0)

    def stands(self) -> Iterator["SamplesTaken"]:
        """The status of each source that has reported to this pilot."""
        return (self._stands[name] for name in self._current)

    def series(self, *, is_control: bool = False) -> dict[str, Series]:
        """By indicator. Complete, and alive, as far as all of its sources are: no other makes up for one that is silent."""
        return {
            of: growing.series(watermark=self._least(of, is_control, "seen_to"), beats=self._least(of, is_control, "beats"))
            for (of_control, of), growing in self._growing.items()
            if of_control == is_control
        }

    def _least(self, of: str, is_control: bool, field: str) -> int:
        known = (getattr(each, field) for each in self.stands() if each.is_control == is_control and of in each.values)
        return min(known, default=0)


def with_external(observation: Observation, notes: ExternalSeries, paces: Mapping[str, int]) -> Observation:
    """What is seen of the trader, with what is known from elsewhere; what the trader measures itself is its own word.

    paces: how often (s) the clock brings what is noted; what it did not bring is missing then.
    """
    series = {**paced(notes, paces), **observation.series}
    return replace(observation, series=series, controls={**notes.series(is_control=True), **observation.controls})


def paced(notes: ExternalSeries, paces: Mapping[str, int]) -> dict[str, Series]:
    """What is noted of the launch itself, by indicator, each with the pace at which it comes."""
    return {of: _paced(series, paces.get(of)) for of, series in notes.series().items()}


def _paced(series: Series, every_s: int | None) -> Series:
    return series if every_s is None else replace(series, indicator=replace(series.indicator, every_s=every_s))
