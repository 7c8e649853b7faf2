"""The tower: the process that flies a launch beside a trader. It reads the trader's journal and writes into its command inbox."""

import asyncio
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, suppress
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from msgspec import Struct

from fairway.assembly.beside import Companions
from fairway.assembly.fleet import registry_of
from fairway.assembly.launched_accounts import LaunchedAccounts, LaunchMembers, folder_of
from fairway.assembly.operational_log import OperationalLog, operational_log
from fairway.assembly.pilot_log import PilotLines
from fairway.assembly.pilot_ports import PilotVenues, TraderBeside, VenueChecks
from fairway.assembly.signals import until_signalled
from fairway.journal.chain import checked
from fairway.journal.command_reader import ReadCommand
from fairway.journal.port import JournalLocked, JournalMissing, Record, ReplayEntry
from fairway.journal.reader import SqlReader
from fairway.journal.sql import SqlJournal, open_journal, open_reader
from fairway.launch.control import launch_events
from fairway.launch.control.command_inbox import (
    PILOT_COMMAND_STREAM,
    PILOT_STREAM,
    command_reader_of,
    launch_beside,
    launch_inbox_beside,
    waiting,
)
from fairway.launch.control.decision import Replayed, replayed
from fairway.launch.control.gate_stage import verdicts_of
from fairway.launch.control.lifecycle import Phase
from fairway.launch.control.pilot import LaunchRequest, Pilot, Ports
from fairway.launch.control.state import CODEC, Launch, launch_from
from fairway.launch.evidence.survey_answers import Surveying
from fairway.launch.observation.checkpoint import ProjectionCheckpoint, read_on, restore_to_look
from fairway.launch.observation.external_series import with_external
from fairway.launch.observation.planned_maintenance import excused
from fairway.launch.observation.probing import Probing, inquiries_of
from fairway.launch.observation.trader_projection import TraderProjection
from fairway.launch.plan.compile import PlanCompiler
from fairway.launch.plan.compiled_plan import CompiledPlan
from fairway.launch.plan.limits import Mode
from fairway.launch.plan.load import Written, parse
from fairway.launch.views.record import LaunchRecord, record_of
from fairway.launch.views.stakes import TraderStakes
from fairway.launch.views.status_text import LaunchStatus
from fairway.logs.log import Process
from fairway.money.amount import use_exact_decimals
from fairway.people.registry import Registry
from fairway.settings import Settings
from fairway.store.place import name_of
from fairway.watch.prober import Prober, TimedQuestion
from fairway.world.clock import SteadyClock, SystemClock
from fairway.world.garbage import without_collecting
from fairway.world.realtime import run_real

MODES: Final = {"practice": Mode.PAPER, "testnet": Mode.TESTNET, "live": Mode.LIVE}


class LaunchListener(NamedTuple):
    """What follows a flight."""

    begun: Callable[[], None]
    """Called once nothing can refuse the launch any more: the journal is open and locked by this process."""
    hear: Callable[[Struct, int], None]
    """Called with each event and its instant (ns)."""
    tell: Callable[[str], None]
    """Called with a sentence about what the pilot does without."""


class NotBegun(Exception):
    """There is no launch beside this trader."""


def plan_of(settings: Settings, written: Written) -> CompiledPlan:
    """A plan as this trader's pilot flies it. Raises PlanError."""
    return PlanCompiler(written, settings.quote, MODES[settings.mode]).compiled()


def fly(settings: Settings, written: Written, by: str, listener: LaunchListener, at: int = 0) -> None:
    """Flies a launch in real time until SIGINT or SIGTERM. What it has given runs out by itself. at: its T (ns), 0 for none.

    Raises PlanError, TokenMissing, Fenced, JournalErrors, VenueErrors, StoreErrors and PeopleErrors.
    """
    use_exact_decimals()
    request = LaunchRequest(plan_of(settings, written), written.text, by, at, settings.maintenance)
    asked = inquiries_of(request.plan.probes, os.environ)
    with ExitStack() as held:
        registry = held.enter_context(registry_of(settings)) if settings.people is not None else None
        run_real(lambda: _fly(settings, request, asked, registry, listener))


