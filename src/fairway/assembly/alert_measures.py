"""Reads everything that alert rules are evaluated on: journals of trader and launch, processes, disk, pages of other programs."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Final, TypeVar

from prometheus_client.core import Metric

from fairway.alerting.measured import MeasuredNow
from fairway.assembly.incident_facts import facts_of
from fairway.assembly.late_reads import LateReads
from fairway.assembly.process_gauges import ProcessGauges
from fairway.incidents.incident_tick import IncidentFacts
from fairway.journal.port import JournalBehind, JournalError, JournalMissing
from fairway.journal.projection import PAGE
from fairway.journal.reader import SqlReader
from fairway.journal.sql import open_reader
from fairway.launch.plan.model import Plan
from fairway.launch.views.exposition import evidence_gauges, families_of
from fairway.launch.views.launch_view import PAGE as LAUNCH_PAGE
from fairway.launch.views.launch_view import LaunchSnapshot, LaunchView
from fairway.settings import Settings
from fairway.store.failures import StoreError
from fairway.store.place import identity_of
from fairway.watch.account_gauges import AccountGauges
from fairway.watch.exposition import families
from fairway.watch.external_metrics import EXTERNAL
from fairway.watch.gauges import METRICS, OF_LAUNCH, Gauges, GaugeSample, MetricKind
from fairway.watch.indicators import INDICATORS
from fairway.watch.scraped_pages import SampleHistory, ScrapedPages
from fairway.watch.series import Series
from fairway.watch.series_store import SeriesStore, series_store_beside
from fairway.watch.watcher import Watcher
from fairway.world.clock import MILLISECOND, SECOND, Clock

T = TypeVar("T")

TRADER_PART: Final = "trader journal"
LAUNCH_PART: Final = "launch journal"
MACHINE_PART: Final = "machine"
PAGES_MAX: Final = 50
LOOK_NS: Final = 500 * MILLISECOND
"""Pages of a journal that one look takes, and for how long it takes them; a longer journal goes on with the next look."""
OF_LAUNCH_ALONE: Final = frozenset({"live_vs_shadow_bps", "http_ok", "http_latency", "consumer_lag", "llm_cost", "feedback"})
"""Indicators that exist only with a launch whose plan asks for them."""
OF_EVIDENCE: Final = frozenset({"fairway_evidence_holds", "fairway_backup_at_seconds"})
CRASHES: Final = "fairway_process_crashes_total"
OF_SUPERVISOR: Final = frozenset(
    {"fairway_process_up", "fairway_process_ended", CRASHES, "fairway_safe_mode", "fairway_process_cpu_ratio"}
)
COUNTERS: Final = frozenset(spec.name for spec in METRICS.values() if spec.kind is MetricKind.COUNTER)
SAMPLE_NS: Final = 10 * SECOND
OF_FAMILIES: Final = frozenset({"gauge", "counter"})


@dataclass(frozen=True, slots=True)
class LaunchMeasures:
    """What is known of a launch. trouble: why its journal or its plan could not be read the last time, "" where they could.

    plan: None where there is no launch, or where something is wrong with its journal or its plan.
    """

    seen: LaunchSnapshot
    gauges: Gauges
    trouble: str
    plan: Plan | None


class AlertMeasures:
    """Of one configuration. processes: None where none are supervised.

    Each source is read on a thread of its own. One that fails, is late, or still has much to read is unknown for that look, and
    the others are known.
    """

    def __init__(self, settings: Settings, processes: ProcessGauges | None, scraped: ScrapedPages, clock: Clock) -> None:
        self._settings, self._processes, self._scraped, self._clock = settings, processes, scraped, clock
        self.launch = LaunchView(settings.journal, trader=settings.account)
        self._trader: TraderMeasures | None = None
        self._of_trader = LateReads[tuple[TraderMeasures, Gauges] | None]("the trader's journal")
        self._of_launch = LateReads[LaunchMeasures]("the launch's journal")
        self._of_machine = LateReads[Gauges]("the machine")
        self._counters, self._sampled_at = SampleHistory(), 0
        self._crashes: tuple[GaugeSample, ...] = ()
        self.trouble = dict.fromkeys((TRADER_PART, LAUNCH_PART, MACHINE_PART), "")
        """By source, why it could not be read the last time; "" where it could."""

    async def read(self, now: int, own: Gauges) -> tuple[MeasuredNow, IncidentFacts]:
        """All that is known at an instant (ns). own: gauges of the alerting process itself. Raises nothing that a source does."""
        trader, launch, machine = await asyncio.gather(
            self._known(TRADER_PART, self._of_trader.taken(lambda: self._read_trader(now))),
            self._known(LAUNCH_PART, self._of_launch.taken(self._read_launch)),
            self._known(MACHINE_PART, self._of_machine.taken(self._read_machine)),
        )
        if launch is not None:
            self.trouble[LAUNCH_PART] = launch.trouble
        gauges = {**(launch.gauges if launch is not None else {})}
        series = dict(launch.seen.series) if launch is not None else {}
        if trader is not None:
            series |= trader[0].watcher.series
            gauges |= trader[1]
        gauges |= {**(machine or {}), **self._scraped.gauges(now), **own}
        measured = MeasuredNow(
            now=now,
            series=series,
            gauges=gauges,
            history=self._histories(now, gauges),
            not_measured=frozenset(self._not_measured(launch, machine, series)),
        )
        return measured, self._facts(trader[0] if trader is not None else None, launch, now)

    async def _known(self, source: str, reading: Awaitable[T]) -> T | None:
        """None where it cannot be read now."""
        try:
            found = await reading
        except (JournalError, StoreError, OSError) as error:
            self.trouble[source] = str(error)
            return None
        self.trouble[source] = ""
        return found

    def _facts(self, trader: "TraderMeasures | None", launch: LaunchMeasures | None, now: int) -> IncidentFacts:
        watcher, accounts = (trader.watcher, trader.accounts) if trader is not None else (None, None)
        seen, plan = (launch.seen, launch.plan) if launch is not None else (LaunchSnapshot(), None)
        return facts_of(watcher, accounts, seen, plan, now)

    def _histories(self, now: int, gauges: Gauges) -> Mapping[str, tuple[tuple[int, tuple[GaugeSample, ...]], ...]]:
        """Of all counters. Those of Fairway's own are sampled once in ten seconds, and at a crash, which is told at once."""
        crashes = gauges.get(CRASHES, self._crashes)
        if now - self._sampled_at >= SAMPLE_NS or crashes != self._crashes:
            self._sampled_at, self._crashes = now, crashes
            for name in COUNTERS & gauges.keys():
                self._counters.add(name, now, gauges[name])
        return {**self._scraped.history.all(), **self._counters.all()}

    def _not_measured(self, launch: LaunchMeasures | None, machine: Gauges | None, series: Mapping[str, Series]) -> Iterator[str]:
        """What this installation does not have: a launch, probes, a supervisor, pages of other programs.

        What could not be read now may be there: it is unknown.
        """
        if launch is not None:
            yield from OF_LAUNCH_ALONE - series.keys()
            if launch.seen.began is None and not launch.trouble:
                yield from (*(spec.name for spec in OF_LAUNCH), *OF_EVIDENCE)
        if machine is not None and "fairway_safe_mode" not in machine:
            yield from OF_SUPERVISOR
        if not self._scraped.trouble:
            yield from (spec.name for spec in EXTERNAL)

    def close(self) -> None:
        self._of_launch.close(self.launch.close)
        self._of_trader.close(self._let_go)
        self._of_machine.close()

    # -- on the threads of the sources ---------------------------------------------------------------------------

    def _read_trader(self, now: int) -> "tuple[TraderMeasures, Gauges] | None":
        """None while the trader has no journal. One that was put back from a copy is read from its beginning.

        Raises JournalErrors, StoreErrors, OSError.
        """
        try:
            there = identity_of(self._settings.journal)
            if self._trader is not None and self._trader.of != there:
                self._let_go()
            if self._trader is None:
                self._trader = TraderMeasures.opened(self._settings, there)
            if not self._trader.read(self._until()):
                raise JournalBehind(f"the trader's journal is still being read: {self._trader.watcher.read_to:,} records so far")
        except JournalMissing:
            return None
        except JournalBehind:
            raise
        except (JournalError, StoreError, OSError):
            self._let_go()
            raise
        return self._trader, self._trader.gauges(now)

    def _let_go(self) -> None:
        trader, self._trader = self._trader, None
        if trader is not None:
            trader.close()

    def _read_launch(self) -> LaunchMeasures:
        """Raises JournalBehind. What was read before a record that cannot be read is known."""
        try:
            if not read_pages(self.launch.step, LAUNCH_PAGE, self._until()):
                raise JournalBehind("the launch's journal is still being read")
        except JournalBehind:
            raise
        except JournalError as error:
            self.launch.journal_trouble = str(error)
        else:
            self.launch.journal_trouble = ""
        seen = self.launch.seen
        gauges = {**gauges_of(families_of(self.launch)), **evidence_gauges(seen)}
        return LaunchMeasures(seen, gauges, self.launch.trouble, self.launch.trusted_plan)

    def _read_machine(self) -> Gauges:
        return self._processes.gauges() if self._processes is not None else {}

    def _until(self) -> Callable[[], bool]:
        """Whether a look has read for as long as it may."""
        ends = self._clock.monotonic() + LOOK_NS
        return lambda: self._clock.monotonic() >= ends


