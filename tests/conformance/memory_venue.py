"""A second venue, as another package would add one: the matching of a practice exchange in this process, without ccxt or HTTP.

It polls: four times a second it reads the book, closed candles and what happened to the account since it last looked.
"""

import asyncio
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

from msgspec.structs import replace

from fairway.exchange.answers import ExchangeRefusal, OrderSnapshot, OrderStatus
from fairway.exchange.answers import Fill as RawFill
from fairway.exchange.events import BalancesChanged, ExchangeEvent
from fairway.exchange.events import OrderReport as RawReport
from fairway.exchange.market_data import Candle as RawCandle
from fairway.exchange.practice_exchange import PracticeExchange
from fairway.exchange.refusals import DUPLICATE_ORDER, NO_SUCH_ORDER
from fairway.exchange.rules import SymbolRules
from fairway.exchange.terms import NewOrder as RawOrder
from fairway.exchange.terms import NewPair as RawPair
from fairway.exchange.terms import OrderRef, TimeInForce
from fairway.exchange.terms import OrderType as RawType
from fairway.exchange.terms import Side as RawSide
from fairway.exchange.units import ONE
from fairway.exchange.wire.keys import Key, Security, refuse
from fairway.exchange.wire.user_events import account_of
from fairway.market.candles import INTERVALS, Candle, Quote
from fairway.market.instrument import Instrument
from fairway.money.amount import Amount, Price
from fairway.money.fees import Fees
from fairway.orders.order import Fill, OrderType, Side
from fairway.venues.allowance import Lane
from fairway.venues.port import (
    BalanceReport,
    Duplicate,
    FillReport,
    KeyRefused,
    KeyRights,
    NewOrder,
    NewPair,
    OrderReport,
    Rejected,
    ReportStatus,
    Sink,
    StreamChannel,
    StreamDown,
    StreamUp,
    Venue,
    VenueFeatures,
)
from fairway.venues.registry import VenueAccount, VenuePlugin
from fairway.world.chance import Chance
from fairway.world.clock import Clock

EXCHANGES: dict[str, PracticeExchange] = {}
"""The exchanges of this process, by the name that `venue.exchange` gives them."""
T = TypeVar("T")
POLL_EVERY_S = 0.25
PAGE = 500
STATUSES = {
    OrderStatus.NEW: ReportStatus.OPEN,
    OrderStatus.PENDING_NEW: ReportStatus.OPEN,
    OrderStatus.PARTIALLY_FILLED: ReportStatus.PARTLY,
    OrderStatus.FILLED: ReportStatus.FILLED,
    OrderStatus.CANCELED: ReportStatus.CANCELLED,
    OrderStatus.REJECTED: ReportStatus.REJECTED,
    OrderStatus.EXPIRED: ReportStatus.EXPIRED,
    OrderStatus.EXPIRED_IN_MATCH: ReportStatus.EXPIRED,
}
TYPES = {
    OrderType.LIMIT: RawType.LIMIT,
    OrderType.MARKET: RawType.MARKET,
    OrderType.STOP: RawType.STOP_LOSS,
    OrderType.STOP_LIMIT: RawType.STOP_LOSS_LIMIT,
}


