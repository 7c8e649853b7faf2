"""Measures a signed order over REST on the practice exchange, beside an aiohttp handler that answers a constant.

Both servers run in a process of their own on uvloop, and one client (aiohttp, keep-alive) asks them in turns with the very same
requests. The rate is what that client reaches; the CPU is the server's alone, from the system's accounts of its process.
"""

import asyncio
import hmac
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from itertools import islice
from statistics import median
from typing import Final

import aiohttp
import uvloop
from aiohttp import web

from fairway.exchange.frame_writer import framed
from fairway.exchange.opening import made_up
from fairway.exchange.practice_exchange import PracticeExchange
from fairway.exchange.server import Server, pause
from fairway.exchange.stream_connection import StreamConnection
from fairway.exchange.units import ONE
from fairway.exchange.wire.limits import RateLimits
from fairway.world.chance import Chance
from fairway.world.clock import SystemClock

ROUNDS: Final = 7
REQUESTS: Final = 1_500
AT_ONCE: Final = 16
UPDATES: Final = 20_000
KEY, SECRET = "benchkey00000000", "benchsecret"
SERVERS: Final = {"a signed order": "exchange", "a constant (web.Application)": "floor", "a constant (web.Server)": "bare"}


def rows() -> list[tuple[str, str, str]]:
    """(what, figure, beside it)."""
    with _servers() as ports:
        figures = uvloop.run(_rounds(ports))
    ratio = figures["a signed order"][0] / figures["a constant (web.Application)"][0]
    alone, told = (asyncio.run(_follow(streams)) for streams in ((), ("btcusdt@bookTicker",)))
    return [
        *(
            (f"REST: {name}", f"{rate:,.0f} requests/s", f"{cpu:,.0f} µs CPU of the server")
            for name, (rate, cpu) in figures.items()
        ),
        ("REST: a signed order to a constant, requests/s", f"{ratio:.2f}", "at least 0.5"),
        ("a market update, and its bookTicker frame without the socket", f"{told:.1f} µs", f"{alone:.1f} µs without a listener"),
    ]


async def _rounds(ports: dict[str, tuple[int, int]]) -> dict[str, tuple[float, float]]:
    rates: dict[str, list[float]] = {name: [] for name in ports}
    cpus: dict[str, list[float]] = {name: [] for name in ports}
    connector = aiohttp.TCPConnector(limit=AT_ONCE)
    async with aiohttp.ClientSession(connector=connector, headers={"X-MBX-APIKEY": KEY}) as client:
        for turn in range(ROUNDS + 1):
            for name, (port, pid) in ports.items():
                before, started = _cpu_s(pid), time.perf_counter()
                await _ask(client, f"http://127.0.0.1:{port}/api/v3/order", turn)
                took, used = time.perf_counter() - started, _cpu_s(pid) - before
                if turn:  # the first round warms up
                    rates[name].append(REQUESTS / took)
                    cpus[name].append(used / REQUESTS * 1e6)
    return {name: (median(rates[name]), median(cpus[name])) for name in ports}


async def _ask(client: aiohttp.ClientSession, url: str, turn: int) -> None:
    numbers = iter(range(REQUESTS))

    async def worker() -> None:
        for number in numbers:
            async with client.post(url, data=_order(turn, number), headers=_FORM) as response:
                text = await response.text()
                assert response.status == 200, text

    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))


_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


def _order(turn: int, number: int) -> str:
    """Orders that trade at once: buys and sells in turns, so that the account does not run dry."""
    side = "BUY" if number % 2 else "SELL"
    query = f"symbol=BTCUSDT&side={side}&type=MARKET&quantity=0.00100&newClientOrderId=bench-{turn}-{number}"
    query += f"&recvWindow=60000&timestamp={time.time_ns() // 1_000_000}"
    return f"{query}&signature={hmac.digest(SECRET.encode(), query.encode(), sha256).hex()}"


def _cpu_s(pid: int) -> float:
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _servers() -> Iterator[dict[str, tuple[int, int]]]:
    started = {
        name: subprocess.Popen([sys.executable, "-m", "bench.exchange", kind], stdout=subprocess.PIPE, text=True)
        for name, kind in SERVERS.items()
    }
    try:
        ports = {}
        for name, process in started.items():
            assert process.stdout is not None
            ports[name] = int(process.stdout.readline()), process.pid
        yield ports
    finally:
        for process in started.values():
            process.terminate()
            process.communicate()


async def _exchange() -> None:
    clock, chance = SystemClock(), Chance(1)
    rules, market, *_ = made_up(chance, clock.now(), 0.1)
    exchange = PracticeExchange(rules, market, clock=clock, chance=chance, pause=pause)
    exchange.open_account("bench", {"USDT": 10**7 * ONE, "BTC": 10**3 * ONE}, key=KEY, secret=SECRET)
    exchange.context.limits = RateLimits(10**9, 10**9, 10**9)
    exchange.warm_up(clock.now())
    async with Server(exchange, chance).listening("127.0.0.1", 0) as address:
        print(address.port, flush=True)
        await asyncio.Event().wait()


async def _floor(*, bare: bool) -> None:
    async def constant(request: web.BaseRequest) -> web.Response:
        return web.Response(body=b"{}", content_type="application/json")

    if bare:
        runner: web.BaseRunner = web.ServerRunner(web.Server(constant, access_log=None))
    else:
        application = web.Application()
        application.router.add_post("/api/v3/order", constant)
        runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


class _HandClock:
    """Shows what it was set to."""

    at = 1_700_000_000_000_000_000

    def now(self) -> int:
        return self.at

    def monotonic(self) -> int:
        return self.at


async def _follow(streams: Sequence[str]) -> float:
    """Microseconds an update of one symbol: matched, and made into frames for one listener."""
    clock, chance = _HandClock(), Chance(1)
    rules, market, *_ = made_up(chance, clock.at, 0)
    updates = [update for update in islice(market, 3 * UPDATES) if update.symbol == "BTCUSDT"]
    exchange = PracticeExchange(rules, updates, clock=clock, chance=chance, pause=pause)
    listener = StreamConnection(exchange.hub, 1, "", clock.at, is_combined=False)
    await listener.start(list(streams))
    started, frames = time.perf_counter(), 0
    for update in updates:
        clock.at = update.at
        frames += sum(len(framed(it.frame)) > 0 for it in await exchange.apply_due())
    took = time.perf_counter() - started
    assert frames >= 0.9 * len(updates) * len(streams)
    return took / len(updates) * 1e6


if __name__ == "__main__":
    if len(sys.argv) > 1:
        kind = sys.argv[1]
        uvloop.run(_exchange() if kind == "exchange" else _floor(bare=kind == "bare"))
    else:
        for row in rows():
            print("{:<65} {:>18}   {}".format(*row))