async def _fly(
    settings: Settings,
    request: LaunchRequest,
    asked: Sequence[TimedQuestion],
    registry: Registry | None,
    listener: LaunchListener,
) -> None:
    clock = SteadyClock(SystemClock())
    log = operational_log(settings, clock, Process.PILOT)
    journal = _journal_of(settings)
    log.redaction.hide(*(each.token for each in asked))
    listener = _logged(listener, log)
    lines, connections = PilotLines(log.log, request.plan), PilotVenues(settings, registry, log)
    trader, checks = TraderBeside(settings, connections, clock, lines.lease_sent), VenueChecks(settings, connections, clock)
    command_inbox = command_reader_of(settings.journal, mode=settings.mode, trader=settings.account)
    launched = LaunchedAccounts(settings, request.plan.name, folder_of(os.environ))
    people = LaunchMembers(settings, registry, launched, listener.tell)
    projection = TraderProjection(is_live=settings.mode == "live")
    checkpoint = ProjectionCheckpoint(settings.journal, trader=settings.account, tell=listener.tell)
    companions, prober = Companions(settings, request.plan), Prober(asked, clock)
    probing = (Probing(request.plan.probes, prober),) if request.plan.probes else ()
    ports = Ports(
        log.journal(journal),
        log.reader(trader, "trader_journal_read", "news"),
        log.reader(command_inbox, "command_inbox_read", "heard"),
        checks,
        log.reader(people, "registry_read", "accounts"),
        clock,
        projection,
        (*companions.sources, *probing, Surveying()),
        checkpoint,
    )
    try:
        people.take_all()
        pilot = Pilot(request, ports)
        pilot.watchers.append(listener.hear)
        lines.follow(pilot)
        listener.begun()
        _recall(settings, checkpoint, projection)
        async with prober.asking():
            await until_signalled(log.watching(pilot.run()))
        tracks = pilot.launch.tracks
        if tracks and all(progress.phase is Phase.ABORTED for progress in tracks.values()):
            launched.give_up()
    finally:
        launched.release()
        await checkpoint.close(projection)
        await trader.close()
        companions.close()
        command_inbox.close()
        journal.close()
        await checks.close()
        log.close()


def _logged(listener: LaunchListener, log: OperationalLog) -> LaunchListener:
    """The listener, whose sentences are in the log too."""

    def tell(sentence: str) -> None:
        listener.tell(sentence)
        log.tell(sentence)

    return listener._replace(tell=tell)


def _recall(settings: Settings, checkpoint: ProjectionCheckpoint, projection: TraderProjection) -> None:
    """A trader's journal that is not there yet, or is being made, is waited for by the pilot. Raises JournalErrors."""
    try:
        reader = open_reader(settings.journal, trader=settings.account)
    except JournalMissing:
        checkpoint.open(projection, None)
        return
    with reader:
        checkpoint.open(projection, reader)


def _journal_of(settings: Settings) -> SqlJournal:
    """Raises JournalErrors."""
    try:
        return open_journal(
            launch_beside(settings.journal), CODEC, mode=settings.mode, trader=settings.account, stream=PILOT_STREAM
        )
    except JournalLocked as error:
        who = f" ({error.holder})" if error.holder else ""
        raise JournalLocked(
            f"another pilot{who} flies the launch beside {name_of(settings.journal)}; stop that one first"
        ) from None


# -- looking at a launch from outside --------------------------------------------------------------------------------


def read_launch(settings: Settings) -> tuple[Launch, list[Record]]:
    """The launch beside a trader as its journal tells it, and all its records. Raises NotBegun, JournalErrors."""
    records: list[Record] = []

    def kept(reader: SqlReader) -> Iterator[Record]:
        for record in checked(reader.read(), "the launch's journal"):
            records.append(record)
            yield record

    return _folded(settings, kept), records


def launch_now(settings: Settings) -> Launch:
    """The same without the records, which may be millions. Raises NotBegun, JournalErrors."""
    with without_collecting():
        return _folded(settings, lambda reader: checked(reader.read(), "the launch's journal"))


def launch_as_begun(settings: Settings) -> Launch:
    """The plan and its start alone, without what came after, for callers that must not wait. Raises NotBegun, JournalErrors."""
    is_begin = launch_events.LaunchBegan.__name__
    return _folded(settings, lambda reader: islice((each for each in reader.read() if each.kind == is_begin), 1))


def _folded(settings: Settings, read: Callable[[SqlReader], Iterable[Record | ReplayEntry]]) -> Launch:
    where, launch = launch_beside(settings.journal), Launch()
    try:
        with open_reader(where, trader=settings.account, stream=PILOT_STREAM) as reader:
            launch = launch_from(read(reader))
    except JournalMissing:
        if isinstance(where, Path) and where.exists():
            raise
    if launch.began is None:
        raise NotBegun(f"no launch was begun beside {settings.journal}; `fairway launch start` begins one")
    return launch


