"""The market's own time: the exchange's clock, except that people may pause the market or send it ahead.

Signatures, limits and pings stay with the exchange's clock, so a client need not know that the market was sent an hour ahead.
"""

from fairway.world.clock import Clock, Duration, Instant

NEVER: Instant = 1 << 62


class MarketTime:
    """A clock for matching, candles and streams."""

    __slots__ = ("_ahead", "_clock", "_held_at")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead: Duration = 0
        self._held_at: Instant | None = None

    def now(self) -> Instant:
        return self._clock.now() + self._ahead if self._held_at is None else self._held_at

    def monotonic(self) -> Duration:
        return self._clock.monotonic()

    @property
    def is_paused(self) -> bool:
        return self._held_at is not None

    def wall(self, at: Instant) -> Instant:
        """When the exchange's clock will show it, if nothing is changed; `NEVER` while paused."""
        return at - self._ahead if self._held_at is None and at < NEVER else NEVER

    def pause(self) -> None:
        if self._held_at is None:
            self._held_at = self.now()

    def resume(self) -> None:
        if self._held_at is not None:
            self._ahead, self._held_at = self._held_at - self._clock.now(), None

    def jump(self, to: Instant) -> None:
        """Go ahead to an instant of the market's own time; it never goes back."""
        to = max(to, self.now())
        if self._held_at is None:
            self._ahead = to - self._clock.now()
        else:
            self._held_at = to
