"""Measurements: every indicator's series of one trader, as far as its journal has been read."""

from collections.abc import Iterable, Mapping

from fairway.watch.growing import Growing
from fairway.watch.indicators import INDICATORS
from fairway.watch.observer import Observation
from fairway.watch.series import Series, Spell


class Measurements:
    """maintenance: planned spells (ns), which do not overlap; in them no minute of uptime is due."""

    def __init__(self, maintenance: Iterable[Spell] = ()) -> None:
        self._growing = {each.name: Growing(each) for each in INDICATORS if each.source}
        self._maintenance = tuple(maintenance)
        self.watermark = 0
        """Until when (ns) all series are complete: the last event that was read."""
        self.beats = 0
        """When the trader last measured itself (ns)."""

    def add(self, observations: Iterable[Observation]) -> None:
        for indicator, at, value, label, times in observations:
            self._growing[indicator].add(at, value, label, times)

    def growing(self, indicator: str) -> Growing:
        """For whoever fills it from where it was kept. Raises KeyError for one that nothing measures."""
        return self._growing[indicator]

    def series(self) -> Mapping[str, Series]:
        """All of them, by the indicator's name; what nothing measures is not among them."""
        return {
            name: each.series(watermark=self.watermark, beats=self.beats, excused=self._excused(each))
            for name, each in self._growing.items()
        }

    def _excused(self, growing: Growing) -> tuple[Spell, ...]:
        return self._maintenance if growing.indicator.name == "uptime" else ()
