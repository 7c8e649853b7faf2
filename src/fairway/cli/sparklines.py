"""Draws numbers as small as a word: sparklines and a progress bar, from block characters."""

from collections import deque
from decimal import Decimal
from typing import Final

from fairway.reports.ratio import ratio
from fairway.world.clock import HOUR

_BLOCKS: Final = "▁▂▃▄▅▆▇█"
_PARTS: Final = " ▏▎▍▌▋▊▉"
SAMPLES_KEPT: Final = 48


class Spark:
    """The last value of each simulated hour, two days of them, and the first value of all."""

    def __init__(self, step_ns: int = HOUR) -> None:
        self._step_ns = step_ns
        self._values: deque[Decimal] = deque(maxlen=SAMPLES_KEPT)
        self._slot = -1
        self._first: Decimal | None = None

    def add(self, at: int, value: Decimal) -> None:
        """A value at an instant (ns); of one hour the last counts."""
        self._first = value if self._first is None else self._first
        slot = at // self._step_ns
        if slot == self._slot and self._values:
            self._values[-1] = value
        else:
            self._values.append(value)
        self._slot = slot

    @property
    def change(self) -> Decimal | None:
        """Since the first value, as a share of it."""
        return ratio(self._values[-1] - self._first, self._first) if self._first is not None else None

    def text(self, width: int) -> str:
        """At most so many characters, the newest last; the lowest value is the lowest block."""
        values = list(self._values)[-width:]
        if not values:
            return ""
        low, room = min(values), max(values) - min(values)
        if not room:
            return _BLOCKS[0] * len(values)
        return "".join(_BLOCKS[min(7, int((value - low) * 8 / room))] for value in values)


def bar(share: float, width: int) -> str:
    """A bar of so many characters, filled to a share from 0 to 1, to an eighth of a character."""
    eighths = round(max(0.0, min(1.0, share)) * width * 8)
    full, part = divmod(eighths, 8)
    return ("█" * full + (_PARTS[part] if part else "")).ljust(width, "░")
