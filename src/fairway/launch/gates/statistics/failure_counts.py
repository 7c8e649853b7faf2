"""Counts the bad observations of a window, and the bursts that they came in."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fairway.launch.gates.statistics.bursts import NEAR, BurstCounts
from fairway.launch.gates.statistics.clusters import clusters_of
from fairway.launch.gates.statistics.rolling_sums import Numbers, Picks, Places, rows_where
from fairway.launch.gates.statistics.series_gate import Window
from fairway.watch.figures import rows_within
from fairway.watch.series import Series

GOOD: Final = "good"


def good_values(values: Numbers) -> NDArray[np.bool_]:
    """Of a ratio: whether each is a good one."""
    return values > 0


@dataclass(frozen=True, slots=True)
class Criterion:
    """What makes an observation a good one. name: what is remembered by; the same name, the same question."""

    name: Hashable
    is_good: Picks


SUCCESS: Final = Criterion(GOOD, good_values)


def at_most(bound: float) -> Criterion:
    """Whether a value is no higher than a bound."""
    return Criterion(("at most", bound), lambda values: values <= bound)


def at_least(bound: float) -> Criterion:
    """Whether a value is no lower than a bound."""
    return Criterion(("at least", bound), lambda values: values >= bound)


def bad_rows(series: Series, criterion: Criterion) -> Places:
    return rows_where(series, criterion.name, lambda values: ~criterion.is_good(values))


def row_of(window: Window, n: int) -> int:
    """After which row of the series its window has so many observations."""
    series = window.series
    low, high = rows_within(series, window.since, window.until)
    counts = series.sums.count
    return min(high, int(np.searchsorted(counts, counts[low] + n, side="left")))


def count_bursts(window: Window, criterion: Criterion, share: float, high: int | None = None, alike: float = 1.0) -> BurstCounts:
    """What a window tells; high: until which row of the series. What the clock should have brought and is missing was bad."""
    series = window.series
    low, last = rows_within(series, window.since, window.until)
    high = last if high is None else high
    n = int(series.sums.count[high] - series.sums.count[low])
    if not n:
        return BurstCounts(0, 0, 0, 0)
    blocks = clusters_of(series)
    block = n / int(blocks[high - 1] - blocks[low] + 1)
    bad = bad_rows(series, criterion)
    mine = bad[np.searchsorted(bad, low) : np.searchsorted(bad, high)]
    wrong = int(mine.size if series.counts is None else series.counts[mine].sum())
    within = blocks[mine]
    gaps = within[1:] - within[:-1]
    unseen = _missing(window, window.until if high == last else int(series.ats[high - 1]))
    holes, lost = int(unseen > 0), round(unseen * n / max(1, series.seen(window.since, window.until)))
    near = 1 + NEAR / (1 - share) / block
    runs, wide = (int(np.count_nonzero(gaps > most)) + (mine.size > 0) + holes for most in (1, near))
    return BurstCounts(n + lost, wrong + lost, runs, wide, block, alike)


def _missing(window: Window, until: int) -> int:
    """How many instants the clock should have brought, and did not."""
    covered = window.series.coverage(window.since, until)
    if covered is None or covered >= 1:
        return 0
    there = window.series.seen(window.since, until)
    return max(0, round(there / covered) - there) if covered else 0


def newest(window: Window, n: int) -> Window:
    """Of a window the part with its newest n observations, and what is of the same instant as the first of them."""
    series = window.series
    low, high = rows_within(series, window.since, window.until)
    counts = series.sums.count
    first = int(np.searchsorted(counts, counts[high] - n, side="right")) - 1
    return Window(series, max(window.since, int(series.ats[first]) - 1), window.until) if first > low else window
