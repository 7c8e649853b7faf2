"""The heartbeat of alerting, to a service on the simulated network that counts what it is asked."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiohttp import web

from fairway.assembly.heartbeat import Heartbeat
from fairway.incidents.alerting_service import AlertingService
from fairway.notify.message import Message, MessagePhase
from fairway.notify.outbox import MessageQueued, Outbox
from fairway.settings.alerts import HeartbeatSettings
from fairway.world import loop as simulated
from fairway.world.loop import running


@dataclass
class Alerting:
    """What the heartbeat asks of the service."""

    trouble: str = ""
    failing: tuple[str, ...] = ()
    queued: tuple[MessageQueued, ...] = ()
    """At the first instant."""
    followers: list[Any] = field(default_factory=list)
    state: SimpleNamespace = field(default_factory=lambda: SimpleNamespace(outbox=Outbox()))

    def watch_troubles(self, read: Any) -> None:
        self.troubles = read

    async def tick(self, for_s: int) -> None:
        for event in self.queued:
            self.state.outbox.apply(event, running().clock.now())
        for _ in range(for_s):
            for follower in self.followers:
                follower(running().clock.now(), [])
            await asyncio.sleep(1)


def beats(alerting: Alerting, tmp_path: Path, *, status: int = 200, silent: bool = False) -> tuple[int, str]:
    """How often the service is asked in five minutes, and what the heartbeat says is wrong."""
    asked = 0
    settings = HeartbeatSettings.model_validate({"url": "http://snitch:80/abc"}, context={"folder": tmp_path})

    async def answer(request: web.Request) -> web.Response:
        nonlocal asked
        asked += 1
        return web.Response(status=status)

    async def play() -> str:
        loop = running()
        is_up = asyncio.Event()

        async def serve() -> None:
            app = web.Application()
            app.router.add_get("/abc", answer)
            runner = web.AppRunner(app, access_log=None)
            await runner.setup()
            await web.TCPSite(runner, "snitch", 80).start()
            is_up.set()
            try:
                await asyncio.Event().wait()
            finally:
                await runner.cleanup()

        serving = loop.spawn("snitch", serve())
        await is_up.wait()
        heartbeat = Heartbeat(settings, loop.clock)
        async with heartbeat.beating(cast(AlertingService, alerting)):
            await (asyncio.sleep(300) if silent else alerting.tick(300))
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        return heartbeat.trouble

    trouble = simulated.run(play, seed=1)
    return asked, trouble


def test_it_is_sent_once_a_minute_while_alerting_works(tmp_path: Path) -> None:
    asked, trouble = beats(Alerting(), tmp_path)
    assert 4 <= asked <= 5
    assert trouble == ""


@pytest.mark.parametrize("alerting", [Alerting(trouble="the disk is full"), Alerting(failing=("pager",))])
def test_it_stops_where_people_could_not_be_notified(alerting: Alerting, tmp_path: Path) -> None:
    assert beats(alerting, tmp_path) == (0, "")


@pytest.mark.parametrize(("severity", "most"), [("P0", 1), ("P1", 5)])
def test_it_stops_while_a_p0_waits_for_its_channel(severity: str, most: int, tmp_path: Path) -> None:
    """The service only refuses connections, which no message's end tells: it is tried again."""
    message = Message(id="INC-1", title="killed", lines=(), at=1, severity=severity, phase=MessagePhase.OPENED)
    asked, _ = beats(Alerting(queued=(MessageQueued(channel="pager", message=message),)), tmp_path)
    assert most - 1 <= asked <= most


def test_it_stops_with_the_ticks(tmp_path: Path) -> None:
    assert beats(Alerting(), tmp_path, silent=True) == (0, "")


def test_a_service_that_refuses_it_is_reported(tmp_path: Path) -> None:
    assert beats(Alerting(), tmp_path, status=404)[1] == "it is answered with status 404"
