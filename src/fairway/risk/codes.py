"""Figures as codes tell them, in the style `CATEGORY_CONDITION: key=value`."""

from collections.abc import Collection
from decimal import Decimal
from typing import Final

from fairway.money.amount import text_of

LONG: Final = Decimal(10) ** 15
"""From here on a figure is absurd, and is told by its first digits: all of them may be more than a number can have here."""


def short(value: Decimal) -> str:
    """At most six digits after the point."""
    return text_of(round(value, 6)) if abs(value) < LONG else f"{value:.2e}"


def unless_allowed(what: str, name: str, allowed: Collection[str] | None) -> str | None:
    """That it is none of those allowed, or None where it is, or where all are. One without a name is none of them."""
    if allowed is None or name in allowed:
        return None
    return f"{what.upper()}_NOT_ALLOWED: {what}={name or 'none'} allowed={','.join(sorted(allowed)) or 'none'}"
