"""Asks for the candles and quotes of one exchange, and streams them for several symbols."""

from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any, Final

from fairway.market.candles import INTERVALS, Candle, Quote
from fairway.venues.allowance import Lane
from fairway.venues.ccxt.ages import ChannelAges
from fairway.venues.ccxt.asking import AccountRequests
from fairway.venues.ccxt.candles import CandleFollower
from fairway.venues.ccxt.quote_watch import QuoteWatch
from fairway.venues.ccxt.settings import CcxtSettings
from fairway.venues.ccxt.streams import AccountStream
from fairway.venues.port import Sink
from fairway.world.clock import Clock
from fairway.world.tasks import Tasks

CANDLE_PAGE: Final = 1_000


class MarketData:
    """The market as one venue shows it. opened: its requests; raises Unreachable while the venue is not open.

    beside: runs as long as the stream.
    """

    def __init__(
        self,
        opened: Callable[[], AccountRequests],
        settings: CcxtSettings,
        clock: Clock,
        ages: ChannelAges,
        stream: AccountStream,
        beside: Callable[[], Coroutine[Any, Any, None]],
    ) -> None:
        self._beside = beside
        self._opened, self._settings, self._clock, self._ages, self._stream = opened, settings, clock, ages, stream
        self._newest_asked: dict[tuple[str, str], Candle] = {}
        """By symbol and interval, the last candle that `candles` returned; the stream goes on after it."""

    async def stream(self, symbols: Sequence[str], interval: str, sink: Sink) -> None:
        """Delivers quotes and closed candles until cancelled."""
        requests = self._opened()
        for symbol in symbols:
            requests.listed(symbol)
        sink = self._ages.noted(sink)
        ask = partial(self.quote, Lane.DATA)
        watch = QuoteWatch(symbols, self._settings.market_silence_s, ask, self._stream.reconnect, sink, self._clock)
        async with Tasks(f"{self._settings.exchange} market", at_most=len(symbols) + 3) as tasks:
            for symbol in symbols:
                tasks.spawn(f"candles {symbol}", self._follower(symbol, interval).follow(sink))
            tasks.spawn("quote watch", watch.watch())
            tasks.spawn("beside", self._beside())
            await self._stream.keep_up(lambda up: requests.dialect.market_session(symbols, watch.take, up), watch.take)

    async def quote(self, lane: Lane, symbol: str) -> Quote:
        requests = self._opened()
        listed = requests.listed(symbol)
        return await requests.query(lane, lambda dialect: dialect.quote(listed))

    async def candles(self, symbol: str, interval: str, limit: int) -> Sequence[Candle]:
        """The newest closed candles, oldest first, so many at most."""
        length = INTERVALS[interval]
        rows = list(await self._rows(symbol, interval, 0, min(limit + 1, CANDLE_PAGE)))
        for _ in range(limit // CANDLE_PAGE):
            if not rows:
                break
            first_at = rows[0].open_at
            page = await self._rows(symbol, interval, first_at - CANDLE_PAGE * length, CANDLE_PAGE)
            earlier = [row for row in page if row.open_at < first_at]
            if not earlier:
                break
            rows = earlier + rows
        # The last one may be forming. If it was not, the stream brings it: it goes on after the last one that is returned here.
        closed = rows[:-1][-limit:] if limit else []
        if closed:
            self._newest_asked[symbol, interval] = closed[-1]
        return closed

    def _follower(self, symbol: str, interval: str) -> CandleFollower:
        grace_s = self._settings.candle_grace_s
        follower = CandleFollower(symbol, interval, self._rows, self._server_time, self._clock, grace_s=grace_s)
        if (newest := self._newest_asked.get((symbol, interval))) is not None:
            follower.after(newest)
        return follower

    async def _server_time(self) -> int:
        return await self._opened().server_time()

    async def _rows(self, symbol: str, interval: str, since: int, limit: int) -> Sequence[Candle]:
        requests = self._opened()
        listed = requests.listed(symbol)
        rows = await requests.query(Lane.DATA, lambda dialect: dialect.candles(listed, interval, since, limit))
        self._ages.heard(f"candles {symbol}")
        return rows
