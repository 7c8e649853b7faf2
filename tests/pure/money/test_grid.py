"""Rounding to a grid goes where its direction says, and never further than one step."""

from collections.abc import Iterator
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from tests.pure.money.drawn_numbers import steps, values

from fairway.money.amount import CONTEXT
from fairway.money.grid import Round, is_on_grid, on_grid


@pytest.fixture(autouse=True, scope="module")
def _exact_decimals() -> Iterator[None]:
    with localcontext(CONTEXT):
        yield


@given(values, steps)
def test_down_is_the_highest_multiple_not_above(value: Decimal, step: Decimal) -> None:
    """Down goes to lower numbers, also below zero."""
    assert Fraction(on_grid(value, step, Round.DOWN)) == Fraction(value) // Fraction(step) * Fraction(step)


@given(values, steps)
def test_up_mirrors_down(value: Decimal, step: Decimal) -> None:
    """Up is down on the other side of zero."""
    assert on_grid(value, step, Round.UP) == -on_grid(-value, step, Round.DOWN)


@given(values, steps)
def test_nearest_is_one_of_both_and_no_further_than_half_a_step(value: Decimal, step: Decimal) -> None:
    """No multiple lies nearer."""
    nearest = on_grid(value, step, Round.NEAREST)
    assert nearest in (on_grid(value, step, Round.DOWN), on_grid(value, step, Round.UP))
    assert abs(nearest - value) * 2 <= step


@given(values, steps)
def test_what_was_rounded_is_on_the_grid_and_stays(value: Decimal, step: Decimal) -> None:
    """Rounding twice changes nothing, and a number on the grid is not moved in any direction."""
    for direction in Round:
        rounded = on_grid(value, step, direction)
        assert is_on_grid(rounded, step)
        assert all(on_grid(rounded, step, other) == rounded for other in Round)
    assert is_on_grid(value, step) == (on_grid(value, step, Round.DOWN) == value)


@pytest.mark.parametrize("step", ["0", "-0.01"])
def test_a_step_of_nothing_makes_no_grid(step: str) -> None:
    """The error shows a right step."""
    with pytest.raises(ValueError, match=r"a right one is 0\.01"):
        on_grid(Decimal(1), Decimal(step), Round.DOWN)


def test_a_half_goes_to_the_even_step() -> None:
    """Nearest favours neither side over many roundings."""
    assert [on_grid(Decimal(value), Decimal(1), Round.NEAREST) for value in ("0.5", "1.5", "-0.5")] == [0, 2, 0]
