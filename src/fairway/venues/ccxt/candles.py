"""Delivers every closed candle once and in order, from the venue's own history.

A candle counts as closed when the venue shows its successor, or when the venue's clock is well past its end and no
successor came (a quiet market). The candle streams are not used: ccxt hands on floats and drops their "closed", and
each costs as much as a quote stream, to say once a minute what one request says exactly.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from fairway.market.candles import INTERVALS, Candle
from fairway.venues.port import Sink, Throttled, VenueError
from fairway.world.backoff import Backoff
from fairway.world.clock import SECOND, Clock

Rows = Callable[[str, str, int, int], Awaitable[Sequence[Candle]]]
"""Candles of (symbol, interval) from an instant on (newest where 0), so many at most; only the last may be forming."""
ServerTime = Callable[[], Awaitable[int]]

CATCH_UP_ROWS: Final = 1000
SETTLED_NS: Final = 10 * SECOND
"""So long after its end, by the venue's own clock, a candle without a successor is closed."""
PAUSES: Final = Backoff(first_s=1.0, longest_s=15.0)
"""Between two questions for a candle that is due and not shown yet."""
NAP_LONGEST_S: Final = 60.0
"""Waits are cut into naps, so that a clock that is set while we wait is noticed."""


class CandleFollower:
    """Follows the candles of one symbol. It survives reconnections, so what was delivered stays delivered."""

    def __init__(self, symbol: str, interval: str, rows: Rows, server_time: ServerTime, clock: Clock, *, grace_s: float) -> None:
        self._symbol, self._interval = symbol, interval
        self._length = INTERVALS[interval]
        self._rows, self._server_time, self._clock = rows, server_time, clock
        self._grace_ns = round(grace_s * SECOND)
        self._next_open = 0
        self._misses = 0

    def after(self, candle: Candle) -> None:
        """This candle is known already; the next one is the first to be delivered."""
        self._next_open = max(self._next_open, candle.close_at)

    async def follow(self, sink: Sink) -> None:
        """Delivers closed candles until cancelled. A venue that does not answer is asked again, ever more slowly."""
        while True:
            await self._until(self._next_open + self._length + self._grace_ns)
            try:
                closed = await self._closed()
            except Throttled as error:
                await self._until(error.retry_at)
                continue
            except VenueError:
                closed = []  # orders would fail in the same way, and tell; a late candle says by itself that it is late
            for candle in closed:
                self._next_open = candle.close_at
                sink(candle)
            await self._rest(delivered=bool(closed))

    async def _closed(self) -> Sequence[Candle]:
        """The closed candles that have not been delivered; with no beginning known, the newest one."""
        if not self._next_open:
            return (await self._rows(self._symbol, self._interval, 0, 2))[:-1][-1:]
        rows = await self._rows(self._symbol, self._interval, self._next_open, CATCH_UP_ROWS)
        fresh = [row for row in rows if row.open_at >= self._next_open]
        if len(fresh) == 1 and await self._is_settled(fresh[0]):
            return fresh
        return fresh[:-1]

    async def _is_settled(self, candle: Candle) -> bool:
        if self._clock.now() < candle.close_at + SETTLED_NS:
            return False
        return await self._server_time() >= candle.close_at + SETTLED_NS

    async def _rest(self, *, delivered: bool) -> None:
        if delivered:
            self._misses = 0
            return
        self._misses += 1
        await asyncio.sleep(PAUSES.wait_s(self._misses))

    async def _until(self, instant: int) -> None:
        # The clock is asked again after each nap: no event could tell that it was set.
        while (left := instant - self._clock.now()) > 0:
            await asyncio.sleep(min(left / SECOND, NAP_LONGEST_S))
