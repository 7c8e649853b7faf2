"""What a scene tells; it is told in the same words as the plays of `fairway.proving`."""

from fairway.proving.run_result import decimal
from fairway.proving.scenario_script import (
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
