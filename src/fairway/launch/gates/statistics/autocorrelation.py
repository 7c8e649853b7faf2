"""Estimates the design effect of a window: how many dependent observations carry as much evidence as one independent one.

Values are ranked, so that an outlier weighs no more than another value. Observations of one cluster are averaged first.
"""

from functools import partial
from math import sqrt
from typing import Final

import numpy as np

from fairway.launch.gates.statistics.clusters import clusters_of
from fairway.launch.gates.statistics.rolling_sums import Numbers, once
from fairway.launch.gates.statistics.series_gate import Window
from fairway.watch.figures import rows_within
from fairway.watch.series import Series

NEWEST: Final = 4096
"""Rows that it is estimated from: more add little."""
STEPS: Final = 32
"""It is estimated again when one part in so many of the rows is new."""
BLOCKS_FEW: Final = 10
"""With fewer clusters the likeness within a cluster cannot be estimated."""
WINDOW: Final = 5
"""Likenesses are summed over so many times as many neighbours as their sum comes to (Sokal)."""


def autocorrelation_time(window: Window, row: int) -> float:
    """How many blocks of a window, until a row of its series, say as much as an independent one; 1 at least."""
    return _told(window, row)[0]


def design_effect(window: Window) -> float:
    """How many observations of a window say as much as an independent one: by what shares a cause, and by what follows it."""
    following, sharing = _told(window, rows_within(window.series, window.since, window.until)[1])
    return following * sharing


def cluster_effect(window: Window) -> float:
    """How many observations of a window that share a cause say as much as one."""
    return _told(window, rows_within(window.series, window.since, window.until)[1])[1]


def _told(window: Window, row: int) -> tuple[float, float]:
    """Of clusters that follow each other, and of observations in one cluster; estimated again when one row in STEPS is new."""
    low, _ = rows_within(window.series, window.since, window.until)
    step = max(1, min(row - low, NEWEST) // STEPS)
    row -= row % step
    first = max(-(-low // step) * step, row - NEWEST)
    if row - first < 3:
        return 1.0, 1.0
    return once(window.series, "alike", (first, row), partial(_alike, window.series, first, row))


def _alike(series: Series, first: int, row: int) -> tuple[float, float]:
    _, blocks, sizes = np.unique(clusters_of(series)[first:row], return_inverse=True, return_counts=True)
    ranks = ranked(series.values[first:row])
    means = np.bincount(blocks, weights=ranks) / sizes
    return time_of(means), _sharing(ranks, means, float(sizes.mean()))


def _sharing(ranks: Numbers, means: Numbers, size: float) -> float:
    """How many observations of a block say as much as one: all of them where too few blocks, or only equal values were seen."""
    spread = float(ranks.var())
    if size == 1.0 or len(means) < BLOCKS_FEW or not spread:
        return size
    return min(size, max(1.0, size * float(means.var()) / spread * (1 + 2 / sqrt(len(means)))))


def ranked(values: Numbers) -> Numbers:
    """The rank of each; the same values have the same one."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return np.asarray((ends - (counts - 1) / 2)[places], dtype=np.float64)


def time_of(values: Numbers) -> float:
    """The integrated autocorrelation time: one and twice the sum of the likenesses to later neighbours."""
    n = len(values)
    apart = values - values.mean()
    around = float(apart @ apart)
    if n < 4 or around <= 1e-12 * n:
        return 1.0
    size = 1 << (2 * n - 1).bit_length()
    waves = np.fft.rfft(apart, size)
    likeness = np.fft.irfft(waves * np.conj(waves), size)[: n // 2] / around
    times = 2 * np.cumsum(likeness) - 1
    ends = np.flatnonzero(np.arange(len(times)) >= WINDOW * times)
    time = float(times[ends[0]]) if len(ends) else n / WINDOW
    return max(1.0, time * (1 + 2 * time / n))
