"""Keeps a trader's accounts as the registry says: takes up what was added, lets go what was removed, pauses, and
fetches new keys and another capital.

An account that cannot be opened is reported and tried again; the others do not wait for it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from fairway.journal.port import JournalError
from fairway.people.account import Account
from fairway.people.lifecycle import LifecycleState
from fairway.people.problems import PeopleError
from fairway.store.failures import StoreError
from fairway.trading.account_executor import AccountExecutor
from fairway.trading.inputs import RegistryUpdated
from fairway.trading.trader import Trader
from fairway.venues.port import VenueError
from fairway.world.clock import MINUTE, SECOND, Clock

LOOK_NS = SECOND
TRY_AGAIN_NS = MINUTE
"""An account that could not be opened is tried again after this long, or when the registry has changed."""
AT_ONCE = 8
"""Accounts that are opened at the same time."""


class Roll(Protocol):
    """What the supervisor reads of the registry. Its methods may wait for a database."""

    def version(self) -> int: ...

    def accounts(self) -> Sequence[Account]: ...


class NotOpened(Exception):
    """An account that cannot be traded as it stands; one clear sentence."""


Tell = Callable[[str], None]


class AccountSupervisor:
    """open_executor opens an account's venue and makes its state; raises NotOpened, VenueErrors and PeopleErrors.

    tell: called with a sentence about each account that could not be opened or has failed.
    """

    def __init__(
        self, trader: Trader, roll: Roll, open_executor: Callable[[Account], Awaitable[AccountExecutor]], clock: Clock, tell: Tell
    ) -> None:
        self._trader, self._roll, self._open_executor, self._clock, self._tell = trader, roll, open_executor, clock, tell
        self._version = -1
        self._taken: dict[str, Account] = {}
        """As the registry had them last."""
        self._left: dict[str, Account] = {}
        """Those that the trader has left to a person: none is taken up again before the registry says something else of it."""
        self._closed: dict[str, str] = {}
        self._tried_at = 0
        self._reported = ""

    async def run(self) -> None:
        """Looks each second, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_NS / SECOND)

    async def look(self) -> None:
        """Once. A registry that cannot be read changes nothing: every traded account goes on."""
        self._note_left()
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
        self._version, self._tried_at, self._reported = version, self._clock.now(), ""
        await self._follow({account.id: account for account in accounts})

    def _note_left(self) -> None:
        for name in [name for name in self._taken if name not in self._trader.executors]:
            self._left[name] = self._taken.pop(name)
            why = "its trader has failed; pause and resume it when you have looked at it"
            self._tell(f"account {name} is not traded any more, for {why}")

    async def _follow(self, wanted: dict[str, Account]) -> None:
        for name, taken in list(self._taken.items()):
            executor = self._trader.executors.get(name)
            if executor is not None and (name not in wanted or self._is_other(wanted[name], taken, executor.state.config.quote)):
                del self._taken[name]
                await self._trader.dismiss(name)
                await executor.venue.close()
        room = asyncio.Semaphore(AT_ONCE)
        missing = [each for each in wanted.values() if each.id not in self._taken and each != self._left.get(each.id)]
        for account in [account for account in wanted.values() if account.id in self._taken]:
            self._register(account)
        await asyncio.gather(*(self._take_up(account, room) for account in missing))

    def _is_other(self, wanted: Account, taken: Account, quote: str) -> bool:
        """Whether it must be opened again: with other keys or another capital. quote: in which it is counted."""
        bounds = (wanted.capital_min, wanted.capital_max)
        if bounds == (taken.capital_min, taken.capital_max):
            return wanted.keys_version != taken.keys_version
        foreign = next((each for each in bounds if each is not None and each.asset != quote), None)
        if foreign is None:
            return True
        self._say_once(f"account {wanted.id} goes on with its capital as before, for {foreign} is not in {quote}")
        return wanted.keys_version != taken.keys_version

    async def _take_up(self, account: Account, room: asyncio.Semaphore) -> None:
        async with room:
            try:
                executor = await self._open_executor(account)
            except (NotOpened, VenueError, PeopleError, StoreError, JournalError) as error:
                self._closed[account.id] = str(error)
                self._say_once(f"account {account.id} is not traded: {error}")
                return
        self._closed.pop(account.id, None)
        self._left.pop(account.id, None)
        self._trader.admit(executor)
        self._register(account)

    def _register(self, account: Account) -> None:
        """At once, before anything else is decided for it: one that is paused opens nothing, however long the others take."""
        self._taken[account.id] = account
        is_paused = account.state is not LifecycleState.ACTIVE
        why = f"paused by {account.said.by}{f': {account.said.reason}' if account.said.reason else ''}" if is_paused else ""
        if (executor := self._trader.executors.get(account.id)) is not None:  # it may have failed meanwhile
            self._trader.take(executor, RegistryUpdated(why))

    def _say_once(self, what: str) -> None:
        if what not in self._reported:
            self._reported += what
            self._tell(what)
