"""Sends each event of the exchange to the market streams and accounts that listen, when it is due.

The hub makes each frame once, however many listen. What is due later stands in one heap; with no listener nothing is computed.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from heapq import heappop, heappush
from itertools import count
from typing import Final, NamedTuple

from fairway.exchange.connection import WebSocketConnection
from fairway.exchange.events import BookChanged, ExchangeEvent, Logged, TradePrinted
from fairway.exchange.market_data import Print
from fairway.exchange.market_time import NEVER
from fairway.exchange.topics import Topic, topic_of
from fairway.exchange.wire import frames, user_events
from fairway.exchange.wire.endpoint_context import EndpointContext
from fairway.exchange.wire.stream_names import StreamName
from fairway.world.clock import DAY, MILLISECOND, MINUTE, SECOND

PING_EVERY: Final = 20 * SECOND
PONGS_MISSED: Final = 3
"""A connection that has answered no ping for so many is closed: at the exchange, within a minute."""
LIFETIME: Final = DAY
WARNING: Final = 10 * MINUTE
"""How long before its end a connection is told of it."""
LATE_EVENTS_MAX: Final = 10_000
"""Events that faults may hold back; what comes then is sent at once."""


class Delivery(NamedTuple):
    """What the shell is to do with some connections: send a frame, a ping, or close them for a reason."""

    to: Sequence[WebSocketConnection]
    frame: bytes = b""
    ping: bytes = b""
    close: str = ""


class Subscription(NamedTuple):
    """One connection's wish for the events of one account."""

    connection: WebSocketConnection
    number: int


class _Late(NamedTuple):
    """An event that a fault holds back."""

    account: str
    event: ExchangeEvent


