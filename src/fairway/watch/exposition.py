"""The exposition: all measurements in the form that Prometheus reads. Labels name no account and no user.

Counters count from the first record of the journal on, so they survive restarts; nothing is ever taken back.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

import numpy as np
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
    SummaryMetricFamily,
)
from prometheus_client.registry import Collector

from fairway.watch.gauge_exposition import gauge
from fairway.watch.gauges import PRIVATE
from fairway.watch.indicators import INDICATORS, Indicator, Measures
from fairway.watch.metric_names import PREFIX, is_histogram, sample_name
from fairway.watch.series import Counts, Series, Values
from fairway.watch.watcher import Watcher
from fairway.world.clock import SECOND

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS_S: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 0.75, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)


def exposed(watcher: Watcher, noted: Mapping[str, Series] | None = None, more: Iterable[Metric] = ()) -> bytes:
    """Everything, as text. noted: series that the trader's journal does not hold, by indicator; more: families about others."""
    registry = CollectorRegistry()
    registry.register(_Measured(watcher, noted or {}, more))
    return generate_latest(registry)


class _Measured(Collector):
    def __init__(self, watcher: Watcher, noted: Mapping[str, Series], more: Iterable[Metric]) -> None:
        self._watcher, self._noted, self._more = watcher, noted, more

    def collect(self) -> Iterator[Metric]:
        watcher, series = self._watcher, {**self._noted, **self._watcher.series}
        yield gauge("fairway_complete_until_seconds", watcher.watermark / SECOND)
        yield gauge("fairway_measured_at_seconds", watcher.beats / SECOND)
        yield gauge("fairway_records_read", float(watcher.read_to))
        yield gauge("fairway_watch_ok", float(not watcher.trouble))
        for indicator in INDICATORS:
            yield from families(indicator, series.get(indicator.name))
        yield from self._more


def families(indicator: Indicator, series: Series | None, prefix: str = PREFIX) -> Iterator[Metric]:
    """One that nothing measures has a family without samples: absent is not zero."""
    name, means = f"{prefix}{indicator.name}", f"{indicator.unit.value.capitalize()}: {indicator.means}"
    match indicator.measures:
        case Measures.GOOD:
            parts = list(_parts(indicator, series))
            yield _counter(f"{name}_all", f"{means} (all of them)", indicator, ((part.labels, part.n) for part in parts))
            yield _counter(f"{name}_good", f"{means} (the good ones)", indicator, ((part.labels, part.total) for part in parts))
        case Measures.ONE:
            counts = ((part.labels, part.n) for part in _parts(indicator, series))
            yield _counter(name, means, indicator, counts)
        case Measures.R | Measures.BASIS_POINTS | Measures.DOLLARS:
            yield _summed(sample_name(indicator, prefix=prefix), means, indicator, series)
        case _ if is_histogram(indicator):
            yield _histogram(sample_name(indicator, prefix=prefix), means, indicator, series)
        case _:
            yield _newest(sample_name(indicator, prefix=prefix), means, indicator, series)


# -- what a family is made of ------------------------------------------------------------------------------------------


class _Part(NamedTuple):
    """The observations of one label, or all of them. values, counts: as in a series; n, total: of all that these stand for."""

    labels: list[str]
    values: Values
    counts: Counts | None
    n: float
    total: float


def _labels(indicator: Indicator) -> list[str]:
    return [indicator.label] if indicator.label and indicator.label not in PRIVATE else []


def _parts(indicator: Indicator, series: Series | None) -> Iterator[_Part]:
    """By label, where that is public; labels of which nothing was observed are left out."""
    if series is None:
        return
    if not _labels(indicator):
        yield _Part([], series.values, series.counts, float(series.count), series.total)
        return
    counts = series.by_label()
    for label in dict.fromkeys((*indicator.counted_from_zero, *counts)):
        count = counts.get(label, 0)
        if not count:
            yield _Part([label], series.values[:0], None, 0.0, 0.0)
            continue
        rows = series.labels == series.names.index(label)
        values, times = series.values[rows], series.counts[rows] if series.counts is not None else None
        yield _Part([label], values, times, float(count), _total(values, times))


def _total(values: Values, counts: Counts | None) -> float:
    """In one fixed order: summed in another order, a growing counter could become less, which reads as a reset."""
    return float(np.cumsum(values if counts is None else values * counts)[-1])


def _counter(name: str, means: str, indicator: Indicator, samples: Iterable[tuple[list[str], float]]) -> Metric:
    family = CounterMetricFamily(name, means, labels=_labels(indicator))
    for labels, value in samples:
        family.add_metric(labels, value)
    return family


def _newest(name: str, means: str, indicator: Indicator, series: Series | None) -> Metric:
    family = GaugeMetricFamily(name, means, labels=_labels(indicator))
    for part in _parts(indicator, series):
        if len(part.values):
            family.add_metric(part.labels, float(part.values[-1]))
    return family


def _histogram(name: str, means: str, indicator: Indicator, series: Series | None) -> Metric:
    family = HistogramMetricFamily(name, means, labels=_labels(indicator))
    bounds = [*(f"{bound:g}" for bound in BUCKETS_S), "+Inf"]
    for part in _parts(indicator, series):
        places = np.searchsorted(BUCKETS_S, part.values)
        cumulated = np.cumsum(np.bincount(places, weights=part.counts, minlength=len(bounds)))
        buckets = [(bound, float(count)) for bound, count in zip(bounds, cumulated, strict=True)]
        family.add_metric(part.labels, buckets, part.total)
    return family


def _summed(name: str, means: str, indicator: Indicator, series: Series | None) -> Metric:
    family = SummaryMetricFamily(name, means, labels=_labels(indicator))
    for part in _parts(indicator, series):
        family.add_metric(part.labels, count_value=int(part.n), sum_value=part.total)
    return family
