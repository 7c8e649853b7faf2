"""What each kind of market stream sends, and when: at once with a change, or at the next beat after one.

A topic exists while a connection listens to it. It keeps what it needs of what it sent before.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from fairway.exchange.connection import WebSocketConnection
from fairway.exchange.market_data import BookLevel, Candle, Depth, Print
from fairway.exchange.wire import frames
from fairway.exchange.wire.endpoint_context import EndpointContext
from fairway.exchange.wire.market_endpoints import day_window, rolling_window
from fairway.exchange.wire.stream_names import WINDOWS, StreamName
from fairway.market.candles import INTERVALS

_NO_LEVEL: Final = BookLevel(0, 0)
_WHOLE_BOOK: Final = 5000
_CLOSED_AT_ONCE: Final = 1000
"""Closed candles that are sent together after the clock jumped; the rest of a longer jump is not sent."""


class Topic:
    """One market stream with its listeners: those who take it raw, and those who take it wrapped with its name."""

    by_print = False
    """Whether a trade concerns it."""
    by_book = False
    """Whether a change of the book concerns it."""
    on_beat = True
    """Whether a change that it does not send at once is for its next beat."""

    def __init__(self, stream: StreamName) -> None:
        self.stream = stream
        self.raw: tuple[WebSocketConnection, ...] = ()
        self.wrapped: tuple[WebSocketConnection, ...] = ()
        self.due = 0
        """When it sends next; 0 is not before something changes."""
        self.closes_at = 0
        """When the candle that it shows closes; 0 where it shows none."""
        self.alarms: set[int] = set()
        """Instants at which the hub will look at it."""

    async def open(self, context: EndpointContext, now: int) -> None:
        """The first connection listens: keep what the first frame is compared with."""

    def printed(self, it: Print, now: int) -> bytes | None:
        """A frame to send at once for a trade, or None."""
        return None

    async def book_changed(self, context: EndpointContext, book: Depth, now: int) -> bytes | None:
        """A frame to send at once for a changed book, or None. `book` holds at least the best level of each side."""
        return None

    def beat(self, now: int) -> int:
        """When to send after a change now."""
        return (now // self.stream.speed_ns + 1) * self.stream.speed_ns

    async def due_frames(self, context: EndpointContext, now: int) -> Sequence[bytes]:
        """What is sent on the beat; may set `due` for the next one."""
        return ()


class Trades(Topic):
    by_print = True
    on_beat = False

    def printed(self, it: Print, now: int) -> bytes | None:
        return frames.trade(it, now)


class AggregateTrades(Topic):
    by_print = True
    on_beat = False

    def printed(self, it: Print, now: int) -> bytes | None:
        return frames.aggregate_trade(it, now)


class BookTicker(Topic):
    """Sends the best levels whenever one of them changes."""

    by_book = True
    on_beat = False

    def __init__(self, stream: StreamName) -> None:
        super().__init__(stream)
        self._sent: tuple[BookLevel, BookLevel] | None = None

    async def book_changed(self, context: EndpointContext, book: Depth, now: int) -> bytes | None:
        best = (book.bids[0] if book.bids else _NO_LEVEL, book.asks[0] if book.asks else _NO_LEVEL)
        if best == self._sent:
            return None
        self._sent = best
        return frames.book_ticker(book.symbol, book.update_id, *best)


class PartialDepth(Topic):
    """Sends the best few levels on the beat after a change."""

    by_book = True

    async def due_frames(self, context: EndpointContext, now: int) -> Sequence[bytes]:
        return (frames.partial_depth(await context.backend.depth(self.stream.symbol, self.stream.levels)),)


class DepthChanges(Topic):
    """Sends which levels changed since the last beat. U follows the last u, so the frames join a REST snapshot without a gap."""

    by_book = True

    def __init__(self, stream: StreamName) -> None:
        super().__init__(stream)
        self._last_id = 0
        self._bids: dict[int, int] = {}
        self._asks: dict[int, int] = {}

    async def open(self, context: EndpointContext, now: int) -> None:
        book = await context.backend.depth(self.stream.symbol, _WHOLE_BOOK)
        self._last_id, self._bids, self._asks = book.update_id, dict(book.bids), dict(book.asks)

    async def due_frames(self, context: EndpointContext, now: int) -> Sequence[bytes]:
        book = await context.backend.depth(self.stream.symbol, _WHOLE_BOOK)
        bids, asks = dict(book.bids), dict(book.asks)
        changed_bids, changed_asks = _changes(self._bids, bids), _changes(self._asks, asks)
        self._bids, self._asks = bids, asks
        if not changed_bids and not changed_asks:
            return ()
        first, self._last_id = self._last_id + 1, book.update_id
        changed_bids.sort(reverse=True)
        changed_asks.sort()
        return (frames.depth_update(book.symbol, first, book.update_id, changed_bids, changed_asks, now),)


class Klines(Topic):
    """Sends the forming candle every two seconds while it changes, and each candle once more when it is closed."""

    by_print = True

    def __init__(self, stream: StreamName) -> None:
        super().__init__(stream)
        self._length = INTERVALS.get(stream.interval, 0)
        """Of candles whose length divides the time since 1970; 0 for longer ones, which end when their candle says so."""
        self._changed = False
        self._traded_at = 0

    async def open(self, context: EndpointContext, now: int) -> None:
        self._expect(await self._latest(context), now)
        self.due = self.closes_at

    def printed(self, it: Print, now: int) -> bytes | None:
        self._changed = True
        self._traded_at = it.at
        return None

    def beat(self, now: int) -> int:
        beat = super().beat(now)
        return min(beat, self.closes_at) if self.closes_at else beat

    async def due_frames(self, context: EndpointContext, now: int) -> Sequence[bytes]:
        made: list[bytes] = []
        closing = 0 < self.closes_at <= now
        if closing:
            made += await self._closed(context, now)
        latest = await self._latest(context)
        forming = latest is not None and latest.close_at >= now
        if latest is not None and forming and self._changed and not closing:
            made.append(frames.kline(latest, self.stream.interval, False, now))
        # On the beat that closes a candle the next one has only just begun, if at all; it waits for its own beat.
        self._changed = closing and self._traded_at >= self.closes_at
        self._expect(latest, now)
        self.due = self.beat(now) if self._changed else self.closes_at
        return made

    async def _closed(self, context: EndpointContext, now: int) -> list[bytes]:
        """The candle that closes now; all of them where the clock jumped over several."""
        symbol, interval, zone = self.stream.symbol, self.stream.interval, self.stream.zone_ns
        if self._length:
            since = self.closes_at - self._length
            found = await context.backend.candles(
                symbol, interval, since=since, until=now - 1, limit=_CLOSED_AT_ONCE, zone_ns=zone
            )
        else:
            found = await context.backend.candles(symbol, interval, until=self.closes_at - 1, limit=1, zone_ns=zone)
        return [frames.kline(it, interval, True, now) for it in found if it.close_at < now]

    async def _latest(self, context: EndpointContext) -> Candle | None:
        stream = self.stream
        found = await context.backend.candles(stream.symbol, stream.interval, limit=1, zone_ns=stream.zone_ns)
        return found[-1] if found else None

    def _expect(self, latest: Candle | None, now: int) -> None:
        if self._length:
            zone = self.stream.zone_ns
            self.closes_at = ((now + zone) // self._length + 1) * self._length - zone
        elif latest is not None and latest.close_at >= now:
            self.closes_at = latest.close_at + 1
        else:
            self.closes_at = 0


class MiniTicker(Topic):
    by_print = True

    async def due_frames(self, context: EndpointContext, now: int) -> Sequence[bytes]:
        return (frames.encode(frames.mini_ticker(day_window(context, self.stream.symbol), now)),)


class Ticker(Topic):
    by_print = by_book = True

    async def due_frames(self, context: EndpointContext, now: int) -> Sequence[bytes]:
        figures = day_window(context, self.stream.symbol)
        return (frames.encode(frames.ticker(figures, await context.backend.depth(self.stream.symbol, 1), now)),)


class RollingTicker(Topic):
    """Sends the figures of the last hour, four hours or day on the beat after a trade."""

    by_print = True

    async def due_frames(self, context: EndpointContext, now: int) -> Sequence[bytes]:
        return (frames.encode(_rolling(self.stream, self.stream.symbol, context, now)),)


class AllTickers(Topic):
    """Sends the tickers of all symbols that traded since the last beat."""

    by_print = True

    def __init__(self, stream: StreamName) -> None:
        super().__init__(stream)
        self._traded: dict[str, None] = {}

    def printed(self, it: Print, now: int) -> bytes | None:
        self._traded[it.symbol] = None
        return None

    async def due_frames(self, context: EndpointContext, now: int) -> Sequence[bytes]:
        shapes = []
        for symbol in self._traded:
            if self.stream.kind == "rollingTicker":
                shapes.append(_rolling(self.stream, symbol, context, now))
            elif self.stream.kind == "miniTicker":
                shapes.append(frames.mini_ticker(day_window(context, symbol), now))
            else:
                shapes.append(frames.ticker(day_window(context, symbol), await context.backend.depth(symbol, 1), now))
        self._traded.clear()
        return (frames.encode(shapes),) if shapes else ()


class AveragePrice(Topic):
    by_print = True

    def __init__(self, stream: StreamName) -> None:
        super().__init__(stream)
        self._last_trade_at = 0

    def printed(self, it: Print, now: int) -> bytes | None:
        self._last_trade_at = it.at
        return None

    async def due_frames(self, context: EndpointContext, now: int) -> Sequence[bytes]:
        symbol = self.stream.symbol
        minutes = context.rules[symbol].average_minutes
        price = context.figures.average_price(symbol)
        return (frames.average_price(symbol, minutes, price, self._last_trade_at, now),)


KINDS: Final[Mapping[str, type[Topic]]] = {
    "trade": Trades,
    "aggTrade": AggregateTrades,
    "bookTicker": BookTicker,
    "partialDepth": PartialDepth,
    "depth": DepthChanges,
    "kline": Klines,
    "miniTicker": MiniTicker,
    "ticker": Ticker,
    "rollingTicker": RollingTicker,
    "avgPrice": AveragePrice,
}


def topic_of(stream: StreamName) -> Topic:
    return AllTickers(stream) if not stream.symbol else KINDS[stream.kind](stream)


def _rolling(stream: StreamName, symbol: str, context: EndpointContext, now: int) -> dict[str, object]:
    return frames.rolling_ticker(stream.interval, rolling_window(context, symbol, now, WINDOWS[stream.interval]), now)


def _changes(before: dict[int, int], after: dict[int, int]) -> list[BookLevel]:
    changed = [BookLevel(price, quantity) for price, quantity in after.items() if before.get(price) != quantity]
    changed += [BookLevel(price, 0) for price in before if price not in after]
    return changed
