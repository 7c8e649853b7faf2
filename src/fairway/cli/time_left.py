"""Estimates the real time that a run still takes, from the share of it that is done."""

from typing import Final

from fairway.texts.durations import duration_words
from fairway.world.clock import SECOND, Clock

_KNOWN_AFTER_NS: Final = SECOND
_FINE_BELOW_NS: Final = 60 * SECOND
_COARSE_NS: Final = 5 * SECOND


class TimeLeft:
    """clock: the machine's own. The time starts with the first share that it is given."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began: tuple[int, float] | None = None

    def text(self, share_done: float) -> str:
        """`2 min 10 s left` for a share from 0 to 1, rounded up to 5 s; `""` before a second has passed and share was done."""
        now = self._clock.monotonic()
        began_at, began_share = self._began = self._began or (now, share_done)
        done = share_done - began_share
        if now - began_at < _KNOWN_AFTER_NS or done <= 0:
            return ""
        left_ns = int((now - began_at) * (1 - share_done) / done)
        minutes, rest = divmod(-(-left_ns // _COARSE_NS) * _COARSE_NS, _FINE_BELOW_NS)
        parts = [duration_words(minutes * _FINE_BELOW_NS)] if minutes else []
        return " ".join([*parts, *([f"{rest // SECOND} s"] if rest or not minutes else [])]) + " left"
