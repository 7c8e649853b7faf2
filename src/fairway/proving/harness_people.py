"""The people of a play: one who kills, one who removes the latch's files, and the issuer of leases."""

from abc import abstractmethod
from collections.abc import Mapping

from msgspec import structs

from fairway.exchange.practice_exchange import Credentials
from fairway.proving.delayed_inbox import DelayedInbox
from fairway.proving.harness_latch import NAME, HarnessLatch
from fairway.proving.leases import LeaseTerms
from fairway.proving.scenario_script import Path
from fairway.trading.kill import Killer, Killing, NotDone
from fairway.trading.latch import Killed, KillScope
from fairway.trading.run_ids import draw_run
from fairway.venues.ccxt.venue import CcxtVenue
from fairway.venues.port import VenueError
from fairway.world.clock import Clock, SimClock
from fairway.world.loop import SimLoop, running


class HarnessPeople:
    """The part of a stage that people have in it."""

    def __init__(self) -> None:
        self.killings: list[Killing | NotDone | VenueError] = []
        """How the kills ended that `kill` carried out."""
        self.delayed_inbox: DelayedInbox | None = None
        """Where people tell its trader something."""
        self.lease: LeaseTerms | None = None
        """What its issuer gives; None where the trader needs none."""
        self.latch: HarnessLatch
        self._credentials: Credentials
        self._prices: Mapping[str, Path]

    @property
    @abstractmethod
    def trader_clock(self) -> SimClock: ...

    @abstractmethod
    def _client(self, credentials: Credentials, loop: SimLoop, name: str, clock: Clock) -> CcxtVenue: ...

    def kill(self, killed: Killed) -> None:
        """What `fairway kill` does, from a machine of its own."""
        running().spawn("killer", self._kill(structs.replace(killed, at=self.trader_clock.now())))

    async def _kill(self, killed: Killed) -> None:
        loop = running()
        self.latch.set(killed)
        venue = self._client(self._credentials, loop, f"killer {len(self.killings)}", SimClock(loop))
        try:
            self.killings.append(await self._killer(venue, killed).run())
        except (NotDone, VenueError) as error:
            self.killings.append(error)
        finally:
            await venue.close()

    def _killer(self, venue: CcxtVenue, killed: Killed) -> Killer:
        loop = running()
        run = draw_run(loop.process_chance().stream("runs"))
        return Killer(venue, self.latch, SimClock(loop), NAME, killed, tuple(self._prices), run=run)

    def give(self, lease: LeaseTerms) -> None:
        """The issuer tells the trader which lease it has, by the true time."""
        assert self.delayed_inbox is not None, "a trader without a command inbox receives no lease"
        self.delayed_inbox.say("issuer", lease.lease(running().wall_ns))

    def lose_latch(self) -> None:
        """A person removes the latch's files."""
        self.latch.clear(KillScope.ALL)
        for symbol in ("", *self._prices):
            self.latch.clear(KillScope.SYMBOL if symbol else KillScope.ACCOUNT, symbol)
