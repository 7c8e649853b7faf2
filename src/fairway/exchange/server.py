"""The server of the practice exchange: it holds the loop, the sockets and the alarm, and asks the session what to say.

The same server runs on real sockets and inside simulated time: it reads no clock but the exchange's, and has no thread.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, NamedTuple
from urllib.parse import unquote

from aiohttp import WSCloseCode, WSMsgType, web

from fairway.exchange import frame_writer
from fairway.exchange.acceptor import JSON, Acceptor, refused
from fairway.exchange.api_connection import ApiConnection
from fairway.exchange.connection import Delivery
from fairway.exchange.frame_writer import Transport, framed
from fairway.exchange.market_time import NEVER
from fairway.exchange.practice import Practice
from fairway.exchange.practice_exchange import PracticeExchange
from fairway.exchange.session import Request
from fairway.exchange.stream_connection import StreamConnection
from fairway.exchange.wire import errors
from fairway.world.chance import Chance
from fairway.world.clock import SECOND

CONNECT_WEIGHT: Final = 2
IN_FLIGHT_MAX: Final = 100
"""Requests over WebSockets that faults may hold up at a time; connections with further ones wait unread."""
LONGEST_SLEEP_S: Final = 3600
"""The alarm looks again after this time at the latest, so that a clock that was set does not leave it asleep."""
_BODIES: Final = frozenset({"POST", "PUT", "DELETE"})

Talking = ApiConnection | StreamConnection


class ServerAddress(NamedTuple):
    """Where the server listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def ws(self) -> str:
        return f"ws://{self.host}:{self.port}"


async def pause(duration_ns: int) -> None:
    """Wait by the running loop's time; what a `PracticeExchange` on this server waits with."""
    await asyncio.sleep(duration_ns / SECOND)


