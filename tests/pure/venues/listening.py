"""A venue's two streams at work against a scripted exchange, and what they tell."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from tests.pure.venues.scripted_venue import ScriptedVenue, refuses, scene

from fairway.venues.ccxt.venue import CcxtVenue
from fairway.venues.port import (
    StreamChannel,
    StreamDown,
    StreamUp,
    VenueEvent,
)

MARKET, ACCOUNT = "/ws/", "/ws-api"
RECONNECTIONS = 100
BOOK = "/api/v3/ticker/bookTicker"


def top(bid: str = "100.00", ask: str = "101.00", symbol: str = "BTCUSDT") -> dict[str, Any]:
    return {"u": 7, "s": symbol, "b": bid, "B": "1.50000000", "a": ask, "A": "0.00000001"}


def asked(bid: str = "100.00", ask: str = "101.00") -> dict[str, str]:
    """The top of the book as a request answers it."""
    return {"symbol": "BTCUSDT", "bidPrice": bid, "bidQty": "1.50000000", "askPrice": ask, "askQty": "0.00000001"}


def execution(**changes: Any) -> dict[str, Any]:
    event = {
        "e": "executionReport",
        "E": 1_640_995_200_100,
        "s": "BTCUSDT",
        "c": "fw-main-1-1-e",
        "S": "BUY",
        "o": "LIMIT",
        "f": "GTC",
        "q": "2.00000000",
        "p": "100.10000000",
        "P": "0.00000000",
        "g": -1,
        "C": "",
        "x": "NEW",
        "X": "NEW",
        "r": "NONE",
        "i": 11,
        "l": "0.00000000",
        "z": "0.00000000",
        "L": "0.00000000",
        "n": "0",
        "N": None,
        "T": 1_640_995_200_099,
        "t": -1,
        "m": False,
        "Z": "0.00000000",
        "Y": "0.00000000",
        **changes,
    }
    return {"subscriptionId": 0, "event": event}


class Listener:
    """Runs the streams and keeps what they tell."""

    def __init__(self, exchange: ScriptedVenue, venue: CcxtVenue) -> None:
        self.exchange, self.venue = exchange, venue
        self.told: list[VenueEvent] = []
        self.tasks: list[asyncio.Task[None]] = []

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.told if isinstance(event, kind)]

    def states(self, channel: StreamChannel) -> list[str]:
        """ "up", or why it is down, in order."""
        told = [event for event in self.told if isinstance(event, StreamUp | StreamDown) and event.channel is channel]
        return ["up" if isinstance(event, StreamUp) else event.why for event in told]


@asynccontextmanager
async def listening(*, sink: Callable[[VenueEvent], None] | None = None, **settings: Any) -> AsyncIterator[Listener]:
    async with scene(**settings) as (exchange, venue, _):
        exchange.on("GET", "/api/v3/klines", refuses(-1121, "Invalid symbol."))
        listener = Listener(exchange, venue)
        take = sink or listener.told.append
        listener.tasks = [
            asyncio.create_task(venue.market_stream(["BTC/USDT", "ETH/USDT"], "1m", take)),
            asyncio.create_task(venue.account_stream(take)),
        ]
        try:
            await asyncio.sleep(1)
            yield listener
        finally:
            for task in listener.tasks:
                task.cancel()
            await asyncio.gather(*listener.tasks, return_exceptions=True)
