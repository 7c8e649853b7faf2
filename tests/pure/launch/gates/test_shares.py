"""Proportion and quantile: proven, disproven, or neither yet, and the same however often one looks."""

from typing import Any

import pytest
from tests.pure.launch.gates.facts import facts, judged, mixed, series

from fairway.launch.gates.betting import ENOUGH, against_at_least, against_at_most, flawless_needed
from fairway.launch.verdict import Result


def check(good: int, bad: int, result: Result, *, missing: int | None = None, **settings: Any) -> None:
    seen = facts(series("order_success", mixed(good, bad)))
    said = judged("proportion", seen, of="order_success", **{"at_least": "95 %", **settings})
    assert (said.result, said.missing) == (result, missing), said.reason


def test_flawless_orders_prove_95_percent_from_110_on() -> None:
    check(110, 0, Result.PASS)
    check(109, 0, Result.INSUFFICIENT, missing=1)
    check(1, 0, Result.INSUFFICIENT, missing=109)


def test_what_is_missing_is_what_it_takes() -> None:
    """At best: after so many good ones it passes, and after one fewer it does not."""
    for good, bad in ((40, 1), (100, 3), (300, 12)):
        said = judged("proportion", facts(series("order_success", mixed(good, bad))), of="order_success", at_least="95 %")
        assert said.missing is not None
        check(good + said.missing, bad, Result.PASS)
        check(good + said.missing - 1, bad, Result.INSUFFICIENT, missing=1)


def test_harm_is_found_soon() -> None:
    check(0, 1, Result.INSUFFICIENT, missing=flawless_needed(0.95, 0, 1))
    check(0, 2, Result.FAIL)
    check(4, 3, Result.FAIL)
    check(5, 3, Result.INSUFFICIENT, missing=flawless_needed(0.95, 5, 3))
    check(90, 10, Result.INSUFFICIENT, missing=flawless_needed(0.95, 90, 10))
    check(450, 50, Result.FAIL)


def test_not_disproven_passes_without_proof_and_never_without_its_least_number() -> None:
    weak: dict[str, Any] = {"strength": "not_disproven", "at_least_n": "30"}
    check(29, 0, Result.INSUFFICIENT, missing=1, **weak)
    check(28, 2, Result.PASS, **weak)
    check(20, 10, Result.FAIL, **weak)


@pytest.mark.parametrize("share", [0.5, 0.8, 0.95, 0.999])
def test_a_gambler_wins_nothing_on_average_where_the_claim_is_true(share: float) -> None:
    """The mean growth of the wealth by one observation is exactly one at the threshold: so it is a martingale."""
    import numpy as np

    for bets in (against_at_most(share), against_at_least(share)):
        grown = share * np.exp(bets.good) + (1 - share) * np.exp(bets.bad)
        assert np.allclose(grown, 1.0, rtol=1e-12, atol=0)
        assert abs(bets.wealth(0, 0)) < 1e-12


def test_what_no_launch_can_wait_for_is_not_promised() -> None:
    assert flawless_needed(0.999, 0, 0) == 5541
    assert flawless_needed(0.99999999, 0, 0) is None
    assert against_at_most(0.95).wealth(110, 0) >= ENOUGH > against_at_most(0.95).wealth(109, 0)


def test_a_quantile_is_the_share_within_its_bound() -> None:
    """Exactly at the bound is within."""

    def said(*values: float) -> str:
        return judged(
            "quantile", facts(series("order_ack", values)), of="order_ack", q="95 %", at_most="500 ms"
        ).reason.partition(" share")[0]

    assert said(*[0.5] * 110) == "QUANTILE_PROVEN: n=110 good=110"
    assert said(*[0.5] * 109, 0.500001) == "QUANTILE_UNPROVEN: n=110 good=109"
    assert said(*[0.6] * 3) == "QUANTILE_DISPROVEN: n=3 good=0"


def test_observations_that_stand_for_many_count_as_many() -> None:
    """A probe that saw a thousand calls says as much as a thousand."""
    from dataclasses import replace

    import numpy as np

    calls = replace(series("venue_api", [1.0, 0.0]), counts=np.array([990, 10]))
    said = judged("proportion", facts(calls, since=calls.watermark - 1), of="venue_api", at_least="95 %", over="stage")
    assert said.numbers["n"] == "10"
    said = judged(
        "quantile",
        facts(replace(series("db_latency", [0.1, 9.0]), counts=np.array([990, 10])), since=calls.watermark - 60 * 10**9),
        of="db_latency",
        q="95 %",
        at_most="500 ms",
    )
    assert (said.result, said.numbers["n"], said.numbers["good"]) == (Result.PASS, "1000", "990")
