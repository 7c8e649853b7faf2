"""The sources of alerting measure each name that a rule reads: a journal, the processes, the launch and the service itself."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import pytest
from tests.pure.alerting.planted import planted

from fairway.alerting.condition import Condition
from fairway.alerting.measured import MeasuredNow
from fairway.alerting.rule_files import shipped_rules
from fairway.assembly.alert_measures import OF_LAUNCH_ALONE, AlertMeasures
from fairway.assembly.process_gauges import ProcessGauges
from fairway.assembly.system_status import ChildState, ChildStatus, SystemStatus, only_one, place_of, write_status
from fairway.incidents.alerting_gauges import own_gauges
from fairway.incidents.alerting_state import AlertingState
from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS, TraderStarted
from fairway.journal.sql import open_journal
from fairway.notify.dispatcher import Dispatcher
from fairway.settings.load import parse
from fairway.watch.account_gauges import AccountGauges
from fairway.watch.external_metrics import EXTERNAL
from fairway.watch.gauges import Gauges
from fairway.watch.scraped_pages import ScrapedPages
from fairway.world.clock import SystemClock
from fairway.world.resource_use import SystemResourceUse

CONFIG = """
mode: practice
venue: {exchange: binance, url: "http://127.0.0.1:9100", key: env:K, secret: env:S}
symbols: [BTC/USDT]
strategy: {name: trend}
"""
SOURCES: dict[str, Any] = {"accounts": AccountGauges, "processes": ProcessGauges, "own": own_gauges}
STARTED = TraderStarted(account="main", epoch=1, release="1", venue="binance", strategy="periodic", symbols=(), lots={})


async def write(events: Any) -> None:
    raise AssertionError("nothing is to be written")


def measured(folder: Path, sources: dict[str, Any]) -> MeasuredNow:
    """What the alerting process measures of a trader under a supervisor."""
    settings, clock = parse(CONFIG, folder=folder), SystemClock()
    now = clock.now()
    journal = open_journal(settings.journal, Codec(*EVENTS), mode="practice", trader=settings.account, synchronous="OFF")
    journal.append([STARTED], account=settings.account, author="trader", at=now)
    journal.sync()
    journal.close()
    state = AlertingState()
    own = sources["own"](state, (), {}, Dispatcher({}, state.outbox, write, clock, Random(1)), now)
    with only_one(place_of(settings)):
        write_status(place_of(settings), SystemStatus(now, 1, [ChildStatus("trader", ChildState.READY)]))
        measures = AlertMeasures(settings, sources["processes"](settings, clock, SystemResourceUse()), ScrapedPages(()), clock)
        try:
            return asyncio.run(_read(measures, now, own, sources["accounts"]))
        finally:
            measures.close()


async def _read(measures: AlertMeasures, now: int, own: Gauges, accounts: Callable[[], AccountGauges]) -> MeasuredNow:
    await measures.read(now, own)
    assert measures._trader is not None
    measures._trader.accounts = accounts()
    return (await measures.read(now, own))[0]


def all_are_measured(found: MeasuredNow) -> None:
    """Raises where a rule reads a name that no source gives. Pages of other programs give theirs where there are any."""
    known = {*found.gauges, *found.series, *OF_LAUNCH_ALONE, *(each.name for each in EXTERNAL)}
    for rule in shipped_rules():
        if not rule.only_in_prometheus:
            missing = [name for each in rule.alternatives for name in names_of(each) if name not in known]
            assert not missing, f"{rule.name} reads {missing}, which no source measures"


def names_of(condition: Condition) -> list[str]:
    return [name for name in (condition.of, condition.per) if name]


def test_every_name_that_a_rule_reads_is_measured(tmp_path: Path) -> None:
    all_are_measured(measured(tmp_path, SOURCES))


@pytest.mark.parametrize(
    ("source", "module", "name"),
    [
        ("accounts", "fairway.watch.account_gauges", "fairway_caps"),
        ("accounts", "fairway.watch.account_gauges", "fairway_positions_unprotected"),
        ("processes", "fairway.assembly.process_gauges", "fairway_process_up"),
        ("own", "fairway.incidents.alerting_gauges", "fairway_notifications_failing"),
    ],
)
def test_a_source_that_renames_what_it_measures_is_found(source: str, module: str, name: str, tmp_path: Path) -> None:
    made: ModuleType = planted(module, f'"{name}"', f'"{name}_renamed"')[module]
    changed = {**SOURCES, source: getattr(made, SOURCES[source].__name__)}
    with pytest.raises(AssertionError, match=f"{name}.*which no source measures"):
        all_are_measured(measured(tmp_path, changed))
