"""Runs the alerting service of a configuration in real time: its journal, its inbox, what it measures, and its channels."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Final

from fairway.alerting.measured import MeasuredNow
from fairway.assembly.action_evidence import ActionEvidence
from fairway.assembly.alert_measures import AlertMeasures
from fairway.assembly.alerting_policy import policy_of, routes_of, rules_of_settings
from fairway.assembly.channels import channels_of
from fairway.assembly.gauge_file import gauge_file_of, write_gauges
from fairway.assembly.heartbeat import Heartbeat
from fairway.assembly.late_reads import LateReads
from fairway.assembly.launch_messages import LaunchMessages
from fairway.assembly.mitigations import Mitigations
from fairway.assembly.process_gauges import ProcessGauges
from fairway.assembly.signals import until_signalled
from fairway.assembly.status_page_files import StatusPageFiles
from fairway.incidents.alerting_journal import (
    ALERTING_CODEC,
    ALERTING_STREAM,
    alerting_beside,
    alerting_command_reader,
)
from fairway.incidents.alerting_service import TICK_S, AlertingPorts, AlertingService
from fairway.incidents.alerting_state import AlertingState, state_from
from fairway.incidents.incident_tick import IncidentFacts
from fairway.journal.port import JournalMissing
from fairway.journal.reader import SqlReader
from fairway.journal.sql import SqlJournal, open_journal, open_reader
from fairway.launch.control.command_inbox import PILOT_STREAM, launch_beside
from fairway.launch.views.launch_view import LaunchView
from fairway.money.amount import use_exact_decimals
from fairway.notify.dispatcher import Dispatcher
from fairway.notify.message import Message
from fairway.risk.causes import AlertSeverity
from fairway.settings import Settings
from fairway.settings.alerts import AlertSettings
from fairway.store.failures import StoreError
from fairway.watch.external_metrics import EXTERNAL
from fairway.watch.gauges import Gauges
from fairway.watch.prober import Prober, TimedQuestion
from fairway.watch.questions import ProbeRequest
from fairway.watch.scraped_pages import ScrapedPages
from fairway.world.backoff import Draws
from fairway.world.chance import SystemChance
from fairway.world.clock import SECOND, Clock, SteadyClock, SystemClock
from fairway.world.realtime import run_real
from fairway.world.resource_use import ResourceUse, SystemResourceUse

SCRAPE_NS: Final = 15 * SECOND
SCRAPED_WITHIN_NS: Final = 5 * SECOND
GAUGES_NS: Final = 5 * SECOND
"""How often what is measured is written for Prometheus."""


def run_alerting(settings: Settings, config: str, begun: Callable[[], None]) -> None:
    """Runs until SIGINT or SIGTERM. config: as commands in messages name it; begun: called once the journal is open.

    Raises RuleError, JournalErrors, StoreErrors, UnknownPlugin, BrokenPlugin.
    """
    use_exact_decimals()
    alerts = settings.alerts or AlertSettings()
    run_real(lambda: _run(settings, alerts, config, begun))


async def _run(settings: Settings, alerts: AlertSettings, config: str, begun: Callable[[], None]) -> None:
    clock = SteadyClock(SystemClock())
    machine = AlertingMachine(clock, SystemChance().stream("notify"), SystemResourceUse())
    with opened_alerting(settings, alerts, config, machine) as alerting:
        begun()
        async with alerting.prober.asking(), Heartbeat(alerts.heartbeat, clock).beating(alerting.service):
            await until_signalled(alerting.service.run(alerting.dispatcher))


@dataclass(frozen=True, slots=True)
class AlertingMachine:
    """The machine that alerting runs on. draws: for pauses between two tries."""

    clock: Clock
    draws: Draws
    use: ResourceUse


@dataclass(frozen=True, slots=True)
class OpenAlerting:
    """The service, with what sends its messages and what asks pages of other programs. journal: its own."""

    service: AlertingService
    dispatcher: Dispatcher
    prober: Prober
    journal: SqlJournal


@contextmanager
def opened_alerting(
    settings: Settings, alerts: AlertSettings, config: str, machine: AlertingMachine, tick_s: float = TICK_S
) -> Iterator[OpenAlerting]:
    """The alerting service of a configuration on a machine, real or simulated, which does not run yet.

    tick_s: from one look to the next. Raises RuleError, JournalErrors, StoreErrors, UnknownPlugin, BrokenPlugin.
    """
    clock = machine.clock
    with ExitStack() as held:
        journal = open_journal(
            alerting_beside(settings.journal),
            ALERTING_CODEC,
            mode=settings.mode,
            trader=settings.account,
            stream=ALERTING_STREAM,
        )
        held.callback(journal.close)
        state = state_from((each.at, ALERTING_CODEC.decode(each)) for each in journal.replay())
        prober = Prober([_scrape(each.name, each.url) for each in alerts.pages], clock)
        measures = _Measures(settings, machine, prober)
        mitigations, messages = Mitigations(settings, clock), _LaunchMessages(settings, alerts)
        inbox = alerting_command_reader(settings.journal, mode=settings.mode, trader=settings.account)
        for each in (measures, mitigations, messages, inbox):
            held.callback(each.close)
        ports = AlertingPorts(
            journal=journal, inbox=inbox, measures=measures, mitigator=mitigations, messages=messages, clock=clock
        )
        service = AlertingService(rules_of_settings(alerts), policy_of(settings, alerts, config), ports, state, tick_s=tick_s)
        service.watch_troubles(measures.troubles)
        if alerts.status_page is not None:
            pages = StatusPageFiles(alerts.status_page.folder, service, settings.maintenance)
            service.followers.append(pages.note)
            service.watch_troubles(lambda: {"status page": pages.trouble})
        service.followers.append(ActionEvidence(settings, measures.launch, service).note)
        dispatcher = Dispatcher(channels_of(settings.notify), state.outbox, service.write, clock, machine.draws, read_by=_READ_BY)
        yield OpenAlerting(service, dispatcher, prober, journal)


_READ_BY: Final = "fairway notify log"


def _scrape(name: str, url: str) -> TimedQuestion:
    return TimedQuestion(name, ProbeRequest(url), SCRAPE_NS, SCRAPED_WITHIN_NS)


class _Measures:
    """Reads on threads, so that a slow disk delays no message, and writes what was measured for Prometheus."""

    def __init__(self, settings: Settings, machine: AlertingMachine, prober: Prober) -> None:
        self._prober, clock = prober, machine.clock
        self._scraped = ScrapedPages(tuple(each.name for each in EXTERNAL))
        self._measures = AlertMeasures(settings, ProcessGauges(settings, clock, machine.use), self._scraped, clock)
        self._writing = LateReads[None]("the file of gauges", within_s=0.3)
        self._gauge_file, self._clock, self._written_at = gauge_file_of(settings), clock, -GAUGES_NS
        self._file_trouble = ""

    @property
    def launch(self) -> LaunchView:
        return self._measures.launch

    def troubles(self) -> Mapping[str, str]:
        """By what is read or written, what is wrong with it; "" for nothing."""
        return {**self._measures.trouble, "gauge file": self._file_trouble}

    async def measured(self, now: int, own: Gauges) -> tuple[MeasuredNow, IncidentFacts]:
        for name, page in self._prober.away():
            self._scraped.take(name, page)
        measured, facts = await self._measures.read(now, own)
        await self._write(measured.gauges)
        return measured, facts

    async def _write(self, gauges: Gauges) -> None:
        """A disk that is full stops no alert: the rule about it is evaluated here."""
        now = self._clock.monotonic()
        if now - self._written_at < GAUGES_NS:
            return
        self._written_at = now
        try:
            await self._writing.taken(lambda: write_gauges(self._gauge_file, gauges))
            self._file_trouble = ""
        except (StoreError, OSError) as error:
            self._file_trouble = f"the file of gauges cannot be written: {error}"

    def close(self) -> None:
        self._writing.close()
        self._measures.close()


MESSAGE_RECORDS: Final = 5_000
"""Records of a launch's journal that one look takes; a longer one goes on with the next look."""


