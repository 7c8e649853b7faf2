"""A world with every library in it, as a program: prints the hash of all that happened in it, with its times.

Run it with a seed: `python -m tests.pure.world.traced_world 7`.
"""

from __future__ import annotations

import asyncio
import hashlib
import sys

from aiohttp import ClientSession, web
from tests.pure.world.tiny_venue import TinyVenue, binance_client
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve

from fairway.world.clock import MILLISECOND
from fairway.world.links import jittered
from fairway.world.loop import run, running

Trace = list[tuple[object, ...]]


async def use_ccxt(trace: Trace) -> None:
    async with TinyVenue() as venue:
        client = binance_client()
        for number in range(5):
            order = await client.create_order("BTC/USDT", "limit", "buy", 1, 100 + number, {"newClientOrderId": f"n{number}"})
            trace.append((running().elapsed_ns, order["id"], order["clientOrderId"], order["timestamp"]))
        for _ in range(5):
            book = await client.watch_order_book("BTC/USDT")
            trace.append((running().elapsed_ns, book["nonce"], book["bids"], book["asks"]))
        await client.close()
    trace.extend(venue.heard)


async def use_websockets(trace: Trace) -> None:
    async def echo(connection: ServerConnection) -> None:
        async for message in connection:
            await connection.send(message)

    async with serve(echo, "echo.test", 8765), connect("ws://echo.test:8765") as connection:
        for number in range(5):
            await connection.send(f"hello {number}")
            trace.append((running().elapsed_ns, await connection.recv()))


async def crowd(trace: Trace, session: ClientSession, number: int) -> None:
    try:
        for _ in range(4):
            async with session.get(f"http://crowd.test/{number}") as response:
                trace.append((running().elapsed_ns, await response.text()))
        await asyncio.sleep(100)
    finally:
        trace.append((running().elapsed_ns, "cancelled", number))


async def use_aiohttp(trace: Trace) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(text=f"{request.path} at {running().elapsed_ns}")

    async def stop() -> None:
        await asyncio.sleep(3)
        raise InterruptedError

    app = web.Application()
    app.router.add_get("/{number}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "crowd.test", 80).start()
    async with ClientSession() as session:
        try:
            async with asyncio.TaskGroup() as group:
                for number in range(20):
                    group.create_task(crowd(trace, session, number))
                group.create_task(stop())
        except* InterruptedError:
            trace.append((running().elapsed_ns, "stopped"))
    await runner.cleanup()


async def main() -> Trace:
    trace: Trace = []
    loop = running()
    loop.network.latency = jittered(2 * MILLISECOND, 10 * MILLISECOND, loop.chance.stream("links"))
    for part in (use_ccxt, use_websockets, use_aiohttp):
        await part(trace)
    trace.append((loop.elapsed_ns, loop.network.connections()))
    return trace


if __name__ == "__main__":
    print(hashlib.sha256(repr(run(main, seed=int(sys.argv[1]))).encode()).hexdigest())
