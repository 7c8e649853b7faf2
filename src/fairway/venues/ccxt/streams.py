"""Keeps a stream up: connects again with growing, jittered pauses, and says each time it goes down and comes back.

Two kinds of pauses, because an unreachable venue concerns all accounts, and a refused key one account:
the first is the address's (`dialling`), the second this stream's own.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from fairway.venues.ccxt.dialect import StreamConnectionLost, Up
from fairway.venues.dialling import Dialling
from fairway.venues.port import Sink, StreamChannel, StreamDown, StreamUp
from fairway.world.backoff import Backoff
from fairway.world.chance import Chance
from fairway.world.clock import MINUTE, Clock

Session = Callable[[Up], Awaitable[None]]
"""One connection's life: calls up when it is acknowledged, raises StreamLost at its end."""

PAUSES: Final = Backoff(first_s=0.5, longest_s=30.0)
STEADY_NS: Final = MINUTE
"""A connection that lived so long was a good one: the next pause is short again."""


class AccountStream:
    """One channel of one account."""

    def __init__(self, channel: StreamChannel, dialling: Dialling, clock: Clock, chance: Chance) -> None:
        self._channel, self._dialling, self._clock = channel, dialling, clock
        self._jitter = chance.stream(f"{channel.value} reconnections")
        self._cut: asyncio.Future[str] | None = None

    async def keep_up(self, session: Session, sink: Sink) -> None:
        """Runs sessions one after another until cancelled.

        Each end of one is told as StreamDown; a string of failures for the same reason is told once.
        """
        failures, told = 0, ""
        while True:
            up_at = 0

            def up() -> None:
                nonlocal up_at, told
                up_at, told = self._clock.monotonic() or 1, ""
                self._dialling.reached()
                sink(StreamUp(self._channel))

            await self._dialling.turn(first=self._channel is StreamChannel.MARKET)
            lost = await self._live(session, up)
            if str(lost) != told:
                told = str(lost)
                sink(StreamDown(self._channel, told, lost.is_planned))
            if not lost.was_reached:
                self._dialling.failed(lost.wait_s, str(lost))
                continue
            was_steady = up_at and self._clock.monotonic() - up_at >= STEADY_NS
            failures = 1 if was_steady else failures + 1
            await asyncio.sleep(PAUSES.jittered_s(failures, self._jitter))

    def reconnect(self, why: str) -> None:
        """Ends the present connection for this reason; without one there is nothing to end."""
        if self._cut is not None and not self._cut.done():
            self._cut.set_result(why)

    async def _live(self, session: Session, up: Up) -> StreamConnectionLost:
        """One connection's life: why it ended. Raises what the receiver raised."""
        cut = self._cut = asyncio.get_running_loop().create_future()
        living = asyncio.ensure_future(session(up))
        try:
            await asyncio.wait((living, cut), return_when=asyncio.FIRST_COMPLETED)
            if not living.done():
                return StreamConnectionLost(cut.result())
            living.result()
            return StreamConnectionLost("it ended")
        except StreamConnectionLost as lost:
            return lost
        finally:
            self._cut = None
            living.cancel()
            await asyncio.gather(living, return_exceptions=True)
