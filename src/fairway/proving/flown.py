"""A stage whose trader needs a lease, and a pilot that gives it: each on a machine of its own, and killed at any step."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final, cast

from fairway.assembly.sellers import Sellers
from fairway.journal.command_reader import ReadCommand
from fairway.journal.memory import MemoryFile, MemoryJournal, open_memory
from fairway.journal.port import Journal, JournalError, Record
from fairway.launch.control import launch_events
from fairway.launch.control.command_inbox import PILOT_STREAM, lease_commands
from fairway.launch.control.commands import LaunchInstruction
from fairway.launch.control.pilot import LaunchRequest, Pilot, PilotFenced, Ports, Source
from fairway.launch.control.state import CODEC, Launch, launch_from
from fairway.launch.observation.probing import Probing, inquiries_of
from fairway.launch.observation.trader_projection import TraderProjection
from fairway.launch.observation.venue_check import VenueAnswer
from fairway.launch.plan.compiled_plan import CompiledPlan
from fairway.proving.delayed_inbox import DelayedInbox, PilotInbox
from fairway.proving.harness import Harness
from fairway.proving.harness_latch import NAME
from fairway.trading.command_inbox import CommandInbox
from fairway.trading.latch import FileLatch
from fairway.venues.ccxt.venue import CcxtVenue
from fairway.venues.port import VenueError
from fairway.watch.prober import Prober
from fairway.world.clock import SimClock
from fairway.world.loop import running

TOWER: Final = "tower"
PAGE: Final = 500
DISK_S: Final = 0.002
"""What it takes to make something durable."""
LAUNCH_ACCOUNT: Final = launch_events.LaunchAccount(account=NAME, user=NAME, profile="conservative", cohort="team")


class LaunchHarness(Harness):
    """launched: the launch's journal, which outlives its pilots. said: what people said at the launch's command inbox."""

    needs_lease = True
    kind_of_pilot: type[Pilot] = Pilot
    """A proving that plants a bug flies another one."""

    def __init__(self, *args: Any, plan: CompiledPlan, **more: Any) -> None:
        super().__init__(*args, **more)
        self.plan = plan
        self.launched = MemoryFile("the launch's journal")
        self.said: list[ReadCommand] = []
        self.trader_inbox = DelayedInbox()
        self.pilots: list[Pilot] = []
        self.sellers = 0
        """Connections that kills of the pilot have opened."""
        self.flown_to_end: list[str] = []
        """How pilots ended that were not killed."""

    def command_inbox(self) -> CommandInbox:
        return self.trader_inbox

    def start_trader(self, credentials: Any) -> None:
        super().start_trader(credentials)
        if not self.pilots:
            self.start_pilot()

    # -- the pilot -----------------------------------------------------------------------------------------------

    def start_pilot(self, file: MemoryFile | None = None, node: str = TOWER) -> None:
        """One more, of the launch's journal or of a copy of it."""
        task = running().spawn(node, self._fly(file if file is not None else self.launched))
        self._companions = [*(each for each in self._companions if each.get_name() != node), task]

    def kill_pilot(self) -> None:
        """`kill -9`."""
        running().kill(TOWER)
        self._companions = [each for each in self._companions if each.get_name() != TOWER]
        self.launched.is_locked = False

    def kill_and_restart_pilot(self) -> None:
        self.kill_pilot()
        self.start_pilot()

    async def _fly(self, file: MemoryFile) -> None:
        loop = running()
        try:
            journal = self.open_launch(file)
        except JournalError as error:
            self.flown_to_end.append(str(error))
            return
        venues = _Client(self._client(self._credentials, loop, f"pilot {len(self.pilots)}", SimClock(loop)))
        prober = Prober(inquiries_of(self.plan.probes, {}), SimClock(loop))
        probing = (Probing(self.plan.probes, prober),) if self.plan.probes else ()
        trader = _TraderOf(self)
        around = (journal, trader, PilotInbox(self.said), venues, _PeopleOf(), SimClock(loop), TraderProjection())
        ports = Ports(*around, (*probing, *self.sources()))
        pilot = self.kind_of_pilot(LaunchRequest(self.plan, "", "ann", maintenance=self.maintenance), ports)
        self.pilots.append(pilot)
        self.meet_pilot(pilot)
        try:
            async with prober.asking():
                await pilot.run()
        except (PilotFenced, JournalError) as error:
            self.flown_to_end.append(str(error))
        finally:
            await trader.close()
            journal.close()
            await venues.close()

    def meet_pilot(self, pilot: Pilot) -> None:
        """Called with each pilot before it runs; a scene that watches its events adds a watcher here."""

    def lease_sent(self, lease: launch_events.LeaseIssued, numbers: Sequence[int]) -> None:
        """Called with each lease and the numbers of the commands that carry it to the trader, one for each account."""

    def sources(self) -> Sequence[Source]:
        """What its pilot hears of from elsewhere than its trader; nothing here."""
        return ()

    def open_launch(self, file: MemoryFile) -> Journal:
        return cast(Journal, _OnDisk(open_memory(file, CODEC, mode=self.mode, trader=NAME, stream=PILOT_STREAM)))

    def tell_pilot(self, by: str, instruction: LaunchInstruction) -> None:
        """What a person says at the launch's command inbox."""
        self.said.append(ReadCommand(len(self.said) + 1, by, running().wall_ns, instruction))

    @property
    def launch(self) -> Launch:
        """What the launch's journal makes of it."""
        return launch_from(self.launched.records)


