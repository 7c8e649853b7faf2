"""A venue behind ccxt: guards every request with a deadline, sorts every failure, and keeps the streams up."""

from collections.abc import Awaitable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from fairway.market.candles import Candle, Quote
from fairway.market.instrument import Instrument
from fairway.money.fees import Fees
from fairway.orders.order import OrderType, Side
from fairway.venues.addresses import VenueAddresses
from fairway.venues.allowance import Lane
from fairway.venues.budget import Budget
from fairway.venues.calls import Calls
from fairway.venues.ccxt.address import VenueAddress
from fairway.venues.ccxt.ages import ACCOUNT, ChannelAges
from fairway.venues.ccxt.asking import AccountRequests
from fairway.venues.ccxt.dialect import Dialect
from fairway.venues.ccxt.dialects import dialect_of
from fairway.venues.ccxt.gate import RequestGate
from fairway.venues.ccxt.market_data import MarketData
from fairway.venues.ccxt.probing import FirstAddressProbe
from fairway.venues.ccxt.reading import Instruments
from fairway.venues.ccxt.settings import CcxtSettings
from fairway.venues.ccxt.streams import AccountStream
from fairway.venues.port import (
    Ambiguous,
    BalanceReport,
    FillReport,
    KeyRefused,
    KeyRights,
    NewOrder,
    NewPair,
    OrderReport,
    Rejected,
    Sink,
    StreamChannel,
    Throttled,
    Unreachable,
    Unreadable,
    VenueFeatures,
)
from fairway.world.chance import Chance, SystemChance
from fairway.world.clock import Clock

FILL_PAGES_MAX: Final = 1_000
ONE_BY_ONE_MAX: Final = 8
"""Symbols whose open orders are asked for one by one; of more all are asked for at once (at Binance that weighs 80, one 6)."""
_STOPS: Final = (OrderType.STOP, OrderType.STOP_LIMIT)


