"""aiohttp, websockets and ccxt.pro run in simulated time as they are: no connector, resolver or method is replaced."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import aiohttp
import ccxt
import pytest
from aiohttp import ClientSession, ClientTimeout, TCPConnector, ThreadedResolver, web
from tests.pure.world.tiny_venue import TinyVenue, binance_client
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosedError

from fairway.world.clock import MILLISECOND, SECOND, SimClock, parse_instant
from fairway.world.loop import EPOCH_NS, run, running

ROOT = Path(__file__).parents[3]


class Site:
    """An aiohttp server on http://site.test: `/slow` takes a second, `GET /ws` shouts back, `POST /` too."""

    async def __aenter__(self) -> Site:
        app = web.Application()
        app.router.add_route("*", "/slow", self._slow)
        app.router.add_get("/big", self._big)
        app.router.add_get("/ws", self._shout)
        app.router.add_post("/", self._post)
        self.runner = web.AppRunner(app, access_log=None)
        await self.runner.setup()
        await web.TCPSite(self.runner, "site.test", 80).start()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.runner.cleanup()

    async def _slow(self, request: web.Request) -> web.Response:
        await asyncio.sleep(1)
        return web.Response(text="at last")

    async def _big(self, request: web.Request) -> web.Response:
        return web.Response(body=bytes(3_000_000))

    async def _post(self, request: web.Request) -> web.Response:
        return web.json_response({"said": await request.text(), "peer": request.remote})

    async def _shout(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            await socket.send_str(message.data.upper())
        return socket


def test_aiohttp_speaks_http_with_itself() -> None:
    """With its default connector; each round trip takes exactly the latency of the links."""

    async def main() -> list[object]:
        async with Site(), ClientSession() as session:
            async with session.post("http://site.test/", data="hello") as response:
                answer = await response.json()
            connected_ns = running().elapsed_ns
            async with session.post("http://site.test/", data="again") as response:
                await response.read()
            return [answer, connected_ns, running().elapsed_ns - connected_ns]

    assert run(main) == [{"said": "hello", "peer": "10.0.0.1"}, 4 * MILLISECOND, 2 * MILLISECOND]


def test_aiohttp_with_a_resolver_named_by_hand() -> None:
    """The way of those who build their own connector."""

    async def main() -> str:
        connector = TCPConnector(resolver=ThreadedResolver(), use_dns_cache=False)
        async with Site(), ClientSession(connector=connector) as session, session.get("http://site.test/slow") as answer:
            return await answer.text()

    assert run(main) == "at last"


def test_aiohttp_streams_large_bodies_through_the_back_pressure() -> None:
    """Three megabytes over one megabyte a second: three seconds, a header and the latency."""

    async def main() -> tuple[int, int]:
        loop = running()
        loop.network.host("site.test")
        loop.network.shape("world", "site.test", latency=MILLISECOND, bandwidth_bytes_per_s=1_000_000)
        async with Site(), ClientSession() as session, session.get("http://site.test/big") as answer:
            return len(await answer.read()), loop.elapsed_ns // SECOND

    assert run(main) == (3_000_000, 3)


def test_aiohttp_speaks_websocket_with_itself() -> None:
    """Upgrade, messages, close handshake."""

    async def main() -> tuple[list[object], int]:
        async with Site(), ClientSession() as session, session.ws_connect("http://site.test/ws") as socket:
            heard: list[object] = []
            for word in ("one", "two"):
                await socket.send_str(word)
                heard.append(await socket.receive_str())
            said_ns = running().elapsed_ns
            await socket.close()
            return heard, said_ns

    assert run(main) == (["ONE", "TWO"], 8 * MILLISECOND)


def test_aiohttp_shows_each_fault_as_its_own_error() -> None:
    """Refused, unknown, reset, timed out: as on a real network."""

    async def attempt(session: ClientSession, address: str) -> tuple[str, float]:
        began = running().time()
        try:
            async with session.post(address) as response:  # aiohttp repeats a GET by itself
                await response.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            return type(error).__name__, running().time() - began
        raise AssertionError(f"no fault was seen at {running().time()}")

    async def main() -> list[object]:
        loop, seen = running(), list[object]()
        async with Site(), ClientSession(timeout=ClientTimeout(total=3)) as session:
            seen.append((await attempt(session, "http://nowhere.test/"))[0])
            seen.append((await attempt(session, "http://site.test:81/"))[0])
            loop.call_later(0.5, loop.network.cut, "world", "site.test")
            seen.append((await attempt(session, "http://site.test/slow"))[0])
            loop.call_later(0.5, loop.network.half_open, "world", "site.test")
            seen.append(await attempt(session, "http://site.test/slow"))
            loop.network.partition("world", "site.test")
            seen.append(await attempt(session, "http://site.test/slow"))
            loop.network.heal("world", "site.test")
        await asyncio.sleep(1_000)
        return seen

    assert run(main) == [
        "ClientConnectorDNSError",
        "ClientConnectorError",
        "ClientOSError",
        ("TimeoutError", 3),
        ("TimeoutError", 3),
    ]


def test_websockets_speaks_with_itself() -> None:
    """Messages, pings and the close handshake."""

    async def main() -> tuple[object, float, int]:
        async def echo(connection: ServerConnection) -> None:
            async for message in connection:
                await connection.send(message)

        async with serve(echo, "echo.test", 8765), connect("ws://echo.test:8765") as connection:
            await connection.send("hello")
            heard = await connection.recv()
            latency = await (await connection.ping())
            await asyncio.sleep(3_600)
            return heard, latency, running().elapsed_ns // SECOND

    heard, latency, elapsed = run(main)
    assert (heard, round(latency * SECOND), elapsed) == ("hello", 2 * MILLISECOND, 3_600)


def test_websockets_notices_a_silent_peer_by_its_pings() -> None:
    """Twenty seconds to the ping, twenty for the pong, ten for the goodbye: the library's own watchdog, in virtual time."""

    async def main() -> float:
        async def listen(connection: ServerConnection) -> None:
            with pytest.raises(ConnectionClosedError):
                await connection.recv()

        async with serve(listen, "echo.test", 8765):
            connection = await connect("ws://echo.test:8765")
            running().network.half_open("world", "echo.test")
            with pytest.raises(ConnectionClosedError, match="keepalive ping timeout"):
                await connection.recv()
            noticed = running().time()
            await asyncio.sleep(1_000)
        return noticed

    assert run(main) == 50.004


def test_ccxt_trades_and_streams_unmodified() -> None:
    """Markets, orders over REST and a book over WebSocket, through ccxt's own session and connector."""

    async def main() -> dict[str, Any]:
        async with TinyVenue() as venue:
            client = binance_client()
            markets = await client.load_markets()
            order = await client.create_order("BTC/USDT", "limit", "buy", 1, 100, {"newClientOrderId": "mine"})
            for _ in range(3):
                book = await client.watch_order_book("BTC/USDT")
            watched_ns = running().elapsed_ns
            await client.close()
        return {
            "markets": list(markets),
            "order": (order["id"], order["clientOrderId"], order["status"], order["timestamp"]),
            "heard": venue.heard,
            "bid": (book["nonce"], book["bids"][0]),
            "watched": watched_ns // SECOND,
        }

    assert run(main) == {
        "markets": ["BTC/USDT"],
        "order": ("1", "mine", "open", EPOCH_NS // MILLISECOND + 5),
        "heard": [(5 * MILLISECOND, "100", "mine")],
        "bid": (3, [100.0, 3.0]),
        "watched": 2,
    }


def test_ccxt_stamps_requests_with_the_clock_of_its_node() -> None:
    """A node whose clock is wrong signs wrong times, as venues complain about."""

    async def main() -> int:
        client = binance_client()
        wrong = SimClock(running(), skew_ns=-2 * SECOND)
        client.milliseconds = lambda: wrong.now() // MILLISECOND
        signed = client.sign("order", ["private"], "POST", {"symbol": "BTCUSDT"})
        await client.close()
        return int(signed["body"].split("timestamp=")[1].split("&")[0])

    assert run(main) == parse_instant("2021-12-31T23:59:58Z") // MILLISECOND


def test_ccxt_sorts_the_faults_of_the_network() -> None:
    """An outage of name resolution, a refusal and a silence are its own error classes."""

    async def main() -> list[str]:
        loop, seen = running(), list[str]()
        loop.network.host("venue.test")
        client = binance_client()

        async def attempt() -> None:
            try:
                await client.fetch_order_book("BTC/USDT")
            except ccxt.NetworkError as error:
                seen.append(type(error).__name__)

        await attempt()
        async with TinyVenue():
            await client.load_markets()
            loop.network.names.in_order = False
            loop.network.cut("world", "venue.test")
            await asyncio.sleep(1)
            await attempt()
            loop.network.names.in_order = True
            await attempt()
            loop.network.half_open("world", "venue.test")
            await attempt()
            await client.close()
            await asyncio.sleep(1_000)
        return seen

    assert run(main) == ["ExchangeNotAvailable", "RequestTimeout"]


def test_the_same_seed_gives_the_same_trace_in_another_process() -> None:
    """ccxt, aiohttp and websockets over jittered links, with other hash seeds: every time and every value is equal."""

    def start(seed: int, hash_seed: int) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "tests.pure.world.traced_world", str(seed)],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": str(hash_seed)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    processes = [start(7, 1), start(7, 2), start(8, 1)]
    said = [process.communicate(timeout=120)[0].strip() for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], said
    assert len(said[0]) == 64
    assert said[0] == said[1] != said[2]
