"""Asks how the parts of the system are, for all who want to know at the same time: a flood of questions is one question."""

import asyncio
from typing import Final

from fairway.api.health import SystemHealth, health_of
from fairway.settings import Settings
from fairway.world.clock import MILLISECOND, Clock

GOOD_FOR_NS: Final = 250 * MILLISECOND
"""An answer is at most so old; its timestamp says when the parts were asked."""


class HealthWatch:
    """Of one server. Used on its event loop only."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock
        self._turn = asyncio.Lock()
        self._known: tuple[int, SystemHealth] | None = None

    async def now(self) -> SystemHealth:
        """How each part is. Raises nothing that a part does wrong."""
        if (known := self._fresh()) is not None:
            return known
        async with self._turn:
            if (known := self._fresh()) is not None:
                return known
            asked_at = self._clock.monotonic()
            found = await asyncio.to_thread(health_of, self._settings, self._clock)
            self._known = asked_at, found
            return found

    def _fresh(self) -> SystemHealth | None:
        if self._known is None or self._clock.monotonic() - self._known[0] > GOOD_FOR_NS:
            return None
        return self._known[1]
