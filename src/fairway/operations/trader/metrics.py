"""Metrics: all measurements of a trader, and of the launch beside it, in the form that Prometheus reads."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from fairway.operations.operation import WHOLE_BOT, Call, Exposure, Operation, Outcome, Preview
from fairway.people.roles import UserAct
from fairway.settings import Settings, load

if TYPE_CHECKING:
    from fairway.launch.views.launch_view import LaunchView
    from fairway.watch.gauges import Gauges
    from fairway.watch.watcher import Watcher

_TURN: Final = threading.Lock()
"""The measurements have one writer: of two questions at the same time one waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsRequest:
    """config: of the trader."""

    config: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsOutcome(Outcome):
    """text: the exposition, version 0.0.4 of its format. launch_trouble: why the launch cannot be read, "" where it can."""

    text: bytes
    launch_trouble: str = ""


class MeasuredJournals(NamedTuple):
    """What is read: the trader's journal, and that of the launch beside it."""

    trader: "Watcher"
    launch: "LaunchView"


def expose_metrics(call: Call[MetricsRequest]) -> MetricsOutcome:
    """Raises SettingsError, JournalErrors; StoreErrors of the file beside the journal that keeps measurements."""
    settings = load(call.request.config)
    with _TURN, measured_journals(settings) as journals:
        return MetricsOutcome(text=exposition(journals, gauges_of(settings)), launch_trouble=journals.launch.trouble)


@contextmanager
def measured_journals(settings: Settings) -> Iterator[MeasuredJournals]:
    """Journals that were read to their end. Raises JournalErrors and StoreErrors of the trader's."""
    from fairway.journal.sql import open_reader
    from fairway.launch.views.launch_view import LaunchView
    from fairway.watch.series_store import SeriesStore, series_store_beside
    from fairway.watch.watcher import Watcher

    with open_reader(settings.journal, trader=settings.account) as journal:
        store = SeriesStore(series_store_beside(settings.journal), trader=settings.account)
        watcher = Watcher(journal, store=store, maintenance=settings.maintenance)
        launch = LaunchView(settings.journal, trader=settings.account)
        try:
            watcher.open()
            watcher.catch_up()
            _catch_up(launch)
            yield MeasuredJournals(watcher, launch)
        finally:
            launch.close()
            watcher.close()


def exposition(journals: MeasuredJournals, gauges: "Gauges") -> bytes:
    """All measurements as they are read now, in the form that Prometheus reads. gauges: of the alerting process."""
    from itertools import chain

    from fairway.launch.views.exposition import families_of
    from fairway.watch.exposition import exposed
    from fairway.watch.gauge_exposition import exposed_gauges

    more = chain(families_of(journals.launch), exposed_gauges(gauges))
    return exposed(journals.trader, journals.launch.seen.series, more)


def gauges_of(settings: Settings) -> "Gauges":
    """What the alerting process measures, as it last wrote it; empty where it never ran."""
    from fairway.assembly.gauge_file import gauge_file_of, read_gauges

    return read_gauges(gauge_file_of(settings))


def _catch_up(launch: "LaunchView") -> None:
    """A launch that cannot be read is reported; the trader's measurements are shown all the same."""
    from fairway.journal.port import JournalError

    try:
        launch.catch_up()
    except JournalError as error:
        launch.journal_trouble = str(error)


METRICS = Operation(
    name="metrics",
    summary="Show all measurements in the form that Prometheus reads.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=MetricsRequest,
    subject=lambda asked: WHOLE_BOT,
    preview=lambda call: Preview(effect="reads the journals; nothing is changed"),
    perform=expose_metrics,
)
OPERATIONS: Final = (METRICS,)