def written_of(launch: Launch) -> Written:
    """The plan that a launch flies, as it was when it began."""
    assert launch.began is not None
    return parse(launch.began.text, file=launch.began.plan)


def launch_status(settings: Settings) -> LaunchStatus:
    """All that is known of a launch as it is now. Raises NotBegun, JournalErrors."""
    return _status_of(settings, launch_now(settings))


def _status_of(settings: Settings, launch: Launch) -> LaunchStatus:
    is_live = settings.mode == "live"
    plan, projection = plan_of(settings, written_of(launch)), TraderProjection(is_live=is_live)
    with suppress(TraderNeverRan), _trader_of(settings) as reader:
        restore_to_look(projection, reader, settings.journal, trader=settings.account)
        read_on(projection, reader)
    observation = excused(
        with_external(projection.observation(SystemClock().now()), launch.external, plan.paces), launch.maintenance
    )
    unheard = waiting(settings.journal, launch.commands_read, trader=settings.account)
    return LaunchStatus(plan, launch, observation, verdicts_of(plan, launch, observation), is_live, unheard)


class TraderNeverRan(Exception):
    """A launch may begin before its trader does: then nothing of that is known, and nothing is wrong."""


def _trader_of(settings: Settings) -> SqlReader:
    try:
        return open_reader(settings.journal, trader=settings.account)
    except JournalMissing:
        if isinstance(settings.journal, Path) and settings.journal.exists():
            raise
        raise TraderNeverRan from None


def record_now(settings: Settings) -> LaunchRecord:
    """Everything that a launch rests on, as it is now. Raises NotBegun, JournalErrors."""
    launch, records = read_launch(settings)
    last: deque[Record] = deque(maxlen=1)
    with suppress(TraderNeverRan), _trader_of(settings) as reader:
        last.extend(checked(reader.read(), "the trader's journal"))
    status = _status_of(settings, launch)
    journals = [("the launch's journal, last record", records[-1].digest)]
    journals += [("the trader's journal, last record", record.digest) for record in last]
    venue = f"{settings.venue.exchange}{f' at {settings.venue.url}' if settings.venue.url else ''}"
    trader = TraderStakes(settings.mode, venue)
    return record_of(status, [(record.at, CODEC.decode(record)) for record in records], journals, trader)


def reader_of(settings: Settings) -> SqlReader:
    """The journal of the launch beside a trader, to be looked at again and again. Raises JournalErrors."""
    return open_reader(launch_beside(settings.journal), trader=settings.account, stream=PILOT_STREAM)


def replay_decision(settings: Settings, number: int) -> Replayed:
    """A decision, replayed. Raises NotBegun, NoSuchDecision, JournalErrors."""
    _, own = read_launch(settings)
    _check_what_was_said(settings)
    with open_reader(settings.journal, trader=settings.account) as trader, closing(_Said(settings)) as command_inbox:
        return replayed(
            number,
            own,
            checked(trader.read(), "the trader's journal"),
            command_inbox.all(),
            lambda began: plan_of(settings, parse(began.text)),
            TraderProjection(is_live=settings.mode == "live"),
        )


def _check_what_was_said(settings: Settings) -> None:
    """Raises JournalBroken, where an instruction was changed after it was written."""
    with suppress(JournalMissing):
        where = launch_inbox_beside(settings.journal)
        with open_reader(where, trader=settings.account, stream=PILOT_COMMAND_STREAM) as command_inbox:
            for _ in checked(command_inbox.read(), "the journal of what people told the launch"):
                pass


class _Said:
    """All commands that a pilot was ever given."""

    def __init__(self, settings: Settings) -> None:
        self._hearing = command_reader_of(settings.journal, mode=settings.mode, trader=settings.account)
        self._is_there = not isinstance(settings.journal, Path) or Path(str(launch_inbox_beside(settings.journal))).exists()

    def all(self) -> Sequence[ReadCommand]:
        return asyncio.run(self._all()) if self._is_there else []

    async def _all(self) -> Sequence[ReadCommand]:
        found: list[ReadCommand] = []
        while page := await self._hearing.heard(len(found), len(found)):
            found += page
        return found

    def close(self) -> None:
        self._hearing.close()
