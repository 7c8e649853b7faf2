"""Streams by ccxt's watch methods, which every exchange has that ccxt streams at all.

Simplified: between two calls of a watch method ccxt keeps the newest state of an order and the newest top of a book, so
states in between may be merged (fills never are); "up" means that the connection stands, because acknowledgements
differ by exchange; and when one channel is lost, the other's connections are closed with it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from fairway.market.candles import Quote
from fairway.market.instrument import Instrument
from fairway.venues.ccxt import unified_reading as reading
from fairway.venues.ccxt.dialect import Heard, StreamConnectionLost, Up, ignore_news
from fairway.venues.ccxt.errors import words_of
from fairway.venues.ccxt.reading import UNREADABLE, Instruments
from fairway.venues.ccxt.settings import CcxtSettings
from fairway.venues.port import Sink, VenueEvent
from fairway.world.clock import Clock

CONNECT_S: Final = 20.0
CONNECT_LOOK_S: Final = 0.05
GOODBYE_S: Final = 0.5

Watch = Callable[[], Awaitable[Any]]
Read = Callable[[Any], Iterable[VenueEvent]]


class UnifiedStreams:
    def __init__(self, client: Any, settings: CcxtSettings, clock: Clock) -> None:
        self.client, self.settings, self.clock = client, settings, clock
        self.instruments = Instruments([])

    @property
    def listed(self) -> Mapping[str, Instrument]:
        return self.instruments.by_symbol

    async def market_session(self, symbols: Sequence[str], sink: Sink, up: Up) -> None:
        names = list(symbols)
        watch = self.client.watch_bids_asks if self.client.has.get("watchBidsAsks") else self.client.watch_tickers
        quotes = self._each(lambda: watch(names), self._quotes, sink)
        await self._together(quotes, up=up)

    def _quotes(self, tickers: Mapping[str, Mapping[str, Any]]) -> Iterable[Quote]:
        seen_at = self.clock.now()
        return [reading.quote(ticker, seen_at) for ticker in tickers.values()]

    async def account_session(self, sink: Sink, up: Up, heard: Heard) -> None:
        """ccxt answers pings itself without reporting them, so the account counts as heard only when it has news."""

        def orders(news: Iterable[reading.Raw]) -> Iterable[VenueEvent]:
            return [reading.order(raw, self.listed) for raw in news]

        def fills(news: Iterable[reading.Raw]) -> Iterable[VenueEvent]:
            # One without its fee is incomplete. Its order's report tells that it is missing, and then the history is asked.
            return [reading.fill(raw, self.listed) for raw in news if reading.tells_fee(raw)]

        def balances(news: reading.Raw) -> Iterable[VenueEvent]:
            return [reading.balances(news, is_complete=False)]

        await self._together(
            self._each(self.client.watch_orders, orders, sink, heard),
            self._each(self.client.watch_my_trades, fills, sink, heard),
            self._each(self.client.watch_balance, balances, sink, heard),
            up=up,
        )

    async def _each(self, watch: Watch, read: Read, sink: Sink, heard: Heard = ignore_news) -> None:
        while True:
            news = await self._next(watch, read)
            heard()
            for event in news:
                sink(event)

    async def _next(self, watch: Watch, read: Read) -> Sequence[VenueEvent]:
        from ccxt.base.errors import BaseError

        try:
            return tuple(read(await watch()))
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            raise StreamConnectionLost("the connection was closed") from None  # ccxt cancels what waits on a connection it closes
        except (BaseError, OSError, *UNREADABLE) as error:
            raise StreamConnectionLost(words_of(error, self.client.id)) from None

    async def _together(self, *loops: Coroutine[Any, Any, None], up: Up) -> None:
        """Runs the loops until the first fails, which ends all of them and closes every connection."""
        tasks = [asyncio.create_task(loop, name=f"{self.client.id} stream") for loop in loops]
        was_reached = False
        try:
            if was_reached := await self._connected(tasks):
                up()
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except StreamConnectionLost as lost:
            raise StreamConnectionLost(str(lost), was_reached=was_reached) from None
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._hang_up()

    async def _connected(self, tasks: Sequence["asyncio.Task[None]"]) -> bool:
        """Waits until every connection stands; False where a loop failed before. At the bound the loops are left to fail."""
        for _ in range(round(CONNECT_S / CONNECT_LOOK_S)):
            await asyncio.sleep(CONNECT_LOOK_S)
            if any(task.done() for task in tasks):
                return False
            sockets = list(self.client.clients.values())
            if sockets and all(socket.isConnected for socket in sockets):
                return True
        return False

    async def _hang_up(self) -> None:
        for socket in self.client.clients.values():
            socket.error = socket.error or StreamConnectionLost("closed")  # else ccxt takes our closing for the venue's
        with suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_S):
                await self.client.close_ws_clients()
