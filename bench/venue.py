"""What an order and a market update cost on their way through ccxt: the venue's part, ccxt's part, and aiohttp's beneath.

All of it in one process and in simulated time, so that no network and no sleeping processor is measured. Run it alone with
`python -m bench.venue`.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientSession
from tests.pure.venues.scripted_venue import URL, ScriptedVenue, order_answer, refuses, says, scene

from fairway.market.instrument import Instrument
from fairway.money.grid import Round
from fairway.orders.order import OrderType, Side
from fairway.venues.ccxt import CcxtVenue
from fairway.venues.port import NewOrder, VenueEvent
from fairway.world.loop import run

ROUNDS = 3
ORDERS = 400
UPDATES = 5_000
TOP = {"u": 400_900_217, "s": "BTCUSDT", "b": "25351.90000000", "B": "31.21000000", "a": "25365.20000000", "A": "40.66000000"}


def rows() -> list[tuple[str, str, str]]:
    """(what, figure, beside it)."""
    order, order_ours, order_floor = best(order_through_all), best(order_without_ccxt), best(aiohttp_posts)
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
    ]


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


def _in_scene(use: Callable[[ScriptedVenue, CcxtVenue, Instrument], Awaitable[float]]) -> float:
    async def main() -> float:
        async with scene() as (exchange, venue, btc):
            return await use(exchange, venue, btc)

    return run(main)


if __name__ == "__main__":
    for what, figure, beside in rows():
        print(f"{what:40} {figure:>8}   {beside}")
