"""Speaks ccxt's unified language: any exchange, with what all of them have in common.

Simplified where ccxt is: pairs of stop and target are not held, key rights are not told, and an order is found by client
id only where the exchange takes `clientOrderId`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fairway.market.candles import Candle, Quote
from fairway.market.instrument import Instrument
from fairway.money.amount import exact, text_of
from fairway.money.fees import Fees
from fairway.orders.order import OrderType
from fairway.venues.ccxt import instruments
from fairway.venues.ccxt import unified_reading as reading
from fairway.venues.ccxt.errors import FailureKind
from fairway.venues.ccxt.reading import Instruments, server_time
from fairway.venues.ccxt.settings import CcxtSettings
from fairway.venues.ccxt.unified_streams import UnifiedStreams
from fairway.venues.port import (
    ORDERS_AT_ONCE,
    BalanceReport,
    FillReport,
    KeyRights,
    NewOrder,
    NewPair,
    OrderReport,
    Rejected,
    VenueFeatures,
)
from fairway.world.clock import MILLISECOND, Clock

PAGE: Final = 500


class UnifiedVenue(UnifiedStreams):
    """One account at any exchange that ccxt knows."""

    codes: Mapping[int, FailureKind] = {}
    fills_page = 1
    """How long a page is differs by exchange: only an empty one is surely the last."""

    def __init__(self, client: Any, settings: CcxtSettings, clock: Clock) -> None:
        super().__init__(client, settings, clock)
        tells = bool(client.has.get("fetchOrders"))
        self.promises = VenueFeatures(pairs=False, key_rights=False, finds_by_client_id=False, order_history=tells)
        self._told: tuple[str, str, int] = ("", "", 0)
        """Symbol, trade id and instant of the last fill that was told: where the next page begins."""

    async def open(self) -> Instruments:
        from ccxt.base.decimal_to_precision import DECIMAL_PLACES

        markets = await self.client.load_markets(True)
        listed = list(instruments.of_unified(markets, steps_are_digits=self.client.precisionMode == DECIMAL_PLACES))
        self.instruments = Instruments(listed)
        return self.instruments

    async def place(self, order: NewOrder) -> OrderReport:
        self._refuse_another_grid(order)
        kind = "market" if order.type in (OrderType.MARKET, OrderType.STOP) else "limit"
        price = None if order.price is None else text_of(order.price.value)
        extra = {"clientOrderId": order.client_id}
        if order.time_in_force != "GTC":  # GTC is what every exchange does unasked, and some refuse to be asked for it
            extra["timeInForce"] = order.time_in_force
        if order.stop_price is not None:
            extra["stopLossPrice"] = text_of(order.stop_price.value)
        quantity = text_of(order.quantity.value)
        raw = await self.client.create_order(order.symbol, kind, order.side.value, quantity, price, extra)
        return reading.order(raw, self.listed, asked=order)

    def _refuse_another_grid(self, order: NewOrder) -> None:
        """ccxt rounds to its own grid without a word; what it would send must be what was asked for."""
        sent = exact(self.client.amount_to_precision(order.symbol, text_of(order.quantity.value)))
        if sent != order.quantity.value:
            raise Rejected(f"{order.symbol}: the quantity {order.quantity} is not on the grid; the nearest is {sent}")
        for price in (order.price, order.stop_price):
            if price is not None and exact(self.client.price_to_precision(order.symbol, text_of(price.value))) != price.value:
                raise Rejected(f"{order.symbol}: the price {price} is not on the grid")

    async def place_pair(self, pair: NewPair) -> tuple[OrderReport, OrderReport]:
        raise Rejected(f"{self.client.id} does not hold a stop and a target of which one cancels the other")

    async def cancel(self, listed: Instrument, client_id: str) -> OrderReport:
        found = await self.find(listed, client_id)
        if found is None:
            raise Rejected(f"{self.client.id} knows no order {client_id}")
        await self.client.cancel_order(found.venue_id, listed.symbol)
        # What a cancel answers differs by exchange, so the order itself is asked for.
        return reading.order(await self.client.fetch_order(found.venue_id, listed.symbol), self.listed)

    async def find(self, listed: Instrument, client_id: str) -> OrderReport | None:
        return await self._found(None, listed, {"clientOrderId": client_id})

    async def order_of(self, listed: Instrument, venue_id: str) -> OrderReport | None:
        return await self._found(venue_id, listed, {})

    async def _found(self, venue_id: str | None, listed: Instrument, named: dict[str, str]) -> OrderReport | None:
        from ccxt.base.errors import OrderNotFound

        try:
            raw = await self.client.fetch_order(venue_id, listed.symbol, named)
        except OrderNotFound:
            return None
        return reading.order(raw, self.listed)

    async def open_orders(self, listed: Instrument | None) -> Sequence[OrderReport]:
        symbol = listed.symbol if listed is not None else None
        return [reading.order(raw, self.listed) for raw in await self.client.fetch_open_orders(symbol)]

    async def fills_after(self, listed: Instrument, trade_id: str, since: int) -> Sequence[FillReport]:
        """By time, because ids lead on at few exchanges; the rows up to the known trade are left out."""
        symbol, last_id, last_at = self._told
        begin = last_at if trade_id and (symbol, last_id) == (listed.symbol, trade_id) else since
        rows = sorted(await self.client.fetch_my_trades(listed.symbol, begin // MILLISECOND, PAGE), key=reading.trade_order)
        fills = [reading.fill(raw, self.listed) for raw in rows]
        known = next((index for index, report in enumerate(fills) if report.fill.trade_id == trade_id), -1)
        fresh = fills[known + 1 :]
        if fresh:
            self._told = (listed.symbol, fresh[-1].fill.trade_id, fresh[-1].fill.at)
        return fresh

    async def candles(self, listed: Instrument, interval: str, since: int, limit: int) -> Sequence[Candle]:
        rows = await self.client.fetch_ohlcv(listed.symbol, interval, since // MILLISECOND if since else None, limit)
        return [reading.candle(row, listed.symbol, interval) for row in rows]

    async def balances(self) -> BalanceReport:
        return reading.balances(await self.client.fetch_balance(), is_complete=True)

    async def second_balances(self) -> BalanceReport:
        raise Rejected(f"{self.client.id} tells balances by one endpoint only")

    async def newest_orders(self, listed: Instrument) -> Sequence[OrderReport]:
        return [reading.order(raw, self.listed) for raw in await self.client.fetch_orders(listed.symbol, None, ORDERS_AT_ONCE)]

    async def fees(self, listed: Instrument) -> Fees:
        raw = await self.client.fetch_trading_fee(listed.symbol)
        return Fees(exact(str(raw["maker"])), exact(str(raw["taker"])))

    async def server_time(self) -> int:
        return server_time(await self.client.fetch_time())

    async def quote(self, listed: Instrument) -> Quote:
        asked_at = self.clock.now()
        tickers = self.client.fetch_bids_asks if self.client.has.get("fetchBidsAsks") else self.client.fetch_tickers
        return reading.quote((await tickers([listed.symbol]))[listed.symbol], asked_at)

    async def key_rights(self) -> KeyRights:
        raise Rejected(f"{self.client.id} does not tell what a key may do")
