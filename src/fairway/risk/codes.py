"""Figures as codes tell them, in the style `CATEGORY_CONDITION: key=value`."""

from decimal import Decimal

from fairway.money.amount import text_of


def short(value: Decimal) -> str:
    """At most six digits after the point."""
    return text_of(round(value, 6))