def read_pages(step: Callable[[], int], page: int, is_over: Callable[[], bool]) -> bool:
    """Whether all is read: steps of a page at most are taken until one is not full, and no more than a look may take."""
    for _ in range(PAGES_MAX):
        if step() < page:
            return True
        if is_over():
            return False
    return False


class TraderMeasures:
    """What one trader's journal says, read twice: for series, and for the gauges of accounts."""

    def __init__(self, reader: SqlReader, settings: Settings, of: tuple[int, int] | None) -> None:
        self._reader, self.of = reader, of
        store = SeriesStore(series_store_beside(settings.journal), trader=settings.account)
        self.watcher = Watcher(reader, store=store, maintenance=settings.maintenance)
        self.accounts = AccountGauges()

    @classmethod
    def opened(cls, settings: Settings, of: tuple[int, int] | None) -> "TraderMeasures":
        """Raises JournalErrors, StoreErrors."""
        found = cls(open_reader(settings.journal, trader=settings.account), settings, of)
        found.watcher.open()
        return found

    def read(self, is_over: Callable[[], bool]) -> bool:
        """Takes what is new, for as long as a look may; whether that was all. Raises JournalErrors."""
        return read_pages(self.watcher.step, PAGE, is_over) and read_pages(self._fold, PAGE, is_over)

    def _fold(self) -> int:
        page = list(islice(self._reader.replay(self.accounts.folded_to), PAGE))
        self.accounts.fold(page)
        return len(page)

    def gauges(self, now: int) -> Gauges:
        watcher = self.watcher
        return {
            "fairway_complete_until_seconds": (GaugeSample(watcher.watermark / SECOND),),
            "fairway_measured_at_seconds": (GaugeSample(watcher.beats / SECOND),),
            "fairway_watch_ok": (GaugeSample(float(not watcher.trouble)),),
            **self.accounts.gauges(watcher.accounts, now),
        }

    def close(self) -> None:
        with suppress(JournalError, StoreError):
            self.watcher.close()
        self._reader.close()


def gauges_of(metrics: Iterable[Metric]) -> Gauges:
    """The samples of gauges and counters, by the names under which Prometheus shows them."""
    return dict(_by_name(metrics))


def _by_name(metrics: Iterable[Metric]) -> Iterator[tuple[str, tuple[GaugeSample, ...]]]:
    for metric in metrics:
        if metric.type in OF_FAMILIES and metric.name not in _of_indicators():
            name = f"{metric.name}_total" if metric.type == "counter" else metric.name
            yield name, tuple(GaugeSample(float(each.value), dict(each.labels)) for each in metric.samples)


@cache
def _of_indicators() -> frozenset[str]:
    """Families that come from series, which rules read as series."""
    return frozenset(family.name for each in INDICATORS for family in families(each, None))
