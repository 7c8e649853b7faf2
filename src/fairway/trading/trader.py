"""The trader: the shell that holds the loop, the clock, the journal and the venue, and decides nothing.

Inputs wait in one bounded inbox. All that wait are taken together: their events go into the journal with one sync, and only
then do their commands leave. When it stops, protective orders stay at the venue.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

from fairway.journal.kinds import Event, TraderStopped
from fairway.journal.port import Journal
from fairway.ledger.balances import differences
from fairway.market.candles import Quote
from fairway.orders.ids import Role
from fairway.orders.order import Order
from fairway.trading.commands import (
    Answered,
    Cancel,
    CancelFailed,
    CatchUp,
    Caught,
    Command,
    Find,
    Found,
    Input,
    Latched,
    Place,
    PlaceFailed,
    PlacePair,
    Tick,
)
from fairway.trading.desk import Desk
from fairway.trading.facts import is_news
from fairway.trading.latch import Latch
from fairway.trading.questions import fills_wanted
from fairway.trading.recovery import restart
from fairway.trading.step import step
from fairway.venues.port import (
    Channel,
    FillReport,
    KeyRefused,
    NewOrder,
    NewPair,
    Rejected,
    StreamDown,
    StreamUp,
    Throttled,
    Venue,
    VenueError,
    VenueEvent,
)
from fairway.world.clock import SECOND, Clock
from fairway.world.tasks import Tasks

AUTHOR = "trader"
INBOX_MAX = 10_000
"""Inputs that may wait. Facts must not be dropped, so at the bound the trader crashes and recovers by asking the venue."""
TICK_NS = SECOND
CATCH_UP_NS = 30 * SECOND
"""The venue is asked for the whole truth at least this often."""
BLIND_AFTER_NS = 3 * CATCH_UP_NS
"""Without an answer for this long the account counts as blind, and takes no entries."""

Watcher = Callable[[Sequence[Event], int], None]
"""Told of events once they are durable, with their instant (ns); for screens and reports."""


class InboxFull(Exception):
    """More inputs than the trader can work through."""


class Trader:
    def __init__(
        self, desk: Desk, venue: Venue, journal: Journal, latch: Latch, clock: Clock, *, release: str, strategy: str
    ) -> None:
        self.desk = desk
        self._latch = latch
        self._venue, self._journal, self._clock = venue, journal, clock
        self._release, self._strategy = release, strategy
        self._inbox: deque[Input] = deque()
        self._news = asyncio.Event()
        self._catching_up = self._catch_up_wanted = False
        self._caught_at = clock.now()
        self._is_blind = False
        self._asking: dict[str, None] = {}
        self.watchers: list[Watcher] = []

    def take(self, news: VenueEvent | Input) -> None:
        """The sink of all streams and answers. A quote only replaces the one before, so it never waits and never piles up."""
        if isinstance(news, Quote):
            step(self.desk, news, news.seen_at)
            return
        if len(self._inbox) >= INBOX_MAX:
            raise InboxFull(f"{INBOX_MAX} inputs wait; the trader stops and will recover from the venue")
        self._inbox.append(news)
        self._news.set()

    async def run(self) -> None:
        """Recovers, then trades until cancelled. The desk has been replayed; the venue is open."""
        self._record(self._restarted())
        await self._warm_up()
        try:
            async with Tasks("trader") as tasks:
                tasks.spawn(
                    "market stream", self._venue.market_stream(self.desk.terms.symbols, self.desk.terms.interval, self.take)
                )
                tasks.spawn("account stream", self._venue.account_stream(self.take))
                tasks.spawn("ticks", self._tick(tasks))
                tasks.spawn("inbox", self._work(tasks))
        finally:
            resting = sum(order.role in (Role.STOP, Role.TARGET) for order in self.desk.blotter.live.values())
            self._record([TraderStopped(why="stopped", protective_orders=resting)])

    def _restarted(self) -> list[Event]:
        events = list(restart(self.desk, release=self._release, venue=self._venue.name, strategy=self._strategy))
        for event in events:
            self.desk.apply(event, self._clock.now())
        return events

    async def _warm_up(self) -> None:
        """Candles from before the start let the strategy decide at once; they are looked at, never traded on."""
        for symbol in self.desk.terms.symbols:
            for candle in await self._venue.candles(symbol, self.desk.terms.interval, self.desk.terms.strategy.warm_up):
                if candle.flaw() is None:
                    self.desk.see_candle(candle)

    async def _work(self, tasks: Tasks) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            for command in self._drain():
                self._launch(tasks, command)

    def _drain(self) -> list[Command]:
        """Takes all that waits, makes it durable, and returns the commands that may now leave."""
        events: list[Event] = []
        commands: list[Command] = []
        now = self._clock.now()
        if self._latch.may_have_changed():
            self._look_at_latch()
        while self._inbox:
            outcome = step(self.desk, self._inbox.popleft(), now)
            events += outcome.events
            commands += outcome.commands
        self._record(events)
        return commands

    def _look_at_latch(self) -> None:
        """Before anything is decided: a kill goes ahead of all that waits."""
        kills = self._latch.read()
        if any(is_news(self.desk, killed) for killed in kills):
            self._inbox.appendleft(Latched(kills))
            self._news.set()

    def _record(self, events: Sequence[Event]) -> None:
        if not events:
            return
        now = self._clock.now()
        self._journal.append(events, author=AUTHOR, at=now)
        self._journal.sync()
        for watcher in self.watchers:
            watcher(events, now)

    async def _tick(self, tasks: Tasks) -> None:
        while True:
            await asyncio.sleep(TICK_NS / SECOND)
            is_due = self._clock.now() - self._caught_at >= CATCH_UP_NS
            if is_due or self._latch.may_have_changed():
                self._look_at_latch()
            if self.desk.seen.restless:
                self.take(Tick())
            if is_due:
                self._launch(tasks, CatchUp())

    def _launch(self, tasks: Tasks, command: Command) -> None:
        match command:
            case Place(order):
                tasks.spawn(f"place {order.id}", self._place(order))
            case PlacePair(stop, target):
                tasks.spawn(f"place {stop.pair}", self._place_pair(stop, target))
            case Cancel(order):
                tasks.spawn(f"cancel {order.id}", self._cancel(order))
            case Find(order) if order.id not in self._asking:
                self._asking[order.id] = None
                tasks.spawn(f"find {order.id}", self._find(order))
            case CatchUp():
                self._catch_up_wanted = True
                if not self._catching_up:
                    self._catching_up = True
                    tasks.spawn("catch up", self._catch_up())
            case _:
                pass  # the same question is on its way already

    async def _place(self, order: Order) -> None:
        try:
            self.take(Answered([await self._venue.place(_wire(order))]))
        except VenueError as error:
            self.take(PlaceFailed([order], error))

    async def _place_pair(self, stop: Order, target: Order) -> None:
        pair = NewPair(client_id=stop.pair, stop=_wire(stop), target=_wire(target))
        try:
            self.take(Answered(await self._venue.place_pair(pair)))
        except VenueError as error:
            self.take(PlaceFailed([stop, target], error))

    async def _cancel(self, order: Order) -> None:
        try:
            self.take(Answered([await self._venue.cancel(order.symbol, order.id)]))
        except VenueError as error:
            self.take(CancelFailed(order, error))

    async def _find(self, order: Order) -> None:
        asked_at = self._clock.now()
        try:
            self.take(Found(order, await self._venue.find(order.symbol, order.id), asked_at))
        except VenueError:
            pass  # no answer proves nothing; the next tick asks again
        finally:
            del self._asking[order.id]

    async def _catch_up(self) -> None:
        """Asks until nobody wants it any more: what was wished for in the middle of one may be too late for it."""
        try:
            while self._catch_up_wanted:
                self._catch_up_wanted = False
                await self._ask_for_everything()
        finally:
            self._catching_up = False

    async def _ask_for_everything(self) -> None:
        began_at = self._clock.now()
        try:
            orders = await self._venue.open_orders()
            balances = await self._venue.balances()
            totals = {asset: free.value + locked.value for asset, (free, locked) in balances.balances.items()}
            fills: list[FillReport] = []
            unasked: list[str] = []
            if differences(self.desk.ledger.balances.totals, totals):
                for symbol in self.desk.terms.symbols:
                    await self._ask_for_fills(symbol, fills, unasked)
            self.take(Caught(orders, fills, balances, began_at, unasked))
            self._see_again(began_at)
        except VenueError as error:
            self._grow_blind(error)

    def _see_again(self, now: int) -> None:
        self._caught_at = now
        if self._is_blind:
            self._is_blind = False
            self.take(StreamUp(Channel.ACCOUNT))

    def _grow_blind(self, error: VenueError) -> None:
        """One question without an answer proves nothing, and a later tick asks again; too many in a row are blindness."""
        if self._clock.now() - self._caught_at >= BLIND_AFTER_NS and not self._is_blind:
            self._is_blind = True
            self.take(StreamDown(Channel.ACCOUNT, f"the venue does not answer: {error}"))

    async def _ask_for_fills(self, symbol: str, fills: list[FillReport], unasked: list[str]) -> None:
        """A symbol that the venue does not know any more must not keep the others from being asked for."""
        since = fills_wanted(self.desk, symbol, self._clock.now())
        if since is None:
            return
        try:
            fills += await self._venue.fills_since(symbol, *since)
        except (Throttled, KeyRefused):
            raise
        except Rejected:
            unasked.append(symbol)


def _wire(order: Order) -> NewOrder:
    return NewOrder(
        client_id=order.id,
        symbol=order.symbol,
        side=order.side,
        type=order.type,
        quantity=order.quantity,
        price=order.price,
        stop_price=order.stop_price,
    )
