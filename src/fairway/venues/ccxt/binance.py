"""Speaks Binance's spot protocol through ccxt's implicit endpoints: exact text out, exact text in.

ccxt's unified calls would cut quantities to its own idea of the grid without a word, put a broker's name before client
ids that are missing, and answer sums instead of the venue's figures. The implicit endpoints sign, send and sort errors
in the same way, and leave what is sent to us.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fairway.market.candles import Candle, Quote
from fairway.market.instrument import Instrument
from fairway.money.amount import exact, text_of
from fairway.money.fees import Fees
from fairway.orders.order import OrderType, Side
from fairway.venues.ccxt import instruments, reading
from fairway.venues.ccxt.binance_streams import BinanceStreams
from fairway.venues.ccxt.errors import BINANCE_CODES, FailureKind
from fairway.venues.ccxt.reading import Instruments
from fairway.venues.ccxt.settings import CcxtSettings
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
from fairway.world.clock import DAY, MILLISECOND, Clock

PAGE: Final = 1000
"""Most rows that the venue gives at once."""
FILL_DAYS_MAX: Final = 30
"""Fills from longer ago are looked for from the account's very first one on, instead of day by day."""

_TYPES: Final = {
    OrderType.MARKET: "MARKET",
    OrderType.LIMIT: "LIMIT",
    OrderType.STOP: "STOP_LOSS",
    OrderType.STOP_LIMIT: "STOP_LOSS_LIMIT",
}
_NO_SUCH_ORDER: Final = '"code":-2013'


