"""Gathers what a source has observed until it is worth a record of the launch's journal."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from fairway.launch.control.launch_events import SamplesTaken
from fairway.watch.observer import Measurement
from fairway.world.clock import SECOND

EVERY_NS: Final = 30 * SECOND
"""One record in so long at most, unless something is the matter: half a minute more or less decides nothing."""
ROWS_MAX: Final = 2_000
"""Observations of one record; the rest goes into the next."""
DIGITS: Final = 9
"""Of a value after the point. They are statistics, and a billionth of a second means nothing."""

Row = tuple[int, Decimal, str, int]


class SourceStatus(NamedTuple):
    """How a source stands."""

    seen_to: int = 0
    beats: int = 0
    trouble: str = ""
    counts: Mapping[str, int] = {}
    reading: Decimal | None = None


class SampleBuffer:
    """source: its name in the launch. indicators: what it measures, with or without an observation yet. every_ns: one record
    in so long at most."""

    def __init__(self, source: str, indicators: Iterable[str], *, is_control: bool = False, every_ns: int = EVERY_NS) -> None:
        self._every_ns = every_ns
        self._source, self._is_control = source, is_control
        self._rows: dict[str, list[Row]] = {name: [] for name in indicators}
        self._stand = SourceStatus()
        self._noted: SourceStatus | None = None
        self._noted_at = 0

    def add(self, observations: Iterable[Measurement]) -> None:
        """Those of other indicators are passed over."""
        for each in observations:
            if each.indicator in self._rows:
                value = round(Decimal.from_float(float(each.value)), DIGITS)
                self._rows[each.indicator].append((each.at, value, each.label, each.times))

    def stand(
        self,
        seen_to: int,
        beats: int,
        trouble: str = "",
        counts: Mapping[str, int] | None = None,
        reading: Decimal | None = None,
    ) -> None:
        """How the source stands now: complete until, and last alive (ns); what is the matter; what people may want to count; and
        what its counter reads."""
        self._stand = SourceStatus(seen_to, beats, trouble, dict(counts or {}), reading)

    def due(self, now: int) -> SamplesTaken | None:
        """What is to be written now, which is then forgotten here. Where nothing has changed nothing is."""
        is_new = any(self._rows.values()) or self._stand != self._noted
        is_other_trouble = self._noted is None or self._stand.trouble != self._noted.trouble
        if not is_new or not (is_other_trouble or now - self._noted_at >= self._every_ns):
            return None
        return self._written(now)

    def _written(self, now: int) -> SamplesTaken:
        seen_to, beats, trouble, counts, reading = self._stand
        values = {name: tuple(rows[:ROWS_MAX]) for name, rows in self._rows.items()}
        rest = {name: rows[ROWS_MAX:] for name, rows in self._rows.items()}
        left = [rows[0][0] for rows in rest.values() if rows]
        if left:  # it is complete only until there, and goes on at once
            seen_to = min(seen_to, *(at - 1 for at in left))
        else:
            self._noted, self._noted_at = self._stand, now
        self._rows = rest
        return SamplesTaken(
            source=self._source,
            values=values,
            seen_to=seen_to,
            beats=beats,
            is_control=self._is_control,
            trouble=trouble,
            counts=dict(counts),
            reading=reading,
        )
