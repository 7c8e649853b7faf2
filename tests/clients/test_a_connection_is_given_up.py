"""A connection of ccxt's ends when it is cancelled, in whatever instant of its dialling that happens."""

import asyncio
from typing import Any

import ccxt.pro
from aiohttp import web

from fairway.venues.ccxt.connection import VenueConnection
from fairway.world.clock import SystemClock

INSTANTS = 120
"""Turns of the loop after which it is cancelled: a dial to a server in the same loop takes some thirty."""
ENDS_WITHIN_S = 5.0


async def silent(request: web.Request) -> web.WebSocketResponse:
    """A server that opens the socket and never says anything."""
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    async for _ in socket:
        pass
    return socket


async def cancelled_after(turns: int, client: Any, url: str) -> bool:
    """Whether the connection ends when it is cancelled after so many turns of the loop."""
    connection = VenueConnection(client, url, SystemClock(), lambda frame: (), lambda event: None, lambda: None)
    living = asyncio.ensure_future(connection.live({"method": "listen"}, lambda: None, echo="ping", echo_after_s=60))
    for _ in range(turns):
        await asyncio.sleep(0)
    living.cancel()
    done, _ = await asyncio.wait([living], timeout=ENDS_WITHIN_S)
    living.cancel()
    await asyncio.wait([living])
    return bool(done)


def test_a_cancellation_is_heard_in_every_instant_of_dialling() -> None:
    async def main() -> list[int]:
        app = web.Application()
        app.router.add_get("/ws", silent)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        client = ccxt.pro.binance()
        client.open()
        try:
            return [n for n in range(INSTANTS) if not await cancelled_after(n, client, f"ws://{host}:{port}/ws?{n}")]
        finally:
            await client.close()
            await runner.cleanup()

    assert asyncio.run(main()) == []
