"""Frames that the real exchange sent, through ccxt as it is: it rebuilds the book that ours shows when it replays them.

A server in simulated time plays a recording back: what a client subscribes to arrives in the recorded rhythm, and the depth
snapshot is answered when it was recorded, so that ccxt joins the book from buffered differences by its own code.
"""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Iterable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from tests.pure.exchange.market_backends import exchange, feed, kept_by_hand
from tests.pure.world.tiny_venue import binance_client
from tests.shared_data import BTC_FRAMES, ETH_FRAMES, needs_shared_data

from fairway.exchange.market_data import BookLevel, Depth
from fairway.exchange.markets import recorded, rules_for
from fairway.exchange.units import text
from fairway.market.book import Book
from fairway.market.candles import Trade
from fairway.market.files import FrameFile, read_frames
from fairway.market.files.frames import Top
from fairway.world.clock import SECOND
from fairway.world.loop import run

LINES = 12_000
"""About a hundred seconds of a recording; the rest is replayed without ccxt in tests/pure/exchange/test_markets_recorded.py."""


class Player:
    """Plays one recording on http://venue.test."""

    def __init__(self, path: Path, pair: str) -> None:
        with gzip.open(path, "rt") as lines:
            self._lines = [line.rstrip("\n").split(" ", 1) for line, _ in zip(lines, range(LINES), strict=False)]
        self._base, self._quote = pair.split("/")
        self._snapshot = next(frame for _, frame in self._lines if "lastUpdateId" in frame)
        self._snapshot_is_due = asyncio.Event()
        self._playing: list[asyncio.Task[None]] = []

    async def open(self, stack: AsyncExitStack) -> None:
        app = web.Application()
        app.router.add_get("/api/v3/exchangeInfo", self._info)
        app.router.add_get("/api/v3/depth", self._depth)
        app.router.add_get("/stream/{number}", self._stream)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "venue.test", 80).start()

    async def _info(self, request: web.Request) -> web.Response:
        symbol = {
            "symbol": self._base + self._quote,
            "status": "TRADING",
            "baseAsset": self._base,
            "quoteAsset": self._quote,
            "isSpotTradingAllowed": True,
            "permissions": ["SPOT"],
            "filters": [
                {"filterType": "PRICE_FILTER", "minPrice": "0.01", "maxPrice": "1000000", "tickSize": "0.01"},
                {"filterType": "LOT_SIZE", "minQty": "0.00001", "maxQty": "9000", "stepSize": "0.00001"},
            ],
        }
        return web.json_response({"symbols": [symbol]})

    async def _depth(self, request: web.Request) -> web.Response:
        await self._snapshot_is_due.wait()
        return web.Response(text=self._snapshot, content_type="application/json")

    async def _stream(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            asked = json.loads(message.data)
            await socket.send_json({"result": None, "id": asked["id"]})
            self._playing.append(asyncio.create_task(self._play(socket, frozenset(asked["params"]))))
        for task in self._playing:
            task.cancel()
        return socket

    async def _play(self, socket: web.WebSocketResponse, streams: frozenset[str]) -> None:
        before = int(self._lines[0][0])
        for seen_at, frame in self._lines:
            if "lastUpdateId" in frame[:20]:
                await asyncio.sleep((int(seen_at) - before) / SECOND)
                before = int(seen_at)
                self._snapshot_is_due.set()
            elif frame[len('{"stream":"') :].split('"', 1)[0] in streams:
                await asyncio.sleep((int(seen_at) - before) / SECOND)
                before = int(seen_at)
                await socket.send_str(frame)


class Ours:
    """The book as the practice exchange shows it and as `market.book` keeps it, led on update by update."""

    def __init__(self, file: FrameFile) -> None:
        self._rules = rules_for(file)
        self._backend, clock = exchange([self._rules])
        self._shown = (update for update in feed(self._backend, clock, recorded([file])) if update.bids is not None)
        self._kept: Iterator[Book] = kept_by_hand(file)

    def until(self, update_id: int) -> tuple[Depth, Book]:
        """Both as of an update of the exchange's."""
        for book, _ in zip(self._kept, self._shown, strict=False):
            if book.update_id >= update_id:
                assert book.update_id == update_id
                return self._backend.market.book(self._rules.symbol, 10_000), book
        raise AssertionError(f"update {update_id} was never shown")


def _floats(side: Iterable[tuple[Any, Any]]) -> list[tuple[float, float]]:
    """Levels as ccxt's WebSocket books have them: floats, read from the same eight decimals."""
    return [(float(price), float(quantity)) for price, quantity in side]


def _told(side: Iterable[BookLevel]) -> list[tuple[float, float]]:
    return _floats((text(level.price), text(level.quantity)) for level in side)


async def _client(path: Path, pair: str, stack: AsyncExitStack) -> Any:
    await Player(path, pair).open(stack)
    client = binance_client()
    stack.push_async_callback(client.close)
    await client.load_markets()
    return client


@needs_shared_data
@pytest.mark.parametrize(("path", "pair"), [(BTC_FRAMES, "BTC/USDT"), (ETH_FRAMES, "ETH/USDT")])
def test_ccxt_rebuilds_the_book_that_the_exchange_shows(path: Path, pair: str) -> None:
    """Every level at every update that ccxt hands out: ccxt's own book, the practice exchange's depth and `market.book` agree."""
    ours = Ours(read_frames(path))

    async def main() -> int:
        compared = 0
        async with AsyncExitStack() as stack:
            client = await _client(path, pair, stack)
            while compared < 800:
                # More levels than a recording has, for ccxt throws away what is beyond the limit and never asks for it again.
                theirs = await client.watch_order_book(pair, 5000)
                depth, book = ours.until(theirs["nonce"])
                bids, asks = book.top(10_000)
                if compared % 20 == 0:
                    assert _told(depth.bids) == _floats(bids) == _floats(theirs["bids"])
                    assert _told(depth.asks) == _floats(asks) == _floats(theirs["asks"])
                compared += 1
        return compared

    assert run(main) == 800


@needs_shared_data
def test_ccxt_reads_the_trades_and_tops_that_our_reader_reads() -> None:
    """Trade by trade and top by top, in their order."""
    file = read_frames(ETH_FRAMES)
    trades = [frame.event for frame in file.frames if isinstance(frame.event, Trade)][:500]
    tops = {(float(top.bid), float(top.bid_quantity), float(top.ask), float(top.ask_quantity)) for top in _tops(file)}

    async def trades_of(client: Any) -> list[tuple[str, int, float, float, str]]:
        found: list[tuple[str, int, float, float, str]] = []
        while len(found) < len(trades):
            for each in await client.watch_trades("ETH/USDT"):
                found.append((each["id"], each["timestamp"] * 10**6, each["price"], each["amount"], each["side"]))
        return found[: len(trades)]

    async def tops_of(client: Any) -> list[tuple[float, float, float, float]]:
        found = []
        for _ in range(500):
            top = (await client.watch_bids_asks(["ETH/USDT"]))["ETH/USDT"]
            found.append((top["bid"], top["bidVolume"], top["ask"], top["askVolume"]))
        return found

    async def main() -> tuple[Any, Any]:
        async with AsyncExitStack() as stack:
            client = await _client(ETH_FRAMES, "ETH/USDT", stack)
            both = await asyncio.gather(trades_of(client), tops_of(client))
            return both[0], both[1]

    seen_trades, seen_tops = run(main)
    assert seen_trades == [
        (made.trade_id, made.at, float(made.price), float(made.quantity), "sell" if made.buyer_is_maker else "buy")
        for made in trades
    ]
    assert set(seen_tops) <= tops
    assert len(set(seen_tops)) > 100


def _tops(file: FrameFile) -> Iterator[Any]:
    return (frame.event.quote for frame in file.frames if isinstance(frame.event, Top))
