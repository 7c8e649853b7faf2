"""At the boundary, in a short form of `fairway launch error-rates`: who is let through, and how long good bots wait."""

import pytest
from tests.pure.launch.gates.facts import facts, judged, series

from fairway.launch.gates.error_rates import AT_LEAST, QualityErrorRates, quality_error_rates
from fairway.launch.gates.verdict import Result
from fairway.world.chance import Chance

RUNS = 400


@pytest.fixture(scope="module")
def rows() -> dict[float, QualityErrorRates]:
    return {row.share: row for row in quality_error_rates(RUNS, 1000, (0.9, AT_LEAST, 0.99))}


def test_exactly_at_the_threshold_one_in_twenty_is_let_through_at_most(rows: dict[float, QualityErrorRates]) -> None:
    """However often one looks: after every order. A raw ratio lets nearly all through."""
    assert 0 < rows[AT_LEAST].promoted <= RUNS * 0.05
    assert rows[AT_LEAST].raw > RUNS * 0.9


def test_a_bad_bot_is_never_let_through_and_soon_stopped(rows: dict[float, QualityErrorRates]) -> None:
    assert rows[0.9].promoted == 0
    assert rows[0.9].raw > RUNS * 0.25
    assert rows[0.9].stopped >= RUNS * 0.99
    assert rows[0.9].stopped_after is not None
    assert rows[0.9].stopped_after <= 200


def test_a_good_bot_passes_within_200_orders_in_the_median(rows: dict[float, QualityErrorRates]) -> None:
    assert rows[0.99].promoted == RUNS
    assert rows[0.99].promoted_after is not None
    assert rows[0.99].promoted_after <= 200


def test_the_same_numbers_give_the_same_table() -> None:
    assert quality_error_rates(5, 100, (0.95,)) == quality_error_rates(5, 100, (0.95,))


def test_the_gate_itself_says_what_the_table_says() -> None:
    """One bot, its gate judged after each order as a plan would: it passes exactly where the simulation says."""
    (row,) = quality_error_rates(1, 300, (0.97,))
    chance = Chance(1).stream("boundary 0.97")
    orders = [float(chance.random() < 0.97) for _ in range(300)]
    said = [
        judged("proportion", facts(series("order_success", orders[:n])), of="order_success", at_least="95 %").result
        for n in range(1, 301)
    ]
    first = said.index(Result.PASS) + 1 if Result.PASS in said else None
    assert first == row.promoted_after
