"""Reads everything that alert rules are evaluated on: journals of trader and launch, processes, disk, pages of other programs."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from itertools import islice
from typing import Final

from prometheus_client.core import Metric

from fairway.alerting.measured import MeasuredNow
from fairway.assembly.process_gauges import ProcessGauges
from fairway.journal.port import JournalError, JournalMissing
from fairway.journal.reader import SqlReader
from fairway.journal.sql import open_reader
from fairway.launch.views.exposition import evidence_gauges, families_of
from fairway.launch.views.launch_view import LaunchView
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
from fairway.world.clock import SECOND

PAGES_MAX: Final = 50
"""Pages of a journal that one reading takes; a longer one goes on with the next second."""
OF_LAUNCH_ALONE: Final = frozenset({"live_vs_shadow_bps", "http_ok", "http_latency", "consumer_lag", "llm_cost", "feedback"})
"""Indicators that exist only with a launch whose plan asks for them."""
OF_EVIDENCE: Final = frozenset({"fairway_evidence_holds", "fairway_backup_at_seconds"})
OF_SUPERVISOR: Final = frozenset(
    {"fairway_process_up", "fairway_process_crashes_total", "fairway_safe_mode", "fairway_process_cpu_ratio"}
)
COUNTERS: Final = frozenset(spec.name for spec in METRICS.values() if spec.kind is MetricKind.COUNTER)
SAMPLE_NS: Final = 10 * SECOND
OF_FAMILIES: Final = frozenset({"gauge", "counter"})


class AlertMeasures:
    """Of one configuration. `read` blocks, and belongs to one thread. processes: None where none are supervised."""

    def __init__(self, settings: Settings, processes: ProcessGauges | None, scraped: ScrapedPages) -> None:
        self._settings, self._processes, self._scraped = settings, processes, scraped
        self._launch = LaunchView(settings.journal, trader=settings.account)
        self._trader: TraderMeasures | None = None
        self._counters, self._sampled_at = SampleHistory(), 0
        self.trouble: dict[str, str] = {}
        """By source, why it could not be read the last time; sources that could be read are not among them."""

    def read(self, now: int, own: Gauges) -> MeasuredNow:
        """All that is known at an instant (ns). own: gauges of the alerting process itself. Raises nothing that a source does."""
        self.trouble = {}
        trader = self._read_trader()
        self._read_launch()
        gauges = {**gauges_of(families_of(self._launch)), **evidence_gauges(self._launch.seen)}
        series = dict(self._launch.seen.series)
        if trader is not None:
            series |= trader.watcher.series
            gauges |= trader.gauges(now)
        if self._processes is not None:
            gauges |= self._processes.gauges()
        gauges |= {**self._scraped.gauges(now), **own}
        return MeasuredNow(
            now=now,
            series=series,
            gauges=gauges,
            history=self._histories(now, gauges),
            not_measured=self._not_measured(series, gauges),
        )

    def _histories(self, now: int, gauges: Gauges) -> Mapping[str, tuple[tuple[int, tuple[GaugeSample, ...]], ...]]:
        """Of all counters. Those of Fairway's own are sampled once in ten seconds."""
        if now - self._sampled_at >= SAMPLE_NS:
            self._sampled_at = now
            for name in COUNTERS & gauges.keys():
                self._counters.add(name, now, gauges[name])
        return {**self._scraped.history.all(), **self._counters.all()}

    def _not_measured(self, series: Mapping[str, Series], gauges: Gauges) -> frozenset[str]:
        """What this installation does not have: a launch, probes, a supervisor, pages of other programs."""
        found = {name for name in OF_LAUNCH_ALONE if name not in series}
        if self._launch.seen.began is None and not self._launch.trouble:
            found |= {spec.name for spec in OF_LAUNCH} | OF_EVIDENCE
        if "fairway_safe_mode" not in gauges:
            found |= OF_SUPERVISOR
        if not self._scraped.trouble:
            found |= {spec.name for spec in EXTERNAL}
        return frozenset(found)

    @property
    def launch(self) -> LaunchView:
        return self._launch

    @property
    def trader(self) -> "TraderMeasures | None":
        """None while the trader has no journal."""
        return self._trader

    def close(self) -> None:
        self._launch.close()
        if self._trader is not None:
            self._trader.close()

    def _read_trader(self) -> "TraderMeasures | None":
        """A journal that was put back from a copy is read from its beginning."""
        try:
            there = identity_of(self._settings.journal)
            if self._trader is not None and self._trader.of != there:
                self._trader.close()
                self._trader = None
            if self._trader is None:
                self._trader = TraderMeasures.opened(self._settings, there)
            self._trader.read()
        except JournalMissing:
            return None
        except (JournalError, StoreError, OSError) as error:
            self.trouble["trader"] = str(error)
            if self._trader is not None:
                self._trader.close()
                self._trader = None
        return self._trader

    def _read_launch(self) -> None:
        try:
            for _ in range(PAGES_MAX):
                if not self._launch.step():
                    break
        except JournalError as error:
            self.trouble["launch"] = self._launch.journal_trouble = str(error)
        else:
            self._launch.journal_trouble = ""


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

    def read(self) -> None:
        """Takes what is new. Raises JournalErrors."""
        for _ in range(PAGES_MAX):
            if not self.watcher.step():
                break
        self.accounts.fold(islice(self._reader.replay(self.accounts.folded_to), PAGES_MAX * 2_000))

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
