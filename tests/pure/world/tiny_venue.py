"""A venue of a hundred lines that speaks just enough of Binance's wire protocol for the unmodified ccxt client.

It stands for any aiohttp server inside simulated time; the practice exchange proper is another room.
"""

from __future__ import annotations

import asyncio
import json
from types import TracebackType
from typing import Any

import ccxt.pro
from aiohttp import web

from fairway.world.clock import MILLISECOND, SECOND, Duration
from fairway.world.loop import running

_SYMBOL = {
    "symbol": "BTCUSDT",
    "status": "TRADING",
    "baseAsset": "BTC",
    "baseAssetPrecision": 8,
    "quoteAsset": "USDT",
    "quotePrecision": 8,
    "quoteAssetPrecision": 8,
    "orderTypes": ["LIMIT", "MARKET"],
    "isSpotTradingAllowed": True,
    "permissions": ["SPOT"],
    "permissionSets": [["SPOT"]],
    "filters": [
        {"filterType": "PRICE_FILTER", "minPrice": "0.01", "maxPrice": "1000000", "tickSize": "0.01"},
        {"filterType": "LOT_SIZE", "minQty": "0.00001", "maxQty": "9000", "stepSize": "0.00001"},
        {"filterType": "NOTIONAL", "minNotional": "5"},
    ],
}


class TinyVenue:
    """Listens on http://venue.test while its block is open; each order it hears is in `heard`, with its time."""

    def __init__(self, *, tick_ns: Duration = SECOND) -> None:
        self.heard: list[tuple[Duration, str, str]] = []
        self._tick_ns = tick_ns
        app = web.Application()
        app.router.add_get("/api/v3/exchangeInfo", self._info)
        app.router.add_get("/api/v3/depth", self._depth)
        app.router.add_post("/api/v3/order", self._order)
        app.router.add_get("/stream/{number}", self._stream)
        self._runner = web.AppRunner(app, access_log=None)

    async def __aenter__(self) -> TinyVenue:
        await self._runner.setup()
        await web.TCPSite(self._runner, "venue.test", 80).start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._runner.cleanup()

    async def _info(self, request: web.Request) -> web.Response:
        return web.json_response({"timezone": "UTC", "serverTime": 1, "rateLimits": [], "symbols": [_SYMBOL]})

    async def _depth(self, request: web.Request) -> web.Response:
        return web.json_response({"lastUpdateId": 1, "bids": [["100", "1"]], "asks": [["101", "1"]]})

    async def _order(self, request: web.Request) -> web.Response:
        order = await request.post()
        price, client_id = str(order["price"]), str(order["newClientOrderId"])
        self.heard.append((running().elapsed_ns, price, client_id))
        return web.json_response(
            {
                "symbol": "BTCUSDT",
                "orderId": len(self.heard),
                "clientOrderId": client_id,
                "transactTime": running().wall_ns // MILLISECOND,
                "price": price,
                "origQty": "1",
                "executedQty": "0",
                "cummulativeQuoteQty": "0",
                "status": "NEW",
                "timeInForce": "GTC",
                "type": "LIMIT",
                "side": "BUY",
                "fills": [],
            }
        )

    async def _stream(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        ticking = asyncio.create_task(self._tick(socket))
        async for message in socket:
            await socket.send_json({"result": None, "id": json.loads(message.data).get("id")})
        ticking.cancel()
        return socket

    async def _tick(self, socket: web.WebSocketResponse) -> None:
        number = 1
        while not socket.closed:
            await asyncio.sleep(self._tick_ns / SECOND)
            number += 1
            await socket.send_json({"stream": "btcusdt@depth@100ms", "data": self._update(number)})

    def _update(self, number: int) -> dict[str, Any]:
        now_ms = running().wall_ns // MILLISECOND
        bids = [["100", str(number)]]
        return {"e": "depthUpdate", "E": now_ms, "s": "BTCUSDT", "U": number, "u": number, "b": bids, "a": []}


def binance_client() -> Any:
    """ccxt.pro's Binance client with its own connector and session; only its addresses and its clock are ours."""
    client = ccxt.pro.binance(
        {
            "apiKey": "key",
            "secret": "secret",
            "enableRateLimit": False,
            "options": {"defaultType": "spot", "fetchMarkets": ["spot"], "fetchMargins": False},
        }
    )
    client.has["fetchCurrencies"] = False
    for name, address in list(client.urls["api"].items()):
        if isinstance(address, str):
            client.urls["api"][name] = "http://venue.test/" + "/".join(address.split("/")[3:])
    client.urls["api"]["ws"] = dict.fromkeys(client.urls["api"]["ws"], "ws://venue.test/stream")
    client.milliseconds = lambda: running().clock.now() // MILLISECOND
    return client
