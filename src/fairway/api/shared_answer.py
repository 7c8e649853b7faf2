"""One answer for all who ask at the same time: a thousand readers cost the server what one costs."""

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

from fairway.world.clock import Clock

T = TypeVar("T")


class SharedAnswer(Generic[T]):
    """Asks in a thread, at most once in good_for (ns). Used on one event loop only."""

    def __init__(self, ask: Callable[[], T], good_for: int, clock: Clock) -> None:
        self._ask, self._good_for, self._clock = ask, good_for, clock
        self._turn = asyncio.Lock()
        self._known: tuple[int, T] | None = None

    async def now(self) -> T:
        """An answer that is at most so old. Raises what asking raises, and asks again the next time."""
        if (known := self._fresh()) is not None:
            return known[1]
        async with self._turn:
            if (known := self._fresh()) is not None:
                return known[1]
            asked_at = self._clock.monotonic()
            found = await asyncio.to_thread(self._ask)
            self._known = asked_at, found
            return found

    def _fresh(self) -> tuple[int, T] | None:
        if self._known is None or self._clock.monotonic() - self._known[0] > self._good_for:
            return None
        return self._known
