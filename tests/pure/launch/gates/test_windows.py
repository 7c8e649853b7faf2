"""What belongs to a window, and that no gate reads what another one, or an earlier look, has summed for itself."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.pure.launch.gates.facts import NOW, facts, judged, series

from fairway.launch.gates.port import GateSettings
from fairway.launch.gates.registry import example_of, installed
from fairway.launch.gates.statistics.rolling_sums import digest
from fairway.launch.gates.verdict import Result
from fairway.watch.indicators import BY_NAME
from fairway.watch.series import Series
from fairway.watch.series_builder import SeriesBuilder
from fairway.world.clock import DAY, MINUTE, SECOND


def incident(at: int) -> Series:
    return replace(series("incidents", [1.0], labels=["P0"], until=at), watermark=NOW, beats=NOW)


@pytest.mark.parametrize(
    ("pause", "at", "counts"),
    [
        ((NOW - 9 * DAY, NOW - 7 * DAY), NOW - 8 * DAY, False),
        ((NOW - 9 * DAY, NOW - 7 * DAY + 1), NOW - 8 * DAY, True),
        ((NOW - 4 * DAY, NOW), NOW - 11 * DAY, False),
        ((NOW - 4 * DAY, NOW), NOW - 11 * DAY + 1, True),
    ],
)
def test_a_window_begins_at_the_instant_since_which_the_clock_ran_so_long(pause: tuple[int, int], at: int, counts: bool) -> None:
    """Seven days: a pause that ends where they begin is no part of them, and one that lasts until now is not counted."""
    seen = facts(incident(at), since=NOW - 20 * DAY, pauses=(pause,))
    said = judged("zero_events", seen, of="incidents", over="7d")
    assert (said.result is Result.FAIL) is counts


EVENTS: dict[str, tuple[dict[str, Any], str]] = {
    "zero_events": ({"of": "alerts"}, "EVENTS_HAPPENED: P1=3 P0=2"),
    "count": ({"of": "alerts", "at_most": "4"}, "COUNT_HIGH: n=5 at_most=4"),
    "coverage": ({"of": "alerts", "paths": {"P1": "3", "P0": "3"}}, "PATHS_MISSING: P0=2/3"),
}


@pytest.mark.parametrize("name", EVENTS)
def test_a_row_of_several_events_counts_as_several(name: str) -> None:
    """As a source writes them that told of many at once."""
    rows = replace(series("alerts", [1.0, 1.0], labels=["P1", "P0"]), counts=np.array([3, 2]))
    settings, reason = EVENTS[name]
    assert judged(name, facts(rows), **settings).reason == reason


def test_a_kind_of_event_that_is_first_seen_late_is_counted() -> None:
    """After thousands of others have been summed without it."""
    growing = SeriesBuilder(BY_NAME["incidents"])
    for number in range(3000):
        growing.add(NOW - (4000 - number) * SECOND, 1.0, "P1")
    told = [judged("zero_events", facts(growing.series(watermark=NOW, beats=NOW)), of="incidents").reason]
    for number in range(2000):
        growing.add(NOW - (1000 - number // 2) * SECOND, 1.0, "P0" if number % 2 else "P1")
    told.append(judged("zero_events", facts(growing.series(watermark=NOW, beats=NOW)), of="incidents").reason)
    assert told == ["EVENTS_HAPPENED: P1=3000", "EVENTS_HAPPENED: P1=4000 P0=1000"]


SPANS = ({"rise_at_most": "1 s/24h", "span": "24h"}, {"rise_at_most": "1 s/24h", "span": "12h"})
TOGETHER: list[tuple[str, dict[str, Any], str, dict[str, Any]]] = [
    ("quantile", {"q": "50 %", "at_most": "300 ms"}, "quantile", {"q": "50 %", "at_most": "700 ms"}),
    (
        "mean",
        {"at_most": "200 ms", "tail": {"q": "50 %", "at_most": "900 ms"}},
        "mean",
        {"at_most": "600 ms", "tail": {"q": "50 %", "at_most": "1 s"}},
    ),
    (
        "mean",
        {"at_most": "499 ms", "tail": {"q": "50 %", "at_most": "900 ms"}},
        "mean",
        {"at_most": "501 ms", "tail": {"q": "50 %", "at_most": "950 ms"}},
    ),
    ("trend", SPANS[0], "trend", SPANS[1]),
    ("quantile", {"q": "50 %", "at_most": "300 ms"}, "mean", {"at_most": "1 s", "tail": {"q": "50 %", "at_most": "2 s"}}),
    ("regression", {"against": "control", "q": "50 %"}, "regression", {"against": "control", "q": "95 %"}),
    ("trend", SPANS[0], "regression", {"against": "control", "block": "1h"}),
]


def acks() -> Series:
    return series("order_ack", [0.001 * (number * 7919 % 1000) for number in range(5000)], step=MINUTE)


@pytest.mark.parametrize(("one", "set_so", "other", "set_otherwise"), TOGETHER)
def test_gates_that_judge_the_same_series_say_what_each_says_alone(
    one: str, set_so: dict[str, Any], other: str, set_otherwise: dict[str, Any]
) -> None:
    """What is remembered of a series is one gate's, with one bound."""
    shared, slow = acks(), replace(acks(), values=2 * acks().values)
    for name, settings in ((one, set_so), (other, set_otherwise)):
        together = judged(name, facts(shared, controls={"order_ack": slow}), of="order_ack", **settings)
        alone = judged(name, facts(acks(), controls={"order_ack": slow}), of="order_ack", **settings)
        assert together == alone


