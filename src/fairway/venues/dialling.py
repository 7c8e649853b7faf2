"""Decides when streams may dial again: one growing, jittered pause for all of an address, and a bound of connects.

A thousand accounts that lose the same venue must not come back in one instant. They stand in one line. While the venue is
not reached, one of them dials after each pause, and the pauses grow; the first that reaches it ends them, and the others
follow one after the other, a moment apart.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from fairway.venues.allowance import Lane
from fairway.venues.budget import Budget
from fairway.venues.port import Throttled
from fairway.world.backoff import Backoff
from fairway.world.chance import Chance
from fairway.world.clock import MILLISECOND, SECOND, Clock

PAUSES: Final = Backoff(first_s=0.5, longest_s=30.0)
"""Between two that dial a venue which is not reached."""
APART: Final = Backoff(first_s=0.04, longest_s=0.04)
"""Between two that dial a venue which is reached."""
ASKED_LONGEST_S: Final = 900.0
"""Bound of a pause that the venue asks for."""
LOOK_LONGEST_S: Final = 1.0
"""The next in line checks again this often: another may have connected meanwhile, or a clock may have been set."""
DIAL_WEIGHT: Final = 4
"""What a dialled and subscribed stream costs at Binance: two for each."""


class Dialling:
    """The streams of one address at one venue that want to connect.

    heed: called with "" when the venue took a connection, and with the reason when it was not reached.
    """

    def __init__(self, budget: Budget, clock: Clock, chance: Chance, heed: Callable[[str], None] | None = None) -> None:
        self._budget, self._clock, self._heed = budget, clock, heed or _ignore
        self._jitter = chance.stream("dialling")
        self._line = asyncio.Lock()
        self._failures = 0
        self._next_at = 0

    async def turn(self, *, first: bool) -> None:
        """Waits for the right to dial once. first: a stream on which all accounts depend goes past the line."""
        if first:
            await self._when_free()
            return
        async with self._line:
            await self._when_free()

    def reached(self) -> None:
        """The venue took a connection: the pauses end."""
        self._failures, self._next_at = 0, 0
        self._pause(APART)
        self._heed("")

    def begin_again(self) -> None:
        """Another address is dialled from now on: the pauses of the one before do not hold for it."""
        self._failures, self._next_at = 0, 0

    def failed(self, wait_s: float, why: str = "it was not reached") -> None:
        """A dialled venue was not reached, for this reason; wait_s is what it asked for, 0 where it asked for nothing."""
        self._failures += 1
        self._pause(PAUSES)
        self._next_at = max(self._next_at, self._clock.monotonic() + round(min(wait_s, ASKED_LONGEST_S) * SECOND))
        if not wait_s:  # else it did answer
            self._heed(why)

    async def _when_free(self) -> None:
        while True:
            await self._until_free()
            try:
                await self._budget.admit(Lane.QUERY, DIAL_WEIGHT)
            except Throttled as error:
                await asyncio.sleep(_nap_s(error.retry_at - self._clock.now()))
                continue
            self._budget.back()
            self._budget.connects.dialled(self._clock.monotonic())
            self._pause(PAUSES if self._failures else APART)
            return

    async def _until_free(self) -> None:
        while True:
            now = self._clock.monotonic()
            left = max(self._next_at, self._budget.connects.free_at(now)) - now
            if left <= 0:
                return
            await asyncio.sleep(_nap_s(left))

    def _pause(self, pauses: Backoff) -> None:
        wait_s = pauses.jittered_s(self._failures, self._jitter)
        self._next_at = max(self._next_at, self._clock.monotonic() + round(wait_s * SECOND))


def _ignore(failure: str) -> None:
    """One address, which is dialled again whatever happens."""


def _nap_s(left_ns: int) -> float:
    return min(max(left_ns, MILLISECOND) / SECOND, LOOK_LONGEST_S)