# size: the port asks a venue for 22 methods; the others convert the exchange's values.
class MemoryVenue:
    """One account. Implements `Venue`."""

    def __init__(self, account: VenueAccount, clock: Clock) -> None:
        self.name = account.exchange
        self.promises = VenueFeatures(pairs=True, key_rights=True, finds_by_client_id=True, order_history=True)
        self._exchange, self._key, self._clock = EXCHANGES[account.exchange], account.key, clock
        self._listed: dict[str, Instrument] = {}
        self._heard: dict[str, int] = {}
        self._broken: dict[StreamChannel, str] = {}

    async def open(self) -> Mapping[str, Instrument]:
        self._listed = {f"{it.base}/{it.quote}": _instrument(it) for it in self._exchange.context.rules.values()}
        return self._listed

    async def close(self) -> None:
        self._heard.clear()

    # -- streams -------------------------------------------------------------------------------------------------

    async def market_stream(self, symbols: Sequence[str], interval: str, sink: Sink) -> None:
        sink(StreamUp(StreamChannel.MARKET))
        shown: dict[str, Quote] = {}
        closed = {symbol: (await self.candles(symbol, interval, 1))[-1:] for symbol in symbols}
        while True:
            for symbol in symbols:
                quote = await self.quote(symbol)
                if symbol not in shown or _figures(quote) != _figures(shown[symbol]):
                    shown[symbol] = quote
                    sink(quote)
                for candle in await self.candles(symbol, interval, 10):
                    if not closed[symbol] or candle.open_at > closed[symbol][-1].open_at:
                        closed[symbol] = [candle]
                        sink(candle)
                self._heard |= {f"quotes {symbol}": self._clock.now(), f"candles {symbol}": self._clock.now()}
            await self._pause(StreamChannel.MARKET, sink)

    async def account_stream(self, sink: Sink) -> None:
        account = self._authenticate(Security.READ).account
        last = self._newest()
        sink(StreamUp(StreamChannel.ACCOUNT))
        while True:
            for logged in [it for it in self._exchange.events if it.number > last]:
                if account_of(logged.event) == account:
                    self._report(logged.event, sink)
            last = self._newest()
            self._heard["account"] = self._clock.now()
            await self._pause(StreamChannel.ACCOUNT, sink)

    def _newest(self) -> int:
        return self._exchange.events[-1].number if self._exchange.events else 0

    async def _pause(self, channel: StreamChannel, sink: Sink) -> None:
        await asyncio.sleep(POLL_EVERY_S)
        if why := self._broken.pop(channel, ""):
            sink(StreamDown(channel, why))
            sink(StreamUp(channel))

    def _report(self, event: ExchangeEvent, sink: Sink) -> None:
        if isinstance(event, BalancesChanged):
            balances = {it.asset: (_amount(it.free, it.asset), _amount(it.locked, it.asset)) for it in event.balances}
            sink(BalanceReport(balances=balances, is_complete=False, at=event.at))
        elif isinstance(event, RawReport):
            order = self._order(event.order, client_id=event.original_client_id or event.order.client_id)
            if event.fill is not None:
                sink(self._fill(event.fill, order.client_id))
            sink(order)

    def reconnect(self, channel: StreamChannel, why: str) -> None:
        self._broken[channel] = why

    def ages(self) -> Mapping[str, int]:
        return {name: self._clock.now() - at for name, at in self._heard.items()}

    def clock_skew(self) -> int | None:
        return 0

    # -- orders --------------------------------------------------------------------------------------------------

    async def place(self, order: NewOrder) -> OrderReport:
        account = self._authenticate(Security.TRADE).account
        return self._order(_accepted(await self._exchange.backend.place(account, self._raw(order))))

    async def place_pair(self, pair: NewPair) -> tuple[OrderReport, OrderReport]:
        account = self._authenticate(Security.TRADE).account
        target = replace(self._raw(pair.target), type=RawType.LIMIT_MAKER)
        state = _accepted(await self._exchange.backend.place_pair(account, RawPair(target, self._raw(pair.stop), pair.client_id)))
        reports = {report.client_id: report for report in map(self._order, state.orders)}
        return reports[pair.stop.client_id], reports[pair.target.client_id]

    async def cancel(self, symbol: str, client_id: str) -> OrderReport:
        account, wire = self._authenticate(Security.TRADE).account, self._listed[symbol].venue_symbol
        state = _accepted(await self._exchange.backend.cancel(account, wire, OrderRef(client_id=client_id)))
        return self._order(state, client_id=client_id)

    async def find(self, symbol: str, client_id: str) -> OrderReport | None:
        return await self._look_up(symbol, OrderRef(client_id=client_id))

    async def order_of(self, symbol: str, venue_id: str) -> OrderReport | None:
        return await self._look_up(symbol, OrderRef(order_id=int(venue_id)))

    async def _look_up(self, symbol: str, ref: OrderRef) -> OrderReport | None:
        account, wire = self._authenticate(Security.READ).account, self._listed[symbol].venue_symbol
        answer = await self._exchange.backend.order(account, wire, ref)
        return None if answer == NO_SUCH_ORDER else self._order(_accepted(answer))

    async def open_orders(self, symbols: Sequence[str] = ()) -> Sequence[OrderReport]:
        account = self._authenticate(Security.READ).account
        found = [self._order(state) for state in await self._exchange.backend.open_orders(account, None)]
        return [report for report in found if not symbols or report.symbol in symbols]

    async def newest_orders(self, symbol: str) -> Sequence[OrderReport]:
        account, wire = self._authenticate(Security.READ).account, self._listed[symbol].venue_symbol
        return [self._order(state) for state in await self._exchange.backend.all_orders(account, wire, limit=PAGE)]

    async def fills_since(self, symbol: str, trade_id: str, since: int) -> Sequence[FillReport]:
        account, wire = self._authenticate(Security.READ).account, self._listed[symbol].venue_symbol
        fills = self._exchange.backend.fills
        page = await (fills(account, wire, from_id=int(trade_id) + 1) if trade_id else fills(account, wire, since=since))
        found = list(page)
        while len(page) == PAGE:
            page = await fills(account, wire, from_id=found[-1].trade_id + 1)
            found += page
        return [self._fill(fill, "") for fill in found]

    # -- market and account --------------------------------------------------------------------------------------

    async def candles(self, symbol: str, interval: str, limit: int) -> Sequence[Candle]:
        wire = self._listed[symbol].venue_symbol
        rows = await self._exchange.backend.candles(wire, interval, limit=limit + 1)
        candles = [_candle(row, symbol, interval) for row in rows]
        return [candle for candle in candles if candle.close_at <= self._clock.now()][-limit:]

    async def quote(self, symbol: str) -> Quote:
        depth = await self._exchange.backend.depth(self._listed[symbol].venue_symbol, 1)
        zero = (Decimal(0), Decimal(0))
        bid, ask = (next(((_decimal(it.price), _decimal(it.quantity)) for it in side), zero) for side in (depth.bids, depth.asks))
        return Quote(symbol, *bid, *ask, 0, self._clock.now())

    async def balances(self) -> BalanceReport:
        answer = await self._exchange.backend.account(self._authenticate(Security.READ).account)
        return BalanceReport(
            balances={it.asset: (_amount(it.free, it.asset), _amount(it.locked, it.asset)) for it in answer.balances},
            is_complete=True,
            at=answer.updated_at,
            can_trade=answer.standing.can_trade,
            kind=answer.standing.kind,
        )

    async def second_balances(self) -> BalanceReport:
        raise Rejected(f"{self.name} has no second endpoint with balances")

    async def fees(self, symbol: str) -> Fees:
        answer = await self._exchange.backend.account(self._authenticate(Security.READ).account)
        return Fees(_decimal(answer.maker_fee), _decimal(answer.taker_fee))

    async def server_time(self) -> int:
        return self._clock.now()

    async def key_rights(self) -> KeyRights:
        rights = self._authenticate(Security.READ).rights
        return KeyRights(
            can_read=rights.reading,
            can_trade=rights.spot_trading,
            can_withdraw=rights.withdrawals,
            is_address_restricted=bool(rights.addresses),
            expires_at=rights.expires_at,
        )

    def _authenticate(self, security: Security) -> Key:
        key = self._exchange.context.keyring.find(self._key, "in memory", self._clock.now())
        refusal = key if isinstance(key, ExchangeRefusal) else refuse(key, security)
        if refusal is not None:
            raise KeyRefused(refusal.message, str(refusal.code))
        assert isinstance(key, Key)
        return key

    # -- the exchange's values and ours --------------------------------------------------------------------------

    def _raw(self, order: NewOrder) -> RawOrder:
        return RawOrder(
            self._listed[order.symbol].venue_symbol,
            RawSide[order.side.name],
            TYPES[order.type],
            _units(order.quantity.value),
            price=_units(order.price.value) if order.price else 0,
            stop_price=_units(order.stop_price.value) if order.stop_price else 0,
            time_in_force=TimeInForce(order.time_in_force),
            client_id=order.client_id,
        )

    def _order(self, state: OrderSnapshot, client_id: str = "") -> OrderReport:
        listed = self._instrument_of(state.symbol)
        price, stop = (Price(_decimal(it), listed.base, listed.quote) if it else None for it in (state.price, state.stop_price))
        return OrderReport(
            client_id=client_id or state.client_id,
            venue_id=str(state.order_id),
            symbol=listed.symbol,
            side=Side[state.side.name],
            status=STATUSES[state.status],
            quantity=_amount(state.quantity, listed.base),
            filled=_amount(state.executed, listed.base),
            price=price,
            stop_price=stop,
            at=state.updated_at,
            created_at=state.created_at,
            list_id="" if state.list_id < 0 else str(state.list_id),
        )

    def _fill(self, fill: RawFill, client_id: str) -> FillReport:
        listed = self._instrument_of(fill.symbol)
        told = Fill(
            trade_id=str(fill.trade_id),
            price=Price(_decimal(fill.price), listed.base, listed.quote),
            quantity=_amount(fill.quantity, listed.base),
            quote=_amount(fill.quote, listed.quote),
            fee=_amount(fill.commission, fill.commission_asset),
            is_maker=fill.is_maker,
            at=fill.at,
        )
        return FillReport(
            client_id=client_id, venue_id=str(fill.order_id), symbol=listed.symbol, side=Side[fill.side.name], fill=told
        )

    def _instrument_of(self, wire: str) -> Instrument:
        return next(it for it in self._listed.values() if it.venue_symbol == wire)


