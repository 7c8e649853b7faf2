"""Sends each change of the market to the market streams that show it: at once, or on the stream's beat.

Each frame is made once, however many connections listen. What is due later stands in one heap.
"""

from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import count

from fairway.exchange.connection import Delivery, WebSocketConnection
from fairway.exchange.market_data import Print
from fairway.exchange.market_time import NEVER
from fairway.exchange.topics import Topic, topic_of
from fairway.exchange.wire import frames
from fairway.exchange.wire.endpoint_context import EndpointContext
from fairway.exchange.wire.stream_names import StreamName


class MarketStreams:
    """All market streams of one exchange that have listeners."""

    def __init__(self, context: EndpointContext) -> None:
        self._context = context
        self._topics: dict[str, Topic] = {}
        self._by_print: dict[str, tuple[Topic, ...]] = {}
        self._by_book: dict[str, tuple[Topic, ...]] = {}
        self._beats: list[tuple[int, int, Topic]] = []
        """Which stream sends when, in the market's time."""
        self._order: Iterator[int] = count()

    def next_beat(self) -> int:
        """When there is something to send though nothing happens, in the market's time; `NEVER` if not at all."""
        return self._beats[0][0] if self._beats else NEVER

    async def listen(self, connection: WebSocketConnection, stream: StreamName) -> None:
        """Begin to send a market stream to a connection; a symbol that does not exist stays silent, as at the exchange."""
        topic = self._topics.get(stream.name)
        if topic is None:
            if stream.symbol and stream.symbol not in self._context.rules:
                return
            topic = self._topics[stream.name] = topic_of(stream)
            now = self._context.market.now()
            await topic.open(self._context, now)
            self._set_alarm(topic)
            self._sort()
        if connection.is_combined:
            topic.wrapped = (*topic.wrapped, connection)
        else:
            topic.raw = (*topic.raw, connection)

    def unlisten(self, connection: WebSocketConnection, name: str) -> None:
        """Stop sending a market stream to a connection."""
        topic = self._topics.get(name)
        if topic is None:
            return
        topic.raw = tuple(it for it in topic.raw if it is not connection)
        topic.wrapped = tuple(it for it in topic.wrapped if it is not connection)
        if not topic.raw and not topic.wrapped:
            del self._topics[name]
            self._sort()

    def printed(self, trade: Print, now: int, out: list[Delivery]) -> None:
        """A trade was printed: sends it to the streams that show trades."""
        for topic in self._by_print.get(trade.symbol) or self._by_print.get("", ()):
            frame = topic.printed(trade, now)
            if frame is not None:
                self._send(topic, frame, now, out)
            elif topic.on_beat:
                self._want_beat(topic, now)

    async def book_changed(self, symbol: str, now: int, out: list[Delivery]) -> None:
        """A book changed: sends it to the streams that show books; without one nothing is computed."""
        topics = self._by_book.get(symbol)
        if not topics:
            return
        book = await self._context.backend.depth(symbol, 1)
        for topic in topics:
            frame = await topic.book_changed(self._context, book, now)
            if frame is not None:
                self._send(topic, frame, now, out)
            elif topic.on_beat:
                self._want_beat(topic, now)

    async def send_due(self, now: int, out: list[Delivery]) -> None:
        """Sends what is due by now, in the market's time."""
        if self._context.market.is_paused:
            # Time stands still, so no beat would ever come: what the accounts change is sent at once.
            for topic in list(self._topics.values()):
                if topic.due and topic.due != topic.closes_at:
                    topic.due = now
                    await self._beat(topic, now, out)
        while self._beats and self._beats[0][0] <= now:
            await self._beat(heappop(self._beats)[2], now, out)

    def _want_beat(self, topic: Topic, now: int) -> None:
        beat = topic.beat(now)
        if not topic.due or topic.due > beat:
            topic.due = beat
            self._set_alarm(topic)

    def _send(self, topic: Topic, frame: bytes, now: int, out: list[Delivery]) -> None:
        faults = self._context.faults
        if faults.frames:
            changed = faults.alter_frame(topic.stream.symbol, topic.stream.kind, frame, now)
            if changed is None:
                return
            frame = changed
        if topic.raw:
            out.append(Delivery(topic.raw, frame))
        if topic.wrapped:
            out.append(Delivery(topic.wrapped, frames.combined(topic.stream.name, frame)))

    async def _beat(self, topic: Topic, now: int, out: list[Delivery]) -> None:
        topic.alarms = {alarm for alarm in topic.alarms if alarm > now}
        if self._topics.get(topic.stream.name) is not topic or not topic.due or topic.due > now:
            return
        topic.due = 0
        for frame in await topic.due_frames(self._context, now):
            self._send(topic, frame, now, out)
        self._set_alarm(topic)

    def _set_alarm(self, topic: Topic) -> None:
        if topic.due and topic.due not in topic.alarms:
            topic.alarms.add(topic.due)
            heappush(self._beats, (topic.due, next(self._order), topic))

    def _sort(self) -> None:
        """Sort the topics by the symbols that they concern."""
        everywhere = [topic for topic in self._topics.values() if not topic.stream.symbol]
        for symbol in ("", *self._context.rules):
            mine = [topic for topic in self._topics.values() if topic.stream.symbol == symbol and symbol] + everywhere
            self._by_print[symbol] = tuple(topic for topic in mine if topic.by_print)
            self._by_book[symbol] = tuple(topic for topic in mine if topic.by_book)
