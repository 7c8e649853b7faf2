"""Proportion and quantile: proven, disproven, or neither yet, and the same however often one looks."""

from collections.abc import Sequence
from typing import Any

import pytest
from tests.pure.launch.gates.facts import facts, judged, mixed, series

from fairway.launch.gates.statistics.betting import against_at_least
from fairway.launch.gates.statistics.bursts import BurstCounts, needed, needed_without_failure
from fairway.launch.gates.verdict import Result


def alone(n: int, *places: int) -> list[float]:
    """So many orders, all good but these."""
    return [float(place not in places) for place in range(n)]


def said(orders: Sequence[float], **settings: Any) -> tuple[str, int | None]:
    found = judged("proportion", facts(series("order_success", orders)), of="order_success", **{"at_least": "95 %", **settings})
    return found.reason.partition(":")[0], found.missing


def check(good: int, bad: int, result: Result, **settings: Any) -> None:
    """The bad ones first, in one burst."""
    seen = facts(series("order_success", mixed(good, bad)))
    found = judged("proportion", seen, of="order_success", **{"at_least": "95 %", **settings})
    assert found.result is result, found.reason


def test_flawless_orders_prove_95_percent_from_800_on() -> None:
    """Until a failure was seen nobody knows whether they come alone: 350 flawless orders lie between two bursts of eighteen."""
    assert said(alone(800)) == ("SHARE_PROVEN", None)
    assert said(alone(799)) == ("SHARE_DEPENDENT", 1)
    assert said(alone(199)) == ("SHARE_UNPROVEN", 1)


def test_failures_that_came_alone_prove_it_from_200_on() -> None:
    """Two of them say that they come alone; the same two, one after the other, do not."""
    assert said(alone(200, 40, 120)) == ("SHARE_PROVEN", None)
    assert said(alone(199, 40, 120)) == ("SHARE_UNPROVEN", 1)
    assert said(alone(200, 40, 41))[0] == "SHARE_DEPENDENT"
    assert said(alone(200, 40))[0] == "SHARE_DEPENDENT"
    assert said(alone(200, 40, 80, 120, 160, 190))[0] == "SHARE_UNPROVEN"


def test_what_is_missing_is_what_it_takes_at_best() -> None:
    """With a few more failures that come alone it passes after so many."""
    assert said(alone(210, 40, 41)) == ("SHARE_DEPENDENT", 356)

    def would_pass(n: int) -> bool:
        return any(said(alone(n, 40, 41, *range(215, 215 + 30 * more, 30)))[0] == "SHARE_PROVEN" for more in range(6))

    assert would_pass(566)
    assert not would_pass(565)


def test_harm_is_found_soon() -> None:
    check(0, 1, Result.INSUFFICIENT)
    check(4, 3, Result.INSUFFICIENT)  # one burst is one piece of evidence, …
    check(0, 21, Result.FAIL)  # … as far as bursts are reckoned with
    check(90, 10, Result.INSUFFICIENT)
    check(400, 100, Result.FAIL)
    assert said(alone(5, 0, 2, 4))[0] == "SHARE_DISPROVEN"
    assert said(alone(60, *range(0, 60, 6)))[0] == "SHARE_DISPROVEN"


def test_newest_orders_speak_against_all_that_was_good_before() -> None:
    """A thousand orders at 99 %, and then one of ten fails: it passes no more as soon as six of the newest hundred failed."""
    before = alone(1000, *range(0, 1000, 100))
    assert said(before)[0] == "SHARE_PROVEN"
    assert said([*before, *alone(50, *range(5, 50, 10))])[0] == "SHARE_PROVEN"
    assert said([*before, *alone(60, *range(5, 60, 10))])[0] == "SHARE_LATELY_LOW"
    assert said([*before, *alone(60, *range(5, 60, 10)), *alone(50)])[0] == "SHARE_PROVEN"


def test_not_disproven_passes_without_proof_and_never_without_its_least_number() -> None:
    weak: dict[str, Any] = {"strength": "not_disproven", "at_least_n": "30"}
    check(29, 0, Result.INSUFFICIENT, **weak)
    assert said(alone(30, 5, 20), **weak)[0] == "SHARE_NOT_DISPROVEN"
    assert said(alone(30, *range(5, 13)), **weak)[0] == "SHARE_DISPROVEN"  # each counts by itself where nothing else is asked for
    assert said(alone(30, *range(0, 30, 3)), **weak)[0] == "SHARE_DISPROVEN"
    before = alone(5000)
    assert said([*before, *alone(100, *range(0, 100, 16))], **weak)[0] == "SHARE_PROVEN"
    assert said([*before, *alone(100, *range(0, 100, 5))], **weak)[0] == "SHARE_LATELY_LOW"


@pytest.mark.parametrize("share", [0.5, 0.8, 0.95, 0.999])
def test_a_gambler_wins_nothing_on_average_where_the_claim_is_true(share: float) -> None:
    """The mean growth of the wealth by one observation is exactly one at the threshold: so it is a martingale."""
    import numpy as np

    bets = against_at_least(share)
    grown = share * np.exp(bets.good) + (1 - share) * np.exp(bets.bad)
    assert np.allclose(grown, 1.0, rtol=1e-12, atol=0)
    assert abs(bets.wealth(0, 0)) < 1e-12


def test_what_no_launch_can_wait_for_is_not_promised() -> None:
    assert (needed(0.999), needed_without_failure(0.999)) == (10_000, 40_000)
    assert needed(0.99999999) is None
    assert needed_without_failure(0.99999999) is None
    assert needed(0.95, BurstCounts(200, 9, 9, 9)) == 200


def test_a_quantile_is_the_share_within_its_bound() -> None:
    """Exactly at the bound is within."""

    def told(*values: float) -> str:
        return judged(
            "quantile", facts(series("order_ack", values)), of="order_ack", q="95 %", at_most="500 ms"
        ).reason.partition(" share")[0]

    assert told(*[0.5] * 800) == "QUANTILE_PROVEN: n=800 good=800"
    assert told(*[0.5] * 799) == "QUANTILE_DEPENDENT: n=799 good=799"
    assert told(*[0.5] * 799, 0.500001) == "QUANTILE_PROVEN: n=800 good=799"
    assert told(*[0.6] * 21) == "QUANTILE_DISPROVEN: n=21 good=0"


def test_observations_that_stand_for_many_count_as_many() -> None:
    """A probe that saw a thousand calls tells of a thousand; but what it saw at one instant is one piece of evidence."""
    from dataclasses import replace

    import numpy as np

    calls = replace(series("venue_api", [1.0, 0.0]), counts=np.array([990, 10]))
    found = judged("proportion", facts(calls, since=calls.watermark - 1), of="venue_api", at_least="95 %", over="stage")
    assert found.numbers["n"] == "10"
    found = judged(
        "quantile",
        facts(replace(series("db_latency", [0.1, 9.0]), counts=np.array([990, 10])), since=calls.watermark - 60 * 10**9),
        of="db_latency",
        q="95 %",
        at_most="500 ms",
    )
    assert (found.result, found.numbers["n"], found.numbers["good"]) == (Result.INSUFFICIENT, "1000", "990")
