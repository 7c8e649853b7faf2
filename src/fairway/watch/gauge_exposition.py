"""Shows gauges and counters in the form that Prometheus reads, by their table."""

from collections.abc import Iterable, Iterator, Mapping

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from fairway.watch.gauges import METRICS, OF_ALERTING, Combined, GaugeSample, MetricKind, MetricSpec

MetricFamily = GaugeMetricFamily | CounterMetricFamily


def family_of(name: str) -> MetricFamily:
    """An empty family of a metric of the table. Raises KeyError."""
    spec = METRICS[name]
    labels = list(spec.public_labels)
    if spec.kind is MetricKind.COUNTER:
        return CounterMetricFamily(name.removesuffix("_total"), spec.means, labels=labels)
    return GaugeMetricFamily(name, spec.means, labels=labels)


def gauge(name: str, value: float | None) -> Metric:
    """A metric of the table that has no labels. value: None for an unknown one, which gets a name and no sample."""
    family = family_of(name)
    if value is not None:
        family.add_metric([], value)
    return family


def exposed_gauges(samples: Mapping[str, Iterable[GaugeSample]]) -> Iterator[Metric]:
    """What the alerting process measures, with no label of an account; a name without samples where nothing is known."""
    for spec in OF_ALERTING:
        family = family_of(spec.name)
        for labels, value in combined(spec, samples.get(spec.name, ())).items():
            family.add_metric(list(labels), value)
        yield family


def combined(spec: MetricSpec, samples: Iterable[GaugeSample]) -> dict[tuple[str, ...], float]:
    """Values by their public labels: samples that differ in an account alone are made one."""
    values: dict[tuple[str, ...], list[float]] = {}
    for sample in samples:
        values.setdefault(tuple(sample.labels.get(label, "") for label in spec.public_labels), []).append(sample.value)
    adds = spec.combined is Combined.SUM or spec.kind is MetricKind.COUNTER
    fold = sum if adds else min if spec.combined is Combined.SMALLEST else max
    return {labels: float(fold(found)) for labels, found in values.items()}
