"""Says what time it is, in integer nanoseconds since 1970 UTC.

No room above this one reads the system's clock: each is handed a clock, so that the same code runs in real and in simulated
time. Datetimes exist only where people or venues read them.
"""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol, TypeAlias

Instant: TypeAlias = int
"""Nanoseconds since 1970-01-01T00:00:00Z."""

Duration: TypeAlias = int
"""Nanoseconds."""

MICROSECOND: Final = 1_000
MILLISECOND: Final = 1_000 * MICROSECOND
SECOND: Final = 1_000 * MILLISECOND
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_INSTANT_TEXT: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2})?")


SLEW: Final = 1_000
"""A steady clock follows the machine's by one part in so many: what two oscillators drift apart, and no more."""


class Clock(Protocol):
    """Two readings: one that can be compared with a calendar, one that never goes backwards."""

    def now(self) -> Instant:
        """Wall time in nanoseconds since 1970 UTC; may be wrong, and may jump."""
        ...

    def monotonic(self) -> Duration:
        """Nanoseconds since an unknown start; for measuring how long something took."""
        ...


class SystemClock:
    """The clock of the machine."""

    __slots__ = ()

    def now(self) -> Instant:
        """Wall time of the machine in nanoseconds since 1970 UTC."""
        return time.time_ns()

    def monotonic(self) -> Duration:
        """Nanoseconds since the machine's own start of counting."""
        return time.monotonic_ns()


class SteadyClock:
    """A clock that cannot be set: the wall time of its making, and what has gone by since.

    For pauses and grace periods that are measured by recorded instants: set back by an hour, the machine's clock would
    make a pause of a second an hour long, and set forward, a minute's grace nothing. One process makes one and shares it; what
    the machine's clock was set by is taken over at the next start.
    """

    __slots__ = ("_clock", "_looked_at", "_offset")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._looked_at = clock.monotonic()
        self._offset = clock.now() - self._looked_at

    def now(self) -> Instant:
        """Never goes backwards."""
        passed = self._clock.monotonic()
        apart, most = self._clock.now() - passed - self._offset, (passed - self._looked_at) // SLEW
        if most:
            self._offset += max(-most, min(apart, most))
            self._looked_at = passed
        return passed + self._offset

    def monotonic(self) -> Duration:
        return self._clock.monotonic()

    def leapt(self) -> Duration:
        """How far the machine's clock is ahead of this one because it was set (ns); behind, where it is negative."""
        return self._clock.now() - self.now()


class VirtualTime(Protocol):
    """What a simulated clock reads: the part of `SimLoop` that counts time."""

    @property
    def wall_ns(self) -> Instant: ...

    @property
    def elapsed_ns(self) -> Duration: ...


class SimClock:
    """The clock of one simulated node; `skew_ns` is how far it is ahead of the truth, and may be changed while running.

    A skew moves only the wall time. As on a real machine, setting the clock does not touch the monotonic reading.
    """

    __slots__ = ("_time", "skew_ns")

    def __init__(self, time: VirtualTime, *, skew_ns: Duration = 0) -> None:
        self._time = time
        self.skew_ns = skew_ns

    def now(self) -> Instant:
        """Simulated wall time plus this node's skew, in nanoseconds since 1970 UTC."""
        return self._time.wall_ns + self.skew_ns

    def monotonic(self) -> Duration:
        """Simulated nanoseconds since the world began."""
        return self._time.elapsed_ns

    def jump(self, by_ns: Duration) -> None:
        """Let the wall time leap by `by_ns` nanoseconds (backwards if negative), as a clumsy time service does."""
        self.skew_ns += by_ns


def datetime_of(instant: Instant) -> datetime:
    """The aware UTC datetime of an instant, rounded down to the microsecond (a datetime holds no more)."""
    return _EPOCH + timedelta(microseconds=instant // MICROSECOND)


def text_of(instant: Instant) -> str:
    """The instant as people read it, rounded down to the millisecond: `2022-01-01T00:01:00.000Z`."""
    milliseconds = instant // MILLISECOND % 1_000
    return f"{datetime_of(instant):%Y-%m-%dT%H:%M:%S}.{milliseconds:03d}Z"


def parse_instant(text: str) -> Instant:
    """Read an ISO 8601 date or time, exactly, up to nine digits of a second; without a zone it is UTC.

    Raises:
        ValueError: the text is no such time; the message shows it and a right one.
    """
    found = _INSTANT_TEXT.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError("not of the form date, T, time, zone")
        date, clock, fraction, zone = found.groups()
        offset = "+00:00" if zone in (None, "Z") else zone
        moment = datetime.fromisoformat(f"{date}T{clock or '00:00'}{offset}")
    except ValueError as error:
        raise ValueError(f"not an instant: {text!r} ({error}); write it like 2022-01-01T00:01:00.000Z") from None
    whole_seconds = (moment - _EPOCH) // timedelta(seconds=1)
    return whole_seconds * SECOND + int((fraction or "0").ljust(9, "0"))
