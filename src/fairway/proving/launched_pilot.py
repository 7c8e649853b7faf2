"""What the pilot of a launched simulation has around it: the trader beside it, the users, its own connections to the venue."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from fairway.assembly.sellers import Sellers
from fairway.journal.port import Record
from fairway.journal.reader import SqlReader
from fairway.journal.sql import open_reader
from fairway.launch.control import launch_events
from fairway.launch.control.command_inbox import lease_commands
from fairway.launch.observation.venue_check import VenueAnswer
from fairway.launch.simulation.population import SimulatedUser, launch_accounts
from fairway.trading.latch import FileLatch
from fairway.venues.ccxt.venue import CcxtVenue
from fairway.venues.port import VenueError
from fairway.world.clock import SimClock
from fairway.world.loop import running

if TYPE_CHECKING:
    from fairway.proving.launched import LaunchSimulation

FLEET: Final = "fleet"
ANSWER_S: Final = 20.0


class SimulatedTraderBeside:
    """The trader's journal, read from its file, and the trader's command inbox."""

    def __init__(self, simulation: "LaunchSimulation") -> None:
        self._simulation = simulation
        self._sellers = Sellers(self, SimClock(running()), lambda: tuple(simulation.market.symbols), running().process_chance())
        self._opened = 0
        self._reader: SqlReader | None = None

    async def news(self, after: int) -> Sequence[Record]:
        if self._reader is None:
            self._reader = open_reader(self._simulation.journal, trader=FLEET)
        return await self._reader.news(after)

    async def issue(self, lease: launch_events.LeaseIssued, at: int) -> None:
        self._simulation.command_inbox.say("pilot", *lease_commands(lease))

    async def kill(self, account: str, ordered: launch_events.KillOrdered, at: int) -> None:
        self._sellers.obey(account, ordered, at)

    def latch(self, account: str) -> FileLatch:
        return self._simulation.latch_of(account)

    def venue(self, account: str) -> CcxtVenue:
        self._opened += 1
        return self._simulation.client(account, running(), f"seller {self._opened} of {account}")

    async def close(self) -> None:
        await self._sellers.close()
        if self._reader is not None:
            self._reader.close()


class SeatedPeople:
    def __init__(self, users: Sequence[SimulatedUser], since: int) -> None:
        self._seated = launch_accounts(users, since)

    async def accounts(self) -> Sequence[launch_events.LaunchAccount]:
        return self._seated


class SimulatedPilotVenues:
    """The pilot's own connections, from its own machine."""

    def __init__(self, simulation: "LaunchSimulation") -> None:
        self._simulation = simulation
        self._open: dict[str, CcxtVenue] = {}

    async def check(self, account: str, symbols: Sequence[str]) -> VenueAnswer:
        try:
            async with asyncio.timeout(ANSWER_S):
                venue = await self._venue(account)
                asked_at = running().wall_ns
                return VenueAnswer(asked_at, await venue.open_orders(()), await venue.balances())
        except TimeoutError:
            raise VenueError(f"the venue did not answer about {account}") from None

    async def _venue(self, account: str) -> CcxtVenue:
        found = self._open.get(account)
        if found is None:
            like = next(iter(self._open.values()), None)
            found = self._simulation.client(account, running(), f"pilot's {account}", like)
            await found.open()
            self._open[account] = found
        return found

    async def close(self) -> None:
        for venue in self._open.values():
            with suppress(VenueError):
                await venue.close()
