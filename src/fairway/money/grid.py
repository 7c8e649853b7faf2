"""Rounding to a venue's tick and lot sizes; every call names its direction."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from enum import Enum

from fairway.money.amount import CONTEXT


class Round(Enum):
    """Where a number goes that lies between two steps. Towards lower or higher numbers, not towards zero."""

    DOWN = ROUND_FLOOR
    UP = ROUND_CEILING
    NEAREST = ROUND_HALF_EVEN


def on_grid(value: Decimal, step: Decimal, direction: Round) -> Decimal:
    """The multiple of step next to value in a direction. step must be above zero."""
    if step <= 0:
        raise ValueError(f"a step of {step} makes no grid; a right one is 0.01")
    steps = (value / step).to_integral_value(direction.value, CONTEXT)
    return steps * step


def is_on_grid(value: Decimal, step: Decimal) -> bool:
    """Whether value is a whole number of steps."""
    return value % step == 0
