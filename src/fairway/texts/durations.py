"""Lengths of time as text: in words for people, and as settings are written, which can be read back."""

import re
from decimal import Decimal
from typing import Final

from fairway.money.amount import text_of
from fairway.world.clock import DAY, HOUR, MILLISECOND, MINUTE, SECOND

LENGTHS: Final = {"ms": MILLISECOND, "s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}
"""Units of time as settings name them, in nanoseconds."""
_WRITTEN = re.compile(r"(\d{1,6})\s*(ms|s|m|h|d|w)")
_WORDS: Final = ((DAY, "d"), (HOUR, "h"), (MINUTE, "min"), (SECOND, "s"))
_EXACT_BELOW: Final = 10 * SECOND
_SECONDS_BELOW: Final = 10 * MINUTE


def duration_words(ns: int) -> str:
    """For people, the two largest units, rounded down: `2 d 4 h`, `2 h 5 min`, `45 min`; with seconds below ten minutes.

    Below ten seconds it has hundredths, rounded up, so that what was short is not shown as nothing: `0.15 s`. `0 s` for a
    negative length.
    """
    if ns < _EXACT_BELOW:
        return f"{text_of(Decimal(-(-max(ns, 0) * 100 // SECOND)) / 100)} s"
    units = _WORDS if ns < _SECONDS_BELOW else _WORDS[:-1]
    largest = next(index for index, (length, _) in enumerate(units) if ns >= length)
    parts = []
    for length, name in units[largest : largest + 2]:
        count, ns = divmod(ns, length)
        parts += [f"{count} {name}"] * bool(count)
    return " ".join(parts)


def nearest(ns: int) -> int:
    """To the nearest hour from a day on, and below that to the nearest minute from a minute on; in ns."""
    unit = HOUR if ns >= DAY else MINUTE if ns >= MINUTE else SECOND
    return (ns + unit // 2) // unit * unit


def as_setting(ns: int) -> str:
    """As a setting would be written: `24h`, `7d`, `90s`; the largest unit that leaves a whole number, and days from two on."""
    for unit in ("d", "h", "m", "s", "ms"):
        if ns % LENGTHS[unit] == 0 and (unit != "d" or ns >= 2 * DAY):
            return f"{ns // LENGTHS[unit]}{unit}"
    return f"{ns}ns"


def duration_of(text: str) -> int:
    """`90s`, `30m`, `24h` or `7d`, in nanoseconds. Raises ValueError."""
    match = _WRITTEN.fullmatch(text.strip())
    if match is None:
        raise ValueError("is no time; write a whole number and one of ms, s, m, h, d, w")
    return int(match[1]) * LENGTHS[match[2]]
