"""The numbers of the five planning documents, each at its very edge, as a gate judges them.

docs/reference/demanded-numbers.md lists them."""

from dataclasses import replace

import numpy as np
import pytest
from tests.pure.launch.gates.facts import NOW, captured, facts, judged, mixed, series

from fairway.launch.gates.verdict import Result
from fairway.world.clock import DAY, MINUTE, SECOND

P, F, I = Result.PASS, Result.FAIL, Result.INSUFFICIENT  # noqa: E741

SHARES = [
    ("order_success", "95 %", 500),
    ("order_success", "99 %", 100),
    ("venue_api", "99.5 %", 50),
    ("db_ok", "99.9 %", 10),
    ("http_ok", "99.9 %", 10),
]


@pytest.mark.parametrize(("of", "at_least", "bad"), SHARES)
def test_a_share_exactly_at_its_threshold_is_not_proven(of: str, at_least: str, bad: int) -> None:
    """Of 10,000 and more: half of the errors that may be prove it, twice as many disprove it, and just as many do neither."""

    def said(errors: int) -> Result:
        n = 40_000 * (10 if at_least == "99.9 %" else 1)
        wrong = errors * n // 10_000
        values = np.ones(n)
        values[np.arange(wrong) * (n // wrong)] = 0.0
        rows = replace(
            series(of, [0.0]), ats=NOW - np.arange(n)[::-1] * SECOND, values=values, labels=np.zeros(n, dtype=np.int32)
        )
        return judged("proportion", facts(rows, since=NOW - n * SECOND), of=of, at_least=at_least).result

    assert (said(bad // 2), said(bad), said(2 * bad)) == (P, I, F)


UPTIMES = [("99.5 %", "7d", 50), ("99.9 %", "48h", 2), ("99.9 %", "7d", 10), ("99.9 %", "30d", 43), ("99.95 %", "30d", 21)]


@pytest.mark.parametrize(("at_least", "over", "most"), UPTIMES)
def test_so_many_minutes_may_be_down_and_no_more(at_least: str, over: str, most: int) -> None:
    def said(down: int) -> Result:
        n = {"7d": 7, "48h": 2, "30d": 30}[over] * DAY // MINUTE
        minutes = series("uptime", mixed(n - down, down), step=MINUTE)
        return judged("timeslices", facts(minutes), of="uptime", at_least=at_least, over=over).result

    assert (said(most), said(most + 1)) == (P, F)


QUANTILES = [
    ("order_confirm", "500 ms", 0.5),
    ("decision_time", "100 ms", 0.1),
    ("decision_time", "50 ms", 0.05),
    ("db_latency", "10 ms", 0.01),
]


@pytest.mark.parametrize(("of", "at_most", "edge"), QUANTILES)
def test_a_quantile_may_be_as_high_as_its_bound(of: str, at_most: str, edge: float) -> None:
    def said(value: float) -> Result:
        rows = series(of, [value] * 800, step=MINUTE)
        return judged("quantile", facts(rows, since=NOW - 800 * MINUTE), of=of, q="95 %", at_most=at_most).result

    assert (said(edge), said(edge * 1.000001)) == (P, F)


def test_a_mean_of_800_ms_is_the_edge() -> None:
    def said(value: float) -> Result:
        tail = {"q": "99 %", "at_most": "2400 ms"}
        return judged("mean", facts(series("order_ack", [value] * 4000)), of="order_ack", at_most="800 ms", tail=tail).result

    assert (said(0.7), said(0.8), said(0.9)) == (P, I, F)


def test_memory_may_rise_by_2_percent_a_day() -> None:
    def said(a_day: float) -> Result:
        rows = series("rss", [2e8 * (1 + a_day * minute / 1440) for minute in range(2880)], step=MINUTE)
        return judged("trend", facts(rows, since=NOW - 2 * DAY), of="rss", rise_at_most="2 %/24h").result

    assert (said(0.0199), said(0.021)) == (P, F)


@pytest.mark.parametrize(("tolerate", "edge"), [("20 %", 1.2), ("10 %", 1.1)])
def test_slower_by_a_fifth_is_tolerated_or_by_a_tenth(tolerate: str, edge: float) -> None:
    before = series("order_ack", [0.1] * 1440, step=MINUTE, until=NOW - 2 * DAY)

    def said(times: float) -> Result:
        now = series("order_ack", [0.1 * times] * 1440, step=MINUTE)
        seen = facts(now, since=NOW - DAY, baselines={"before": captured(before)})
        return judged("regression", seen, of="order_ack", against="before", tolerate=tolerate).result

    assert (said(edge - 0.001), said(edge + 0.001)) == (P, F)


def test_five_users_trade() -> None:
    def said(users: int) -> Result:
        rows = series("round_trips", [1.0] * users, labels=[f"user {number}" for number in range(users)])
        return judged("count", facts(rows), of="round_trips", distinct="true", at_least="5").result

    assert (said(4), said(5)) == (I, P)


def test_no_p0_and_fewer_than_two_p1() -> None:
    def said(gate: str, kind: str, number: int, **settings: str) -> Result:
        rows = series("incidents", [1.0] * number, labels=[kind] * number)
        return judged(gate, facts(rows), of="incidents", only=[kind], **settings).result

    assert (said("zero_events", "P0", 0), said("zero_events", "P0", 1)) == (P, F)
    assert (said("count", "P1", 1, at_most="1"), said("count", "P1", 2, at_most="1")) == (P, F)


@pytest.mark.parametrize(("positive", "least"), [("50 %", 50), ("90 %", 90)])
def test_so_many_users_are_content(positive: str, least: int) -> None:
    def said(content: int) -> Result:
        return judged("survey", facts(series("feedback", mixed(content, 100 - content))), positive=positive).result

    assert (said(least), said(least - 1)) == (P, F)


@pytest.mark.parametrize("of", ["reconciled", "tied_out", "protected"])
def test_what_must_hold_every_time_does(of: str) -> None:
    def said(bad: int) -> Result:
        return judged("invariant", facts(series(of, mixed(1440 - bad, bad), step=MINUTE), since=NOW - DAY), of=of).result

    assert (said(0), said(1)) == (P, F)


def test_live_may_be_three_basis_points_worse_than_shadow() -> None:
    def said(worse: float) -> Result:
        return judged("paired_difference", facts(series("live_vs_shadow_bps", [worse] * 400)), not_worse_than="3 bps").result

    assert (said(2.0), said(3.0), said(4.0)) == (P, I, F)
