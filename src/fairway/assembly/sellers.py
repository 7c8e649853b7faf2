"""Sellers: carry out a launch's kills that sell, one at a time for an account, beside the pilot that ordered them.

The end of a sale is not reported: the latch says that it is over; the pilot checks the venue and orders another where needed.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Protocol

from fairway.launch.control.launch_events import KillOrdered
from fairway.people.problems import PeopleError
from fairway.risk.disposal import Disposal
from fairway.store.failures import StoreError
from fairway.trading.kill import PATIENCE_S, Killer, NotDone
from fairway.trading.latch import FileLatch, Killed, KillScope
from fairway.trading.run_ids import draw_run
from fairway.venues.port import Venue, VenueError
from fairway.world.chance import Chance
from fairway.world.clock import Clock

ENDS_WITHIN_S: Final = 2 * PATIENCE_S
"""Who has taken stops away must not be cut off before he has sold: so long a pilot that is told to stop waits for him."""


class Openings(Protocol):
    """Where an account is: connections of its own, and its latch."""

    def latch(self, account: str) -> FileLatch: ...

    def venue(self, account: str) -> Venue:
        """A new one, not open yet. Raises PeopleErrors, StoreErrors."""
        ...


class Sellers:
    """symbols: what is traded."""

    def __init__(self, openings: Openings, clock: Clock, symbols: Callable[[], tuple[str, ...]], chance: Chance) -> None:
        self._openings, self._clock, self._symbols = openings, clock, symbols
        self._runs = chance.stream("runs")
        self._at_work: dict[str, asyncio.Task[None]] = {}

    def obey(self, account: str, ordered: KillOrdered, at: int) -> None:
        """Sets the latch, durable when this returns. A sale that runs already goes on and is not started twice.

        Where the latch cannot be written nothing is sold, for the trader would protect what is just being sold. Nor where a
        person has killed because nothing may be sold: that word stays, and the trader shows it.
        """
        before = self._at_work.get(account)
        if before is not None and before.done():
            self._at_work.pop(account).result()
        elif before is not None:
            return
        killed = Killed(scope=KillScope.ACCOUNT, reason=ordered.reason, by="pilot", disposal=ordered.disposal, at=at)
        latch = self._openings.latch(account)
        kept = [each for each in latch.read() if each.cause.forbids_selling]
        if any(killed.disposal is Disposal.FLATTEN or not each.symbol for each in kept):
            return
        try:
            latch.set(killed)
        except OSError:
            return  # no trader shows it then, so the pilot orders it again, and tells a person
        if killed.disposal is Disposal.FLATTEN:
            self._at_work[account] = asyncio.create_task(self._sell(account, latch, killed), name=f"sells {account}")

    async def close(self) -> None:
        """When those at work are done, or have had time enough."""
        if self._at_work:
            _, late = await asyncio.wait(self._at_work.values(), timeout=ENDS_WITHIN_S)
            for task in late:
                task.cancel()

    async def _sell(self, account: str, latch: FileLatch, killed: Killed) -> None:
        """The pilot sees at the venue what is left after a failure, orders it again, and tells a person in the end."""
        with suppress(NotDone, VenueError, PeopleError, StoreError):
            venue = self._openings.venue(account)
            try:
                run = draw_run(self._runs)
                await Killer(venue, latch, self._clock, account, killed, self._symbols(), run=run).run()
            finally:
                await venue.close()
