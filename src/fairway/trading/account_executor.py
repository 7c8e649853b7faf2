"""Carries the commands of one account to its venue and brings the answers back; decides nothing.

Each account has an executor, a client and a key of its own, so what goes wrong with one stops no other.
"""

import asyncio
from collections.abc import Callable

from fairway.orders.order import Order
from fairway.risk.guards.port import Measured
from fairway.trading.account_query import ask_for_everything, ask_rights, ask_singly, find
from fairway.trading.account_state import AccountState
from fairway.trading.inputs import (
    CancelFailed,
    Input,
    KeyRightsReported,
    OrderQueried,
    OrdersAcknowledged,
    PlaceFailed,
    QuoteReported,
)
from fairway.trading.latch import Latch
from fairway.trading.schedule import ORDINARY, Schedule
from fairway.trading.venue_requests import (
    Cancel,
    Place,
    PlacePair,
    QueryAccount,
    QueryKeyRights,
    QueryOrder,
    QueryQuote,
    ReconnectChannel,
    VenueRequest,
)
from fairway.venues.port import (
    KeyRefused,
    NewOrder,
    NewPair,
    StreamChannel,
    StreamDown,
    StreamUp,
    Throttled,
    Venue,
    VenueError,
)
from fairway.world.clock import Clock
from fairway.world.tasks import Tasks, TasksEnding, TooManyTasks

ASK_SINGLY_NS = 2_000_000_000
"""Orders and fills are asked for by themselves no more often than that while the whole answer cannot be read."""
BLIND_AFTER_CATCH_UPS = 3
"""Without an answer for so many times this long the account counts as blind, and takes no entries."""


