"""The steward: keeps a trader's accounts as the registry says: takes up what was added, lets go what was removed, pauses, and
fetches new keys.

One account that cannot be opened is told of and tried again; it keeps nobody else waiting.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from fairway.people.account import Account
from fairway.people.lifecycle import State
from fairway.people.problems import PeopleError
from fairway.store.failures import StoreError
from fairway.trading.clerk import Clerk
from fairway.trading.commands import Registered
from fairway.trading.trader import Trader
from fairway.venues.port import VenueError
from fairway.world.clock import MINUTE, SECOND, Clock

LOOK_NS = SECOND
TRY_AGAIN_NS = MINUTE
"""An account that could not be opened is tried again after this long, or when the registry has changed."""
AT_ONCE = 8
"""Accounts that are opened at the same time."""


class Roll(Protocol):
    """What the steward reads of the registry. Its methods may wait for a database."""

    def version(self) -> int: ...

    def accounts(self) -> Sequence[Account]: ...


class NotOpened(Exception):
    """An account that cannot be traded as it stands; one clear sentence."""


Tell = Callable[[str], None]


class Steward:
    """open_clerk opens an account's venue and makes its desk; raises NotOpened, VenueErrors and PeopleErrors. tell: of what went
    wrong, in a sentence."""

    def __init__(
        self, trader: Trader, roll: Roll, open_clerk: Callable[[Account], Awaitable[Clerk]], clock: Clock, tell: Tell
    ) -> None:
        self._trader, self._roll, self._open_clerk, self._clock, self._tell = trader, roll, open_clerk, clock, tell
        self._version = -1
        self._keys: dict[str, int] = {}
        self._closed: dict[str, str] = {}
        self._tried_at = 0
        self._told = ""

    async def run(self) -> None:
        """Looks each second, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_NS / SECOND)

    async def look(self) -> None:
        """Once. A registry that cannot be read changes nothing: whoever is traded goes on."""
        loop = asyncio.get_running_loop()
        try:
            version = await loop.run_in_executor(None, self._roll.version)
            is_due = self._closed and self._clock.now() - self._tried_at >= TRY_AGAIN_NS
            if version == self._version and not is_due:
                return
            accounts = await loop.run_in_executor(None, self._roll.accounts)
        except StoreError as error:
            self._say_once(f"the registry cannot be read, so accounts stay as they are: {error}")
            return
        self._version, self._tried_at, self._told = version, self._clock.now(), ""
        await self._follow({account.id: account for account in accounts})

    async def _follow(self, wanted: dict[str, Account]) -> None:
        for name in [name for name in self._trader.clerks if name not in wanted or wanted[name].keys_version != self._keys[name]]:
            venue = self._trader.clerks[name].venue
            await self._trader.dismiss(name)
            await venue.close()
        room = asyncio.Semaphore(AT_ONCE)
        await asyncio.gather(
            *(self._take_up(account, room) for account in wanted.values() if account.id not in self._trader.clerks)
        )
        for name, clerk in self._trader.clerks.items():
            account = wanted[name]
            is_paused = account.state is not State.ACTIVE
            why = f"paused by {account.said.by}{f': {account.said.reason}' if account.said.reason else ''}" if is_paused else ""
            self._trader.take(clerk, Registered(why))

    async def _take_up(self, account: Account, room: asyncio.Semaphore) -> None:
        async with room:
            try:
                clerk = await self._open_clerk(account)
            except (NotOpened, VenueError, PeopleError) as error:
                self._closed[account.id] = str(error)
                self._say_once(f"account {account.id} is not traded: {error}")
                return
        self._closed.pop(account.id, None)
        self._keys[account.id] = account.keys_version
        self._trader.admit(clerk)

    def _say_once(self, what: str) -> None:
        if what not in self._told:
            self._told += what
            self._tell(what)
