"""Sums over any window of a series, cached with the series, so that each evaluation reads only new rows.

The rows of a series are summed in blocks, once; a window is the sum of its blocks and of the few rows at its two ends.
"""

import hashlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from fairway.watch.figures import rows_within
from fairway.watch.series import KEPT, Codes, Counts, Series, Values

BLOCK: Final = 1024
"""Rows that are summed together."""

REMEMBERED: Final = 16
"""Of what is made of parts of a series: as many as gates ask of one indicator at a time."""

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]
Picks = Callable[[Numbers], NDArray[np.bool_]]
T = TypeVar("T")


class Rows(NamedTuple):
    """Some rows of a series. counts: how many observations each stands for."""

    values: Values
    labels: Codes
    counts: Counts


Summed = Callable[[Rows], Numbers]
"""Sums of some rows; adding those of two parts must give those of both."""


def added(columns: Numbers, rows: Rows) -> Numbers:
    """The sums of columns with a row for each of the rows. No product of matrices: its last digit differs among machines."""
    return np.asarray((columns * rows.counts[:, None]).sum(axis=0))


@dataclass(slots=True)
class _Blocks:
    """The sums of the first blocks of a series."""

    known: int = 0
    sums: Numbers = field(default_factory=lambda: np.empty((0, 0)))

    def grow(self, series: Series, until: int, summed: Summed) -> None:
        new = [summed(_rows(series, block * BLOCK, (block + 1) * BLOCK)) for block in range(self.known, until)]
        if not new:
            return
        if len(self.sums) < until:
            longer = np.zeros((2 * until, len(new[0])))
            if self.known:
                longer[: self.known] = self.sums[: self.known]
            self.sums = longer
        self.sums[self.known : until] = new
        self.known = until


def tallied(series: Series, since: int, until: int, key: Hashable, summed: Summed) -> Numbers:
    """The sums over the observations with since < at <= until. key: names what is summed; the same key, the same function."""
    low, high = rows_within(series, since, until)
    blocks = kept(series, ("tally", key), _Blocks)
    first, last = -(-low // BLOCK), high // BLOCK
    if first >= last:
        return summed(_rows(series, low, high))
    blocks.grow(series, last, summed)
    inner: Numbers = np.add.reduce(blocks.sums[first:last], axis=0)
    return summed(_rows(series, low, first * BLOCK)) + inner + summed(_rows(series, last * BLOCK, high))


def kept(series: Series, key: Hashable, make: Callable[[], T]) -> T:
    """What is remembered of a series under a key; it must stay true when rows are added at its end."""
    memo = cast(dict[Hashable, Any], series._memo.setdefault(KEPT, {}))
    if key not in memo:
        memo[key] = make()
    return cast(T, memo[key])


@dataclass(slots=True)
class _Picked:
    """The rows of a series whose values are of some kind, as far as it was read."""

    known: int = 0
    rows: Places = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def grow(self, series: Series, picks: Picks) -> None:
        new = np.flatnonzero(picks(series.values[self.known :])) + self.known
        self.rows, self.known = np.concatenate((self.rows, new)), len(series)


def rows_where(series: Series, key: Hashable, picks: Picks) -> Places:
    """The rows whose values are of some kind, ascending. key: names the kind; the same key, the same function."""
    known = kept(series, ("rows", key), _Picked)
    if known.known < len(series):
        known.grow(series, picks)
    return known.rows


def once(series: Series, key: Hashable, of: Hashable, make: Callable[[], T]) -> T:
    """The value made for `of`, cached under a key. The newest REMEMBERED values are kept."""
    known = kept(series, ("once", key), dict[Hashable, T])
    if of not in known:
        if len(known) >= REMEMBERED:
            del known[next(iter(known))]
        known[of] = make()
    return known[of]


def _rows(series: Series, low: int, high: int) -> Rows:
    part = slice(low, high)
    counts = np.ones(high - low, dtype=np.int64) if series.counts is None else series.counts[part]
    return Rows(series.values[part], series.labels[part], counts)


@dataclass(slots=True)
class _Digest:
    """sha256 of the first blocks of a series. Only whole blocks: it must not matter in which steps it grew."""

    blocks: int = 0
    hash: Any = field(default_factory=hashlib.sha256)


def digest(series: Series, until: int) -> str:
    """sha256 of all that a series says until an instant (ns)."""
    _, high = rows_within(series, -1, until)
    return once(series, "digest", (high, series.names, series.excused), lambda: _digest(series, high))


def _digest(series: Series, high: int) -> str:
    known = kept(series, "digest", _Digest)
    if known.blocks > high // BLOCK:
        known = _Digest()
    for block in range(known.blocks, high // BLOCK):
        _feed(known.hash, series, block * BLOCK, (block + 1) * BLOCK)
        known.blocks += 1
    whole = known.hash.copy()
    _feed(whole, series, known.blocks * BLOCK, high)
    whole.update(repr((series.indicator.name, series.names, high, series.excused)).encode())
    return str(whole.hexdigest())


def _feed(hash: Any, series: Series, low: int, high: int) -> None:
    for column in (series.ats[low:high], *_rows(series, low, high)):
        hash.update(np.ascontiguousarray(column))
