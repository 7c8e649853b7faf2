"""How a person ends a demo: in order at the first Ctrl-C, at once where there is nothing to save or the end takes too long."""

import os
import signal
from pathlib import Path
from types import FrameType
from typing import Any, Final, Self

from fairway.cli.live_view import Stoppable
from fairway.world.clock import Clock
from fairway.world.stops import stops

GIVEN_UP_AFTER_S: Final = 1.6
"""Two seconds after Ctrl-C the program has ended, if need be without a report."""


class Ending:
    """Holds the signals while a demo runs.

    out: where its journal is. wanted_at: when the first Ctrl-C came, by the clock's monotonic time (ns).
    """

    def __init__(self, view: Stoppable, clock: Clock, out: Path) -> None:
        self._view, self._clock, self._out = view, clock, out
        self._before: dict[int, Any] = {}
        self.wanted_at: int | None = None

    def __enter__(self) -> Self:
        handlers = {signal.SIGINT: self._hear, signal.SIGTERM: self._end, signal.SIGALRM: self._give_up}
        handlers |= {signal.SIGHUP: self._end} if signal.SIGHUP in stops() else {}
        self._before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
        return self

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        if self._view.is_preparing or self._view.stop_wanted:
            self._end(number, frame)
        self.wanted_at = self._clock.monotonic()
        signal.setitimer(signal.ITIMER_REAL, GIVEN_UP_AFTER_S)
        self._view.want_stop()

    def _give_up(self, number: int, frame: FrameType | None) -> None:
        self._view.abandon()
        words = f"The bot took too long to end in order, so there is no report. Its journal is in {self._out}.\n"
        os.write(2, words.encode(errors="replace"))
        self._end(signal.SIGINT, frame)

    def _end(self, number: int, frame: FrameType | None) -> None:
        """Hands the signal on to who had it before, with the terminal as it was."""
        self._view.abandon()
        before = self._before[number]
        if callable(before):
            before(number, frame)
        elif before is signal.SIG_DFL:
            signal.signal(number, before)
            signal.raise_signal(number)
        raise KeyboardInterrupt  # who had it before ignores it, as whatever runs in the background does from birth
