"""Ratios, which do not end: how far they are kept."""

from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import Final

from fairway.money.amount import CONTEXT

RATIO_STEP: Final = Decimal("1E-12")
"""Twelve decimals, half to even: far beyond what anybody reads, and the same on every machine."""


def ratio(part: Decimal, whole: Decimal) -> Decimal | None:
    """part over whole to twelve decimals; None where there is no whole."""
    with localcontext(CONTEXT):
        return kept(part / whole) if whole else None


def kept(value: Decimal) -> Decimal:
    """A quotient, such as an average price, to twelve decimals."""
    return value.quantize(RATIO_STEP, ROUND_HALF_EVEN, CONTEXT)