class Hub:
    """All that listens to one exchange."""

    def __init__(self, context: EndpointContext, log: deque[Logged], ping_every_ns: int = PING_EVERY) -> None:
        """`log` takes every event of an account."""
        self._ping_every_ns = ping_every_ns
        self.context = context
        self._log = log
        self._logged = 0
        self._topics: dict[str, Topic] = {}
        self._by_print: dict[str, tuple[Topic, ...]] = {}
        self._by_book: dict[str, tuple[Topic, ...]] = {}
        self._users: dict[str, tuple[Subscription, ...]] = {}
        self._beats: list[tuple[int, int, Topic]] = []
        """Which stream sends when, in the market's time."""
        self._cares: list[tuple[int, int, WebSocketConnection | _Late]] = []
        """Which connection to look after when, and what faults hold back, by the exchange's clock."""
        self._order = count()
        self._late = 0
        self._last_words: list[Delivery] = []

    def next_beat(self) -> int:
        """When there is something to send though nothing happens, in the market's time; `NEVER` if not at all."""
        return self._beats[0][0] if self._beats else NEVER

    def next_due(self) -> int:
        """When there is something to do though nothing happens, by the exchange's clock."""
        care = self._cares[0][0] if self._cares else NEVER
        return min(care, self.context.market.wall(self._beats[0][0])) if self._beats else care

    def open(self, connection: WebSocketConnection) -> None:
        """A connection begins: it is pinged, warned and closed in time."""
        self._later(connection.opened_at + self._ping_every_ns, connection)

    def close(self, connection: WebSocketConnection) -> None:
        """A connection has ended; its streams and accounts are forgotten by `unlisten` and `unsubscribe`."""
        connection.is_open = False

    async def listen(self, connection: WebSocketConnection, stream: StreamName) -> None:
        """Begin to send a market stream to a connection; a symbol that does not exist stays silent, as at the exchange."""
        topic = self._topics.get(stream.name)
        if topic is None:
            if stream.symbol and stream.symbol not in self.context.rules:
                return
            topic = self._topics[stream.name] = topic_of(stream)
            now = self.context.market.now()
            await topic.open(self.context, now)
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

    def subscribe(self, account: str, subscription: Subscription) -> None:
        """Begin to tell a connection an account's events."""
        self._users[account] = (*self._users.get(account, ()), subscription)

    def unsubscribe(self, account: str, subscription: Subscription) -> None:
        left = tuple(it for it in self._users.get(account, ()) if it != subscription)
        if left:
            self._users[account] = left
        else:
            self._users.pop(account, None)

    def end(self, account: str, subscription: Subscription) -> None:
        """Stop to tell a connection an account's events, and say so with the next deliveries."""
        self.unsubscribe(account, subscription)
        frame = user_events.wrapped(subscription.number, frames.encode(user_events.terminated(self.context.now())))
        self._last_words.append(Delivery((subscription.connection,), frame))

    def end_all(self, account: str) -> None:
        """End all subscriptions of an account: its key was revoked."""
        for subscription in self.subscribers(account):
            subscription.connection.forget(subscription.number)
            self.end(account, subscription)

    def subscribers(self, account: str) -> tuple[Subscription, ...]:
        return self._users.get(account, ())

    async def publish(self) -> list[Delivery]:
        """What is to be sent now: for all that happened since the last call, and for what is due."""
        events = self.context.backend.drain()
        now = self.context.market.now()
        out, self._last_words = self._last_words, []
        if events:
            await self._pass_on(events, now, out)
        if self._beats:
            await self._send_due(now, out)
        wall = self.context.clock.now()
        while self._cares and self._cares[0][0] <= wall:
            self._do(heappop(self._cares)[2], wall, out)
        return out

    async def _send_due(self, now: int, out: list[Delivery]) -> None:
        if self.context.market.is_paused:
            # Time stands still, so no beat would ever come: what the accounts change is sent at once.
            for topic in list(self._topics.values()):
                if topic.due and topic.due != topic.closes_at:
                    topic.due = now
                    await self._beat(topic, now, out)
        while self._beats and self._beats[0][0] <= now:
            await self._beat(heappop(self._beats)[2], now, out)

    async def _pass_on(self, events: Sequence[ExchangeEvent], now: int, out: list[Delivery]) -> None:
        books: dict[str, None] = {}
        for event in events:
            if isinstance(event, BookChanged):
                books[event.symbol] = None
            elif isinstance(event, TradePrinted):
                self._printed(event.trade, now, out)
            else:
                self._logged += 1
                self._log.append(Logged(self._logged, now, event))
                self._tell_account(event, now, out)
        for symbol in books:
            if topics := self._by_book.get(symbol):
                await self._book_changed(symbol, topics, now, out)

    def _printed(self, trade: Print, now: int, out: list[Delivery]) -> None:
        for topic in self._by_print.get(trade.symbol) or self._by_print.get("", ()):
            frame = topic.printed(trade, now)
            if frame is not None:
                self._send(topic, frame, now, out)
            elif topic.on_beat:
                self._want_beat(topic, now)

    async def _book_changed(self, symbol: str, topics: Sequence[Topic], now: int, out: list[Delivery]) -> None:
        book = await self.context.backend.depth(symbol, 1)
        for topic in topics:
            frame = await topic.book_changed(self.context, book, now)
            if frame is not None:
                self._send(topic, frame, now, out)
            elif topic.on_beat:
                self._want_beat(topic, now)

    def _want_beat(self, topic: Topic, now: int) -> None:
        beat = topic.beat(now)
        if not topic.due or topic.due > beat:
            topic.due = beat
            self._set_alarm(topic)

    def _send(self, topic: Topic, frame: bytes, now: int, out: list[Delivery]) -> None:
        faults = self.context.faults
        if faults.frames:
            changed = faults.alter_frame(topic.stream.symbol, topic.stream.kind, frame, now)
            if changed is None:
                return
            frame = changed
        if topic.raw:
            out.append(Delivery(topic.raw, frame))
        if topic.wrapped:
            out.append(Delivery(topic.wrapped, frames.combined(topic.stream.name, frame)))

    def _tell_account(self, event: ExchangeEvent, now: int, out: list[Delivery]) -> None:
        account = user_events.account_of(event)
        if account not in self._users:
            return
        if not self.context.faults.user_events:
            self._tell(account, event, now, out)
            return
        for delay, told in self.context.faults.alter_user_event(account, event, now):
            if delay <= 0 or self._late >= LATE_EVENTS_MAX:
                self._tell(account, told, now, out)
            else:
                self._late += 1
                self._later(self.context.clock.now() + delay, _Late(account, told))

    def _tell(self, account: str, event: ExchangeEvent, now: int, out: list[Delivery]) -> None:
        shape: Mapping[str, object] = user_events.shape_of(event, now)
        if self.context.faults.event_json:
            symbol, name = user_events.symbol_of(event), user_events.name_of(event)
            shape = self.context.faults.alter_event_json(account, symbol, name, shape, now)
        frame = frames.encode(shape)
        for connection, number in self._users.get(account, ()):
            out.append(Delivery((connection,), user_events.wrapped(number, frame)))

    def _do(self, what: WebSocketConnection | _Late, wall: int, out: list[Delivery]) -> None:
        if isinstance(what, WebSocketConnection):
            self._care(what, wall, out)
        else:
            self._late -= 1
            self._tell(what.account, what.event, self.context.market.now(), out)

    async def _beat(self, topic: Topic, now: int, out: list[Delivery]) -> None:
        topic.alarms = {alarm for alarm in topic.alarms if alarm > now}
        if self._topics.get(topic.stream.name) is not topic or not topic.due or topic.due > now:
            return
        topic.due = 0
        for frame in await topic.due_frames(self.context, now):
            self._send(topic, frame, now, out)
        self._set_alarm(topic)

    def _care(self, connection: WebSocketConnection, now: int, out: list[Delivery]) -> None:
        """Ping a connection; close it if it does not answer, or is a day old."""
        if not connection.is_open:
            return
        age = now - connection.opened_at
        if age >= LIFETIME:
            out.append(Delivery((connection,), close="connections last 24 hours"))
            return
        if now - connection.heard_at > PONGS_MISSED * self._ping_every_ns:
            out.append(Delivery((connection,), close=f"no pong within {PONGS_MISSED * self._ping_every_ns // SECOND} s"))
            return
        if LIFETIME - WARNING <= age < LIFETIME - WARNING + self._ping_every_ns:
            out.append(Delivery((connection,), connection.shutdown_frame(now)))
        out.append(Delivery((connection,), ping=str(now // MILLISECOND).encode()))
        self._later(now + self._ping_every_ns, connection)

    def _set_alarm(self, topic: Topic) -> None:
        if topic.due and topic.due not in topic.alarms:
            topic.alarms.add(topic.due)
            heappush(self._beats, (topic.due, next(self._order), topic))

    def _later(self, at: int, what: WebSocketConnection | _Late) -> None:
        heappush(self._cares, (at, next(self._order), what))

    def _sort(self) -> None:
        """Sort the topics by the symbols that they concern."""
        everywhere = [topic for topic in self._topics.values() if not topic.stream.symbol]
        for symbol in ("", *self.context.rules):
            mine = [topic for topic in self._topics.values() if topic.stream.symbol == symbol and symbol] + everywhere
            self._by_print[symbol] = tuple(topic for topic in mine if topic.by_print)
            self._by_book[symbol] = tuple(topic for topic in mine if topic.by_book)
