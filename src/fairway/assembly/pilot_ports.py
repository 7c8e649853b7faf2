"""What a pilot has around it: its trader's journal and command inbox, and connections of its own to the venue."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from fairway.assembly.configured import venue_of
from fairway.assembly.fleet import venues_of
from fairway.assembly.operational_log import OperationalLog
from fairway.assembly.sellers import Sellers
from fairway.journal.command_inbox import command_inbox_beside, say
from fairway.journal.port import JournalMissing, Record
from fairway.journal.reader import SqlReader
from fairway.journal.sql import open_reader
from fairway.launch.control import launch_events
from fairway.launch.control.command_inbox import lease_commands
from fairway.launch.observation.venue_check import VenueAnswer
from fairway.people.registry import Registry
from fairway.settings import Settings
from fairway.trading.latch import FileLatch
from fairway.venues.allowance import Lane
from fairway.venues.port import Venue, VenueError
from fairway.world.chance import SystemChance
from fairway.world.clock import Clock

LOOK_WITHIN_S: Final = 20

LeaseSent = Callable[[launch_events.LeaseIssued, Sequence[int]], None]
"""Called with a lease and the numbers of the commands that carry it, one for each of its accounts."""


class PilotVenues:
    """Connects to the venue for a pilot: account by account, by connections of its own, whose requests are logged."""

    def __init__(self, settings: Settings, registry: Registry | None, log: OperationalLog) -> None:
        self._settings, self._registry, self._log = settings, registry, log

    def connected(self, account: str, lane: Lane) -> Venue:
        """A client that is not opened yet. Raises SecretMissing, PeopleErrors."""
        if self._registry is None:
            return self._log.venue(venue_of(self._settings, lane), account=account)
        keys = self._registry.keys_of(account)
        self._log.redaction.hide(keys.key.reveal(), keys.secret.reveal())
        return self._log.venue(venues_of(self._settings, self._registry, account, lane)[account], account=account)


class TraderBeside:
    """A trader's journal and its command inbox. The journal need not be there yet."""

    def __init__(self, settings: Settings, venues: PilotVenues, clock: Clock, sent: LeaseSent | None = None) -> None:
        self._settings, self._sent = settings, sent
        self._sellers = Sellers(_Openings(settings, venues), clock, lambda: tuple(settings.symbols), SystemChance())
        self._reader: SqlReader | None = None

    async def news(self, after: int) -> Sequence[Record]:
        if self._reader is None:
            try:
                self._reader = open_reader(self._settings.journal, trader=self._settings.account)
            except JournalMissing:
                return ()
        return await self._reader.news(after)

    async def issue(self, lease: launch_events.LeaseIssued, at: int) -> None:
        command_inbox = command_inbox_beside(self._settings.journal)
        settings, commands = self._settings, list(lease_commands(lease))
        last = say(command_inbox, *commands, mode=settings.mode, trader=settings.account, by="pilot", at=at)
        if self._sent is not None:
            self._sent(lease, range(last - len(commands) + 1, last + 1))

    async def kill(self, account: str, ordered: launch_events.KillOrdered, at: int) -> None:
        self._sellers.obey(account, ordered, at)

    async def close(self) -> None:
        await self._sellers.close()
        if self._reader is not None:
            self._reader.close()


class _Openings:
    """Where an account's latch is, and its venue, by a connection that may cancel and sell."""

    def __init__(self, settings: Settings, venues: PilotVenues) -> None:
        self._settings, self._venues = settings, venues

    def latch(self, account: str) -> FileLatch:
        settings = self._settings
        return FileLatch(settings.latch_folder, account, settings.symbols, settings.account)

    def venue(self, account: str) -> Venue:
        return self._venues.connected(account, Lane.CLOSE)


class VenueChecks:
    """Asks the venue how an account stands, by a client for each account that is opened at its first look and only reads."""

    def __init__(self, settings: Settings, venues: PilotVenues, clock: Clock) -> None:
        self._settings, self._venues, self._clock = settings, venues, clock
        self._open: dict[str, Venue] = {}

    async def check(self, account: str, symbols: Sequence[str]) -> VenueAnswer:
        try:
            async with asyncio.timeout(LOOK_WITHIN_S):
                venue = await self._venue(account)
                asked_at = self._clock.now()
                return VenueAnswer(asked_at, await venue.open_orders(self._settings.symbols), await venue.balances())
        except TimeoutError:
            raise VenueError(f"the venue did not answer about {account} within {LOOK_WITHIN_S} s") from None

    async def _venue(self, account: str) -> Venue:
        found = self._open.get(account)
        if found is None:
            found = self._venues.connected(account, Lane.QUERY)
            try:
                await found.open()
            except BaseException:
                await found.close()  # what it had opened already
                raise
            self._open[account] = found
        return found

    async def close(self) -> None:
        for venue in self._open.values():
            await venue.close()
