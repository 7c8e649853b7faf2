"""What an order and a market update cost on their way through ccxt, and what a further account weighs; floors beside them.

All of it in one process and in simulated time, so that no network and no sleeping processor is measured. Run it alone with
`python -m bench.venue`.
"""

from __future__ import annotations

import asyncio
import gc
import json
import resource
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from aiohttp import ClientSession
from tests.pure.venues.scripted_venue import URL, ScriptedVenue, order_answer, refuses, says, scene, settings

from fairway.market.instrument import Instrument
from fairway.money.grid import Round
from fairway.orders.order import OrderType, Side
from fairway.venues.allowance import AddressLimits
from fairway.venues.ccxt.venue import CcxtVenue
from fairway.venues.port import NewOrder, VenueEvent
from fairway.world.loop import run, running

ROUNDS = 3
ORDERS = 400
UPDATES = 5_000
ACCOUNTS = 100
TOP = {"u": 400_900_217, "s": "BTCUSDT", "b": "25351.90000000", "B": "31.21000000", "a": "25365.20000000", "A": "40.66000000"}


def rows() -> list[tuple[str, str, str]]:
    """(what, figure, beside it)."""
    order, order_ours, order_floor = best(order_through_all), best(order_without_ccxt), best(aiohttp_posts)
    weight, weight_streaming, weight_floor = (weigh_apart(what) for what in KINDS)
    update, update_ours, update_floor = best(update_through_all), best(update_without_ccxt), best(aiohttp_updates)
    return [
        ("an order: the venue's own part", f"{order_ours:.0f} µs", "from NewOrder to the answer read, without ccxt"),
        (
            "an order: ccxt's part",
            f"{order - order_ours - order_floor:.0f} µs",
            f"aiohttp's two ends alone: {order_floor:.0f} µs; all together {order:.0f} µs",
        ),
        ("a market update: the venue's own part", f"{update_ours:.1f} µs", "from a decoded frame to the quote in the sink"),
        (
            "a market update: ccxt's part",
            f"{update - update_ours - update_floor:.0f} µs",
            f"aiohttp's two ends alone: {update_floor:.0f} µs; all together {update:.0f} µs",
        ),
        ("a further account", weight.text, f"of {ACCOUNTS}, with its ccxt client; a bare ccxt client alone: {weight_floor.text}"),
        ("a further account that streams", weight_streaming.text, "with both ends of its connection in this process"),
    ]


class Weight(NamedTuple):
    """Bytes of one of many: of resident memory, and of objects as Python counts them."""

    resident: float
    traced: float

    @property
    def text(self) -> str:
        return f"{self.resident / 2**20:.2f} MiB RSS, {self.traced / 2**20:.2f} MiB traced"


More = Callable[[int], Awaitable[object]]
"""Brings one more, of this number, and answers with what keeps it."""


def weigh_apart(kind: str) -> Weight:
    """In a process of its own: what an earlier measurement has freed would be used again, and weigh nothing."""
    printed = subprocess.run([sys.executable, "-m", "bench.venue", kind], check=True, capture_output=True, text=True).stdout
    return Weight(*(float(figure) for figure in printed.split()))


def weigh(begin: Callable[[AsyncExitStack], Awaitable[More]]) -> Weight:
    """What one more weighs, of ACCOUNTS more: resident memory first, for tracing takes some itself."""

    async def grown() -> float:
        async with AsyncExitStack() as stack:
            more = await begin(stack)
            kept = [await more(number) for number in range(10)]
            gc.collect()
            before = measure()
            kept += [await more(number) for number in range(10, 10 + ACCOUNTS)]
            gc.collect()
            return (measure() - before) / ACCOUNTS

    measure: Callable[[], int] = resident_bytes
    resident = run(grown)
    tracemalloc.start()
    try:
        measure = traced_bytes
        return Weight(resident, run(grown))
    finally:
        tracemalloc.stop()


def best(measure: Callable[[], float]) -> float:
    """The least of a few rounds, in microseconds each: the others were disturbed."""
    return min(measure() for _ in range(ROUNDS))


def order_through_all() -> float:
    async def use(exchange: ScriptedVenue, venue: CcxtVenue, btc: Instrument) -> float:
        exchange.on("POST", "/api/v3/order", says(order_answer("fw-main-1-1-e")))
        return await _orders(venue, btc)

    return _in_scene(use)


def order_without_ccxt() -> float:
    async def at_once(_request: object) -> object:
        return answer

    async def use(_exchange: ScriptedVenue, venue: CcxtVenue, btc: Instrument) -> float:
        client: Any = venue._client
        client.private_post_order = at_once
        return await _orders(venue, btc)

    answer = order_answer("fw-main-1-1-e")
    return _in_scene(use)


async def _orders(venue: CcxtVenue, btc: Instrument) -> float:
    order = NewOrder(
        client_id="fw-main-1-1-e",
        symbol=btc.symbol,
        side=Side.SELL,
        type=OrderType.LIMIT,
        quantity=btc.quantity("0.12345"),
        price=btc.price(Decimal("25351.9"), Round.NEAREST),
    )
    await venue.place(order)
    began = time.perf_counter()
    for _ in range(ORDERS):
        await venue.place(order)
    return (time.perf_counter() - began) / ORDERS * 1e6


