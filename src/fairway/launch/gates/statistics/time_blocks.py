"""Cuts a series into equal blocks of time, each summed up by one quantile, because neighbours in time depend on each other.

Pieces lie on a grid of their own, not of the window, so each is reckoned once, when it is complete, and kept with the series.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from fairway.launch.gates.statistics.rolling_sums import Numbers, kept
from fairway.watch.series import Series

MEDIAN: Final = 0.5
Places = NDArray[np.int64]


def blocks(
    series: Series, since: int, until: int, length_ns: int, most: int, q: float = MEDIAN, only: tuple[str, ...] = ()
) -> tuple[Places, Numbers]:
    """The newest complete pieces between two instants, at most so many: their places on the grid, and a quantile of each.

    only: labels that count; all where there is none. A piece without observations is left out.
    """
    last = until // length_ns
    first = max(-(-since // length_ns), last - most)
    known = kept(series, ("blocks", length_ns, q, only) if only else ("blocks", length_ns, q), dict[int, float | None])
    for place in range(first, last):
        if place not in known:
            known[place] = _quantile(series, place * length_ns, length_ns, q, only)
    found = [(place, value) for place in range(first, last) if (value := known[place]) is not None]
    places = np.array([place for place, _ in found], dtype=np.int64)
    return places, np.array([value for _, value in found], dtype=np.float64)


def _quantile(series: Series, since: int, length_ns: int, q: float, only: tuple[str, ...]) -> float | None:
    """Of the observations with since <= at < since + length; None where there is none."""
    low, high = (int(it) for it in np.searchsorted(series.ats, (since, since + length_ns), side="left"))
    values, counts = series.values[low:high], None if series.counts is None else series.counts[low:high]
    if only:
        labels = series.labels[low:high]
        chosen = np.logical_or.reduce([labels == code for code, name in enumerate(series.names) if name in only] or [labels < 0])
        values, counts = values[chosen], None if counts is None else counts[chosen]
    if counts is not None:
        values = np.repeat(values, counts)
    return _within(np.sort(values), q) if len(values) else None


def _within(ascending: Numbers, q: float) -> float:
    """The quantile between its two neighbours, as numpy's, whose own checks would take most of the time for so few values."""
    place, beyond = divmod((len(ascending) - 1) * q, 1)
    low, high = float(ascending[int(place)]), float(ascending[min(int(place) + 1, len(ascending) - 1)])
    return low + (high - low) * beyond
