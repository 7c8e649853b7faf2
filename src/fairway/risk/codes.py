"""Figures as codes tell them, in the style `CATEGORY_CONDITION: key=value`."""

from collections.abc import Collection
from decimal import Decimal

from fairway.money.amount import text_of


def short(value: Decimal) -> str:
    """At most six digits after the point."""
    return text_of(round(value, 6))


def unless_allowed(what: str, name: str, allowed: Collection[str] | None) -> str | None:
    """That it is none of those allowed, or None where it is, or where all are. One without a name is none of them."""
    if allowed is None or name in allowed:
        return None
    return f"{what.upper()}_NOT_ALLOWED: {what}={name or 'none'} allowed={','.join(sorted(allowed)) or 'none'}"