def aiohttp_posts() -> float:
    """The same request and answer, without ccxt and the venue around it."""

    async def use(exchange: ScriptedVenue, _venue: CcxtVenue, _btc: Instrument) -> float:
        exchange.on("POST", "/api/v3/order", says(order_answer("fw-main-1-1-e")))
        wish = {"symbol": "BTCUSDT", "price": "25351.9", "quantity": "0.12345", "newClientOrderId": "n", "signature": "0" * 64}
        body, headers = urlencode(wish).encode(), {"Content-Type": "application/x-www-form-urlencoded"}
        async with ClientSession() as session:
            began = time.perf_counter()
            for _ in range(ORDERS):
                async with session.post(f"{URL}/api/v3/order", data=body, headers=headers) as response:
                    await response.text()
            return (time.perf_counter() - began) / ORDERS * 1e6

    return _in_scene(use)


def update_through_all() -> float:
    async def use(exchange: ScriptedVenue, venue: CcxtVenue, _btc: Instrument) -> float:
        exchange.on("GET", "/api/v3/klines", refuses(-1121, "Invalid symbol."))
        heard: list[VenueEvent] = []
        streaming = asyncio.create_task(venue.market_stream(["BTC/USDT"], "1m", heard.append))
        await asyncio.sleep(1)
        took = await _tell(exchange)
        assert len(heard) == UPDATES + 1  # and that it is up
        streaming.cancel()
        await asyncio.wait([streaming])
        return took

    return _in_scene(use)


def update_without_ccxt() -> float:
    async def use(exchange: ScriptedVenue, venue: CcxtVenue, _btc: Instrument) -> float:
        exchange.on("GET", "/api/v3/klines", refuses(-1121, "Invalid symbol."))
        heard: list[VenueEvent] = []
        streaming = asyncio.create_task(venue.market_stream(["BTC/USDT"], "1m", heard.append))
        await asyncio.sleep(1)
        client: Any = venue._client
        (socket,) = client.clients.values()
        began = time.perf_counter()
        for _ in range(UPDATES):
            socket.on_message_callback(socket, TOP)
        took = (time.perf_counter() - began) / UPDATES * 1e6
        streaming.cancel()
        await asyncio.wait([streaming])
        return took

    return _in_scene(use)


def aiohttp_updates() -> float:
    """The same frames, received and decoded as JSON, without ccxt and the venue around it."""

    async def use(exchange: ScriptedVenue, _venue: CcxtVenue, _btc: Instrument) -> float:
        async with ClientSession() as session, session.ws_connect(f"{URL}/ws/9", compress=0) as socket:

            async def receive() -> None:
                while True:
                    json.loads(await socket.receive_str())

            receiving = asyncio.create_task(receive())
            await asyncio.sleep(1)
            took = await _tell(exchange)
            receiving.cancel()
            await asyncio.wait([receiving])
            return took

    return _in_scene(use)


async def _tell(exchange: ScriptedVenue) -> float:
    """Sends the updates one at a time, as they come from a live market; µs each, both ends."""
    text = json.dumps(TOP)
    began = time.perf_counter()
    for _ in range(UPDATES):
        await exchange.tell("/ws/", text)
        await asyncio.sleep(0.01)
    return (time.perf_counter() - began) / UPDATES * 1e6


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def traced_bytes() -> int:
    return tracemalloc.get_traced_memory()[0]


async def open_accounts(stack: AsyncExitStack) -> More:
    """Accounts of one exchange, all like the first."""
    await stack.enter_async_context(ScriptedVenue())
    loop = running()
    first = CcxtVenue(settings(), loop.clock, loop.chance)

    async def more(number: int) -> CcxtVenue:
        venue = CcxtVenue(settings(key=f"{number:064}"), loop.clock, loop.chance, like=first)
        await venue.open()
        stack.push_async_callback(venue.close)
        return venue

    return more


async def stream_accounts(stack: AsyncExitStack) -> More:
    """The same, and each listens to its account."""
    opened = await open_accounts(stack)

    async def more(number: int) -> object:
        venue = await opened(number)
        assert isinstance(venue, CcxtVenue)
        streaming = asyncio.create_task(venue.account_stream(lambda _: None))
        stack.push_async_callback(_end, streaming)
        await asyncio.sleep(0.2)
        return venue, streaming

    return more


async def bare_clients(_stack: AsyncExitStack) -> More:
    """ccxt's own, with nothing of ours and no markets."""
    import ccxt.pro

    async def more(number: int) -> object:
        return ccxt.pro.binance({"apiKey": f"{number:064}", "asyncio_loop": running()})

    return more


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])


def _in_scene(use: Callable[[ScriptedVenue, CcxtVenue, Instrument], Awaitable[float]]) -> float:
    async def main() -> float:
        async with scene(AddressLimits(weight_a_minute=10**9, orders_in_10s=10**9, orders_a_day=10**9)) as (exchange, venue, btc):
            return await use(exchange, venue, btc)

    return run(main)


KINDS = {"accounts": open_accounts, "streams": stream_accounts, "clients": bare_clients}

if __name__ == "__main__":
    if kinds := sys.argv[1:]:
        print(*weigh(KINDS[kinds[0]]))
    else:
        for what, figure, beside in rows():
            print(f"{what:40} {figure:>8}   {beside}")
