"""An exchange on Binance's wire that answers word for word what a test wrote, and writes down what it was asked.

For what an honest exchange never says and for what must be seen on the wire; the practice exchange is in conformance.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import WSMsgType, web

from fairway.market.instrument import Instrument
from fairway.venues.allowance import BINANCE_SPOT, AddressLimits
from fairway.venues.budget import Budget
from fairway.venues.ccxt.settings import CcxtSettings
from fairway.venues.ccxt.venue import CcxtVenue
from fairway.world.clock import MILLISECOND
from fairway.world.loop import running

URL = "http://venue.test"
KEY, SECRET = "the-key-of-a-test", "the-secret-of-a-test"

Asked = tuple[str, str, dict[str, str]]
Answer = web.Response | Callable[[web.Request], Any]


def symbol(name: str = "BTCUSDT", base: str = "BTC", quote: str = "USDT") -> dict[str, Any]:
    kinds = ["LIMIT", "LIMIT_MAKER", "MARKET", "STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT"]
    return {
        "symbol": name,
        "status": "TRADING",
        "baseAsset": base,
        "baseAssetPrecision": 8,
        "quoteAsset": quote,
        "quotePrecision": 8,
        "quoteAssetPrecision": 8,
        "orderTypes": kinds,
        "ocoAllowed": True,
        "isSpotTradingAllowed": True,
        "permissions": [],
        "permissionSets": [["SPOT"]],
        "filters": [
            {"filterType": "PRICE_FILTER", "minPrice": "0.01000000", "maxPrice": "1000000.00000000", "tickSize": "0.01000000"},
            {"filterType": "LOT_SIZE", "minQty": "0.00001000", "maxQty": "9000.00000000", "stepSize": "0.00001000"},
            {"filterType": "MARKET_LOT_SIZE", "minQty": "0.00000000", "maxQty": "120.50000000", "stepSize": "0.00000000"},
            {"filterType": "NOTIONAL", "minNotional": "5.00000000", "maxNotional": "9000000.00000000"},
            {
                "filterType": "PERCENT_PRICE_BY_SIDE",
                "bidMultiplierUp": "5",
                "bidMultiplierDown": "0.2",
                "askMultiplierUp": "4",
                "askMultiplierDown": "0.3",
                "avgPriceMins": 5,
            },
            {"filterType": "MAX_NUM_ORDERS", "maxNumOrders": 150},
            {"filterType": "MAX_NUM_ALGO_ORDERS", "maxNumAlgoOrders": 7},
        ],
    }


def order_answer(client_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "symbol": "BTCUSDT",
        "orderId": 28,
        "orderListId": -1,
        "clientOrderId": client_id,
        "transactTime": 1_507_725_176_595,
        "price": "0.00000000",
        "origQty": "10.00000000",
        "executedQty": "0.00000000",
        "cummulativeQuoteQty": "0.00000000",
        "status": "NEW",
        "timeInForce": "GTC",
        "type": "MARKET",
        "side": "SELL",
        **changes,
    }


def account_answer(**changes: Any) -> dict[str, Any]:
    return {"canTrade": True, "accountType": "SPOT", "balances": [], "updateTime": 1, **changes}


def says(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Callable[[web.Request], web.Response]:
    """An answer of JSON, or of bare text."""

    def answer(_request: web.Request) -> web.Response:
        text = body if isinstance(body, str) else json.dumps(body)
        return web.Response(text=text, status=status, headers=headers, content_type="application/json")

    return answer


def refuses(
    code: int, words: str, status: int = 400, headers: Mapping[str, str] | None = None
) -> Callable[[web.Request], web.Response]:
    return says({"code": code, "msg": words}, status, headers)


def resets(request: web.Request) -> None:
    """Takes the request and resets the connection instead of answering."""
    assert request.transport is not None
    request.transport.abort()


async def never(_request: web.Request) -> web.Response:
    """Takes the request and says nothing."""
    await asyncio.sleep(3_600)
    return web.Response()


class ScriptedVenue:
    """Listens on http://venue.test while its block is open."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.answers: dict[tuple[str, str], Callable[[web.Request], Any]] = {
            ("GET", "/api/v3/exchangeInfo"): says({"symbols": [symbol(), symbol("ETHUSDT", "ETH")]}),
        }
        self.sockets: list[tuple[str, web.WebSocketResponse]] = []
        self.said: list[tuple[str, dict[str, Any]]] = []
        self.acknowledges = True
        self.takes_sockets = True
        self.dialled: list[int] = []
        """When sockets were asked for, taken or not (ns)."""
        self.subscription_error: dict[str, Any] | None = None
        app = web.Application()
        app.router.add_get("/ws/{number}", self._stream)
        app.router.add_get("/ws-api/v3", self._stream)
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)

    async def __aenter__(self) -> ScriptedVenue:
        await self._runner.setup()
        await web.TCPSite(self._runner, "venue.test", 80).start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for _, socket in list(self.sockets):
            await socket.close()
        await self._runner.cleanup()

    def on(self, method: str, path: str, answer: Callable[[web.Request], Any]) -> None:
        self.answers[method, path] = answer

    def questions(self, path: str) -> list[dict[str, str]]:
        """The parameters of each request to a path."""
        return [parameters for _, asked, parameters in self.asked if asked == path]

    async def tell(self, channel: str, frame: Any) -> None:
        """Sends a frame on every open connection of a channel (`/ws/` or `/ws-api`)."""
        for socket in self.open_sockets(channel):
            await socket.send_str(frame if isinstance(frame, str) else json.dumps(frame))

    def open_sockets(self, channel: str) -> list[web.WebSocketResponse]:
        return [socket for path, socket in self.sockets if path.startswith(channel) and not socket.closed]

    async def _answer(self, request: web.Request) -> web.Response:
        body = await request.text()
        self.asked.append((request.method, request.path, dict(request.query) | dict(parse_qsl(body))))
        answer = self.answers.get((request.method, request.path), refuses(-1020, "not scripted"))
        given = answer(request)
        if asyncio.iscoroutine(given):
            given = await given
        return given if isinstance(given, web.Response) else web.Response()

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        self.dialled.append(running().wall_ns)
        if not self.takes_sockets:
            return web.Response(status=503)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append((request.path, socket))
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._heard(request.path, socket, json.loads(message.data))
        finally:
            self.sockets.remove((request.path, socket))
        return socket

    async def _heard(self, path: str, socket: web.WebSocketResponse, frame: dict[str, Any]) -> None:
        self.said.append((path, frame))
        if self.subscription_error is not None:
            await socket.send_json({"id": frame["id"], "status": 400, "error": self.subscription_error})
        elif self.acknowledges:
            result = {"subscriptionId": 0} if path.startswith("/ws-api") else None
            await socket.send_json({"id": frame["id"], "status": 200, "result": result})


def settings(**changes: Any) -> CcxtSettings:
    return CcxtSettings(**({"exchange": "binance", "key": KEY, "secret": SECRET, "url": URL} | changes))


@asynccontextmanager
async def scene(
    limits: AddressLimits = BINANCE_SPOT, **changes: Any
) -> AsyncIterator[tuple[ScriptedVenue, CcxtVenue, Instrument]]:
    """A scripted exchange, an open venue that reaches it, and BTC/USDT there."""
    loop = running()
    async with ScriptedVenue() as exchange:
        venue = CcxtVenue(settings(**changes), loop.clock, loop.chance, budget=Budget(loop.clock, limits))
        try:
            listed = await venue.open()
            yield exchange, venue, listed["BTC/USDT"]
        finally:
            await venue.close()


def now_ms() -> int:
    return running().wall_ns // MILLISECOND
