"""What the signals of the operating system do to a trader: stop it, or kill its accounts."""

import asyncio
from collections.abc import Callable, Coroutine

from fairway.assembly.configured import latch_of
from fairway.settings import Settings
from fairway.trading.latch import Killed, KillScope, SetWithoutWords
from fairway.world.clock import Clock
from fairway.world.realtime import heard
from fairway.world.stops import stops


async def until_signalled(work: Coroutine[object, object, None]) -> None:
    """Runs the work until SIGINT, SIGTERM or SIGHUP cancels it. Raises the work's own error."""
    running = asyncio.ensure_future(work)
    with heard(stops(), running.cancel):
        try:
            await running
        except asyncio.CancelledError:
            if not running.cancelled():
                raise


def kill_by_signal(settings: Settings, scope: KillScope, clock: Clock, tell: Callable[[str], None]) -> None:
    """Sets the kill latch, which the trader reads within a second: it opens no position any more, and stops stay."""
    killed = Killed(scope=scope, reason="the signal SIGUSR1", by="the sender of the signal", at=clock.now())
    latch = latch_of(settings)
    try:
        latch.set(killed)
    except SetWithoutWords:
        pass  # the latch is set, and the trader reports it
    except OSError as error:
        where = latch.path(killed.scope)
        tell(f"NOT killed: the latch {where} cannot be written: {error.strerror}. Stop this process; stops stay at the venue.")
