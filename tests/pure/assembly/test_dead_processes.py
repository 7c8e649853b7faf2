"""How soon people are sent a message about a process that its supervisor knows to be dead, in simulated time."""

import asyncio
from pathlib import Path

import pytest

from fairway.assembly.alerting_process import AlertingMachine, opened_alerting
from fairway.assembly.system_status import ChildState, ChildStatus, SystemStatus, only_one, place_of, write_status
from fairway.incidents.alerting_journal import ALERTING_CODEC
from fairway.notify.outbox import MessageSent
from fairway.proving.night import SimulatedUse
from fairway.settings import Settings
from fairway.settings.alerts import AlertSettings
from fairway.settings.load import parse
from fairway.world import loop as simulated
from fairway.world.clock import SECOND, SimClock
from fairway.world.loop import running

CONFIGURATION = """\
mode: practice
account: main
venue: {exchange: binance, url: "http://127.0.0.1:9100", key: key-of-the-test, secret: secret-of-the-test}
symbols: [BTC/USDT]
strategy: {name: periodic}
journal: main.journal
alerts: {}
"""
RUNS_S = 20.0
"""So long all is well before something happens."""
Events = list[tuple[float, ChildState, int]]
"""After how many seconds the trader is in a state, with how many crashes."""


def sent_after_s(settings: Settings, happens: Events, watched_s: float) -> list[float]:
    """How long after the first event each message was sent, within so many seconds of it."""

    def status(state: ChildState, crashes: int) -> SystemStatus:
        trader = ChildStatus(name="trader", state=state, process_id=0, crashes=crashes)
        return SystemStatus(began_at=1, process_id=1, children=[trader])

    async def play() -> list[float]:
        loop = running()
        machine = AlertingMachine(SimClock(loop), loop.chance.stream("draws"), SimulatedUse(loop))
        place = place_of(settings)
        with only_one(place), opened_alerting(settings, AlertSettings(), "fairway.yaml", machine) as alerting:
            write_status(place, status(ChildState.READY, 0))
            serving = asyncio.create_task(alerting.service.run(alerting.dispatcher))
            await asyncio.sleep(RUNS_S)
            began = loop.clock.now()
            for at_s, state, crashes in happens:
                await asyncio.sleep(at_s - (loop.clock.now() - began) / SECOND)
                write_status(place, status(state, crashes))
            await asyncio.sleep(watched_s - (loop.clock.now() - began) / SECOND)
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)
            records = [each for each in alerting.journal.read() if each.kind == MessageSent.__name__]
            assert all(isinstance(ALERTING_CODEC.decode(each), MessageSent) for each in records)
            return [(each.at - began) / SECOND for each in records]

    return simulated.run(play, seed=1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return parse(CONFIGURATION, folder=tmp_path)


def test_a_trader_that_ended_for_good_is_told_within_five_seconds(settings: Settings) -> None:
    sent = sent_after_s(settings, [(0.0, ChildState.ENDED, 0)], 10)
    assert sent
    assert sent[0] <= 5


def test_a_trader_that_crashes_for_the_third_time_is_told_within_five_seconds(settings: Settings) -> None:
    crashes: Events = [
        (0.0, ChildState.CRASHED, 1),
        (1.0, ChildState.STARTING, 1),
        (3.0, ChildState.CRASHED, 2),
        (5.0, ChildState.STARTING, 2),
        (11.0, ChildState.CRASHED, 3),
        (12.0, ChildState.STARTING, 3),
    ]
    sent = sent_after_s(settings, crashes, 25)
    assert sent
    assert 11 <= sent[0] <= 16


def test_a_trader_that_crashes_once_and_is_ready_again_wakes_no_person(settings: Settings) -> None:
    happens: Events = [(0.0, ChildState.CRASHED, 1), (4.0, ChildState.STARTING, 1), (12.0, ChildState.READY, 1)]
    assert sent_after_s(settings, happens, 170) == []