class _LaunchMessages:
    """What the plan of the launch beside the trader has due."""

    def __init__(self, settings: Settings, alerts: AlertSettings) -> None:
        self._settings = settings
        fallback = routes_of(settings, alerts)[AlertSeverity.P3]
        self._messages = LaunchMessages(settings.notify.recipients, fallback)
        self._reads = LateReads[tuple[list[tuple[str, Message]], LaunchMessages]]("the launch's journal")
        self._reader: SqlReader | None = None

    async def due(self, now: int) -> Sequence[tuple[str, Message]]:
        """Raises JournalErrors, StoreErrors. Only what is returned counts as read."""
        found, self._messages = await self._reads.taken(lambda: self._read(self._messages, now))
        return found

    def _read(self, messages: LaunchMessages, now: int) -> tuple[list[tuple[str, Message]], LaunchMessages]:
        """Raises JournalErrors."""
        if self._reader is None:
            where = launch_beside(self._settings.journal)
            try:
                self._reader = open_reader(where, trader=self._settings.account, stream=PILOT_STREAM)
            except JournalMissing:
                return [], messages
        read_on = replace(messages)
        return read_on.due(self._reader, now, MESSAGE_RECORDS), read_on

    def close(self) -> None:
        self._reads.close(self._let_go)

    def _let_go(self) -> None:
        if self._reader is not None:
            self._reader.close()


def alerting_now(settings: Settings) -> AlertingState:
    """The state of alerting beside a trader, as its journal has it; empty where it never ran. Raises JournalErrors."""
    try:
        with open_reader(alerting_beside(settings.journal), trader=settings.account, stream=ALERTING_STREAM) as reader:
            return state_from((each.at, ALERTING_CODEC.decode(each)) for each in reader.replay())
    except JournalMissing:
        return AlertingState()
