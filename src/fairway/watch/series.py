"""A series: the observations of one indicator, oldest first, and until when they are complete.

Values are statistics, not money: they are floats, and nothing is bought or sold by them but by way of a verdict.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from fairway.watch.indicators import Indicator

Instants = NDArray[np.int64]
Values = NDArray[np.float64]
Codes = NDArray[np.int32]
Counts = NDArray[np.int64]
Spell = tuple[int, int]
"""From an instant (ns) until another."""
N = TypeVar("N", bound=np.generic)


@dataclass(frozen=True, slots=True)
class RunningSums:
    """Of the first rows of a series, by their number; so what lies between two rows is one subtraction.

    count: observations; value: of all values; instants: of different instants.
    """

    count: Counts
    value: Values
    instants: Counts

    @classmethod
    def of(cls, ats: Instants, values: Values, counts: Counts) -> "RunningSums":
        differs = np.ones(len(ats), dtype=np.int64)
        differs[1:] = ats[1:] != ats[:-1]
        return cls(_from_zero(counts), _from_zero(values * counts), _from_zero(differs))

    def part(self, low: int, high: int) -> "RunningSums":
        """Of the rows from one until another."""
        return RunningSums(self.count[low : high + 1], self.value[low : high + 1], self.instants[low : high + 1])

    def kept(self, places: int, size: int) -> "RunningSums":
        """The first places of it, in columns of another size."""
        kept = slice(places)
        return RunningSums(longer(self.count[kept], size), longer(self.value[kept], size), longer(self.instants[kept], size))


def _from_zero(column: NDArray[N]) -> NDArray[N]:
    sums = longer(column[:0], len(column) + 1)
    np.cumsum(column, out=sums[1:])
    return sums


def longer(column: NDArray[N], size: int) -> NDArray[N]:
    """A copy with room for more at its end."""
    copy = np.zeros(size, dtype=column.dtype)
    copy[: len(column)] = column
    return copy


KEPT: Final = "kept"
"""The key in a series' memory under which stands what stays true when rows are added at its end."""


@dataclass(frozen=True, slots=True)
class Series:
    """ats: when each was observed (ns), ascending. values: as the indicator measures. labels: of each, a place in names.

    watermark: until when (ns) the series is complete; 0 where it never was. beats: when its source was last alive (ns), whether
    or not it had anything to observe: no events from a dead detector are no good news. counts: how many observations each row
    stands for, None where it is one each: use `count` and `total`, not the number of rows. excused: spells in which none was due.
    """

    indicator: Indicator
    ats: Instants
    values: Values
    labels: Codes
    names: tuple[str, ...] = ("",)
    watermark: int = 0
    beats: int = 0
    counts: Counts | None = None
    excused: tuple[Spell, ...] = ()
    beats_at: Instants | None = None
    """When its source was alive, each time; None where that is not known but for the last time."""
    _memo: dict[object, object] = field(default_factory=dict, compare=False, repr=False)

    def __len__(self) -> int:
        """Rows."""
        return len(self.ats)

    @property
    def sums(self) -> RunningSums:
        known = self._memo.get(RunningSums)
        if not isinstance(known, RunningSums):
            counts = self.counts if self.counts is not None else np.ones(len(self.ats), dtype=np.int64)
            known = self._memo[RunningSums] = RunningSums.of(self.ats, self.values, counts)
        return known

    @property
    def count(self) -> int:
        """Observations."""
        return int(self.sums.count[-1] - self.sums.count[0])

    @property
    def total(self) -> float:
        """The sum of all observations; of a ratio, how many are good."""
        return float(self.sums.value[-1] - self.sums.value[0])

    def within(self, since: int, until: int) -> "Series":
        """The observations with since < at <= until; views, nothing is copied."""
        low, high = int(self.ats.searchsorted(since, "right")), int(self.ats.searchsorted(until, "right"))
        high, part = max(low, high), slice(low, max(low, high))
        return replace(
            self,
            ats=self.ats[part],
            values=self.values[part],
            labels=self.labels[part],
            counts=None if self.counts is None else self.counts[part],
            _memo={RunningSums: self.sums.part(low, high)},
        )

    def labelled(self, wanted: Iterable[str]) -> "Series":
        """The observations that bear one of these labels."""
        codes = [code for name in wanted if (code := self._code(name)) is not None]
        chosen = np.isin(self.labels, codes)
        counts = None if self.counts is None else self.counts[chosen]
        return replace(
            self, ats=self.ats[chosen], values=self.values[chosen], labels=self.labels[chosen], counts=counts, _memo={}
        )

    def by_label(self) -> dict[str, int]:
        """How many observations bear each label; labels without one are left out."""
        found = np.bincount(self.labels, weights=self.counts, minlength=len(self.names))
        return {name: int(count) for name, count in zip(self.names, found, strict=True) if count}

    def _code(self, name: str) -> int | None:
        return self.names.index(name) if name in self.names else None

    def coverage(self, since: int, until: int) -> float | None:
        """The share of the observations that the clock should have brought, at most 1; None where they come with trading."""
        if self.indicator.every_s is None or until <= since:
            return None
        due_ns = until - since - excused_ns(self.excused, since, until)
        expected = due_ns // (self.indicator.every_s * 1_000_000_000)
        return min(1.0, self.seen(since, until) / expected) if expected else 1.0

    def seen(self, since: int, until: int) -> int:
        """How many instants with since < at <= until have an observation."""
        low, high = self.ats.searchsorted(since, "right"), self.ats.searchsorted(until, "right")
        return max(0, int(self.sums.instants[high] - self.sums.instants[low]))

    def silent_ns(self, since: int, until: int, longest: int, spared: Iterable[Spell] = ()) -> int:
        """How long of a window (ns) its source was silent beyond `longest`; 0 where that is unknown. spared: spells that do not
        count."""
        if self.beats_at is None:
            return 0
        first, last = (int(it) for it in np.searchsorted(self.beats_at, (since, until), side="right"))
        ends = [since if not first else int(self.beats_at[first - 1]), *self.beats_at[first:last].tolist(), until]
        known = merged([*self.excused, *spared])
        gaps = ((max(begins, since), ends) for begins, ends in pairwise(ends) if ends - begins > longest)
        return sum(ends - begins - excused_ns(known, begins, ends) for begins, ends in gaps)


def merged(spells: Iterable[Spell]) -> tuple[Spell, ...]:
    """The same, in order, and none overlaps another."""
    found: list[Spell] = []
    for begins, ends in sorted(spells):
        if found and begins <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], ends)
        else:
            found.append((begins, ends))
    return tuple(found)


def excused_ns(spells: Iterable[Spell], since: int, until: int) -> int:
    """How much of a window lies in spells, which do not overlap."""
    return sum(max(0, min(until, end) - max(since, start)) for start, end in spells)
