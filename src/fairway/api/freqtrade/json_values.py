"""Exact values as freqtrade's JSON has them: numbers as floats, instants as milliseconds and as texts in UTC.

The only place of the server where a decimal becomes a float, and only on its way out: nothing is computed with the result.
"""

from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import Final

from fairway.money.amount import CONTEXT
from fairway.world.clock import MILLISECOND, datetime_of

_HUNDREDTH: Final = Decimal("0.01")


def number(value: Decimal) -> float:
    """The nearest float."""
    return float(value)


def number_or_null(value: Decimal | None) -> float | None:
    """None, which is null, for what is not known."""
    return float(value) if value is not None else None


def percent(ratio: Decimal | None) -> float | None:
    """A ratio in percent, to two decimals as freqtrade has it."""
    if ratio is None:
        return None
    with localcontext(CONTEXT):
        return float((ratio * 100).quantize(_HUNDREDTH, ROUND_HALF_EVEN))


def milliseconds(at: int) -> int:
    """Of an instant (ns), since 1970."""
    return at // MILLISECOND


def date_text(at: int) -> str:
    """An instant (ns) as `2026-11-25 12:00:00`, in UTC; "" for none."""
    return f"{datetime_of(at):%Y-%m-%d %H:%M:%S}" if at else ""
