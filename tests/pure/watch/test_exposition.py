"""The exposition: every form of measurement as a Prometheus reads it, by its label where that names no account or user, else
summed up."""

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

from fairway.watch.exposition import families
from fairway.watch.indicators import BY_NAME
from fairway.watch.series_builder import SeriesBuilder

ROWS = ((1, 1.0, "one", 3), (2, 0.0, "one", 2), (3, 4.0, "two", 1))
"""Instant, value, label, and how many times it was observed."""


class Given(Collector):
    def __init__(self, *told: Metric) -> None:
        self._told = told

    def collect(self) -> tuple[Metric, ...]:
        return self._told


def shown(indicator: str, rows: tuple[tuple[int, float, str, int], ...] = ROWS) -> dict[tuple[str, ...], float]:
    """Samples by name and labels, buckets left out."""
    growing = SeriesBuilder(BY_NAME[indicator])
    for row in rows:
        growing.add(*row)
    registry = CollectorRegistry()
    registry.register(Given(*families(BY_NAME[indicator], growing.series())))
    read = text_string_to_metric_families(generate_latest(registry).decode())
    samples = [each for family in read for each in family.samples if "le" not in each.labels]
    return {(each.name.removeprefix("fairway_"), *each.labels.values()): each.value for each in samples}


@pytest.mark.parametrize(
    ("indicator", "samples"),
    [
        (
            "http_ok",
            {
                ("http_ok_all_total", "one"): 5,
                ("http_ok_all_total", "two"): 1,
                ("http_ok_good_total", "one"): 3,
                ("http_ok_good_total", "two"): 4,
            },
        ),
        ("order_success", {("order_success_all_total",): 6, ("order_success_good_total",): 7}),
        ("refusals", {("refusals_total", "one"): 5, ("refusals_total", "two"): 1}),
        ("round_trips", {("round_trips_total",): 6}),
        (
            "http_latency",
            {
                ("http_latency_seconds_count", "one"): 5,
                ("http_latency_seconds_sum", "one"): 3,
                ("http_latency_seconds_count", "two"): 1,
                ("http_latency_seconds_sum", "two"): 4,
            },
        ),
        ("consumer_lag", {("consumer_lag_messages", "one"): 0, ("consumer_lag_messages", "two"): 4}),
        ("rss", {("rss_bytes",): 4}),
        (
            "llm_cost",
            {
                ("llm_cost_dollars_count", "one"): 5,
                ("llm_cost_dollars_sum", "one"): 3,
                ("llm_cost_dollars_count", "two"): 1,
                ("llm_cost_dollars_sum", "two"): 4,
            },
        ),
        ("trade_pnl_r", {("trade_pnl_r_count",): 6, ("trade_pnl_r_sum",): 7}),
    ],
)
def test_each_form_counts_every_observation(indicator: str, samples: dict[tuple[str, ...], float]) -> None:
    assert shown(indicator) == samples


@pytest.mark.parametrize("indicator", ["http_ok", "http_latency", "consumer_lag", "llm_cost", "refusals", "rss"])
def test_what_was_never_observed_of_any_label_has_no_sample(indicator: str) -> None:
    assert shown(indicator, ()) == {}


def test_a_latency_falls_into_the_bucket_that_it_does_not_exceed() -> None:
    growing = SeriesBuilder(BY_NAME["http_latency"])
    for number, (value, times) in enumerate(((0.05, 1), (0.051, 2), (99.0, 1))):
        growing.add(number, value, "one", times)
    (family,) = families(BY_NAME["http_latency"], growing.series())
    buckets = {each.labels["le"]: each.value for each in family.samples if "le" in each.labels}
    assert (buckets["0.02"], buckets["0.05"], buckets["0.1"], buckets["60"], buckets["+Inf"]) == (0, 1, 3, 3, 4)


def test_a_sum_never_becomes_less() -> None:
    """Prometheus takes that for a new beginning, and adds the whole sum once more."""
    growing, sums = SeriesBuilder(BY_NAME["http_latency"]), []
    for number in range(2_000):
        growing.add(number, 0.0 if number % 3 else 0.1 * (number % 7), "one")
        (family,) = families(BY_NAME["http_latency"], growing.series())
        sums += [each.value for each in family.samples if each.name.endswith("_sum")]
    assert len(sums) == 2_000
    assert sums == sorted(sums)