class _OnDisk:
    """A journal that takes its time, so that its pilot may die before it has written, and after."""

    def __init__(self, journal: MemoryJournal) -> None:
        self._journal = journal
        self.mode, self.trader = journal.mode, journal.trader

    async def commit(self) -> None:
        await asyncio.sleep(DISK_S)
        await self._journal.commit()
        await asyncio.sleep(DISK_S)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._journal, name)


class _TraderOf:
    def __init__(self, stage: LaunchHarness) -> None:
        self._stage = stage
        self._sellers = Sellers(self, SimClock(running()), lambda: (), running().process_chance())

    async def news(self, after: int) -> Sequence[Record]:
        return self._stage.file.records[after : after + PAGE]

    async def issue(self, lease: launch_events.LeaseIssued, at: int) -> None:
        await asyncio.sleep(DISK_S)
        numbers = []
        for command in lease_commands(lease):
            numbers.append(self._stage.trader_inbox.say("pilot", command))
            await asyncio.sleep(DISK_S)
        self._stage.lease_sent(lease, numbers)

    async def kill(self, account: str, ordered: launch_events.KillOrdered, at: int) -> None:
        self._sellers.obey(account, ordered, at)

    def latch(self, account: str) -> FileLatch:
        return self._stage.latch

    def venue(self, account: str) -> CcxtVenue:
        loop = running()
        self._stage.sellers += 1
        return self._stage._client(self._stage._credentials, loop, f"seller {self._stage.sellers}", SimClock(loop))

    async def close(self) -> None:
        await self._sellers.close()


class _PeopleOf:
    async def accounts(self) -> Sequence[launch_events.LaunchAccount]:
        return (LAUNCH_ACCOUNT,)


class _Client:
    """The pilot's own connection, opened when it looks for the first time."""

    def __init__(self, venue: CcxtVenue) -> None:
        self._venue, self._is_open = venue, False

    async def check(self, account: str, symbols: Sequence[str]) -> VenueAnswer:
        if not self._is_open:
            await self._venue.open()
            self._is_open = True
        asked_at = running().wall_ns
        try:
            async with asyncio.timeout(20):
                return VenueAnswer(asked_at, await self._venue.open_orders(()), await self._venue.balances())
        except TimeoutError:
            raise VenueError("the venue did not answer") from None

    async def close(self) -> None:
        await self._venue.close()
