"""A small server to be probed: what it answers can be changed, and how many ask at once is counted."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

from aiohttp import web

HEALTHY = '{"database": "ok", "venue": {"status": "up"}}'


@dataclass
class Server:
    """delay_s: how long each answer takes. heard: instants are not told, paths and tokens are."""

    status: int = 200
    body: str | bytes = HEALTHY
    delay_s: float = 0.0
    heard: list[tuple[str, str]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    port: int = 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.heard.append((request.path, request.headers.get("Authorization", "")))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(self.delay_s)
        finally:
            self.at_once -= 1
        if request.path == "/elsewhere":
            raise web.HTTPFound("/health")
        body = self.body if isinstance(self.body, bytes) else self.body.encode()
        return web.Response(status=self.status, body=body)

    @asynccontextmanager
    async def listening(self, host: str, port: int = 0) -> AsyncIterator[None]:
        app = web.Application()
        app.router.add_get("/{path:.*}", self.answer)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
            self.port = runner.addresses[0][1]
            yield
        finally:
            await runner.cleanup()


@contextmanager
def served(server: Server) -> Iterator[None]:
    """Over a real network, on a thread of its own; its port is known then."""
    up, ends = threading.Event(), asyncio.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def serve() -> None:
        loops.append(asyncio.get_running_loop())
        async with server.listening("127.0.0.1"):
            up.set()
            await ends.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    up.wait()
    try:
        yield
    finally:
        loops[0].call_soon_threadsafe(ends.set)
        thread.join()
