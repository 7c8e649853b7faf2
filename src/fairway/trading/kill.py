"""Carries a kill out at the venue: cancels what does not protect, sells where it was told to, and looks until it is true there.

It has a connection of its own, and needs no journal, no database and no trader. What it knows of positions is what their stops
at the venue cover, and what was bought just now without one. Nothing here is done before the latch is set, and nothing that is
told afterwards can keep it from being done.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import cycle
from typing import Final, TypeVar

from msgspec.structs import replace

from fairway.market.candles import AGREES_AFTER_NS, Quote
from fairway.market.instrument import Instrument
from fairway.money.amount import ZERO, Amount, Price
from fairway.money.grid import Round
from fairway.orders.ids import KILL_EPOCH, ClientId, Role
from fairway.orders.order import Order, OrderType, Side
from fairway.risk.checks.data import unsound
from fairway.risk.disposal import Disposal
from fairway.trading.latch import FileLatch, Killed, KillScope
from fairway.trading.uncovered import BOUGHT_WITHIN_NS, bought_uncovered
from fairway.venues.port import (
    KeyRefused,
    NewOrder,
    OrderReport,
    Rejected,
    ReportStatus,
    Throttled,
    Unreachable,
    Venue,
    VenueError,
)
from fairway.world.backoff import Backoff
from fairway.world.clock import SECOND, Clock

T = TypeVar("T")

PATIENCE_S: Final = 60
"""How long the venue is asked again and again before the kill is told as not done."""
LOOK_AGAIN_S: Final = 0.2
RETRIES: Final = Backoff(first_s=LOOK_AGAIN_S, longest_s=2.0)
"""Between two tries of a question that the venue did not answer."""
AT_ONCE: Final = 20
"""Requests on their way at the same time."""
SLICES: Final = 5
"""Parts that a position is sold in, so that a thin book can fill up between them."""
COLLAR: Final = Decimal("0.03")
"""A slice takes no price farther than this below the best bid, or the newest candle's close where that is lower."""
ROUNDS_MAX: Final = 15
"""Slices in a row that sold nothing before the rest is left to a person; …"""
REFILLS_S: Final = 1.0
"""… after each of them the book is given so long to fill up."""


class NotDone(Exception):
    """The venue would not let it be done in time; the latch is set all the same."""