class CcxtVenue:
    """One account at one exchange that ccxt knows, or none: without a key it tells of the market. Implements `Venue`."""

    def __init__(
        self,
        settings: CcxtSettings,
        clock: Clock,
        chance: Chance | None = None,
        *,
        like: "CcxtVenue | None" = None,
        budget: Budget | None = None,
        looks: Lane = Lane.QUERY,
    ) -> None:
        """chance jitters reconnections; a simulated world hands in its own, so that it repeats.

        like is another account's venue at the same exchange, behind the same network address: this one shares its
        connections, its budget and what is listed. budget is for a first venue that shares its address with others.

        looks is how urgent requests for open orders are: a kill must see that all orders are gone.

        Raises:
            ValueError: like is at another exchange.
        """
        chance = chance or SystemChance()
        self.name: str = settings.exchange
        self.promises = VenueFeatures(pairs=False, key_rights=False, finds_by_client_id=False, order_history=False)
        self._settings, self._clock, self._looks = settings, clock, looks
        self._address: VenueAddress = like._address if like is not None else VenueAddress(settings, clock, chance, budget)
        if not self._address.serves(settings):
            raise ValueError(f"like: it is at another exchange than {self.name}; a right one is at the same, at the same address")
        self._gate = self._address.new_gate()
        self._streams = {channel: AccountStream(channel, self._address.dialling, clock, chance) for channel in StreamChannel}
        self._ages = ChannelAges(clock)
        self.calls = Calls()
        self.addresses = self._address.addresses
        self._client: Any = None
        self._asking: AccountRequests | None = None
        probe = FirstAddressProbe(self._address, settings, clock)
        self._market = MarketData(self._opened, settings, clock, self._ages, self._streams[StreamChannel.MARKET], probe.run)

    async def open(self) -> Mapping[str, Instrument]:
        if self._asking is None:
            self._client = _new_client(self._address, self._settings, self._gate)
            dialect = self._speak(self._client)
            self.promises = dialect.promises
            self._asking = AccountRequests(
                self._client, dialect, self._gate, self._settings, self._clock, self.calls, self.addresses
            )
            self._address.join(self._streams.values())
        asking = self._asking
        async with self._address.opening:
            listed = self._address.listed_for(self._client)
            if listed is None:
                listed = await _listed_somewhere(asking, self.addresses)
                if not listed.by_symbol:  # no exchange is without any, so this answer says nothing
                    raise Unreachable(f"{self.name} answers that it trades no pair at all; start again in a minute")
                self._address.know(listed, self._client)
        asking.dialect.instruments = listed
        await asking.look_at_the_clock()
        return listed.by_symbol

    def _speak(self, client: Any) -> Dialect:
        return dialect_of(client, self._settings, self._clock)

    async def close(self) -> None:
        if self._client is not None:
            client, self._client, self._asking = self._client, None, None
            self._address.leave(self._streams.values())
            await self._address.close(client)

    # -- streams -------------------------------------------------------------------------------------------------

    async def market_stream(self, symbols: Sequence[str], interval: str, sink: Sink) -> None:
        self._address.switches.take(sink)
        try:
            await self._market.stream(symbols, interval, sink)
        finally:
            self._address.switches.take(None)

    async def account_stream(self, sink: Sink) -> None:
        dialect = self._opened().dialect
        heard = partial(self._ages.heard, ACCOUNT)
        await self._streams[StreamChannel.ACCOUNT].keep_up(lambda up: dialect.account_session(sink, up, heard), sink)

    def reconnect(self, channel: StreamChannel, why: str) -> None:
        self._streams[channel].reconnect(why)

    def ages(self) -> Mapping[str, int]:
        return self._ages.all()

    def clock_skew(self) -> int | None:
        return self._address.budget.skew.ahead_ns()

    # -- orders --------------------------------------------------------------------------------------------------

    async def place(self, order: NewOrder) -> OrderReport:
        self._opened().listed(order.symbol)
        lane = _lane_of(order)
        self._gate.order(lane, 1, self.name)
        return await self._opened().effect(lane, lambda dialect: dialect.place(order))

    async def place_pair(self, pair: NewPair) -> tuple[OrderReport, OrderReport]:
        if not self.promises.pairs:
            raise Rejected(f"{self.name} does not hold a stop and a target of which one cancels the other")
        self._opened().listed(pair.stop.symbol)
        self._gate.order(Lane.STOP, 2, self.name)
        return await self._opened().effect(Lane.STOP, lambda dialect: dialect.place_pair(pair))

    async def cancel(self, symbol: str, client_id: str) -> OrderReport:
        listed = self._opened().listed(symbol)
        return await self._opened().effect(Lane.CLOSE, lambda dialect: dialect.cancel(listed, client_id))

    # -- questions -----------------------------------------------------------------------------------------------

    async def find(self, symbol: str, client_id: str) -> OrderReport | None:
        listed = self._opened().listed(symbol)
        found = await self._opened().query(Lane.QUERY, lambda dialect: dialect.find(listed, client_id))
        if found is not None and (found.symbol, found.client_id) != (symbol, client_id):
            other = f"order {found.client_id or found.venue_id} of {found.symbol}"
            raise Ambiguous(f"{self.name} was asked for order {client_id} of {symbol}, and answered with {other}")
        return found

    async def order_of(self, symbol: str, venue_id: str) -> OrderReport | None:
        listed = self._opened().listed(symbol)
        return await self._opened().query(Lane.QUERY, lambda dialect: dialect.order_of(listed, venue_id))

    async def open_orders(self, symbols: Sequence[str] = ()) -> Sequence[OrderReport]:
        """Asks for all at once while the address has much budget left, else symbol by symbol where that is cheaper.

        A kill may have to ask for many accounts, without a minute to wait.

        A symbol that the venue does not know any more hides no order of the others.
        """
        asking = self._opened()
        listed = [asking.listed(symbol) for symbol in symbols]
        await asking.look_at_the_clock()
        spares = self._looks is Lane.CLOSE or not asking.gate.budget.has_plenty
        if len(listed) == 1 or (0 < len(listed) <= ONE_BY_ONE_MAX and spares):
            try:
                of_each = [await asking.query(self._looks, partial(_open_orders, each)) for each in listed]
                return [order for found in of_each for order in found]
            except (Throttled, KeyRefused):
                raise
            except Rejected:
                pass  # one of them was delisted: then all are asked for at once
        found = await asking.query(self._looks, lambda dialect: dialect.open_orders(None))
        return [order for order in found if not symbols or order.symbol in symbols]

    async def newest_orders(self, symbol: str) -> Sequence[OrderReport]:
        if not self.promises.order_history:
            raise Rejected(f"{self.name} does not tell of orders that are over")
        listed = self._opened().listed(symbol)
        return await self._opened().query(Lane.QUERY, lambda dialect: dialect.newest_orders(listed))

    async def fills_since(self, symbol: str, trade_id: str, since: int) -> Sequence[FillReport]:
        asking = self._opened()
        listed = asking.listed(symbol)
        fills: list[FillReport] = []
        for _ in range(FILL_PAGES_MAX):
            page = await asking.query(Lane.QUERY, partial(_fills_after, listed, trade_id, since))
            fills += (report for report in page if trade_id or report.fill.at >= since)
            if not page or len(page) < asking.dialect.fills_page:
                return fills
            trade_id = page[-1].fill.trade_id
        raise Unreachable(f"{self.name}: {symbol} has more than {FILL_PAGES_MAX} pages of fills; ask from a later instant on")

    async def candles(self, symbol: str, interval: str, limit: int) -> Sequence[Candle]:
        return await self._market.candles(symbol, interval, limit)

    async def quote(self, symbol: str) -> Quote:
        return await self._market.quote(self._looks, symbol)

    async def balances(self) -> BalanceReport:
        return await self._opened().query(Lane.QUERY, lambda dialect: dialect.balances())

    async def second_balances(self) -> BalanceReport:
        return await self._opened().query(Lane.QUERY, lambda dialect: dialect.second_balances())

    async def fees(self, symbol: str) -> Fees:
        listed = self._opened().listed(symbol)
        return await self._opened().query(Lane.DATA, lambda dialect: dialect.fees(listed))

    async def server_time(self) -> int:
        return await self._opened().server_time()

    async def key_rights(self) -> KeyRights:
        return await self._opened().query(Lane.QUERY, lambda dialect: dialect.key_rights())

    def _opened(self) -> AccountRequests:
        if self._asking is None:
            raise Unreachable(f"{self.name} is not open; it is opened first")
        return self._asking


