"""A clock for tests: time moves when told."""

from fairway.world.clock import Instant


class HandClock:
    """Shows what it was set to."""

    def __init__(self, at: Instant = 0) -> None:
        self.at = at

    def now(self) -> Instant:
        return self.at

    def monotonic(self) -> int:
        return self.at