class Server:
    """Serves one practice exchange. Use it as `async with server.listening(host, port) as address`."""

    def __init__(self, exchange: PracticeExchange, chance: Chance) -> None:
        self._exchange = exchange
        self.practice = Practice(exchange, chance, self._deliver_and_rest)
        self._transports: dict[int, Transport] = {}
        self._opened = 0
        self._held_up: set[asyncio.Task[None]] = set()
        self._alarm: asyncio.Future[None] | None = None
        self._alarm_at = NEVER

    @asynccontextmanager
    async def listening(self, host: str, port: int) -> AsyncIterator[ServerAddress]:
        """Listen, run the market, and stop both at the end. Port 0 takes a free one. OSError where it cannot be had."""
        self.practice.listens_at = host
        async with self.also_listening(host, port) as address:
            try:
                async with self._running():
                    yield address
            finally:
                for transport in list(self._transports.values()):
                    _end(transport, WSCloseCode.GOING_AWAY, "the exchange stops")

    @asynccontextmanager
    async def also_listening(self, host: str, port: int) -> AsyncIterator[ServerAddress]:
        """Listen at a further address, while `listening` runs the market. At the end its connections end; the others stay."""
        runner = web.ServerRunner(Acceptor(self._handle), shutdown_timeout=1)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
            yield ServerAddress(host, runner.addresses[0][1])
        finally:
            await runner.cleanup()

    @asynccontextmanager
    async def _running(self) -> AsyncIterator[None]:
        """Let the market run. If it fails, the block inside this context is cancelled, and the failure is raised there."""
        heart = asyncio.create_task(self._beat(), name="exchange market")
        holder = asyncio.current_task()
        assert holder is not None
        heart.add_done_callback(lambda done: None if done.cancelled() else holder.cancel())
        try:
            yield
        except asyncio.CancelledError:
            if not heart.done():
                raise
            holder.uncancel()
        finally:
            for task in (heart, *self._held_up):
                task.cancel()
            ended = await asyncio.gather(heart, return_exceptions=True)
            await asyncio.gather(*self._held_up, return_exceptions=True)
        if not isinstance(ended[0], asyncio.CancelledError):
            assert isinstance(ended[0], BaseException)
            raise ended[0]

    async def _beat(self) -> None:
        """Do what is due, then sleep until the next thing is."""
        exchange = self._exchange
        while True:
            self._deliver(await exchange.apply_due())
            wait = exchange.next_due() - exchange.context.clock.now()
            if wait <= 0:
                # The market is behind its time; others get their turn before it goes on.
                await asyncio.sleep(0)
            else:
                await self._sleep(wait)

    async def _sleep(self, wait_ns: int) -> None:
        """Sleep, unless something earlier becomes due (see `_wake`)."""
        loop = asyncio.get_running_loop()
        alarm = loop.create_future()
        self._alarm, self._alarm_at = alarm, self._exchange.context.clock.now() + wait_ns
        timer = loop.call_later(min(wait_ns / SECOND, LONGEST_SLEEP_S), _ring, alarm)
        try:
            await alarm
        finally:
            timer.cancel()
            self._alarm, self._alarm_at = None, NEVER

    def _wake(self) -> None:
        if self._alarm is not None and self._exchange.next_due() < self._alarm_at:
            _ring(self._alarm)

    async def _flush(self) -> None:
        """Send what a request has caused."""
        self._deliver(await self._exchange.hub.publish())
        self._wake()

    def _deliver(self, deliveries: list[Delivery]) -> None:
        for to, frame, ping, close in deliveries:
            data = framed(frame) if frame else frame_writer.ping_frame(ping)
            for connection in to:
                transport = self._transports.get(connection.number)
                if transport is None:
                    continue
                if close:
                    _end(transport, WSCloseCode.POLICY_VIOLATION, close)
                else:
                    frame_writer.write(transport, data)

    async def _deliver_and_rest(self, deliveries: list[Delivery]) -> None:
        self._deliver(deliveries)
        await asyncio.sleep(0)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        try:
            return await self._handle_readable(request)
        except web.HTTPException as error:
            return refused(errors.refused_by_http(error.status, error.reason))

    async def _handle_readable(self, request: web.BaseRequest) -> web.StreamResponse:
        path, _, query = request.raw_path.partition("?")
        if path.startswith(("/ws", "/stream")):
            return await self._handle_socket(request, path, query)
        body = (await request.read()).decode(errors="replace") if request.method in _BODIES and request.can_read_body else ""
        asked = Request(request.method, path, query, body, request.headers, request.remote or "")
        if path.startswith("/practice"):
            response = await self.practice.handle(asked)
        else:
            response = await self._exchange.session.handle(asked)
        await self._flush()
        if response.reset and request.transport is not None:  # None where the client has gone by itself meanwhile
            request.transport.abort()
        response.headers["Content-Type"] = JSON
        return web.Response(status=response.status or 500, body=response.body, headers=response.headers)

    async def _handle_socket(self, request: web.BaseRequest, path: str, query: str) -> web.StreamResponse:
        exchange, address = self._exchange, request.remote or ""
        now = exchange.context.clock.now()
        if not exchange.context.limits.connects(address, now) or exchange.is_down():
            return web.Response(status=429 if not exchange.is_down() else 503)
        socket = web.WebSocketResponse(autoping=False, compress=False, max_msg_size=2**20)
        if request.transport is None or request.transport.is_closing():  # the client dialled and went away
            return web.Response(status=400)
        await socket.prepare(request)
        transport = request.transport
        if transport is None:  # or while it was answered
            return socket
        self._opened += 1
        if path.startswith("/ws-api"):
            exchange.context.limits.charge(address, CONNECT_WEIGHT, now)
            shows = "returnRateLimits=false" not in query
            api = ApiConnection(exchange.session, exchange.hub, self._opened, address, now, shows_limits=shows)
            await self._talk(api, socket, transport)
            return socket
        combined = path.startswith("/stream")
        listener = StreamConnection(exchange.hub, self._opened, address, now, is_combined=combined)
        # What is wrong with the names is not told: no message of the client named them, so there is none to answer.
        await listener.start(_stream_names(path, query))
        await self._talk(listener, socket, transport)
        return socket

    async def _talk(self, connection: Talking, socket: web.WebSocketResponse, transport: Transport) -> None:
        """Keep a connection until one side ends it."""
        self._transports[connection.number] = transport
        self._exchange.hub.open(connection)
        self._wake()
        try:
            while True:
                message = await socket.receive()
                if message.type not in (WSMsgType.TEXT, WSMsgType.PING, WSMsgType.PONG):
                    break
                if not connection.heard(self._exchange.context.clock.now()):
                    _end(transport, WSCloseCode.POLICY_VIOLATION, "Too many requests")
                    break
                if message.type is WSMsgType.PING:
                    frame_writer.write(transport, frame_writer.pong_frame(bytes(message.data)))
                elif message.type is WSMsgType.TEXT:
                    await self._take(connection, message.data, transport)
        finally:
            del self._transports[connection.number]
            connection.stop()

    async def _take(self, connection: Talking, text: str, transport: Transport) -> None:
        """Answer a message: at once, or beside the others where faults may hold it up.

        Like a request by REST it is carried out even if the client has gone meanwhile.
        """
        faults = self._exchange.context.faults
        if len(self._held_up) >= IN_FLIGHT_MAX or not (faults.before_requests or faults.after_requests):
            await self._answer(connection, text, transport)
            return
        task = asyncio.create_task(self._answer(connection, text, transport), name=f"request of connection {connection.number}")
        self._held_up.add(task)
        task.add_done_callback(self._held_up.discard)

    async def _answer(self, connection: Talking, text: str, transport: Transport) -> None:
        answers = await connection.receive(text)
        await self._flush()
        if answers is None:
            transport.abort()
            return
        for answer in answers:
            frame_writer.write(transport, framed(answer))


def _stream_names(path: str, query: str) -> list[str]:
    """The streams that an address names; ccxt numbers its connections (`/ws/0`), which names none."""
    if path.startswith("/stream"):
        named = next((pair.removeprefix("streams=") for pair in query.split("&") if pair.startswith("streams=")), "")
    else:
        named = path.removeprefix("/ws").strip("/")
    return [unquote(name) for name in named.split("/") if name]


def _end(transport: Transport, code: int, reason: str) -> None:
    frame_writer.write(transport, frame_writer.close_frame(code, reason))
    transport.close()


def _ring(alarm: asyncio.Future[None]) -> None:
    if not alarm.done():
        alarm.set_result(None)
