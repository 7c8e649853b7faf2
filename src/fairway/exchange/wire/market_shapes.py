"""The JSON of symbols, books, trades, candles and tickers, as REST and the WebSocket API answer them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fairway.exchange.market_data import BookLevel, Candle, Depth, Print
from fairway.exchange.rules import SymbolRules
from fairway.exchange.tape import DayFigures
from fairway.exchange.terms import OrderType, SelfTrade
from fairway.exchange.units import ONE, short_text, text
from fairway.world.clock import MILLISECOND

Json = dict[str, object]
_ZERO: Final = text(0)
_ORDER_TYPES: Final = [kind.value for kind in OrderType]
_SELF_TRADE: Final = [mode.value for mode in SelfTrade]
_UNBOUNDED: Final = 9_000_000 * ONE
"""What a maximum of "none" is published as."""


@dataclass(frozen=True, slots=True)
class PriceChangeWindow:
    """What traded in a span of time. Prices are 0 where nothing did; instants in nanoseconds."""

    symbol: str
    opened_at: int
    closed_at: int
    open: int = 0
    high: int = 0
    low: int = 0
    close: int = 0
    volume: int = 0
    quote_volume: int = 0
    trades: int = 0
    first_trade_id: int = -1
    last_trade_id: int = -1
    before: int = 0
    """Last price before the span."""
    last_quantity: int = 0
    weighted: int = 0
    """Average price, weighted by volume."""

    @property
    def change(self) -> int:
        return self.close - self.open

    @property
    def change_percent(self) -> str:
        """Change in percent, three decimals, cut down."""
        thousandths = abs(self.change) * 100_000 // self.open if self.open else 0
        return f"{'-' if self.change < 0 else ''}{thousandths // 1000}.{thousandths % 1000:03d}"


def window_of_day(symbol: str, day: DayFigures) -> PriceChangeWindow:
    """The last 24 hours, as the back end keeps them."""
    return PriceChangeWindow(
        symbol,
        day.open_at,
        day.close_at,
        day.open,
        day.high,
        day.low,
        day.last,
        day.volume,
        day.quote_volume,
        day.trades,
        day.first_trade_id,
        day.last_trade_id,
        day.previous_close,
        day.last_quantity,
        day.weighted_average,
    )


def window_of(symbol: str, candles: Sequence[Candle], opened_at: int, closed_at: int) -> PriceChangeWindow:
    """The figures of a span from its candles, oldest first."""
    traded = [candle for candle in candles if candle.trades]
    if not traded:
        flat = candles[-1].close if candles else 0
        return PriceChangeWindow(symbol, opened_at, closed_at, flat, flat, flat, flat, before=flat)
    volume, quote_volume = sum(candle.volume for candle in traded), sum(candle.quote_volume for candle in traded)
    return PriceChangeWindow(
        symbol,
        opened_at,
        closed_at,
        traded[0].open,
        max(candle.high for candle in traded),
        min(candle.low for candle in traded),
        traded[-1].close,
        volume,
        quote_volume,
        sum(candle.trades for candle in traded),
        traded[0].first_trade_id,
        traded[-1].last_trade_id,
        weighted=quote_volume * ONE // volume if volume else 0,
    )


def symbol_info(rules: SymbolRules, status: str) -> Json:
    """A symbol as exchangeInfo shows it; what the practice exchange cannot do is switched off in it."""
    return {
        "symbol": rules.symbol,
        "status": status,
        "baseAsset": rules.base,
        "baseAssetPrecision": 8,
        "quoteAsset": rules.quote,
        "quotePrecision": 8,
        "quoteAssetPrecision": 8,
        "baseCommissionPrecision": 8,
        "quoteCommissionPrecision": 8,
        "orderTypes": _ORDER_TYPES,
        "icebergAllowed": False,
        "ocoAllowed": True,
        "otoAllowed": True,
        "quoteOrderQtyMarketAllowed": True,
        "allowTrailingStop": False,
        "cancelReplaceAllowed": True,
        "amendAllowed": True,
        "pegInstructionsAllowed": False,
        "isSpotTradingAllowed": True,
        "isMarginTradingAllowed": False,
        "filters": filters(rules),
        "permissions": [],
        "permissionSets": [["SPOT"]],
        "defaultSelfTradePreventionMode": SelfTrade.EXPIRE_MAKER.value,
        "allowedSelfTradePreventionModes": _SELF_TRADE,
    }


def filters(rules: SymbolRules) -> list[Json]:
    return [
        {
            "filterType": "PRICE_FILTER",
            "minPrice": text(rules.price_min),
            "maxPrice": text(rules.price_max),
            "tickSize": text(rules.tick),
        },
        {
            "filterType": "LOT_SIZE",
            "minQty": text(rules.quantity_min),
            "maxQty": text(rules.quantity_max or _UNBOUNDED),
            "stepSize": text(rules.lot),
        },
        {
            "filterType": "MARKET_LOT_SIZE",
            "minQty": _ZERO,
            "maxQty": text(rules.market_quantity_max or _UNBOUNDED),
            "stepSize": _ZERO,
        },
        {
            "filterType": "PERCENT_PRICE_BY_SIDE",
            "bidMultiplierUp": short_text(rules.bid_up),
            "bidMultiplierDown": short_text(rules.bid_down),
            "askMultiplierUp": short_text(rules.ask_up),
            "askMultiplierDown": short_text(rules.ask_down),
            "avgPriceMins": rules.average_minutes,
        },
        {
            "filterType": "NOTIONAL",
            "minNotional": text(rules.notional_min),
            "applyMinToMarket": True,
            "maxNotional": text(rules.notional_max or _UNBOUNDED),
            "applyMaxToMarket": False,
            "avgPriceMins": rules.average_minutes,
        },
        {"filterType": "MAX_NUM_ORDERS", "maxNumOrders": rules.orders_max},
        {"filterType": "MAX_NUM_ALGO_ORDERS", "maxNumAlgoOrders": rules.algo_orders_max},
        {"filterType": "MAX_NUM_ORDER_AMENDS", "maxNumOrderAmends": rules.amends_max},
    ]


def levels(side: Sequence[BookLevel]) -> list[tuple[str, str]]:
    return [(text(level.price), text(level.quantity)) for level in side]


def depth(book: Depth) -> Json:
    return {"lastUpdateId": book.update_id, "bids": levels(book.bids), "asks": levels(book.asks)}


def trade(it: Print) -> Json:
    return {
        "id": it.trade_id,
        "price": text(it.price),
        "qty": text(it.quantity),
        "quoteQty": text(it.quote),
        "time": it.at // MILLISECOND,
        "isBuyerMaker": it.buyer_is_maker,
        "isBestMatch": True,
    }


def aggregate_trade(it: Print) -> Json:
    """Each print is an aggregate of its own: what one order took at one price is one print here already."""
    return {
        "a": it.trade_id,
        "p": text(it.price),
        "q": text(it.quantity),
        "f": it.trade_id,
        "l": it.trade_id + it.trades - 1,
        "T": it.at // MILLISECOND,
        "m": it.buyer_is_maker,
        "M": True,
    }


def candle(it: Candle) -> tuple[object, ...]:
    return (
        it.open_at // MILLISECOND,
        text(it.open),
        text(it.high),
        text(it.low),
        text(it.close),
        text(it.volume),
        it.close_at // MILLISECOND,
        text(it.quote_volume),
        it.trades,
        text(it.taker_buy_volume),
        text(it.taker_buy_quote),
        "0",
    )


def best(book: Depth) -> tuple[str, str, str, str]:
    """Best bid with quantity, best ask with quantity; zeros where a side is empty."""
    bid = book.bids[0] if book.bids else BookLevel(0, 0)
    ask = book.asks[0] if book.asks else BookLevel(0, 0)
    return text(bid.price), text(bid.quantity), text(ask.price), text(ask.quantity)


def book_ticker(book: Depth) -> Json:
    bid, bid_quantity, ask, ask_quantity = best(book)
    return {"symbol": book.symbol, "bidPrice": bid, "bidQty": bid_quantity, "askPrice": ask, "askQty": ask_quantity}


def day_ticker(window: PriceChangeWindow, book: Depth) -> Json:
    """The 24-hour ticker (FULL)."""
    bid, bid_quantity, ask, ask_quantity = best(book)
    return {
        "symbol": window.symbol,
        "priceChange": text(window.change),
        "priceChangePercent": window.change_percent,
        "weightedAvgPrice": text(window.weighted),
        "prevClosePrice": text(window.before),
        "lastPrice": text(window.close),
        "lastQty": text(window.last_quantity),
        "bidPrice": bid,
        "bidQty": bid_quantity,
        "askPrice": ask,
        "askQty": ask_quantity,
        **_figures(window),
    }


def mini_ticker(window: PriceChangeWindow) -> Json:
    """A ticker without comparisons (MINI)."""
    return {"symbol": window.symbol, "lastPrice": text(window.close), **_figures(window)}


def window_ticker(window: PriceChangeWindow) -> Json:
    """The rolling ticker (FULL)."""
    return {
        "symbol": window.symbol,
        "priceChange": text(window.change),
        "priceChangePercent": window.change_percent,
        "weightedAvgPrice": text(window.weighted),
        "lastPrice": text(window.close),
        **_figures(window),
    }


def _figures(window: PriceChangeWindow) -> Json:
    return {
        "openPrice": text(window.open),
        "highPrice": text(window.high),
        "lowPrice": text(window.low),
        "volume": text(window.volume),
        "quoteVolume": text(window.quote_volume),
        "openTime": window.opened_at // MILLISECOND,
        "closeTime": window.closed_at // MILLISECOND,
        "firstId": window.first_trade_id,
        "lastId": window.last_trade_id,
        "count": window.trades,
    }
