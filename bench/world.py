"""Measures what the simulated world costs in real time, each figure beside the floor it stands on.

Run it alone with `python -m bench.world`.
"""

from __future__ import annotations

import asyncio
import contextvars
import heapq
import time
from collections.abc import Callable, Coroutine
from typing import Any, cast

from aiohttp import ClientSession
from tests.pure.world.tiny_venue import TinyVenue, binance_client

from fairway.world.loop import run, running

ROUNDS = 3
SLEEPS = 50_000
MESSAGES = 50_000
ORDERS = 400
UPDATES = 4_000


def rows() -> list[tuple[str, str, str]]:
    """What was measured, the figure, and what it stands beside."""
    sleep, sleep_floor = best(simulated_sleeps), best(heap_and_call)
    tick, message = best(ticks_alone), best(simulated_messages)
    order, order_floor = best(ccxt_orders), best(aiohttp_posts)
    update, update_floor = best(ccxt_updates), best(aiohttp_updates)
    return [
        ("simulated sleep", f"{sleep:.2f} µs", f"a heap push, a heap pop, a context's call: {sleep_floor:.2f} µs"),
        ("200-byte message over a link", f"{message - tick:.2f} µs", f"the timer that sends it: {tick:.2f} µs"),
        ("ccxt order over REST, both ends", f"{order:.0f} µs", f"aiohttp's two ends alone: {order_floor:.0f} µs"),
        ("ccxt.pro WebSocket update, both ends", f"{update:.0f} µs", f"aiohttp's two ends alone: {update_floor:.0f} µs"),
    ]


def best(measure: Callable[[], float]) -> float:
    """The least of a few rounds, in microseconds each: the others were disturbed."""
    return min(measure() for _ in range(ROUNDS))


def simulated_sleeps() -> float:
    async def main() -> float:
        began = time.perf_counter()
        for _ in range(SLEEPS):
            await asyncio.sleep(1)
        return (time.perf_counter() - began) / SLEEPS * 1e6

    return run(main)


def heap_and_call() -> float:
    """What no event loop with timers can do without."""
    timers: list[tuple[int, int, Any]] = [(number * 10**9, number, int) for number in range(100)]
    context = contextvars.copy_context()
    began = time.perf_counter()
    for number in range(SLEEPS):
        heapq.heappush(timers, (number, number, int))
        context.run(heapq.heappop(timers)[2])
    return (time.perf_counter() - began) / SLEEPS * 1e6


class _Counter(asyncio.Protocol):
    def __init__(self, wanted: int) -> None:
        self.wanted = wanted
        self.all_heard = asyncio.get_running_loop().create_future()

    def data_received(self, data: bytes) -> None:
        self.wanted -= 1
        if self.wanted == 0:
            self.all_heard.set_result(None)


def simulated_messages() -> float:
    """From `write` to the other end's `data_received`, one at a time, as updates come."""

    async def main() -> float:
        loop = running()
        counter = _Counter(MESSAGES)
        await loop.create_server(lambda: counter, "venue", 80)
        transport, _ = await loop.create_connection(asyncio.Protocol, "venue", 80)
        message = bytes(200)
        began = time.perf_counter()
        _write_each_tick(transport, message, MESSAGES)
        await counter.all_heard
        took = time.perf_counter() - began
        transport.abort()
        await asyncio.sleep(1)
        return took / MESSAGES * 1e6

    return run(main)


def _write_each_tick(transport: Any, message: bytes, left: int) -> None:
    transport.write(message)
    if left > 1:
        asyncio.get_running_loop().call_later(0.01, _write_each_tick, transport, message, left - 1)


def ticks_alone() -> float:
    """The same ticks without a link: what the writer's own timer costs."""

    async def main() -> float:
        counter = _Counter(MESSAGES)
        transport = cast(Any, type("Direct", (), {"write": staticmethod(counter.data_received)}))
        began = time.perf_counter()
        _write_each_tick(transport, bytes(200), MESSAGES)
        await counter.all_heard
        return (time.perf_counter() - began) / MESSAGES * 1e6

    return run(main)


def ccxt_orders() -> float:
    async def use(client: Any) -> int:
        for number in range(ORDERS):
            await client.create_order("BTC/USDT", "limit", "buy", 1, 100, {"newClientOrderId": f"n{number}"})
        return ORDERS

    return _with_client(use)


def ccxt_updates() -> float:
    async def use(client: Any) -> int:
        for _ in range(UPDATES):
            await client.watch_order_book("BTC/USDT")
        return UPDATES

    return _with_client(use)


def _with_client(use: Callable[[Any], Coroutine[Any, Any, int]]) -> float:
    async def main() -> float:
        async with TinyVenue():
            client = binance_client()
            await client.load_markets()
            began = time.perf_counter()
            count = await use(client)
            took = time.perf_counter() - began
            await client.close()
        return took / count * 1e6

    return run(main)


def aiohttp_posts() -> float:
    """The same request and answer, without ccxt around it."""

    async def use(session: ClientSession) -> int:
        body = {"symbol": "BTCUSDT", "price": "100", "newClientOrderId": "n"}
        for _ in range(ORDERS):
            async with session.post("http://venue.test/api/v3/order", data=body) as response:
                await response.text()
        return ORDERS

    return _with_session(use)


def aiohttp_updates() -> float:
    """The same stream, compressed as ccxt asks for it, without ccxt around it."""

    async def use(session: ClientSession) -> int:
        async with session.ws_connect("http://venue.test/stream/0", compress=15) as socket:
            for _ in range(UPDATES):
                await socket.receive_str()
        return UPDATES

    return _with_session(use)


def _with_session(use: Callable[[ClientSession], Coroutine[Any, Any, int]]) -> float:
    async def main() -> float:
        async with TinyVenue(), ClientSession() as session:
            began = time.perf_counter()
            count = await use(session)
            return (time.perf_counter() - began) / count * 1e6

    return run(main)


if __name__ == "__main__":
    for what, figure, beside in rows():
        print(f"{what:38} {figure:>8}   {beside}")
