"""A venue behind ccxt: guards every request with a deadline, sorts every failure, and keeps the streams up."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, TypeVar

from fairway.market.candles import INTERVALS, Candle
from fairway.market.instrument import Instrument
from fairway.money.fees import Fees
from fairway.venues.ccxt.binance import Binance
from fairway.venues.ccxt.candles import NAP_LONGEST_S, CandleFollower
from fairway.venues.ccxt.client import close_client, make_client, speaks_binance
from fairway.venues.ccxt.dialect import Dialect
from fairway.venues.ccxt.errors import Asked, sort
from fairway.venues.ccxt.reading import UNREADABLE
from fairway.venues.ccxt.settings import CcxtSettings
from fairway.venues.ccxt.streams import keep_up
from fairway.venues.ccxt.unified import Unified
from fairway.venues.port import (
    BalanceReport,
    Channel,
    FillReport,
    KeyRights,
    NewOrder,
    NewPair,
    OrderReport,
    Promises,
    Rejected,
    Sink,
    Throttled,
    Unreachable,
)
from fairway.world.chance import Chance, SystemChance
from fairway.world.clock import SECOND, Clock
from fairway.world.tasks import Tasks

T = TypeVar("T")

FILL_PAGES_MAX: Final = 1_000
CANDLE_PAGE: Final = 1_000
_TOO_MANY_ORDERS: Final = "-1015"
_OUTSIDE_WINDOW: Final = "-1021"


class CcxtVenue:
    """One account at one exchange that ccxt knows. Implements `Venue`."""

    def __init__(self, settings: CcxtSettings, clock: Clock, chance: Chance | None = None) -> None:
        """chance jitters reconnections; a simulated world hands in its own, so that it repeats."""
        self.name = settings.exchange
        self.promises = Promises(pairs=False, key_rights=False, finds_by_client_id=False)
        self._settings, self._clock = settings, clock
        self._chance = chance or SystemChance()
        self._client: Any = None
        self._dialect: Dialect | None = None
        self._instruments: dict[str, Instrument] = {}
        self._quiet_until = self._orders_quiet_until = 0
        self._warm: dict[tuple[str, str], Candle] = {}

    async def open(self) -> Mapping[str, Instrument]:
        if self._client is None:
            self._client = self._new_client()
            self._dialect = self._speak(self._client)
            self.promises = self._dialect.promises
        listed = await self._ask(lambda dialect: dialect.open())
        self._instruments = {instrument.symbol: instrument for instrument in listed}
        return self._instruments

    def _new_client(self) -> Any:
        from ccxt.base.errors import BaseError

        try:
            return make_client(self._settings, self._clock)
        except (ValueError, BaseError) as error:  # no such exchange, no other address for it, no test network
            raise Rejected(str(error)) from None

    def _speak(self, client: Any) -> Dialect:
        if speaks_binance(self._settings.exchange):
            return Binance(client, self._settings, self._clock)
        return Unified(client, self._settings, self._clock)

    async def close(self) -> None:
        if self._client is not None:
            client, self._client, self._dialect = self._client, None, None
            await close_client(client)

    async def market_stream(self, symbols: Sequence[str], interval: str, sink: Sink) -> None:
        dialect = self._opened()
        for symbol in symbols:
            self._listed(symbol)
        async with Tasks(f"{self.name} market", at_most=len(symbols) + 1) as tasks:
            for symbol in symbols:
                tasks.spawn(f"candles {symbol}", self._follower(symbol, interval).follow(sink))
            await keep_up(
                Channel.MARKET,
                lambda up: self._when_welcome(lambda: dialect.market_session(symbols, sink, up)),
                sink,
                self._clock,
                self._chance,
            )

    def _follower(self, symbol: str, interval: str) -> CandleFollower:
        grace_s = self._settings.candle_grace_s
        follower = CandleFollower(symbol, interval, self._rows, self.server_time, self._clock, grace_s=grace_s)
        if (warm := self._warm.get((symbol, interval))) is not None:
            follower.after(warm)
        return follower

    async def account_stream(self, sink: Sink) -> None:
        dialect = self._opened()
        await keep_up(
            Channel.ACCOUNT,
            lambda up: self._when_welcome(lambda: dialect.account_session(sink, up)),
            sink,
            self._clock,
            self._chance,
        )

    async def _when_welcome(self, session: Callable[[], Awaitable[None]]) -> None:
        """Dialling and subscribing count as requests too: who goes on with them while all are refused is banned."""
        while (left := self._quiet_until - self._clock.now()) > 0:
            await asyncio.sleep(min(left / SECOND, NAP_LONGEST_S))
        await session()

    async def place(self, order: NewOrder) -> OrderReport:
        self._listed(order.symbol)
        self._refuse_while_orders_are_throttled()
        return await self._effect(lambda dialect: dialect.place(order))

    async def place_pair(self, pair: NewPair) -> tuple[OrderReport, OrderReport]:
        if not self.promises.pairs:
            raise Rejected(f"{self.name} does not hold a stop and a target of which one cancels the other")
        self._listed(pair.stop.symbol)
        self._refuse_while_orders_are_throttled()
        return await self._effect(lambda dialect: dialect.place_pair(pair))

    async def cancel(self, symbol: str, client_id: str) -> OrderReport:
        listed = self._listed(symbol)
        return await self._effect(lambda dialect: dialect.cancel(listed, client_id))

    async def find(self, symbol: str, client_id: str) -> OrderReport | None:
        listed = self._listed(symbol)
        return await self._ask(lambda dialect: dialect.find(listed, client_id))

    async def open_orders(self) -> Sequence[OrderReport]:
        return await self._ask(lambda dialect: dialect.open_orders())

    async def fills_since(self, symbol: str, trade_id: str, since: int) -> Sequence[FillReport]:
        listed = self._listed(symbol)
        fills: list[FillReport] = []
        for _ in range(FILL_PAGES_MAX):
            page = await self._ask(partial(_fills_after, listed, trade_id, since))
            fills += (report for report in page if trade_id or report.fill.at >= since)
            if not page or len(page) < self._opened().fills_page:
                return fills
            trade_id = page[-1].fill.trade_id
        raise Unreachable(f"{self.name}: {symbol} has more than {FILL_PAGES_MAX} pages of fills; ask from a later instant on")

    async def candles(self, symbol: str, interval: str, limit: int) -> Sequence[Candle]:
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
        # The last one may be forming. If it was not, the stream brings it: it goes on after the last one that is told here.
        closed = rows[:-1][-limit:] if limit else []
        if closed:
            self._warm[symbol, interval] = closed[-1]
        return closed

    async def _rows(self, symbol: str, interval: str, since: int, limit: int) -> Sequence[Candle]:
        listed = self._listed(symbol)
        return await self._ask(lambda dialect: dialect.candles(listed, interval, since, limit))

    async def balances(self) -> BalanceReport:
        return await self._ask(lambda dialect: dialect.balances())

    async def fees(self, symbol: str) -> Fees:
        listed = self._listed(symbol)
        return await self._ask(lambda dialect: dialect.fees(listed))

    async def server_time(self) -> int:
        return await self._ask(lambda dialect: dialect.server_time())

    async def key_rights(self) -> KeyRights:
        return await self._ask(lambda dialect: dialect.key_rights())

    async def _ask(self, request: Callable[[Dialect], Awaitable[T]]) -> T:
        """A query: nothing changes at the venue, so nothing is ambiguous."""
        return await self._guarded(request, effect=False)

    async def _effect(self, request: Callable[[Dialect], Awaitable[T]]) -> T:
        """A request that may have been carried out although its answer was lost."""
        return await self._guarded(request, effect=True)

    async def _guarded(self, request: Callable[[Dialect], Awaitable[T]], *, effect: bool) -> T:
        """One that came outside of the venue's window was certainly not done: the clocks are compared, and it is sent again."""
        try:
            return await self._sent(request, effect=effect)
        except Rejected as refusal:
            if refusal.code != _OUTSIDE_WINDOW:
                raise
        await self._sent(lambda _: self._client.load_time_difference(), effect=False)
        return await self._sent(request, effect=effect)

    async def _sent(self, request: Callable[[Dialect], Awaitable[T]], *, effect: bool) -> T:
        dialect = self._opened()
        self._refuse_until(self._quiet_until, "all requests")
        from ccxt.base.errors import BaseError

        try:
            # ccxt's own deadline is for each step of one request; this one holds whatever ccxt does in between.
            async with asyncio.timeout(2 * self._settings.timeout_s):
                return await request(dialect)
        except (BaseError, OSError, TimeoutError, *UNREADABLE) as error:
            asked = Asked(
                venue=self.name,
                effect=effect,
                at=self._clock.now(),
                retry_after_s=self._retry_after_s(),
                codes=dialect.codes,
            )
            failure = sort(error, asked)
        if isinstance(failure, Throttled):
            self._remember(failure)
        raise failure

    def _retry_after_s(self) -> float:
        """What the last answer asked for. Two refusals at one time may be taken for each other: both ask for rest."""
        headers = getattr(self._client, "last_response_headers", None) or {}  # it may have been closed meanwhile
        text = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
        return float(text) if text.isdecimal() else 0.0

    def _remember(self, throttled: Throttled) -> None:
        """Who goes on asking is banned, and a ban grows: so nothing leaves before the venue's time."""
        if throttled.code == _TOO_MANY_ORDERS:
            self._orders_quiet_until = throttled.retry_at
        else:
            self._quiet_until = throttled.retry_at

    def _refuse_while_orders_are_throttled(self) -> None:
        self._refuse_until(self._orders_quiet_until, "new orders")

    def _refuse_until(self, instant: int, what: str) -> None:
        if self._clock.now() < instant:
            raise Throttled(f"{self.name} refuses {what} for a while; this one was not sent", retry_at=instant)

    def _opened(self) -> Dialect:
        if self._dialect is None:
            raise Unreachable(f"{self.name} is not open; it is opened first")
        return self._dialect

    def _listed(self, symbol: str) -> Instrument:
        self._opened()
        try:
            return self._instruments[symbol]
        except KeyError:
            raise Rejected(
                f"{self.name} does not list {symbol!r}; a listed one is {next(iter(self._instruments), 'none')!r}"
            ) from None


def _fills_after(listed: Instrument, trade_id: str, since: int, dialect: Dialect) -> Awaitable[Sequence[FillReport]]:
    return dialect.fills_after(listed, trade_id, since)
