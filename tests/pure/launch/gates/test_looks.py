"""Gates that compare samples and slopes are looked at for as long as a stage lasts, and still are seldom wrong at their bound.

Each test plays many stages in which the truth is exactly at the bound, and asks at every look whether it would have passed.
"""

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from fairway.launch.gates.kinds.regression import BLOCKS_MAX, ratios
from fairway.launch.gates.kinds.trend import PIECES, SPANS, fit_trend
from fairway.launch.gates.statistics.rolling_sums import Numbers
from fairway.launch.gates.statistics.sequential_bounds import dependence, errors_at_any_look, errors_at_look

STAGES = 60
WORST = 0.15
"""Of 60 stages: where one in twenty passes wrongly, nine do so or more in one try of a thousand."""


def noise(generator: np.random.Generator, n: int, alike: float) -> Numbers:
    """Normal values of which each resembles the one before."""
    fresh = generator.normal(0, 1, n)
    for at in range(1, n):
        fresh[at] = alike * fresh[at - 1] + (1 - alike**2) ** 0.5 * fresh[at]
    return fresh


def share(passes: Callable[[np.random.Generator], bool]) -> float:
    return sum(passes(np.random.default_rng(seed)) for seed in range(STAGES)) / STAGES


def slower_by_a_fifth(alike: float, ratio: float) -> Callable[[np.random.Generator], bool]:
    """Two days of blocks of ten minutes beside a control, looked at once an hour."""

    def passes(generator: np.random.Generator) -> bool:
        mine, other = (np.exp(0.3 * noise(generator, 2 * BLOCKS_MAX, alike)) for _ in range(2))
        for until in range(30, len(mine), 6):
            part = slice(max(0, until - BLOCKS_MAX), until)
            if ratios(ratio * mine[part], other[part], until // BLOCKS_MAX + 1)[2] <= 1.2:
                return True
        return False

    return passes


def five_days(alike: float, rise: float) -> Callable[[np.random.Generator], bool]:
    """Hourly medians of five days, of which the newest two are looked at once a day; rise: in a piece, in standard deviations."""

    def passes(generator: np.random.Generator) -> bool:
        values = noise(generator, 5 * PIECES, alike) + rise * np.arange(5 * PIECES)
        for look in range(1, 6):
            part = values[max(0, look - SPANS) * PIECES : look * PIECES]
            if fit_trend(np.arange(len(part), dtype=float), part, look).high <= 0:
                return True
        return False

    return passes


@pytest.mark.parametrize("alike", [0.0, 0.5])
def test_a_bot_that_is_slower_by_just_what_is_tolerated_seldom_passes_however_often_one_looks(alike: float) -> None:
    assert share(slower_by_a_fifth(alike, 1.2)) <= WORST


def test_a_bot_that_is_as_fast_as_its_control_passes() -> None:
    assert share(slower_by_a_fifth(0.0, 1.0)) >= 0.9


@pytest.mark.parametrize("alike", [0.0, 0.5, 0.9, 0.97])
def test_memory_that_rises_by_just_what_it_may_seldom_passes_in_five_days(alike: float) -> None:
    assert share(five_days(alike, 0.0)) <= WORST


def test_memory_that_is_level_passes_where_it_may_rise() -> None:
    assert share(five_days(0.5, -4 / PIECES)) >= 0.9


def test_what_is_asked_grows_with_the_looks_and_falls_with_what_is_known() -> None:
    def falls(values: Iterator[float]) -> bool:
        told = list(values)
        return told == sorted(told, reverse=True)

    assert errors_at_any_look(50) > 1.96
    assert errors_at_any_look(200, 1) < errors_at_any_look(200, 2) < errors_at_any_look(200, 10)
    assert errors_at_look(1, 20) < errors_at_look(2, 20) < errors_at_look(10, 20)
    assert falls(errors_at_look(1, freedom) for freedom in (1, 3, 10, 100))
    assert errors_at_look(1, 1e9) == pytest.approx(1.96, abs=0.001)


def test_neighbours_that_are_alike_say_less() -> None:
    generator = np.random.default_rng(0)
    free, alike = (dependence(noise(generator, 1_000, how)) for how in (0.0, 0.8))
    assert 1 <= free < 1.3
    assert 9 < alike < 15  # (1 + 0.8) / (1 - 0.8) is 9, and it may be more than it seems
    assert dependence(np.ones(40)) < 2.5