def _accepted(answer: T | ExchangeRefusal) -> T:
    if not isinstance(answer, ExchangeRefusal):
        return answer
    kind = Duplicate if answer == DUPLICATE_ORDER else Rejected
    raise kind(answer.message, str(answer.code))


def _instrument(rules: SymbolRules) -> Instrument:
    return Instrument(
        symbol=f"{rules.base}/{rules.quote}",
        venue_symbol=rules.symbol,
        base=rules.base,
        quote=rules.quote,
        tick=_decimal(rules.tick),
        lot=_decimal(rules.lot),
        price_min=_decimal(rules.price_min),
        price_max=_decimal(rules.price_max),
        quantity_min=_decimal(rules.quantity_min),
        quantity_max=_decimal(rules.quantity_max),
        market_quantity_max=_decimal(rules.market_quantity_max),
        notional_min=_decimal(rules.notional_min),
        notional_max=_decimal(rules.notional_max),
        bid_up=_decimal(rules.bid_up),
        bid_down=_decimal(rules.bid_down),
        ask_up=_decimal(rules.ask_up),
        ask_down=_decimal(rules.ask_down),
    )


def _candle(row: RawCandle, symbol: str, interval: str) -> Candle:
    return Candle(
        symbol=symbol,
        open_at=row.open_at,
        close_at=row.open_at + INTERVALS[interval],
        open=_decimal(row.open),
        high=_decimal(row.high),
        low=_decimal(row.low),
        close=_decimal(row.close),
        volume=_decimal(row.volume),
        quote_volume=_decimal(row.quote_volume),
        count=row.trades,
    )


def _figures(quote: Quote) -> tuple[Decimal, ...]:
    return quote.bid, quote.bid_quantity, quote.ask, quote.ask_quantity


def _decimal(units: int) -> Decimal:
    return Decimal(units) / ONE


def _amount(units: int, asset: str) -> Amount:
    return Amount(_decimal(units), asset)


def _units(value: Decimal) -> int:
    return int(value * ONE)


def _make(account: VenueAccount, clock: Clock, chance: Chance, *, like: Venue | None, looks: Lane) -> Venue:
    return MemoryVenue(account, clock)


VENUE = VenuePlugin(
    name="memory", make=_make, exchanges=lambda: frozenset(EXCHANGES), known_as="no exchange that this process holds in memory"
)
