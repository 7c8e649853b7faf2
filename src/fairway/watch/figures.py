"""Figures of a part of a series: which rows a window has, how fast a value rises, and its quantiles."""

import numpy as np

from fairway.texts.durations import LENGTHS, duration_of
from fairway.watch.series import Series


def rows_within(series: Series, since: int, until: int) -> tuple[int, int]:
    """From which row to which the observations with since < at <= until are."""
    low, high = int(series.ats.searchsorted(since, "right")), int(series.ats.searchsorted(until, "right"))
    return low, max(low, high)


def rise(series: Series, since: int, until: int, unit: str) -> float | None:
    """How much higher the last value of a window is than its first, in a unit such as `%/24h` or `B/h`.

    None where the observations cover less than half of the window, or the unit is no rise by a time.
    """
    low, high = rows_within(series, since, until)
    if high - low < 2 or series.ats[high - 1] - series.ats[low] < (until - since) // 2:
        return None
    first, last = float(series.values[low]), float(series.values[high - 1])
    kind, _, span = unit.partition("/")
    length = duration_of(span if span[:1].isdigit() else f"1{span}") if span.lstrip("0123456789") in LENGTHS else 0
    risen = (last - first) / first * 100 if kind == "%" and first else last - first
    return risen * length / float(series.ats[high - 1] - series.ats[low]) if length else None


def quantile(series: Series, q: float) -> float:
    """The least value that at least this share of all observations does not exceed; NaN where there is none."""
    if not series.count:
        return float("nan")
    order = np.argsort(series.values, kind="stable")
    counts = np.ones(len(order), dtype=np.int64) if series.counts is None else series.counts[order]
    place = np.searchsorted(np.cumsum(counts), q * series.count - 1e-9)
    return float(series.values[order[min(int(place), len(order) - 1)]])
