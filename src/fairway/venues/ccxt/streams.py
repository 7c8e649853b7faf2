"""Keeps a stream up: connects again with growing, jittered pauses, and says each time it goes down and comes back."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from fairway.venues.ccxt.dialect import StreamLost, Up
from fairway.venues.port import Channel, Sink, StreamDown, StreamUp
from fairway.world.chance import Chance
from fairway.world.clock import MINUTE, Clock
from fairway.world.tasks import Backoff

Session = Callable[[Up], Awaitable[None]]
"""One connection's life: calls up when it is acknowledged, raises StreamLost at its end."""

PAUSES: Final = Backoff(first_s=0.5, longest_s=30.0)
STEADY_NS: Final = MINUTE
"""A connection that lived so long was a good one: the next pause is short again."""
PAUSE_LONGEST_S: Final = 900.0
"""Bound of a pause that the venue asks for."""


async def keep_up(channel: Channel, session: Session, sink: Sink, clock: Clock, chance: Chance) -> None:
    """Runs sessions one after another until cancelled.

    Each end of one is told as StreamDown; a string of failures for the same reason is told once.
    """
    jitter = chance.stream(f"{channel.value} reconnections")
    failures, told = 0, ""
    while True:
        up_at = 0

        def up() -> None:
            nonlocal up_at, told
            up_at, told = clock.monotonic() or 1, ""
            sink(StreamUp(channel))

        try:
            await session(up)
            lost = StreamLost("it ended")
        except StreamLost as error:
            lost = error
        if str(lost) != told:
            told = str(lost)
            sink(StreamDown(channel, told, lost.is_planned))
        was_steady = up_at and clock.monotonic() - up_at >= STEADY_NS
        failures = 1 if was_steady else failures + 1
        pause_s = max(PAUSES.wait_s(failures, jitter), lost.wait_s)
        await asyncio.sleep(min(pause_s, PAUSE_LONGEST_S))
