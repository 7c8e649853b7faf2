"""Writes log lines to a file a moment later, so that no order waits for them.

The file is opened for each batch, so it may be renamed by a rotation at any time. A line that cannot be written is lost: trading
does not stop for its log. How many were lost is the first line that can be written again.
"""

import os
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

LINES_MAX: Final = 10_000
"""Lines that may wait; beyond that the newest are lost."""
DELAY_S: Final = 0.1


class Scheduler(Protocol):
    """The part of an event loop that calls something later."""

    def call_later(self, delay: float, callback: Callable[[], None]) -> object: ...


class LogFile:
    """lost_line makes the line that tells how many were lost."""

    def __init__(self, file: Path, lost_line: Callable[[int], str]) -> None:
        self._file, self._lost_line = file, lost_line
        self._waiting: deque[str] = deque()
        self._lost = 0
        self._loop: Scheduler | None = None
        self._is_scheduled = False

    def start(self, loop: Scheduler) -> None:
        """From now on lines are written by this loop; before, and after `close`, at once."""
        self._loop = loop

    def write(self, line: str) -> None:
        if len(self._waiting) >= LINES_MAX:
            self._lost += 1
            return
        self._waiting.append(line)
        if self._loop is None:
            self.flush()
        elif not self._is_scheduled:
            self._is_scheduled = True
            self._loop.call_later(DELAY_S, self.flush)

    def flush(self) -> None:
        """Writes what waits."""
        self._is_scheduled = False
        lines, lost = list(self._waiting), self._lost
        self._waiting.clear()
        if lost:
            lines.insert(0, self._lost_line(lost))
        if not lines:
            return
        try:
            self._append("".join(f"{line}\n" for line in lines).encode())
        except OSError:
            self._lost = lost + len(lines) - bool(lost)
        else:
            self._lost = 0

    def _append(self, data: bytes) -> None:
        """Readable for its owner alone: it says what accounts trade."""
        handle = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            while data:
                data = data[os.write(handle, data) :]
        finally:
            os.close(handle)

    def close(self) -> None:
        self._loop = None
        self.flush()
