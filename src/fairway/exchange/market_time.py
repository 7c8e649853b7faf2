"""The market's own time: the exchange's clock, except that people may pause the market, send it ahead or let it run faster.

Signatures, limits and pings stay with the exchange's clock, so a client need not know that the market was sent an hour ahead.
"""

from typing import Final

from fairway.world.clock import Clock, Duration, Instant

NEVER: Instant = 1 << 62


SPEED_MAX: Final = 60
"""The market runs at most so many times as fast as the clock."""


class MarketTime:
    """A clock for matching, candles and streams: the exchange's clock times the speed, and so much ahead."""

    __slots__ = ("_ahead", "_clock", "_held_at", "speed")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead: Duration = 0
        self._held_at: Instant | None = None
        self.speed = 1

    def now(self) -> Instant:
        return self._clock.now() * self.speed + self._ahead if self._held_at is None else self._held_at

    def monotonic(self) -> Duration:
        return self._clock.monotonic()

    @property
    def is_paused(self) -> bool:
        return self._held_at is not None

    def wall(self, at: Instant) -> Instant:
        """When the exchange's clock will show it, if nothing is changed; `NEVER` while paused."""
        return -((self._ahead - at) // self.speed) if self._held_at is None and at < NEVER else NEVER

    def pause(self) -> None:
        if self._held_at is None:
            self._held_at = self.now()

    def resume(self) -> None:
        if self._held_at is not None:
            self._ahead, self._held_at = self._held_at - self._clock.now() * self.speed, None

    def run_at(self, speed: int) -> None:
        """From now on it passes so many times as fast as the clock. Raises ValueError."""
        if not 1 <= speed <= SPEED_MAX:
            raise ValueError(f"the market cannot run {speed} times as fast; from 1 to {SPEED_MAX}, such as 10")
        now, self.speed = self.now(), speed
        self._ahead = now - self._clock.now() * speed

    def jump(self, to: Instant) -> None:
        """Go ahead to an instant of the market's own time; it never goes back."""
        to = max(to, self.now())
        if self._held_at is None:
            self._ahead = to - self._clock.now() * self.speed
        else:
            self._held_at = to
