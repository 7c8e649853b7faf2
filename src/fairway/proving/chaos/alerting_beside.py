"""The alerting service beside the trader of a chaos scene, and the two services of others that people rely on.

The alerting service is the real one, with its journal, its rules, its outbox and its heartbeat. Of the services outside, one
takes messages by the channel `webhook`; the other calls people when heartbeats stay away, as a dead man's snitch does.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from fairway.assembly.alerting_process import AlertingMachine, OpenAlerting, opened_alerting
from fairway.assembly.heartbeat import Heartbeat
from fairway.incidents.alerting_journal import ALERTING_CODEC, ALERTING_STREAM, alerting_beside
from fairway.journal.sql import open_reader
from fairway.notify.deliveries import Deliveries, DeliveryFilter, MessageDelivery
from fairway.notify.outbox import OutboxEvent
from fairway.proving.harness_latch import NAME
from fairway.proving.night import SimulatedUse
from fairway.settings import Settings
from fairway.settings.alerts import AlertSettings
from fairway.settings.load import parse
from fairway.world.clock import SECOND, SimClock
from fairway.world.loop import running

ALERTING: Final = "alerting"
MESSAGES, MESSAGES_ADDRESS, MESSAGES_PORT = "messages", "127.0.0.2", 9_400
SNITCH, SNITCH_ADDRESS, SNITCH_PORT = "snitch", "127.0.0.3", 9_500
BEATS_EVERY_S: Final = 10
CALLS_AFTER_S: Final = 30
"""So long after the last heartbeat the service outside calls people."""
CONFIG: Final = "chaos.yaml"
CONFIGURATION: Final = f"""\
mode: practice
account: {NAME}
venue: {{exchange: binance, url: "http://127.0.0.1:9100", key: key-of-the-scene, secret: secret-of-the-scene}}
symbols: [BTC/USDT]
strategy: {{name: periodic}}
journal: fairway.journal
notify:
  channels: [{{name: hook, kind: webhook, url: "http://{MESSAGES_ADDRESS}:{MESSAGES_PORT}/"}}]
alerts:
  heartbeat: {{url: "http://{SNITCH_ADDRESS}:{SNITCH_PORT}/", every: {BEATS_EVERY_S}s}}
"""


@dataclass(frozen=True, slots=True)
class ArrivedMessage:
    """at: when it was accepted (ns)."""

    at: int
    id: str
    title: str


class MessageService:
    """Takes what the webhook channel posts, or refuses the channel itself, as after its token was revoked."""

    def __init__(self) -> None:
        self.arrived: list[ArrivedMessage] = []
        self.refused = 0
        self.refuses = False

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.json()
        if self.refuses:
            self.refused += 1
            return web.json_response({"error": "the token was revoked"}, status=401)
        self.arrived.append(ArrivedMessage(running().wall_ns, body["id"], body["title"]))
        return web.json_response({"id": str(len(self.arrived))})


class SnitchService:
    """Calls people where no heartbeat came for a while, once until the next one comes."""

    def __init__(self) -> None:
        self._last_at = 0
        self._has_called = False
        self.calls: list[int] = []
        """When people were called (ns)."""

    async def answer(self, request: web.Request) -> web.Response:
        self._last_at, self._has_called = running().wall_ns, False
        return web.Response()

    async def watch(self) -> None:
        while True:
            await asyncio.sleep(1)
            now = running().wall_ns
            if self._last_at and not self._has_called and now - self._last_at >= CALLS_AFTER_S * SECOND:
                self._has_called = True
                self.calls.append(now)


class AlertingBeside:
    """folder: where the trader's journal is, under the name that the configuration has."""

    def __init__(self, folder: Path) -> None:
        self.settings: Settings = parse(CONFIGURATION, name=CONFIG, folder=folder)
        self.messages, self.snitch = MessageService(), SnitchService()
        self.deliveries = Deliveries()
        """What became of each message by alerting's own journal; read at the end."""
        self.tasks: dict[str, asyncio.Task[None]] = {}
        """By node, what runs. What was killed is not among them: a task of a killed node never ends."""
        self.ended: list[Exception] = []
        """What ended alerting, or a service, before its time."""
        self._open: OpenAlerting | None = None

    def begin(self) -> None:
        """Starts the services outside, and alerting."""
        loop = running()
        for node, address in ((MESSAGES, MESSAGES_ADDRESS), (SNITCH, SNITCH_ADDRESS)):
            loop.network.names.tunnel(address, node)
        self.start_messages()
        self._spawn(SNITCH, self._serve_snitch())
        self.start()

    def start(self) -> None:
        """Alerting, at first or again after a kill."""
        self._spawn(ALERTING, self._alert())

    def kill(self) -> None:
        """`kill -9` of alerting."""
        self._kill(ALERTING)
        assert self._open is not None, "it is killed while it runs"
        self._open.journal.crash()
        self._open = None

    def start_messages(self) -> None:
        self._spawn(MESSAGES, _served(self.messages.answer, MESSAGES_PORT))

    def stop_messages(self) -> None:
        """The service is gone: its port refuses connections."""
        self._kill(MESSAGES)

    def read(self) -> None:
        """Takes over what alerting's journal says of messages, while its file is still there. Raises JournalErrors."""
        where = alerting_beside(self.settings.journal)
        with open_reader(where, trader=self.settings.account, stream=ALERTING_STREAM) as journal:
            for entry in journal.replay():
                event = ALERTING_CODEC.decode(entry)
                if isinstance(event, OutboxEvent):
                    self.deliveries.apply(event, entry.at)

    def lost(self, before: int) -> Iterator[MessageDelivery]:
        """Messages that were queued before an instant (ns), and never arrived."""
        arrived = {each.id for each in self.messages.arrived}
        queued = self.deliveries.newest_first(DeliveryFilter())
        return (each for each in queued if each.queued_at < before and each.id not in arrived)

    def _spawn(self, node: str, work: Coroutine[Any, Any, None]) -> None:
        self.tasks[node] = running().spawn(node, work)

    def _kill(self, node: str) -> None:
        running().kill(node)
        del self.tasks[node]

    async def _serve_snitch(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_served(self.snitch.answer, SNITCH_PORT))
            tasks.create_task(self.snitch.watch())

    async def _alert(self) -> None:
        loop, alerts = running(), self.settings.alerts or AlertSettings()
        clock = SimClock(loop)
        machine = AlertingMachine(clock, loop.process_chance().stream("notify"), SimulatedUse(loop))
        with opened_alerting(self.settings, alerts, CONFIG, machine) as self._open:
            async with Heartbeat(alerts.heartbeat, clock).beating(self._open.service):
                await self._open.service.run(self._open.dispatcher)


async def _served(answer: Callable[[web.Request], Awaitable[web.StreamResponse]], port: int) -> None:
    app = web.Application()
    app.router.add_route("*", "/", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "0.0.0.0", port).start()  # of the simulated network
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()
