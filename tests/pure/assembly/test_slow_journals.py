"""Alerting in real time beside a journal that does not answer.

SQLite looks into a rollback file beside a database before it reads there. A pipe that nothing writes
stands in its place, so it waits.
"""

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

from fairway.alerting.alert_events import AlertKey
from fairway.assembly.alerting_process import AlertingMachine, OpenAlerting, opened_alerting
from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS
from fairway.journal.port import TRADER_STREAM
from fairway.journal.sql import open_journal
from fairway.launch.control.command_inbox import PILOT_STREAM, launch_beside
from fairway.launch.control.state import CODEC as LAUNCH_CODEC
from fairway.settings import Settings
from fairway.settings.alerts import AlertSettings
from fairway.settings.load import parse
from fairway.world.chance import Chance
from fairway.world.clock import SystemClock

CONFIGURATION = """\
mode: practice
account: main
venue: {exchange: binance, url: "http://127.0.0.1:9100", key: key-of-the-test, secret: secret-of-the-test}
symbols: [BTC/USDT]
strategy: {name: periodic}
journal: main.journal
alerts: {}
"""
FULL = SimpleNamespace(processor_seconds=lambda process_id: None, free_share=lambda folder: 0.001)


async def until(holds: Callable[[], bool], within_s: float) -> bool:
    """Whether it holds at the latest then."""
    try:
        async with asyncio.timeout(within_s):
            while not holds():
                await asyncio.sleep(0.01)
    except TimeoutError:
        return False
    return True


def silent_journal(settings: Settings, which: str) -> Path:
    """Makes the trader's or the launch's journal, which cannot be read as long as the pipe is there whose place is returned."""
    assert isinstance(settings.journal, Path)
    beside = launch_beside(settings.journal)
    assert isinstance(beside, Path)
    place, codec, stream = {
        "trader": (settings.journal, Codec(*EVENTS), TRADER_STREAM),
        "launch": (beside, LAUNCH_CODEC, PILOT_STREAM),
    }[which]
    open_journal(place, codec, mode=settings.mode, trader=settings.account, stream=stream).close()
    pipe = place.with_name(f"{place.name}-journal")
    os.mkfifo(pipe)
    return pipe


def answer(pipe: Path) -> None:
    """Lets what waits for the pipe read its end, and leaves no file there."""
    if pipe.exists():
        writer = os.open(pipe, os.O_RDWR)
        pipe.unlink()
        time.sleep(0.05)  # a thread that waits to open it does so while a writer has it open
        os.close(writer)


def test_journals_that_do_not_answer_stop_no_other_rule_and_are_read_again_later(tmp_path: Path) -> None:
    settings = parse(CONFIGURATION, folder=tmp_path)
    pipes = [silent_journal(settings, which) for which in ("trader", "launch")]

    async def watched(alerting: OpenAlerting) -> None:
        service = alerting.service
        serving = asyncio.create_task(service.run(alerting.dispatcher))
        try:
            assert await until(lambda: AlertKey("disk-full") in service.state.alerts.firing, 3)
            silent = [part for part, why in service.troubles.items() if "does not answer" in why]
            assert silent == ["launch messages", "trader journal", "launch journal"]
            for pipe in pipes:
                answer(pipe)
            assert await until(lambda: not any(service.troubles.values()), 3)
            assert not serving.done()
        finally:
            for pipe in pipes:
                answer(pipe)
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)

    machine = AlertingMachine(SystemClock(), Chance(1).stream("draws"), FULL)
    with opened_alerting(settings, settings.alerts or AlertSettings(), "fairway.yaml", machine, tick_s=0.05) as alerting:
        asyncio.run(watched(alerting))
