"""The figures that verdicts rest on, to six digits: of Student's t as tables have them, of the others as they were reckoned."""

import numpy as np
import pytest

from fairway.launch.gates.kinds.regression import ratios
from fairway.launch.gates.kinds.trend import fit_trend
from fairway.launch.gates.statistics.betting import FLAWLESS_MAX, against_at_least, growth, least, wealth
from fairway.launch.gates.statistics.mean_test import MeanBound
from fairway.launch.gates.statistics.rolling_sums import Numbers
from fairway.launch.gates.statistics.sequential_bounds import dependence, errors_at_any_look, errors_at_look

NOISY = np.array([(number * 7919 % 101) / 101 for number in range(48)])
TIMES = np.arange(48, dtype=float)


def slopes(places: Numbers, values: Numbers, look: int = 1) -> tuple[float, float, float]:
    line = fit_trend(places, values, look)
    return line.low, line.slope, line.high


def check(found: object, *told: float) -> None:
    """A figure, or several, to six significant digits."""
    figures = found if isinstance(found, tuple) else (found,)
    assert tuple(f"{figure:.6g}" for figure in figures) == tuple(f"{each:.6g}" for each in told)


@pytest.mark.parametrize(("freedom", "t"), [(10, 2.228), (20, 2.086), (30, 2.042), (60, 2.000), (120, 1.980), (10**6, 1.960)])
def test_the_first_of_few_looks_is_a_quantile_of_student_s_t(freedom: float, t: float) -> None:
    """97.5 % of one side; the expansion is right to the third digit from ten values on."""
    assert errors_at_look(1, freedom) == pytest.approx(t, abs=0.003)


def test_errors_at_looks() -> None:
    check(errors_at_look(1, 8), 2.3006)
    check(errors_at_look(3, 8), 3.44768)
    check(errors_at_look(2, 0.5), 12.8795)
    check(errors_at_look(2, 1.5), 7.94944)
    check(errors_at_any_look(40), 3.84751)
    check(errors_at_any_look(40, 1), 3.84751)
    check(errors_at_any_look(40, 2), 4.44377)
    check(errors_at_any_look(900, 7), 4.05795)


def test_dependence_of_neighbours() -> None:
    check(dependence(NOISY), 1.9866)
    check(dependence(np.sort(NOISY)), 99)
    check(dependence(np.array([1.0, 1.0, 1.0, 1.0])), 99)
    check(dependence(np.array([1.0, 5.0, 1.0, 5.0, 1.0])), 99)
    check(dependence(np.array([1.0, 5.0, 1.0, 5.0, 1.0]), 0.0), 2.33333)


def test_slopes_and_their_bounds() -> None:
    check(slopes(TIMES, NOISY), -0.0038231, 0.00594059, 0.0157043)
    check(slopes(TIMES, NOISY + TIMES / 10, 2), 0.0937456, 0.105941, 0.118136)
    check(slopes(TIMES, np.sort(NOISY), 3), 0.017336, 0.0211134, 0.0248909)


def test_ratios_and_their_bounds() -> None:
    check(ratios(1 + NOISY, 1.2 + NOISY[::-1]), 0.738499, 0.879911, 1.04079)
    check(ratios(1 + NOISY[:35], 1 + NOISY, 3), 0.767196, 1.01749, 1.35156)


def test_what_gamblers_have() -> None:
    check(against_at_least(0.9).wealth(30, 2), -2.20594)
    check((against_at_least(0.9).wealth(0, 1), against_at_least(0.9).wealth(5, 2)), 1.20666, 0.608902)
    check(wealth(growth(NOISY - 0.4, 0.4).sum(axis=0)), 0.990304)


@pytest.mark.parametrize("number", [0, 1, 2, 3, 17, 64, 1000])
def test_the_least_that_is_enough(number: int) -> None:
    assert least(lambda more: more >= number) == number


def test_the_least_that_is_enough_is_no_negative_number() -> None:
    assert least(lambda more: True) == 0


@pytest.mark.parametrize(("number", "found"), [(FLAWLESS_MAX, FLAWLESS_MAX), (FLAWLESS_MAX + 1, None), (10**9, None)])
def test_no_more_is_asked_for_than_anybody_waits_for(number: int, found: int | None) -> None:
    assert least(lambda more: more >= number) == found


def test_how_many_more_it_takes() -> None:
    """Values that are better than the range count as its end, and so do worse ones where it is to be below."""
    line = MeanBound(0.5, 0.0, 2.0)
    assert (line.needed(0.0), line.needed(0.2), line.needed(-9.0)) == (21, 33, 21)
    assert (line.needed_above(2.0), line.needed_above(0.8), line.needed_above(9.0)) == (4, 13, 2)