class Binance(BinanceStreams):
    """One account at Binance, its test network, or an exchange that speaks as it does."""

    codes: Mapping[int, FailureKind] = BINANCE_CODES
    fills_page = PAGE

    def __init__(self, client: Any, settings: CcxtSettings, clock: Clock) -> None:
        super().__init__(client, settings, clock)
        # The test network has no sapi endpoints, so it does not tell what a key may do, nor balances a second time.
        has_sapi = not settings.sandbox
        self.promises = VenueFeatures(
            pairs=True, key_rights=has_sapi, finds_by_client_id=True, order_history=True, second_balances=has_sapi
        )

    async def open(self) -> Instruments:
        self.instruments = Instruments(list(instruments.of_binance(await self.client.load_markets(True))))
        return self.instruments

    async def place(self, order: NewOrder) -> OrderReport:
        request = {
            "symbol": self._listed(order.symbol).venue_symbol,
            "side": order.side.value.upper(),
            "type": _TYPES[order.type],
            "quantity": text_of(order.quantity.value),
            "newClientOrderId": order.client_id,
            "newOrderRespType": "RESULT",
            **_prices(order),
        }
        return reading.order(await self.client.private_post_order(request), self.instruments)

    async def place_pair(self, pair: NewPair) -> tuple[OrderReport, OrderReport]:
        """Above is the leg with the higher price: the target where a holding is protected, the stop where a debt is."""
        sells = pair.stop.side is Side.SELL
        above, below = (pair.target, pair.stop) if sells else (pair.stop, pair.target)
        request = {
            "symbol": self._listed(pair.stop.symbol).venue_symbol,
            "side": pair.stop.side.value.upper(),
            "quantity": text_of(pair.stop.quantity.value),
            "listClientOrderId": pair.client_id,
            "newOrderRespType": "RESULT",
            **_leg("above", above),
            **_leg("below", below),
        }
        answer = await self.client.private_post_orderlist_oco(request)
        reports = {
            report.client_id: report for report in (reading.order(raw, self.instruments) for raw in answer["orderReports"])
        }
        return reports[pair.stop.client_id], reports[pair.target.client_id]

    async def cancel(self, listed: Instrument, client_id: str) -> OrderReport:
        request = {"symbol": listed.venue_symbol, "origClientOrderId": client_id}
        answer = await self.client.private_delete_order(request)
        # An order of a pair takes its pair with it: the answer is then the list's, with both orders' reports.
        for raw in answer.get("orderReports", (answer,)):
            report = reading.order(raw, self.instruments)
            if report.client_id == client_id:
                return report
        raise reading.MalformedAnswer(f"the answer to cancelling {client_id} does not name it")

    async def find(self, listed: Instrument, client_id: str) -> OrderReport | None:
        return await self._found({"symbol": listed.venue_symbol, "origClientOrderId": client_id})

    async def order_of(self, listed: Instrument, venue_id: str) -> OrderReport | None:
        return await self._found({"symbol": listed.venue_symbol, "orderId": venue_id})

    async def _found(self, request: dict[str, str]) -> OrderReport | None:
        from ccxt.base.errors import OrderNotFound

        try:
            return reading.order(await self.client.private_get_order(request), self.instruments)
        except OrderNotFound as error:
            if _NO_SUCH_ORDER in str(error).replace(" ", ""):
                return None
            raise

    async def open_orders(self, listed: Instrument | None) -> Sequence[OrderReport]:
        """Not those of pairs that were listed after the venue was opened: a person's, for nothing of ours can be there, and they
        must not hide the others."""
        request = {"symbol": listed.venue_symbol} if listed is not None else {}
        told = await self.client.private_get_openorders(request)
        return [reading.order(raw, self.instruments) for raw in told if self.instruments.lists(raw["symbol"])]

    async def fills_after(self, listed: Instrument, trade_id: str, since: int) -> Sequence[FillReport]:
        if trade_id:
            return await self._fills(listed, {"fromId": int(trade_id) + 1})
        now = self.clock.now()
        if now - since > FILL_DAYS_MAX * DAY:
            return await self._fills(listed, {"fromId": 0})
        # By time the venue gives a day at once, so each day is asked for until one has fills; ids lead on from there.
        while since <= now:
            until = since + DAY - MILLISECOND
            fills = await self._fills(listed, {"startTime": _ms(since), "endTime": _ms(until)})
            if fills:
                return fills
            since = until + MILLISECOND
        return []

    async def _fills(self, listed: Instrument, request: dict[str, int]) -> Sequence[FillReport]:
        answer = await self.client.private_get_mytrades({"symbol": listed.venue_symbol, "limit": PAGE, **request})
        return [reading.fill(raw, self.instruments) for raw in answer]

    async def candles(self, listed: Instrument, interval: str, since: int, limit: int) -> Sequence[Candle]:
        request = {"symbol": listed.venue_symbol, "interval": interval, "limit": min(limit, PAGE)}
        if since:
            request["startTime"] = _ms(since)
        rows = await self.client.public_get_klines(request)
        return [reading.candle(row, listed.symbol, interval) for row in rows]

    async def balances(self) -> BalanceReport:
        return reading.balances(await self.client.private_get_account({}))

    async def second_balances(self) -> BalanceReport:
        if not self.promises.second_balances:
            raise Rejected("the test network tells balances by one endpoint only")
        return reading.wallet(await self.client.sapi_get_capital_config_getall({}))

    async def newest_orders(self, listed: Instrument) -> Sequence[OrderReport]:
        """Not those without a quantity, such as a person's who bought for a sum of money and got nothing: none of ours is so."""
        told = await self.client.private_get_allorders({"symbol": listed.venue_symbol, "limit": ORDERS_AT_ONCE})
        return [reading.order(raw, self.instruments) for raw in told if exact(raw["origQty"])]

    async def fees(self, listed: Instrument) -> Fees:
        return reading.fees(await self.client.private_get_account_commission({"symbol": listed.venue_symbol}))

    async def server_time(self) -> int:
        return reading.server_time((await self.client.public_get_time({}))["serverTime"])

    async def quote(self, listed: Instrument) -> Quote:
        asked_at = self.clock.now()
        raw = await self.client.public_get_ticker_bookticker({"symbol": listed.venue_symbol})
        return reading.asked_quote(raw, listed.symbol, asked_at)

    async def key_rights(self) -> KeyRights:
        if not self.promises.key_rights:
            raise Rejected("the test network does not tell what a key may do")
        return reading.key_rights(await self.client.sapi_get_account_apirestrictions({}))

    def _listed(self, symbol: str) -> Instrument:
        return self.instruments.by_symbol[symbol]


def _prices(order: NewOrder) -> dict[str, str]:
    prices: dict[str, str] = {}
    if order.price is not None:
        prices |= {"price": text_of(order.price.value), "timeInForce": order.time_in_force}
    if order.stop_price is not None:
        prices["stopPrice"] = text_of(order.stop_price.value)
    return prices


def _leg(place: str, order: NewOrder) -> dict[str, str]:
    """One leg of a pair. A target only makes: it rests in the book, so it is a LIMIT_MAKER and has no time in force."""
    kind = "LIMIT_MAKER" if order.type is OrderType.LIMIT else _TYPES[order.type]
    prices = _prices(order)
    if kind == "LIMIT_MAKER":
        del prices["timeInForce"]
    named = {f"{place}{name[0].upper()}{name[1:]}": text for name, text in prices.items()}
    return {f"{place}Type": kind, f"{place}ClientOrderId": order.client_id, **named}


def _ms(instant: int) -> int:
    """Milliseconds, rounded down: asking from a little earlier on loses nothing."""
    return instant // MILLISECOND
