"""The public endpoints: symbols, books, trades, candles, tickers."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from fairway.exchange.intervals import INTERVALS, Calendar
from fairway.exchange.tape import PRINTS_KEPT
from fairway.exchange.units import text
from fairway.exchange.wire import errors, market_shapes
from fairway.exchange.wire.endpoint_context import Endpoint, EndpointCall, EndpointContext
from fairway.exchange.wire.errors import RequestRefused
from fairway.exchange.wire.market_shapes import PriceChangeWindow, window_of, window_of_day
from fairway.exchange.wire.parameters import known
from fairway.world.clock import DAY, HOUR, MILLISECOND, MINUTE

_WINDOW_UNITS: Final = {"m": MINUTE, "h": HOUR, "d": DAY}
_WINDOW_LARGEST: Final = {"m": 59, "h": 23, "d": 7}


async def ping(context: EndpointContext, call: EndpointCall) -> object:
    return {}


async def server_time(context: EndpointContext, call: EndpointCall) -> object:
    return {"serverTime": call.now // MILLISECOND}


async def exchange_info(context: EndpointContext, call: EndpointCall) -> object:
    shapes = []
    chosen = _chosen_symbols(context, call)
    wanted = call.parameters.text("permissions")
    spot = not wanted or "SPOT" in wanted
    for symbol in chosen if chosen is not None else context.rules:
        status = context.status_of(context.rules[symbol], call.now)
        if status and spot:
            shapes.append(market_shapes.symbol_info(context.rules[symbol], status))
    return {
        "timezone": "UTC",
        "serverTime": call.now // MILLISECOND,
        "rateLimits": context.limits.published(),
        "exchangeFilters": [],
        "symbols": shapes,
    }


async def depth(context: EndpointContext, call: EndpointCall) -> object:
    symbol = context.rules_of(call.parameters.symbol(), call.now).symbol
    return market_shapes.depth(await context.backend.depth(symbol, call.parameters.limit(100, 5000)))


async def trades(context: EndpointContext, call: EndpointCall) -> object:
    symbol = context.rules_of(call.parameters.symbol(), call.now).symbol
    from_id = call.parameters.whole("fromId", -1)
    found = await context.backend.trades(symbol, from_id=from_id, limit=call.parameters.limit(500, 1000))
    return [market_shapes.trade(it) for it in found]


async def aggregate_trades(context: EndpointContext, call: EndpointCall) -> object:
    """Simplified: each trade is an aggregate of its own. By time they are searched as far back as trades are remembered."""
    parameters = call.parameters
    symbol = context.rules_of(parameters.symbol(), call.now).symbol
    since, until = parameters.instant("startTime"), parameters.instant("endTime")
    limit, from_id = parameters.limit(500, 1000), parameters.whole("fromId", -1)
    if from_id >= 0 and (since or until):
        raise RequestRefused(errors.BAD_COMBINATION)
    if not since and not until:
        return [market_shapes.aggregate_trade(it) for it in await context.backend.trades(symbol, from_id=from_id, limit=limit)]
    last = until + MILLISECOND - 1 if until else context.market.now()
    found = [it for it in await context.backend.trades(symbol, limit=PRINTS_KEPT) if since <= it.at <= last]
    return [market_shapes.aggregate_trade(it) for it in (found[:limit] if since else found[-limit:])]


async def klines(context: EndpointContext, call: EndpointCall) -> object:
    parameters = call.parameters
    symbol = context.rules_of(parameters.symbol(), call.now).symbol
    interval = parameters.needed("interval")
    if interval not in INTERVALS:
        raise RequestRefused(errors.BAD_INTERVAL)
    until = parameters.instant("endTime")
    found = await context.backend.candles(
        symbol,
        interval,
        since=parameters.instant("startTime"),
        until=until + MILLISECOND - 1 if until else 0,
        limit=parameters.limit(500, 1000),
        zone_ns=parameters.zone("timeZone"),
    )
    return [market_shapes.candle(it) for it in found]


async def average_price(context: EndpointContext, call: EndpointCall) -> object:
    rules = context.rules_of(call.parameters.symbol(), call.now)
    price = context.figures.average_price(rules.symbol)
    return {"mins": rules.average_minutes, "price": text(price), "closeTime": context.market.now() // MILLISECOND}


async def day_ticker(context: EndpointContext, call: EndpointCall) -> object:
    mini = _is_mini(call)

    async def shape(symbol: str) -> object:
        figures = day_window(context, symbol)
        if mini:
            return market_shapes.mini_ticker(figures)
        return market_shapes.day_ticker(figures, await context.backend.depth(symbol, 1))

    return await _one_or_many(context, call, shape)


async def window_ticker(context: EndpointContext, call: EndpointCall) -> object:
    mini, span = _is_mini(call), _window_span(call.parameters.text("windowSize") or "1d")
    if _chosen_symbols(context, call) is None:
        raise RequestRefused(errors.missing_both("symbol", "symbols"))

    async def shape(symbol: str) -> object:
        figures = rolling_window(context, symbol, context.market.now(), span)
        return market_shapes.mini_ticker(figures) if mini else market_shapes.window_ticker(figures)

    return await _one_or_many(context, call, shape)


async def trading_day_ticker(context: EndpointContext, call: EndpointCall) -> object:
    """What was traded since midnight in a time zone; it closes at the next midnight."""
    mini, zone = _is_mini(call), call.parameters.zone("timeZone")
    if _chosen_symbols(context, call) is None:
        raise RequestRefused(errors.missing_both("symbol", "symbols"))
    opened = Calendar("1d", zone).opening(context.market.now())

    async def shape(symbol: str) -> object:
        figures = _window_since(context, symbol, opened, opened + DAY - 1)
        return market_shapes.mini_ticker(figures) if mini else market_shapes.window_ticker(figures)

    return await _one_or_many(context, call, shape)


async def price_ticker(context: EndpointContext, call: EndpointCall) -> object:
    async def shape(symbol: str) -> object:
        return {"symbol": symbol, "price": text(await last_price(context, symbol))}

    return await _one_or_many(context, call, shape)


async def book_ticker(context: EndpointContext, call: EndpointCall) -> object:
    async def shape(symbol: str) -> object:
        return market_shapes.book_ticker(await context.backend.depth(symbol, 1))

    return await _one_or_many(context, call, shape)


def day_window(context: EndpointContext, symbol: str) -> PriceChangeWindow:
    """What traded in the last 24 hours."""
    return window_of_day(symbol, context.figures.day(symbol))


def rolling_window(context: EndpointContext, symbol: str, now: int, span: int) -> PriceChangeWindow:
    """What traded in the last `span` nanoseconds; the window opens on a minute, so it may be up to one minute longer."""
    return _window_since(context, symbol, (now - span) // MINUTE * MINUTE, now)


def _window_since(context: EndpointContext, symbol: str, opened: int, closes_at: int) -> PriceChangeWindow:
    candle = context.figures.since(symbol, opened)
    return window_of(symbol, [candle] if candle is not None else [], opened, closes_at)


async def last_price(context: EndpointContext, symbol: str) -> int:
    latest = await context.backend.trades(symbol, limit=1)
    return latest[-1].price if latest else 0


async def _one_or_many(context: EndpointContext, call: EndpointCall, shape: Callable[[str], Awaitable[object]]) -> object:
    chosen = _chosen_symbols(context, call)
    if chosen is None:
        chosen = [it.symbol for it in context.rules.values() if context.status_of(it, call.now)]
    shapes = [await shape(symbol) for symbol in chosen]
    return shapes[0] if call.parameters.has("symbol") else shapes


def _chosen_symbols(context: EndpointContext, call: EndpointCall) -> Sequence[str] | None:
    """The symbols asked for, by `symbol` or by `symbols`; None where neither was sent."""
    one, many = call.parameters.symbol_if_sent(), call.parameters.words("symbols")
    if one is not None and many is not None:
        raise RequestRefused(errors.BAD_COMBINATION)
    chosen = [one] if one is not None else many
    return None if chosen is None else [context.rules_of(symbol, call.now).symbol for symbol in chosen]


def _is_mini(call: EndpointCall) -> bool:
    kind = call.parameters.text("type") or "FULL"
    if kind not in ("FULL", "MINI"):
        raise RequestRefused(errors.bad_data("type"))
    return kind == "MINI"


def _window_span(size: str) -> int:
    number, unit = size[:-1], size[-1]
    if not number.isascii() or not number.isdigit() or unit not in _WINDOW_UNITS:
        raise RequestRefused(errors.bad_data("windowSize"))
    if not 1 <= int(number) <= _WINDOW_LARGEST[unit]:
        raise RequestRefused(errors.bad_data("windowSize"))
    return int(number) * _WINDOW_UNITS[unit]


def _depth_weight(values: Mapping[str, str]) -> int:
    limit = _number(values.get("limit", ""), 100)
    return next((weight for most, weight in ((100, 5), (500, 25), (1000, 50)) if limit <= most), 250)


def _day_weight(values: Mapping[str, str]) -> int:
    if "symbol" in values:
        return 2
    symbols = values["symbols"].count(",") + 1 if "symbols" in values else 101
    return 2 if symbols <= 20 else 40 if symbols <= 100 else 80


def _window_weight(values: Mapping[str, str]) -> int:
    return min(4 * (values.get("symbols", "").count(",") + 1), 200)


def _number(value: str, default: int) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else default


_SYMBOLS: Final = known("symbol symbols symbolStatus")
MARKET_ENDPOINTS: Final = (
    Endpoint("ping", ping, known(""), 1),
    Endpoint("time", server_time, known(""), 1),
    Endpoint("exchangeInfo", exchange_info, known("permissions showPermissionSets", _SYMBOLS), 20),
    Endpoint("depth", depth, known("symbol limit symbolStatus"), _depth_weight),
    Endpoint("trades.recent", trades, known("symbol limit"), 25),
    Endpoint("trades.historical", trades, known("symbol limit fromId"), 25),
    Endpoint("trades.aggregate", aggregate_trades, known("symbol fromId startTime endTime limit"), 4),
    Endpoint("klines", klines, known("symbol interval startTime endTime timeZone limit"), 2),
    Endpoint("uiKlines", klines, known("symbol interval startTime endTime timeZone limit"), 2),
    Endpoint("avgPrice", average_price, known("symbol"), 2),
    Endpoint("ticker.24hr", day_ticker, known("type", _SYMBOLS), _day_weight),
    Endpoint("ticker", window_ticker, known("windowSize type", _SYMBOLS), _window_weight),
    Endpoint("ticker.tradingDay", trading_day_ticker, known("timeZone type", _SYMBOLS), _window_weight),
    Endpoint("ticker.price", price_ticker, _SYMBOLS, lambda values: 2 if "symbol" in values else 4),
    Endpoint("ticker.book", book_ticker, _SYMBOLS, lambda values: 2 if "symbol" in values else 4),
)
