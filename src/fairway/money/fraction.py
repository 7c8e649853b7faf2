"""Fractions: a share of something, of a type of its own, so that half a percent is never taken for half a dollar."""

import re
from decimal import Decimal
from typing import Self

from msgspec import Struct

from fairway.money.amount import Amount, exact, text_of

_PERCENT = re.compile(r"(-?\d{1,12}(?:\.\d{1,12})?)\s*%")


class Fraction(Struct, frozen=True, order=True, gc=False):
    """value: 0.005 for half a percent."""

    value: Decimal

    @classmethod
    def of(cls, value: Decimal | int | str) -> Self:
        """Raises TypeError for floats, ValueError for what is no number."""
        return cls(exact(value))

    @classmethod
    def parse(cls, text: str) -> Self:
        """`0.5 %` is 0.005. Without its sign a number could be either, and one of the two loses a hundred times as much."""
        match = _PERCENT.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"{text!r} is no percentage; a right one is '0.5 %'")
        return cls(Decimal(match[1]) / 100)

    def __mul__(self, other: "Fraction") -> "Fraction":
        if not isinstance(other, Fraction):
            raise TypeError(f"a fraction times {other!r}; use fraction.part_of(amount)")
        return Fraction(self.value * other.value)

    def part_of(self, whole: Amount) -> Amount:
        return Amount(whole.value * self.value, whole.asset)

    def __str__(self) -> str:
        return f"{text_of(self.value * 100)} %"
