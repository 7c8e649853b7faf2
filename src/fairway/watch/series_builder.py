"""Builds a series: observations are added at its end, and any window of it can be counted at once."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from fairway.watch.indicators import Indicator
from fairway.watch.series import KEPT, Codes, Counts, Instants, RunningSums, Series, Spell, Values, longer


class SeriesBuilder:
    """A series that grows at its end. What was handed out stays as it was; each row costs the same, however many there are.

    A row from before the last one, as of a clock that was set back, is put where it belongs, which costs as much as all rows.
    """

    def __init__(self, indicator: Indicator) -> None:
        self.indicator = indicator
        self._names: dict[str, int] = {}
        self._waiting: list[tuple[int, float, int, int]] = []
        self._rows = 0
        self._ats: Instants = np.empty(0, dtype=np.int64)
        self._values: Values = np.empty(0, dtype=np.float64)
        self._labels: Codes = np.empty(0, dtype=np.int32)
        self._counts: Counts = np.empty(0, dtype=np.int64)
        self._sums = RunningSums.of(self._ats, self._values, self._counts)
        self._has_counts = False
        self._known: Series | None = None
        self._kept: dict[object, object] = {}
        """What its readers remember of its rows; it goes on when rows are added at the end."""

    def __len__(self) -> int:
        return self._rows + len(self._waiting)

    def add(self, at: int, value: float, label: str = "", count: int = 1) -> None:
        """One row: an observation, or count of them with the same value."""
        code = self._names.get(label)
        if code is None:
            code = self._names[label] = len(self._names)
        self._waiting.append((at, value, code, count))

    def extend(self, ats: Instants, values: Values, labels: Codes, counts: Counts, names: Iterable[str]) -> None:
        """Many rows at once; labels: of each, a place in names."""
        self._settle()
        places = np.array([self._names.setdefault(name, len(self._names)) for name in names], dtype=np.int32)
        self._append(ats, values, places[labels] if len(labels) else labels, counts)

    def series(self, *, watermark: int = 0, beats: int = 0, excused: tuple[Spell, ...] = ()) -> Series:
        """All of it as it is now; where nothing was added since, what is remembered of the last one is kept."""
        self._settle()
        known = self._known
        if known is None or len(known.ats) != self._rows:
            known = self._known = self._seen()
        return replace(known, watermark=watermark, beats=beats, excused=excused)

    def _seen(self) -> Series:
        part = slice(0, self._rows)
        return Series(
            self.indicator,
            self._ats[part],
            self._values[part],
            self._labels[part],
            tuple(self._names) or ("",),
            counts=self._counts[part] if self._has_counts else None,
            _memo={RunningSums: self._sums.part(0, self._rows), KEPT: self._kept},
        )

    def _settle(self) -> None:
        if self._waiting:
            ats, values, labels, counts = zip(*self._waiting, strict=True)
            self._waiting.clear()
            self._append(
                np.array(ats, dtype=np.int64),
                np.array(values, dtype=np.float64),
                np.array(labels, dtype=np.int32),
                np.array(counts, dtype=np.int64),
            )

    def _append(self, ats: Instants, values: Values, labels: Codes, counts: Counts) -> None:
        first, end = self._rows, self._rows + len(ats)
        self._make_room(end)
        self._ats[first:end], self._values[first:end] = ats, values
        self._labels[first:end], self._counts[first:end] = labels, counts
        self._rows = end
        self._has_counts = self._has_counts or bool((counts != 1).any())
        if bool((np.diff(self._ats[max(0, first - 1) : end]) < 0).any()):
            self._sort()
        else:
            self._sum_up(first, end)

    def _make_room(self, rows: int) -> None:
        """Twice as much as before where there is none: what was handed out keeps the old columns."""
        if rows > len(self._ats):
            size = max(64, 2 * rows)
            self._ats, self._values = longer(self._ats, size), longer(self._values, size)
            self._labels, self._counts = longer(self._labels, size), longer(self._counts, size)
            self._sums = self._sums.kept(len(self._sums.count), size + 1)

    def _sum_up(self, first: int, end: int) -> None:
        """Continues the sums over the rows from first on."""
        sums, part = self._sums, slice(first, end)
        differs = np.ones(end - first, dtype=np.int64)
        if first:
            differs[:1] = self._ats[first : first + 1] != self._ats[first - 1]
        differs[1:] = self._ats[first + 1 : end] != self._ats[first : end - 1]
        to = slice(first + 1, end + 1)
        sums.count[to] = sums.count[first] + np.cumsum(self._counts[part])
        sums.value[to] = self._values[part] * self._counts[part]
        np.cumsum(sums.value[first : end + 1], out=sums.value[first : end + 1])  # one by one: the same sum, however it grew
        sums.instants[to] = sums.instants[first] + np.cumsum(differs)

    def _sort(self) -> None:
        """Into new columns, because others hold views of these."""
        order = np.argsort(self._ats[: self._rows], kind="stable")
        size = len(self._ats)
        self._ats, self._values = longer(self._ats[order], size), longer(self._values[order], size)
        self._labels, self._counts = longer(self._labels[order], size), longer(self._counts[order], size)
        self._sums, self._kept = self._sums.kept(1, size + 1), {}
        self._sum_up(0, self._rows)
