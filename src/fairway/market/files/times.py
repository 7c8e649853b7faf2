"""Finds out whether a file counts time in milliseconds or microseconds, and that it does so throughout."""

from fairway.market.files.lines import Lines
from fairway.world.clock import MICROSECOND, MILLISECOND, text_of

_UNITS = {13: MILLISECOND, 16: MICROSECOND}
"""Nanoseconds in one count, by the digits of an instant between 2001 and 2286."""


class Times:
    """Reads the instants of one file. unit_ns is 0 until the first is read."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self.unit_ns = 0

    def __call__(self, line: int, column: str, text: str) -> int:
        """Nanoseconds since 1970 UTC. Raises BadData for other units than the first line's, and for text that is no instant."""
        unit_ns = _UNITS.get(len(text), 0) if text.isascii() and text.isdigit() and text[0] != "0" else 0
        if not unit_ns:
            what = f"{column} is {text[:40]!r}, which is no time in milliseconds or microseconds since 1970"
            raise self._lines.bad(line, what, "1640995200000")
        if self.unit_ns and unit_ns != self.unit_ns:
            what = f"{column} {text} ({text_of(int(text) * unit_ns)}) counts time in another unit than the lines before"
            raise self._lines.bad(line, what, "milliseconds throughout, or microseconds throughout")
        self.unit_ns = unit_ns
        return int(text) * unit_ns
