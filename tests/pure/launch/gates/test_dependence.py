"""Observations that share a cause are fewer pieces of evidence than there are of them; `fairway launch error-rates` in short."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.pure.launch.gates.facts import NOW, facts, judged, series

from fairway.launch.gates.dependent_streams import OrderStream, normal
from fairway.launch.gates.error_rates import STREAMS, stream_error_rates
from fairway.launch.gates.statistics.autocorrelation import ranked, time_of
from fairway.launch.gates.statistics.clusters import clusters_of
from fairway.launch.gates.verdict import Result
from fairway.watch.indicators import BY_NAME
from fairway.watch.series import Series
from fairway.watch.series_builder import SeriesBuilder
from fairway.world.chance import Chance
from fairway.world.clock import DAY, HOUR, MINUTE, SECOND

RUNS = 150
MOST = 0.12
"""Of 150 launches: where one in twenty passes wrongly, eighteen do so or more in one try of two thousand."""
QUICK = [each for each in STREAMS if "slides" not in each[0] and "24 accounts" not in each[0]]


@pytest.mark.parametrize("stream", QUICK, ids=[name for name, _, _ in QUICK])
def test_a_bot_exactly_at_its_bound_seldom_passes_however_its_failures_come(stream: Any) -> None:
    (told,) = stream_error_rates(RUNS, 600, [stream])
    assert told.passed <= RUNS * MOST


def share(values: list[float], *, labels: list[str] | None = None, step: int = MINUTE, **more: Any) -> str:
    seen = facts(series("order_success", values, step=step, labels=labels or []), since=NOW - len(values) * step, **more)
    return judged("proportion", seen, of="order_success", at_least="95 %").reason.partition(":")[0]


def two_bad(n: int, first: int, second: int) -> list[float]:
    return [float(place not in (first, second)) for place in range(n)]


def test_what_many_accounts_do_within_a_minute_is_one_piece_of_evidence() -> None:
    """Two accounts follow a hundred signals; of one account the same orders are two hundred pieces of evidence."""
    accounts = [f"account {place % 2}" for place in range(200)]
    assert share(two_bad(200, 40, 120), step=SECOND) == "SHARE_PROVEN"
    assert share(two_bad(200, 40, 41), labels=accounts, step=SECOND) == "SHARE_DEPENDENT"


def test_a_block_ends_where_a_label_comes_again_or_a_minute_is_over() -> None:
    def blocks(ats: list[int], labels: str) -> list[int]:
        rows = SeriesBuilder(BY_NAME["order_success"])
        found: list[int] = []
        for at, label in zip(ats, labels, strict=True):
            rows.add(at * SECOND, 1.0, label)
            found = clusters_of(rows.series()).tolist()
        return found

    assert blocks([0, 1, 2, 3], "abca") == [0, 0, 0, 1]
    assert blocks([0, 59, 60], "abc") == [0, 0, 1]
    assert blocks([5, 5, 5, 6], "aaaa") == [0, 0, 0, 1]
    assert blocks([0, 1, 1, 70, 71], "abbab") == [0, 0, 0, 1, 1]


def test_more_is_asked_of_each_further_try() -> None:
    orders = two_bad(200, 40, 120)
    assert [share(orders, tries=tries) for tries in (1, 2)] == ["SHARE_PROVEN", "SHARE_DEPENDENT"]


def test_a_window_that_slides_is_asked_for_more_the_further_it_has_slid() -> None:
    """The very same 280 orders prove it where they are the first, and not where they are the newest of many."""

    def said(age: int) -> str:
        seen = facts(series("order_success", two_bad(280, 90, 180), step=MINUTE), since=NOW - age)
        return judged("proportion", seen, of="order_success", at_least="95 %", over="280m").reason.partition(":")[0]

    assert said(280 * MINUTE) == "SHARE_PROVEN"
    assert judged(
        "proportion",
        facts(series("order_success", two_bad(2800, 90, 2700), step=MINUTE), since=NOW - 2800 * MINUTE),
        of="order_success",
        at_least="95 %",
        over="280m",
    ).result is Result.INSUFFICIENT  # fmt: skip


@pytest.mark.parametrize("alike", [0.5, 0.9])
def test_a_mean_exactly_at_its_line_seldom_passes_however_alike_its_values_are(alike: float) -> None:
    chance, wrong, runs = Chance(9).stream(f"pairs {alike}"), 0, 60
    for _ in range(runs):
        values = [3 + 5 * each for each in normal(chance, alike, 400)]
        looks = (facts(series("live_vs_shadow_bps", values[:n], step=MINUTE)) for n in range(80, 400, 40))
        wrong += any(judged("paired_difference", seen, not_worse_than="3 bps").result is Result.PASS for seen in looks)
    assert wrong <= 0.15 * runs


def test_neighbours_that_are_alike_count_for_fewer() -> None:
    chance = Chance(1).stream("alike")
    free, half, most = (time_of(np.array(normal(chance, alike, 4000))) for alike in (0.0, 0.5, 0.95))
    assert 1 <= free < 1.2
    assert 2.5 < half < 3.6  # (1 + 0.5) / (1 - 0.5) is 3
    assert 25 < most < 60  # … and of 0.95 it is 39
    assert time_of(np.ones(100)) == 1.0
    assert ranked(np.array([3.0, 1.0, 3.0, 2.0])).tolist() == [3.5, 1.0, 3.5, 2.0]


# -- what is missing, silent, impossible, or late -----------------------------------------------------------------------


def test_what_the_clock_should_have_brought_and_did_not_is_bad() -> None:
    """Of 1000 minutes 38 are missing, and 18 were too slow: 5.6 % may be over the limit."""

    def said(missing: int) -> str:
        values = [0.1] * 1000
        values[30::56] = [9.0] * len(values[30::56])
        rows = series("data_age", values, step=MINUTE)
        keep = np.ones(1000, dtype=bool)
        keep[400 : 400 + missing] = False
        kept = replace(rows, ats=rows.ats[keep], values=rows.values[keep], labels=rows.labels[keep], _memo={})
        seen = facts(kept, since=NOW - 1000 * MINUTE)
        found = judged("quantile", seen, of="data_age", q="95 %", at_most="1 s")
        return f"{found.result} {found.numbers['good']} of {found.numbers['n']}"

    assert said(0).endswith("982 of 1000")
    assert said(38) == f"{Result.INSUFFICIENT} 945 of 1000"


def test_a_detector_that_was_silent_for_most_of_the_time_has_not_seen_that_nothing_happened() -> None:
    beats_at = NOW - np.arange(24 * 60, dtype=np.int64)[::-1] * MINUTE

    def said(keep: Any, name: str = "zero_events", **settings: Any) -> str:
        quiet = replace(series("alerts", []), beats_at=beats_at[keep])
        return judged(name, facts(quiet, since=NOW - DAY, **settings.pop("facts", {})), of="alerts", **settings).reason

    everything, last_hour = slice(None), slice(23 * 60, None)
    assert said(everything).startswith("EVENTS_NONE")
    assert said(last_hour) == "SOURCE_WAS_SILENT: silent_s=82860 of_s=86400 watched_at_least=0.95"
    assert said(last_hour, "count", at_most="1").startswith("SOURCE_WAS_SILENT")
    assert said(last_hour, "count", at_least="1").startswith("COUNT_LOW")
    assert said(np.arange(24 * 60) % 10 == 0).startswith("EVENTS_NONE")  # ten minutes are no silence
    slept = {"pauses": ((NOW - DAY, NOW - HOUR),)}
    assert said(last_hour, facts=slept).startswith("EVENTS_NONE")  # the clock stood meanwhile


@pytest.mark.parametrize(("of", "value"), [("order_ack", -0.001), ("rss", -1.0)])
def test_less_than_nothing_is_impossible(of: str, value: float) -> None:
    seen = facts(series(of, [*[0.1] * 99, value], step=MINUTE), since=NOW - 100 * MINUTE)
    assert (
        judged("quantile", seen, of=of, q="50 %", at_most="1 s" if of == "order_ack" else "1 GB").reason
        == "VALUES_IMPOSSIBLE: n=1"
    )


@pytest.mark.parametrize("what", ["watermark", "beats", "row"])
def test_what_is_of_the_future_is_an_error(what: str) -> None:
    def said(ahead: int) -> str:
        rows: Series = series("order_success", [1.0] * 900)
        if what == "row":
            rows = series("order_success", [1.0] * 900, until=NOW + ahead)
            rows = replace(rows, watermark=NOW, beats=NOW)
        else:
            ends = {"watermark": NOW, "beats": NOW, what: NOW + ahead}
            rows = replace(rows, watermark=ends["watermark"], beats=ends["beats"])
        return judged("proportion", facts(rows), of="order_success", at_least="95 %").reason.partition(":")[0]

    assert said(MINUTE) == "SHARE_PROVEN"
    assert said(MINUTE + SECOND) == "SERIES_OF_THE_FUTURE"


def test_memory_that_rises_since_the_last_look_does_not_pass() -> None:
    """Level for a day, and then it rises by 5 % an hour: it was said to be level for up to another day."""

    def said(hours: int, rise: float) -> str:
        minutes = np.arange((24 + hours) * 60)
        level = 2e8 * (1 + rise * np.maximum(0, minutes - 24 * 60) / 60)
        noise = Chance(3).stream("noise")
        values = [float(each) * (1 + 0.01 * noise.gauss(0, 1)) for each in level]
        seen = facts(series("rss", values, step=MINUTE), since=NOW - len(values) * MINUTE)
        found = judged("trend", seen, of="rss", rise_at_most="2 %/24h")
        assert ("newest" in found.numbers) is (rise > 0)
        assert rise == 0 or float(found.numbers["newest"]) > float(found.numbers["allowed"]) > 1.9e8
        return found.reason.partition(":")[0]

    assert [said(hours, 0.0) for hours in (1, 5, 20)] == ["TREND_PROVEN"] * 3
    assert [said(hours, 0.05) for hours in (2, 5, 20)] == ["TREND_LATELY_ABOVE"] * 3


def test_orders_of_streams_are_what_they_are_said_to_be() -> None:
    chance = Chance(5).stream("orders")
    made = OrderStream(0.05, accounts=2, burst=5).made(chance, 20_000)
    failed = made.values[::2] == 0
    assert np.array_equal(made.values[::2], made.values[1::2])
    assert 0.04 < failed.mean() < 0.06
    assert 4 < failed.sum() / (np.diff(failed.astype(int)) == 1).sum() < 6