def _new_client(address: VenueAddress, settings: CcxtSettings, gate: RequestGate) -> Any:
    from ccxt.base.errors import BaseError

    try:
        return address.new_client(settings, gate)
    except (ValueError, BaseError) as error:  # no such exchange, no other address for it, no test network
        raise Rejected(str(error)) from None


async def _listed_somewhere(asking: AccountRequests, addresses: VenueAddresses) -> Instruments:
    """What is listed, as the first of the venue's addresses says that answers. Raises VenueErrors."""
    while True:
        try:
            return await asking.query(Lane.DATA, lambda dialect: dialect.open())
        except Unreadable:
            raise
        except Unreachable as error:
            if not addresses.skip_unanswered(str(error)):
                raise


def _lane_of(order: NewOrder) -> Lane:
    """Without debts every sale reduces, and every buy is an entry."""
    if order.type in _STOPS:
        return Lane.STOP
    return Lane.CLOSE if order.side is Side.SELL else Lane.ENTRY


def _open_orders(listed: Instrument, dialect: Dialect) -> Awaitable[Sequence[OrderReport]]:
    return dialect.open_orders(listed)


def _fills_after(listed: Instrument, trade_id: str, since: int, dialect: Dialect) -> Awaitable[Sequence[FillReport]]:
    return dialect.fills_after(listed, trade_id, since)
