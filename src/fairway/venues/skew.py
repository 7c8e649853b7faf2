"""How far a venue's clock is ahead of ours: measured by the venue's own word, and carried through the jumps of our clock."""

from typing import Final

from fairway.world.clock import MINUTE, Clock

MEASURE_EVERY_NS: Final = MINUTE
"""Where anything is asked at all, the venue's clock is asked for this often."""


class VenueClockSkew:
    """Of one venue. Positive where its clock is ahead of ours (ns)."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._measured: int | None = None
        self._offset = 0
        """Our wall clock minus our monotonic one at the time: if it changes, our wall clock was set."""
        self._began_at: int | None = None

    def measured(self, told: int, asked_at: int, heard_at: int) -> None:
        """The venue said it was `told`, somewhere between asking and hearing (both by our own clock, ns)."""
        self._measured = told - (asked_at + heard_at) // 2
        self._offset = self._wall_offset()

    def ahead_ns(self) -> int | None:
        """None before the first measurement."""
        if self._measured is None:
            return None
        return self._measured - (self._wall_offset() - self._offset)

    def is_due(self) -> bool:
        """Whether it is time to measure again; who is told so does it, and no other is told so for a while."""
        now = self._clock.monotonic()
        if self._began_at is not None and now - self._began_at < MEASURE_EVERY_NS:
            return False
        self._began_at = now
        return True

    def _wall_offset(self) -> int:
        return self._clock.now() - self._clock.monotonic()
