"""What a scene tells; it is told in the same words as the plays of `fairway.proving`."""

from fairway.proving.aftermath import decimal
from fairway.proving.script import (
    BEFORE_S,
    LOT,
    TICK,
    Misdeed,
    Path,
    Scripted,
    Wish,
    enter,
    falls,
    leave,
    market,
    misdeed,
    rules_of,
)

__all__ = [
    "BEFORE_S",
    "LOT",
    "TICK",
    "Misdeed",
    "Path",
    "Scripted",
    "Wish",
    "decimal",
    "enter",
    "falls",
    "leave",
    "market",
    "misdeed",
    "rules_of",
]
