"""Sends each event of the exchange to the accounts and market streams that listen, and looks after their connections."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from heapq import heappop, heappush
from itertools import count
from typing import Final, NamedTuple

from fairway.exchange.connection import Delivery, WebSocketConnection
from fairway.exchange.events import BookChanged, ExchangeEvent, Logged, TradePrinted
from fairway.exchange.market_streams import MarketStreams
from fairway.exchange.market_time import NEVER
from fairway.exchange.wire import frames, user_events
from fairway.exchange.wire.endpoint_context import EndpointContext
from fairway.world.clock import DAY, MILLISECOND, MINUTE, SECOND

PING_EVERY: Final = 20 * SECOND
PONGS_MISSED: Final = 3
"""A connection that has answered no ping for so many is closed: at the exchange, within a minute."""
LIFETIME: Final = DAY
WARNING: Final = 10 * MINUTE
"""How long before its end a connection is told of it."""
LATE_EVENTS_MAX: Final = 10_000
"""Events that faults may hold back; what comes then is sent at once."""


class Subscription(NamedTuple):
    """One connection's wanted for the events of one account."""

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
        self.streams = MarketStreams(context)
        self.watchers: list[Callable[[Logged], None]] = []
        """Called with each event of an account, whether or not a connection listens to it."""
        self._users: dict[str, tuple[Subscription, ...]] = {}
        self._cares: list[tuple[int, int, WebSocketConnection | _Late]] = []
        """Which connection to look after when, and what faults hold back, by the exchange's clock."""
        self._order = count()
        self._late = 0
        self._last_words: list[Delivery] = []

    def next_due(self) -> int:
        """When there is something to do though nothing happens, by the exchange's clock."""
        care = self._cares[0][0] if self._cares else NEVER
        beat = self.streams.next_beat()
        return min(care, self.context.market.wall(beat)) if beat != NEVER else care

    def open(self, connection: WebSocketConnection) -> None:
        """A connection begins: it is pinged, warned and closed in time."""
        self._later(connection.opened_at + self._ping_every_ns, connection)

    def close(self, connection: WebSocketConnection) -> None:
        """A connection has ended; its streams and accounts are forgotten by `streams.unlisten` and `unsubscribe`."""
        connection.is_open = False

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
        if self.streams.next_beat() != NEVER:
            await self.streams.send_due(now, out)
        wall = self.context.clock.now()
        while self._cares and self._cares[0][0] <= wall:
            self._do(heappop(self._cares)[2], wall, out)
        return out

    async def _pass_on(self, events: Sequence[ExchangeEvent], now: int, out: list[Delivery]) -> None:
        books: dict[str, None] = {}
        for event in events:
            if isinstance(event, BookChanged):
                books[event.symbol] = None
            elif isinstance(event, TradePrinted):
                self.streams.printed(event.trade, now, out)
            else:
                self._logged += 1
                logged = Logged(self._logged, now, event)
                self._log.append(logged)
                for watch in self.watchers:
                    watch(logged)
                self._tell_account(event, now, out)
        for symbol in books:
            await self.streams.book_changed(symbol, now, out)

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

    def _later(self, at: int, what: WebSocketConnection | _Late) -> None:
        heappush(self._cares, (at, next(self._order), what))