def test_a_trend_is_reckoned_anew_with_each_span() -> None:
    """A process whose memory begins to rise on its third day."""
    growing, told = SeriesBuilder(BY_NAME["rss"]), []
    for minute in range(5 * 1440 + 10):
        growing.add(minute * MINUTE, 2e8 * (1 + 0.05 * max(0, minute - 2 * 1440) / 1440))
        if minute % 1440 == 9 and minute > 1440:
            now = minute * MINUTE
            seen = facts(growing.series(watermark=now, beats=now), now=now)
            told.append(judged("trend", seen, of="rss", rise_at_most="2 %/24h").reason.partition(":")[0])
    assert told == ["TREND_PROVEN", "TREND_PROVEN", "TREND_UNPROVEN", "TREND_DISPROVEN", "TREND_DISPROVEN"]


@pytest.mark.parametrize("name", installed().plugins)
def test_facts_that_are_made_are_in_order_and_end_now(name: str) -> None:
    """Else a gate would be proven by a series that no source can write."""
    found = installed().plugins[name]
    settings: GateSettings = example_of(found)[1]
    for made in (found.passing_facts(settings), found.failing_facts(settings)):
        for each in (*made.series.values(), *made.controls.values()):
            ats = each.ats
            assert bool(np.all(ats[1:] >= ats[:-1]))
            assert len(ats) == 0 or made.since <= ats[-1] <= each.watermark == made.now
            assert len(each.labels) == 0 or 0 <= each.labels.max() < len(each.names)


@pytest.mark.parametrize("step", [700, 1024, 3000])
def test_a_series_is_digested_as_it_ever_was(step: int) -> None:
    """In whatever steps it was read: a decision that was journaled once must be found again."""
    growing = SeriesBuilder(BY_NAME["order_ack"])
    for number in range(3000):
        growing.add((number + 1) * MINUTE, number / 1000, f"a{number % 3}")
        if (number + 1) % step == 0:
            digest(growing.series(), (number + 1) * MINUTE)
    whole = growing.series()
    assert digest(whole, 3000 * MINUTE)[:16] == "22e3ded593d93c92"
    assert digest(whole, 2000 * MINUTE)[:16] == "cacc1d4cffb68343", "a part of it that is read later"