class Unanswered(NotDone):
    """The venue does not answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Killing:
    """What was found at the venue when it was done. Orders are those still open."""

    protective: Sequence[OrderReport]
    foreign: Sequence[OrderReport]
    """Orders of other traders: they are left alone."""
    cancelled: int
    sold: Mapping[str, Amount]
    unsold: Mapping[str, str]
    """By symbol: what was to be sold and was not, with the reason."""


class Killer:
    """Its maker has set the latch. symbols: what the account trades. run: drawn for this kill, for the ids of its sales.

    Orders are known by the name of their account, whichever run sent them: a lost journal hides none.
    """

    def __init__(
        self,
        venue: Venue,
        latch: FileLatch,
        clock: Clock,
        account: str,
        killed: Killed,
        symbols: Sequence[str] = (),
        *,
        run: str,
    ) -> None:
        self._venue, self._latch, self._clock, self._account, self._killed = venue, latch, clock, account, killed
        self._deadline = clock.monotonic() + PATIENCE_S * SECOND
        self._room = asyncio.Semaphore(AT_ONCE)
        self._traded = symbols
        self._run, self._number = run, 0
        self._cancelled: dict[str, None] = {}
        self._sold: dict[str, Amount] = {}
        self._unsold: dict[str, str] = {}

    async def run(self) -> Killing:
        """Raises NotDone, and KeyRefused."""
        instruments = await self._asked(self._venue.open)
        orders = await self._cancel(lambda order: _role(order) not in (Role.STOP, Role.TARGET))
        if self._killed.disposal is Disposal.FLATTEN:
            await self._flatten(instruments, orders)
            orders = await self._asked(self._venue.open_orders)
            self._note_end()
        return Killing(
            protective=[order for order in orders if self._is_ours(order)],
            foreign=[order for order in orders if not self._is_ours(order)],
            cancelled=len(self._cancelled),
            sold=self._sold,
            unsold=self._unsold,
        )

    def _note_end(self) -> None:
        """So that no trader stands back for longer than it must. Not in a latch of many accounts: another may still be sold."""
        if self._killed.scope in (KillScope.ACCOUNT, KillScope.SYMBOL):
            self._killed = replace(self._killed, is_over=True)
            with suppress(OSError):
                self._latch.set(self._killed)

    async def _cancel(self, is_meant: Callable[[OrderReport], bool]) -> Sequence[OrderReport]:
        """Until the venue lists none of them any more, for what a cancel is answered proves nothing; all that is open then.

        In turn it asks for what is traded, and for all there is, which alone ends it: with many accounts behind one address, to
        ask each time for all would use up what that may ask in a minute.
        """
        for symbols in cycle((self._traded, ())):
            found = await self._asked(partial(self._venue.open_orders, symbols))
            orders = [order for order in found if self._is_ours(order) and is_meant(order)]
            if not orders and not symbols:
                return found
            if orders:
                self._check_patience(f"{len(orders)} orders are still open")
                await asyncio.gather(*(self._try_to_cancel(order) for order in orders))
        raise AssertionError("a cycle has no end")

    async def _try_to_cancel(self, order: OrderReport) -> None:
        self._cancelled[order.client_id] = None
        async with self._room:
            try:
                await self._venue.cancel(order.symbol, order.client_id)
            except KeyRefused:
                raise
            except VenueError:
                await asyncio.sleep(LOOK_AGAIN_S)  # the next look tells whether it is still there

    async def _flatten(self, instruments: Mapping[str, Instrument], orders: Sequence[OrderReport]) -> None:
        """Sells what stops have covered, which must go before it can be sold, and then what was bought too late to have one."""
        stops = [order for order in orders if self._is_ours(order) and _role(order) is Role.STOP]
        await self._cancel(lambda order: True)
        traded = [symbol for symbol in self._traded if symbol in instruments and self._killed.symbol in ("", symbol)]
        pairs: dict[str, list[tuple[OrderReport, Decimal]]] = {symbol: [] for symbol in traded}
        for symbol in dict.fromkeys(stop.symbol for stop in stops):
            with self._others_go_on(symbol):
                pairs[symbol] = [await self._pair(stop) for stop in stops if stop.symbol == symbol]
                await self._sell(instruments[symbol], _covered(pairs[symbol]))
        for symbol, known in pairs.items():
            with self._others_go_on(symbol):
                if bought := await self._bought_uncovered(instruments[symbol], known):
                    await self._sell(instruments[symbol], bought)

    @contextmanager
    def _others_go_on(self, symbol: str) -> Iterator[None]:
        """What cannot be sold of one symbol is told, and the others are sold all the same."""
        try:
            yield
        except NotDone as error:
            self._unsold[symbol] = str(error)

    async def _bought_uncovered(self, instrument: Instrument, pairs: Sequence[tuple[OrderReport, Decimal]]) -> Decimal:
        """As far as it is there. Dust stays where it is."""
        symbol = instrument.symbol
        if not self._venue.promises.order_history or symbol in self._unsold:
            return ZERO
        orders = await self._asked(lambda: self._venue.newest_orders(symbol))
        ours = [order for order in orders if self._is_ours(order) and order.client_id not in self._latched_sales()]
        if not any(order.filled for order in ours):
            return ZERO
        since = self._killed.at - BOUGHT_WITHIN_NS
        bought = bought_uncovered(ours, await self._asked(lambda: self._venue.fills_since(symbol, "", since)), pairs, since)
        if not bought:
            return ZERO
        balances = (await self._asked(self._venue.balances)).balances
        there = min(bought, balances[instrument.base][0].value) if instrument.base in balances else ZERO
        size, floor = instrument.quantity(there), instrument.price(await self._price(symbol) * (1 - COLLAR), Round.UP)
        return size.value if instrument.breach(size, floor) is None else ZERO

    def _latched_sales(self) -> set[str]:
        return {sale.id for sale in self._killed.sales}

    async def _pair(self, stop: OrderReport) -> tuple[OrderReport, Decimal]:
        """A stop, and how much it and its target had sold before they were cancelled."""
        own = ClientId.parse(stop.client_id)
        assert own is not None
        legs = (stop.client_id, str(own.other_leg))
        found = [await self._asked(lambda name=name: self._venue.find(stop.symbol, name)) for name in legs]  # type: ignore[misc]
        return stop, sum((order.filled.value for order in found if order is not None), ZERO)

    async def _sell(self, instrument: Instrument, quantity: Decimal) -> None:
        """In slices, each at the collar's price or better; what a slice leaves over is cancelled and tried again."""
        symbol, left = instrument.symbol, quantity
        part, why, failures = quantity / SLICES, None, 0
        while failures < ROUNDS_MAX and self._clock.monotonic() < self._deadline:
            floor = instrument.price(await self._price(symbol) * (1 - COLLAR), Round.UP)
            size = instrument.quantity(part)
            if instrument.breach(size, floor) is not None or left - size.value < part / 2:
                size = instrument.quantity(left)
            why = instrument.breach(size, floor)
            if why is not None:
                break
            sold = await self._sell_slice(self._noted(instrument, size, floor))
            left, failures = left - sold, 0 if sold else failures + 1
            if not sold:
                await asyncio.sleep(REFILLS_S)
        self._sold[symbol] = self._sold.get(symbol, Amount(ZERO, instrument.base)) + Amount(quantity - left, instrument.base)
        if left:
            self._unsold[symbol] = f"{Amount(left, instrument.base)}: {why or 'the book would not take it within the collar'}"

    def _noted(self, instrument: Instrument, quantity: Amount, floor: Price) -> NewOrder:
        """A sale, noted in the latch before it is sent, for the trader to ask after. A full disk does not keep it back."""
        self._number += 1
        now = self._clock.now()
        sale = Order(
            id=str(ClientId(self._account, KILL_EPOCH, self._number, Role.EXIT, self._run)),
            symbol=instrument.symbol,
            side=Side.SELL,
            type=OrderType.LIMIT,
            role=Role.EXIT,
            quantity=quantity,
            price=floor,
            filled=Amount(ZERO, instrument.base),
            cost=Amount(ZERO, instrument.quote),
            created_at=now,
            updated_at=now,
        )
        self._killed = replace(self._killed, sales=(*self._killed.sales, sale))
        with suppress(OSError):
            self._latch.set(self._killed)
        return NewOrder(client_id=sale.id, symbol=sale.symbol, side=sale.side, type=sale.type, quantity=quantity, price=floor)

    async def _sell_slice(self, order: NewOrder) -> Decimal:
        """How much of it was sold, by the venue's word when it is over. One of unknown fate is asked for, never sent again."""
        try:
            await self._venue.place(order)
        except KeyRefused:
            raise
        except (Rejected, Unreachable):
            await asyncio.sleep(LOOK_AGAIN_S)
            return ZERO
        except VenueError:
            pass
        while True:
            found = await self._asked(lambda: self._venue.find(order.symbol, order.client_id))
            if found is not None and found.status not in (ReportStatus.OPEN, ReportStatus.PARTLY):
                return found.filled.value
            self._check_patience(f"of {order.quantity} in {order.symbol} it is not known whether they were sold")
            if found is not None:
                await self._try_to_cancel(found)
            await asyncio.sleep(LOOK_AGAIN_S)

    async def _price(self, symbol: str) -> Decimal:
        """What the collar hangs below: the lower of the newest candle's close and the best bid. A bid far from that close counts
        once a second one, half a second later, agrees with it; a book that shows no price counts for nothing."""
        close, quote = await self._close(symbol), await self._quote(symbol)
        if quote is None:
            return close
        if unsound(quote, close, self._clock.now()) is None:
            return min(quote.bid, close)
        await asyncio.sleep(AGREES_AFTER_NS / SECOND)
        again = await self._quote(symbol)
        return again.bid if again is not None and again.agrees_with(quote) else close

    async def _quote(self, symbol: str) -> Quote | None:
        """Asked once: without an answer there is the candle."""
        try:
            quote = await self._venue.quote(symbol)
        except KeyRefused:
            raise
        except VenueError:
            return None
        return quote if unsound(quote, None, self._clock.now()) is None else None

    async def _close(self, symbol: str) -> Decimal:
        candles = await self._asked(lambda: self._venue.candles(symbol, "1m", 1))
        if not candles or candles[-1].flaw() is not None:
            raise NotDone(f"{symbol} has no price to sell at")
        return candles[-1].close

    async def _asked(self, question: Callable[[], Awaitable[T]]) -> T:
        """The venue's answer, however often it must be asked. Raises NotDone when patience is at its end, and at once where the
        venue wants to hear nothing for longer than that: a person can still go to its own page."""
        failures = 0
        while True:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    return await question()
            except KeyRefused:
                raise
            except (VenueError, TimeoutError) as error:
                if self._clock.monotonic() >= self._deadline:
                    raise Unanswered(f"the venue does not answer: {error}") from None
                failures += 1
                wait_s = (
                    (error.retry_at - self._clock.now()) / SECOND if isinstance(error, Throttled) else RETRIES.wait_s(failures)
                )
                if wait_s > PATIENCE_S:
                    raise Unanswered(f"the venue does not answer: {error}") from None
                await asyncio.sleep(max(wait_s, LOOK_AGAIN_S))

    def _check_patience(self, what: str) -> None:
        if self._clock.monotonic() >= self._deadline:
            raise NotDone(what)

    def _is_ours(self, order: OrderReport) -> bool:
        own = ClientId.parse(order.client_id)
        return own is not None and own.account == self._account and self._killed.symbol in ("", order.symbol)


def _covered(pairs: Sequence[tuple[OrderReport, Decimal]]) -> Decimal:
    """By stops, of which each has what it and its target had sold."""
    return sum((stop.quantity.value - filled for stop, filled in pairs), ZERO)


def _role(order: OrderReport) -> Role | None:
    own = ClientId.parse(order.client_id)
    return own.role if own is not None else None
