"""Readings of gauges, counters and histograms by their Prometheus names."""

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Final

from fairway.alerting.condition import Condition, FigureKind, SampleChoice, bears
from fairway.alerting.measured import GaugeSample, MeasuredNow
from fairway.alerting.reading import NOTHING, UNKNOWN, Reading, Readings, read
from fairway.world.clock import SECOND

History = tuple[tuple[int, tuple[GaugeSample, ...]], ...]
BUCKET: Final = "le"
"""The label of a histogram's bucket: its upper bound."""


def of_metric(condition: Condition, each: str, measured: MeasuredNow) -> Readings | None:
    """By subject; None where the metric is not known."""
    match condition.kind:
        case FigureKind.GAUGE | FigureKind.AGE:
            return _of_gauge(condition, each, measured)
        case FigureKind.INCREASE:
            return _of_increase(condition, each, measured)
        case FigureKind.QUANTILE:
            return _of_quantile(condition, each, measured)
        case _:
            return _of_ratio(condition, each, measured)


def _of_gauge(condition: Condition, each: str, measured: MeasuredNow) -> Readings | None:
    """A name without samples has nothing to report, so nothing is beyond a bound."""
    samples = measured.gauges.get(condition.of)
    if samples is None:
        return None
    found: dict[str, list[float]] = {}
    for sample in samples:
        if bears(condition.labels, sample.labels):
            found.setdefault(sample.labels.get(each, "") if each else "", []).append(_value(condition, sample, measured.now))
    return {subject: read(condition, _chosen(condition, values), len(values), measured.now) for subject, values in found.items()}


def _value(condition: Condition, sample: GaugeSample, now: int) -> float:
    """Of an instant its age in seconds; NaN for one that never was."""
    if condition.kind is FigureKind.GAUGE:
        return sample.value
    return now / SECOND - sample.value if sample.value > 0 else math.nan


def _chosen(condition: Condition, values: list[float]) -> float:
    if any(map(math.isnan, values)):
        return math.nan
    if condition.samples is SampleChoice.SUM:
        return math.fsum(values)
    return max(values) if condition.above is not None else min(values)


def _of_increase(condition: Condition, each: str, measured: MeasuredNow) -> Readings | None:
    found = increases(condition, condition.of, measured)
    if found is None:
        return None
    return {subject: read(condition, value, value, measured.now) for subject, value in _by(each, found).items()}


def _of_ratio(condition: Condition, each: str, measured: MeasuredNow) -> Readings | None:
    above, below = increases(condition, condition.of, measured), increases(condition, condition.per, measured)
    if above is None or below is None:
        return None
    parts, wholes = _by(each, above), _by(each, below)
    return {
        subject: read(condition, parts.get(subject, 0.0) / whole, whole, measured.now) if whole else NOTHING
        for subject, whole in wholes.items()
    }


def _of_quantile(condition: Condition, each: str, measured: MeasuredNow) -> Readings | None:
    found = increases(condition, f"{condition.of}_bucket", measured)
    if found is None:
        return None
    buckets: dict[str, dict[float, float]] = {}
    for labels, value in found.items():
        by_name = dict(labels)
        of = buckets.setdefault(by_name.get(each, "") if each else "", {})
        bound = float(by_name.get(BUCKET, "inf"))
        of[bound] = of.get(bound, 0.0) + value
    return {subject: _in_buckets(condition, of, measured.now) for subject, of in buckets.items()}


def _in_buckets(condition: Condition, buckets: Mapping[float, float], now: int) -> Reading:
    """As Prometheus computes it: evenly within a bucket, and the largest finite bound for what is above all of them."""
    bounds = sorted(buckets)
    n = buckets[bounds[-1]]
    if not n or not math.isinf(bounds[-1]):
        return NOTHING if not n else UNKNOWN
    rank = float(condition.q.value) * n
    place = next(index for index, bound in enumerate(bounds) if buckets[bound] >= rank)
    if math.isinf(bounds[place]):
        return read(condition, bounds[place - 1] if place else math.inf, n, now)
    below, reached = (bounds[place - 1], buckets[bounds[place - 1]]) if place else (0.0, 0.0)
    share = (rank - reached) / (buckets[bounds[place]] - reached) if buckets[bounds[place]] > reached else 1.0
    return read(condition, below + (bounds[place] - below) * share, n, now)


Labels = tuple[tuple[str, str], ...]


def increases(condition: Condition, name: str, measured: MeasuredNow) -> dict[Labels, float] | None:
    """By labels, how much a counter has increased within the window. One that became less has begun again at 0.

    None where the history of the name does not reach back at all. A sample whose name was there before it began at 0.
    """
    history = measured.history.get(name)
    if history is None or len(history) < 2:
        return None
    first = max(0, bisect_right(history, measured.now - condition.window_ns, key=itemgetter(0)) - 1)
    last: dict[Labels, float] = {}
    risen: dict[Labels, float] = {}
    before: tuple[GaugeSample, ...] | None = None
    for place in range(first, len(history)):
        samples = history[place][1]
        if samples is before:
            continue
        before = samples
        _add(condition, samples, last, risen, is_first=place == first)
    return risen


def _add(
    condition: Condition,
    samples: Iterable[GaugeSample],
    last: dict[Labels, float],
    risen: dict[Labels, float],
    *,
    is_first: bool,
) -> None:
    for sample in samples:
        if condition.labels and not bears(condition.labels, sample.labels):
            continue
        labels, value = tuple(sorted(sample.labels.items())), sample.value
        begins = value if is_first else 0.0
        was = last.get(labels, begins)
        risen[labels] = risen.get(labels, 0.0) + (value - was if value >= was else value)
        last[labels] = value


def _by(each: str, found: Mapping[Labels, float]) -> dict[str, float]:
    sums: dict[str, float] = {}
    for labels, value in found.items():
        subject = dict(labels).get(each, "") if each else ""
        sums[subject] = sums.get(subject, 0.0) + value
    return sums