class AccountExecutor:
    """schedule: how often the venue is asked for everything, and for rights."""

    def __init__(self, state: AccountState, venue: Venue, latch: Latch, clock: Clock, *, schedule: Schedule = ORDINARY) -> None:
        self.state, self.venue, self.latch = state, venue, latch
        self.catch_up_ns, self._rights_ns = schedule.reconcile_ns, schedule.rights_ns
        self.heard = state.limits.last_command
        """Number of the last instruction through the command inbox that was handed in for its state, or was for another."""
        self._clock = clock
        self._tasks: Tasks | None = None
        self._catching_up = self._catch_up_wanted = False
        self._caught_at = clock.now()
        self._is_blind = False
        self._asked_singly_at = 0
        self._asking: dict[str, None] = {}
        self._asking_rights = False
        self._rights_asked_at: int | None = None
        self._error: Exception | None = None
        self._has_failed = asyncio.Event()
        self._hand_in: Callable[[Input], None] = _nowhere

    @property
    def account(self) -> str:
        return self.state.config.account

    def report_to(self, hand_in: Callable[[Input], None]) -> None:
        """Where inputs for the state are left from now on."""
        self._hand_in = hand_in

    @property
    def has_failed(self) -> bool:
        """Whether its state broke: it takes no input until it is rebuilt."""
        return self._error is not None

    def fail(self, error: Exception) -> None:
        """Ends the work with an error of the state. It needs no new task, for there may be too many."""
        self._error = error
        self._has_failed.set()

    def begin_anew(self, state: AccountState) -> None:
        """Takes an account state that was made from the journal alone, after a failure."""
        self.state, self.heard, self._error = state, state.limits.last_command, None
        self._caught_at = self._clock.now()

    async def work(self) -> None:
        """Reads the account's stream and sends requests until cancelled. Raises errors that are no answer of the venue: bugs."""
        self._catching_up = self._catch_up_wanted = False
        self._asking, self._asking_rights = {}, False
        if self._error is None:
            self._has_failed.clear()
        try:
            async with Tasks(f"executor of {self.account}") as tasks:
                self._tasks = tasks
                tasks.spawn("account stream", self.venue.account_stream(self._hand_in))
                tasks.spawn("state", self._until_it_fails())
        finally:
            self._tasks = None

    async def _until_it_fails(self) -> None:
        await self._has_failed.wait()
        assert self._error is not None
        raise self._error

    def is_due(self, now: int) -> bool:
        """Whether the venue was not asked for everything for long enough."""
        return now - self._caught_at >= self.catch_up_ns

    def run(self, command: VenueRequest) -> None:
        """Sends a request. One that comes while `work` does not run is dropped: the next start queries the venue.

        Never raises: an account that has too much to do, or is being ended, is no other account's trouble.
        """
        try:
            if self._tasks is not None:
                self._start(self._tasks, command)
        except TooManyTasks as error:
            self.fail(error)
        except TasksEnding:
            pass  # the account is being ended

    def _start(self, tasks: Tasks, command: VenueRequest) -> None:
        match command:
            case Place(order):
                tasks.spawn(f"place {order.id}", self._place(order))
            case PlacePair(stop, target):
                tasks.spawn(f"place {stop.pair}", self._place_pair(stop, target))
            case Cancel(order):
                tasks.spawn(f"cancel {order.id}", self._cancel(order))
            case QueryOrder(order) if order.id not in self._asking:
                self._asking[order.id] = None
                tasks.spawn(f"find {order.id}", self._find(order))
            case QueryAccount():
                self._catch_up_wanted = True
                if not self._catching_up:
                    self._catching_up = True
                    tasks.spawn("catch up", self._catch_up())
            case QueryKeyRights() if not self._asking_rights and self._may_ask_rights():
                self._asking_rights = True
                tasks.spawn("rights", self._ask_rights())
            case QueryQuote(symbol) if f"quote {symbol}" not in self._asking:
                self._asking[f"quote {symbol}"] = None
                tasks.spawn(f"quote {symbol}", self._ask_quote(symbol))
            case ReconnectChannel(channel, why):
                self.venue.reconnect(channel, why)
            case _:
                pass  # the same question is on its way already

    async def _place(self, order: Order) -> None:
        try:
            self._hand_in(OrdersAcknowledged([await self.venue.place(_wire(order))]))
        except VenueError as error:
            self._hand_in(PlaceFailed([order], error))

    async def _place_pair(self, stop: Order, target: Order) -> None:
        pair = NewPair(client_id=stop.pair, stop=_wire(stop), target=_wire(target))
        try:
            self._hand_in(OrdersAcknowledged(await self.venue.place_pair(pair)))
        except VenueError as error:
            self._hand_in(PlaceFailed([stop, target], error))

    async def _cancel(self, order: Order) -> None:
        try:
            self._hand_in(OrdersAcknowledged([await self.venue.cancel(order.symbol, order.id)]))
        except VenueError as error:
            self._hand_in(CancelFailed(order, error))

    async def _find(self, order: Order) -> None:
        asked_at = self._clock.now()
        try:
            self._hand_in(OrderQueried(order, await find(self.venue, order), asked_at))
        except VenueError:
            pass  # no answer proves nothing; the next tick asks again
        finally:
            del self._asking[order.id]

    async def _ask_quote(self, symbol: str) -> None:
        try:
            self._hand_in(QuoteReported(await self.venue.quote(symbol)))
        except VenueError:
            pass  # no answer proves nothing; a later tick asks again
        finally:
            del self._asking[f"quote {symbol}"]

    async def _catch_up(self) -> None:
        """Queries again where it was requested during a query, whose answer may be older than the request."""
        try:
            while self._catch_up_wanted:
                self._catch_up_wanted = False
                await self._ask_for_everything()
        finally:
            self._catching_up = False

    async def _ask_for_everything(self) -> None:
        began_at = self._clock.now()
        try:
            caught = await ask_for_everything(self.venue, self.state, began_at)
            if (skew_ns := self.venue.clock_skew()) is not None:
                self._hand_in(Measured(skew_ns, None, began_at))
            self._hand_in(caught)
            self._see_again(began_at)
        except VenueError as error:
            self._grow_blind(error)
            if not isinstance(error, Throttled | KeyRefused):
                await self._ask_singly(began_at)

    async def _ask_singly(self, began_at: int) -> None:
        """What is held is looked after by what is told of it alone, when the books are open."""
        if self.state.money.opening is None or began_at - self._asked_singly_at < ASK_SINGLY_NS:
            return
        self._asked_singly_at = began_at
        self._hand_in(await ask_singly(self.venue, self.state, began_at))

    def _may_ask_rights(self) -> bool:
        return self._rights_asked_at is None or self._clock.now() - self._rights_asked_at >= self._rights_ns

    async def _ask_rights(self) -> None:
        self._rights_asked_at = self._clock.now()
        try:
            self._hand_in(KeyRightsReported(await ask_rights(self.venue)))
        except VenueError:
            pass  # no answer proves nothing; the next catch-up asks again
        finally:
            self._asking_rights = False

    def _see_again(self, now: int) -> None:
        self._caught_at = now
        if self._is_blind:
            self._is_blind = False
            self._hand_in(StreamUp(StreamChannel.ACCOUNT))

    def _grow_blind(self, error: VenueError) -> None:
        """One question without an answer proves nothing, and a later tick asks again; too many in a row are blindness."""
        silent_ns = self._clock.now() - self._caught_at
        if silent_ns >= BLIND_AFTER_CATCH_UPS * self.catch_up_ns and not self._is_blind:
            self._is_blind = True
            self._hand_in(StreamDown(StreamChannel.ACCOUNT, f"the venue does not answer: {error}"))


def _nowhere(_: Input) -> None:
    raise RuntimeError("this executor has no trader yet; call report_to first")


def _wire(order: Order) -> NewOrder:
    return NewOrder(
        client_id=order.id,
        symbol=order.symbol,
        side=order.side,
        type=order.type,
        quantity=order.quantity,
        price=order.price,
        stop_price=order.stop_price,
        time_in_force=order.time_in_force,
    )
