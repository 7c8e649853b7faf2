"""A night in simulated time: a launch that trades for twelve users, and beside it the alerting service that people rely on.

Nothing of the alerting service is replaced: it reads the journals' files, takes commands of people from its inbox, acts through
the inboxes of trader and pilot, and sends by its channels to servers that are nodes of the simulated network. A supervisor that
only starts and counts processes stands for the one of the machine.
"""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct, structs

from fairway.assembly import Bot
from fairway.assembly.alerting_process import AlertingMachine, OpenAlerting, opened_alerting
from fairway.assembly.status_page_files import JSON
from fairway.assembly.system_status import ChildState, ChildStatus, SystemStatus, only_one, place_of, write_status
from fairway.incidents.alerting_journal import tell_alerting
from fairway.incidents.status_page import StatusDocument
from fairway.journal.command_inbox import command_inbox_beside, say
from fairway.journal.commands import Instruction
from fairway.launch.control.command_inbox import LaunchInbox, command_reader_of, tell
from fairway.launch.control.commands import LaunchInstruction
from fairway.launch.simulation.population import SimulatedUser
from fairway.proving.delayed_inbox import DelayedInbox
from fairway.proving.launched import TOWER, TRADER, LaunchSimulation
from fairway.proving.launched_pilot import FLEET
from fairway.settings import Settings
from fairway.settings.alerts import AlertSettings
from fairway.trading.command_inbox import JournalCommandInbox
from fairway.trading.inputs import CommandReceived
from fairway.trading.latch import FileLatch
from fairway.world.clock import SECOND, SimClock
from fairway.world.loop import SimLoop, running

ALERTING: Final = "alerting"
CONFIG: Final = "night.yaml"
"""The configuration, as commands in messages name it."""
MODE: Final = "practice"
SETTLES_S: Final = 60.0
"""After its last minute the night waits so long, so that what was queued is delivered."""
PROCESSES: Final = {TRADER: "trader", TOWER: "pilot", ALERTING: "alerting"}
"""By node, the name that the supervisor gives its process."""
FREE_SHARE: Final = 0.5
LOAD: Final = 0.05
GUARDS_OFF: Final = ("fee_churn", "losses_in_a_row", "edge_health")


class InboxOnDisk(DelayedInbox):
    """The trader's command inbox as a file beside its journal, as every other process writes it."""

    def __init__(self, journal: Path) -> None:
        super().__init__()
        self._where = command_inbox_beside(journal)
        self._reader = JournalCommandInbox(self._where, mode=MODE, trader=FLEET)

    async def waiting(self, after: int, known: int) -> Sequence[CommandReceived]:
        return await self._reader.waiting(after, known)

    def say(self, by: str, *instructions: Instruction) -> int:
        return say(self._where, *instructions, mode=MODE, trader=FLEET, by=by, at=running().wall_ns)

    def close(self) -> None:
        self._reader.close()


@dataclass(frozen=True, slots=True)
class SimulatedUse:
    """What processes and the disk of the simulated machine are used."""

    loop: SimLoop

    def processor_seconds(self, process_id: int) -> float | None:
        return self.loop.elapsed_ns / SECOND * LOAD

    def free_share(self, folder: Path) -> float | None:
        return FREE_SHARE


class SimulatedSupervisor:
    """Says which processes run and how often they crashed, in the file where the alerting service looks for it."""

    def __init__(self, settings: Settings, now: int) -> None:
        self._place = place_of(settings)
        children = [
            ChildStatus(name=name, state=ChildState.READY, since=now, process_id=number)
            for number, name in enumerate(PROCESSES.values(), 1)
        ]
        self._status = SystemStatus(began_at=now, process_id=1, children=children)
        self._held = ExitStack()

    def begin(self) -> None:
        self._held.enter_context(only_one(self._place))
        write_status(self._place, self._status)

    def end(self) -> None:
        self._held.close()

    def crashed(self, node: str, now: int) -> None:
        self._note(node, ChildState.CRASHED, now, 1)

    def started(self, node: str, now: int) -> None:
        self._note(node, ChildState.READY, now, 0)

    def _note(self, node: str, state: ChildState, now: int, crashes: int) -> None:
        child = next(each for each in self._status.children if each.name == PROCESSES[node])
        child.state, child.since, child.crashes = state, now, child.crashes + crashes
        write_status(self._place, self._status)


Service = Callable[[], Coroutine[Any, Any, None]]


