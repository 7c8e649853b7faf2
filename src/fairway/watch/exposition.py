"""The exposition: all measurements in the form that Prometheus reads. Labels name no account and no user.

Counters count from the first record of the journal on, so they survive restarts; nothing is ever taken back.
"""

from collections.abc import Iterator, Mapping
from typing import Final

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

from fairway.watch.indicators import INDICATORS, Indicator, Measures
from fairway.watch.series import Series
from fairway.watch.watcher import Watcher
from fairway.world.clock import SECOND

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS_S: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
PRIVATE: Final = ("account",)
"""What labels may say of people; it is summed up instead."""


def exposed(watcher: Watcher) -> bytes:
    """Everything, as text."""
    registry = CollectorRegistry()
    registry.register(_Measured(watcher))
    return generate_latest(registry)


class _Measured(Collector):
    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher

    def collect(self) -> Iterator[Metric]:
        watcher = self._watcher
        yield _gauge("fairway_complete_until_seconds", "Until when everything is known, since 1970", watcher.watermark / SECOND)
        yield _gauge("fairway_measured_at_seconds", "When the trader last measured itself, since 1970", watcher.beats / SECOND)
        yield _gauge("fairway_records_read", "Number of the last record of the journal that was read", float(watcher.read_to))
        yield _gauge("fairway_watch_ok", "1 where the journal and the shelf can be read and written", float(not watcher.trouble))
        for indicator in INDICATORS:
            yield from _families(indicator, watcher.series)


def _families(indicator: Indicator, measured: Mapping[str, Series]) -> Iterator[Metric]:
    """One that nothing measures has a family without samples: absent is not zero."""
    name, means = f"fairway_{indicator.name}", f"{indicator.unit.value.capitalize()}: {indicator.means}"
    series = measured.get(indicator.name)
    match indicator.measures:
        case Measures.GOOD:
            count, good = (float(series.count), series.total) if series is not None else (None, None)
            yield _counter(f"{name}_all", f"{means} (all of them)", count)
            yield _counter(f"{name}_good", f"{means} (the good ones)", good)
        case Measures.ONE:
            yield _counted(name, means, indicator, series)
        case Measures.SECONDS if indicator.every_s is None or indicator.name == "db_latency":
            yield _histogram(f"{name}_seconds", means, series)
        case Measures.SECONDS:
            yield _newest(f"{name}_seconds", means, series)
        case Measures.BYTES:
            yield _newest(f"{name}_bytes", means, series)
        case Measures.MESSAGES:
            yield _newest(f"{name}_messages", means, series)
        case Measures.R | Measures.BASIS_POINTS | Measures.DOLLARS:
            yield _summed(f"{name.removesuffix('_bps').removesuffix('_r')}_{_SUFFIX[indicator.measures]}", means, series)


_SUFFIX: Final = {Measures.R: "r", Measures.BASIS_POINTS: "bps", Measures.DOLLARS: "dollars"}


def _gauge(name: str, means: str, value: float) -> Metric:
    return GaugeMetricFamily(name, means, value=value)


def _counter(name: str, means: str, value: float | None) -> Metric:
    return CounterMetricFamily(name, means, value=value)


def _counted(name: str, means: str, indicator: Indicator, series: Series | None) -> Metric:
    if indicator.label in PRIVATE:
        return _counter(name, means, float(series.count) if series is not None else None)
    family = CounterMetricFamily(name, means, labels=[indicator.label])
    for label, count in (series.by_label() if series is not None else {}).items():
        family.add_metric([label], count)
    return family


def _newest(name: str, means: str, series: Series | None) -> Metric:
    return GaugeMetricFamily(name, means, value=float(series.values[-1]) if series is not None and len(series) else None)


def _histogram(name: str, means: str, series: Series | None) -> Metric:
    family = HistogramMetricFamily(name, means)
    if series is not None:
        counts = np.ones(len(series)) if series.counts is None else series.counts
        places = np.searchsorted(BUCKETS_S, series.values)
        cumulated = np.cumsum(np.bincount(places, weights=counts, minlength=len(BUCKETS_S) + 1))
        bounds = [*(f"{bound:g}" for bound in BUCKETS_S), "+Inf"]
        family.add_metric([], [(bound, float(count)) for bound, count in zip(bounds, cumulated, strict=True)], series.total)
    return family


def _summed(name: str, means: str, series: Series | None) -> Metric:
    family = SummaryMetricFamily(name, means)
    if series is not None:
        family.add_metric([], count_value=series.count, sum_value=series.total)
    return family
