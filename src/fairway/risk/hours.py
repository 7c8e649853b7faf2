"""Hours: the spells of a day, by UTC, in which positions may be opened."""

import re
from typing import Final, Self

from msgspec import Struct

from fairway.world.clock import DAY, MINUTE

MINUTES_A_DAY: Final = DAY // MINUTE
_SPELL: Final = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


class Hours(Struct, frozen=True, gc=False):
    """spells: minutes of the day (from, until), each until not included; in order, apart from each other, none over midnight.

    Two of the same spells are equal, so that what is in force never depends on who came first.
    """

    spells: tuple[tuple[int, int], ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """`08:00-20:00`, several with commas between; `22:00-06:00` goes over midnight. Raises ValueError."""
        pieces: list[tuple[int, int]] = []
        for part in text.split(","):
            begin, end = _read(part.strip(), text)
            pieces += [(begin, end)] if begin < end else [(begin, MINUTES_A_DAY), (0, end)]
        return cls(_joined(pieces))

    def allow(self, now: int) -> bool:
        """Whether an instant (ns) lies in one of them."""
        minute = now % DAY // MINUTE
        return any(begin <= minute < end for begin, end in self.spells)

    def changes_at(self, now: int) -> int | None:
        """The next instant (ns) at which they begin or end; None where they never do."""
        today = now // DAY * DAY
        minutes = sorted({minute for spell in self.spells for minute in spell})
        bounds = (today + day * DAY + minute * MINUTE for day in (0, 1) for minute in minutes)
        return next((at for at in bounds if at > now and self.allow(at) != self.allow(now)), None)

    def __and__(self, other: "Hours") -> "Hours":
        """What lies in both."""
        both = [(max(a, c), min(b, d)) for a, b in self.spells for c, d in other.spells]
        return Hours(tuple(sorted((begin, end) for begin, end in both if begin < end)))

    def __str__(self) -> str:
        return ",".join(f"{_text(begin)}-{_text(end)}" for begin, end in self.spells) or "none"


def _read(part: str, text: str) -> tuple[int, int]:
    match = _SPELL.fullmatch(part)
    if match is None:
        raise ValueError(f"{text!r} is no spell of hours; a right one is '08:00-20:00'")
    begin, end = (_minutes(hour, minute, text) for hour, minute in ((match[1], match[2]), (match[3], match[4])))
    if begin in (MINUTES_A_DAY, end):
        raise ValueError(f"{part!r} has no length; a right one is '08:00-20:00', and '00:00-24:00' is all day")
    return begin, end


def _minutes(hour: str, minute: str, text: str) -> int:
    total = int(hour) * 60 + int(minute)
    if int(minute) > 59 or total > MINUTES_A_DAY:
        raise ValueError(f"{hour}:{minute} in {text!r} is no time of day; a right one is '08:00', and '24:00' is the end of it")
    return total


def _joined(pieces: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    joined: list[tuple[int, int]] = []
    for begin, end in sorted(pieces):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif begin < end:
            joined.append((begin, end))
    return tuple(joined)


def _text(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