@dataclass(slots=True, kw_only=True)
class NightSimulation(LaunchSimulation):
    """services: by node, the server that runs there, and the loopback address that leads to it."""

    settings: Settings
    services: Mapping[str, tuple[str, Service]]
    supervisor: SimulatedSupervisor = field(init=False)
    alerting: OpenAlerting = field(init=False)
    pages: list[tuple[int, StatusDocument]] = field(default_factory=list)
    """The status page as its file had it, each time that it changed, with its instant (ns)."""
    _page_written: bytes = b""

    # -- what the launch asks for --------------------------------------------------------------------------------

    async def _begin(self) -> None:
        loop = running()
        for node, (address, serve) in self.services.items():
            self._tasks[node] = loop.spawn(node, serve())
            loop.network.names.tunnel(address, node)
        self.supervisor = SimulatedSupervisor(self.settings, loop.wall_ns)
        self.supervisor.begin()
        self._start(ALERTING, self._alert())

    async def _finish(self) -> None:
        await self._end(ALERTING)
        for node in self.services:
            if node in self._tasks:
                await self._end(node)
        self.supervisor.end()

    def _pilot_inbox(self) -> LaunchInbox:
        return command_reader_of(self.journal, mode=MODE, trader=FLEET)

    def _bot(self, user: SimulatedUser) -> Bot:
        """The strategy of a night has no edge: guards of it would stop it by themselves, without any fault."""
        bot = LaunchSimulation._bot(self, user)
        quiet = dict.fromkeys(GUARDS_OFF)
        return replace(bot, rules=structs.replace(bot.rules, guards=bot.rules.guards.changed(**quiet)))

    def latch_of(self, account: str) -> FileLatch:
        return FileLatch(self.journal.parent, account, self.market.symbols, FLEET)

    # -- what people and faults do -------------------------------------------------------------------------------

    def tell_pilot(self, by: str, instruction: LaunchInstruction) -> None:
        tell(self.journal, instruction, mode=MODE, trader=FLEET, by=by, at=running().wall_ns)

    def tell_alerting(self, by: str, command: Struct) -> None:
        """What a person says at alerting's command inbox."""
        tell_alerting(self.journal, command, mode=MODE, trader=FLEET, by=by, at=running().wall_ns)

    def crash(self, node: str) -> None:
        """`kill -9` of a process, which its supervisor sees."""
        self.kill(node)
        self.supervisor.crashed(node, running().wall_ns)

    def start_again(self, node: str) -> None:
        starts: dict[str, Callable[[], None]] = {
            TRADER: self.start_trader_again,
            TOWER: self.start_pilot_again,
            ALERTING: lambda: self._start(ALERTING, self._alert()),
        }
        starts[node]()
        self.supervisor.started(node, running().wall_ns)

    def stop_service(self, node: str) -> None:
        """A server of others is gone: its port refuses connections."""
        running().kill(node)
        del self._tasks[node]

    def start_service(self, node: str) -> None:
        self._tasks[node] = running().spawn(node, self.services[node][1]())

    # -- alerting ------------------------------------------------------------------------------------------------

    async def _alert(self) -> None:
        loop, alerts = running(), self.settings.alerts or AlertSettings()
        machine = AlertingMachine(SimClock(loop), loop.process_chance().stream("notify"), SimulatedUse(loop))
        with opened_alerting(self.settings, alerts, CONFIG, machine) as self.alerting:
            self._journals[ALERTING] = self.alerting.journal
            self.alerting.service.followers.append(self._follow)
            await self.alerting.service.run(self.alerting.dispatcher)

    def _follow(self, now: int, events: Sequence[Struct]) -> None:
        """Keeps the status page as its files have it, where what it shows has changed."""
        assert self.settings.alerts is not None
        assert self.settings.alerts.status_page is not None
        written = (self.settings.alerts.status_page.folder / JSON).read_bytes()
        if written == self._page_written:
            return
        self._page_written = written
        page = msgspec.json.decode(written, type=StatusDocument)
        if not self.pages or shown_by(page) != shown_by(self.pages[-1][1]):
            self.pages.append((now, page))


def shown_by(page: StatusDocument) -> StatusDocument:
    """The page without what changes with time alone."""
    lasting = tuple(structs.replace(each, lasted="") for each in page.incidents)
    return structs.replace(page, made_at="", fresh_until="", incidents=lasting)
