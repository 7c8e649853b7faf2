"""Decides the grid and filters of a replayed pair: the real exchange's for known pairs, and never coarser than the data."""

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Final

from fairway.exchange.rules import SymbolRules
from fairway.exchange.units import ONE
from fairway.market.candles import Candle, Trade
from fairway.market.files.frames import BookSnapshot, Difference, FrameEvent, FrameFile, Levels, Top
from fairway.market.files.klines import CandleFile, least_trades
from fairway.market.files.trades import TradeFile

_KNOWN: Final[dict[str, tuple[str, str]]] = {
    "BTC/USDT": ("0.01", "0.00001"),
    "ETH/USDT": ("0.01", "0.0001"),
    "SOL/USDT": ("0.01", "0.001"),
    "BNB/USDT": ("0.01", "0.001"),
    "ETH/BTC": ("0.00001", "0.0001"),
    "LTC/BTC": ("0.000001", "0.001"),
}
"""Tick and lot of pairs as binance.com had them in 2025. Other pairs have what their data shows."""

_NOTIONAL_MIN: Final[dict[str, str]] = {"BTC": "0.0001", "ETH": "0.001", "BNB": "0.01"}
"""The least quote amount of an order by quote asset, as binance.com had it in 2025; 5 for those not listed."""

_LARGEST: Final = 9_000_000 * ONE
"""Upper bound of an order's quantity and notional, as the exchange has it for many pairs; and of a price, see PRICE_ROOM."""
PRICE_ROOM: Final = 100
"""A price may become this many times the highest one of the data."""


def rules_for(source: CandleFile | TradeFile | FrameFile) -> SymbolRules:
    """The filters under which a replayed pair trades; every price and volume of the file lies on their grid."""
    match source:
        case CandleFile():
            prices = {price for candle in source.candles for price in (candle.open, candle.high, candle.low, candle.close)}
            # Each trade of a candle needs a lot at least, so a share of a volume stands for it.
            quantities = {candle.volume for candle in source.candles}
            quantities |= {_lot_below(candle) for candle in source.candles if candle.volume}
        case TradeFile():
            prices = {trade.price for trade in source.trades}
            quantities = {trade.quantity for trade in source.trades}
        case FrameFile():
            pairs = {pair for frame in source.frames for pair in _levels(frame.event)}
            prices, quantities = {price for price, _ in pairs}, {quantity for _, quantity in pairs}
    return rules_of(source.symbol, prices, quantities)


def _lot_below(candle: Candle) -> Decimal:
    """The largest power of ten of which the candle's volume holds one for each of its trades."""
    return Decimal(10) ** (candle.volume / least_trades(candle)).adjusted()


def _levels(event: FrameEvent) -> Levels:
    match event:
        case Trade():
            return [(event.price, event.quantity)]
        case BookSnapshot() | Difference():
            return [*event.bids, *event.asks]
        case Top(quote=quote):
            return [(quote.bid, quote.bid_quantity), (quote.ask, quote.ask_quantity)]


def rules_of(symbol: str, prices: Collection[Decimal], quantities: Iterable[Decimal]) -> SymbolRules:
    """The filters of a pair (`BTC/USDT`) with these prices and quantities, which have at most eight decimals."""
    base, quote = symbol.split("/")
    # A pair whose data shows whole numbers only has a step of one, however large the numbers are.
    tick_most, lot_most = (units_of(Decimal(step)) for step in _KNOWN.get(symbol, ("1", "1")))
    tick = _finest(map(units_of, prices), tick_most)
    lot = _finest(map(units_of, quantities), lot_most)
    return SymbolRules(
        symbol=base + quote,
        base=base,
        quote=quote,
        tick=tick,
        price_min=tick,
        price_max=max(_LARGEST, units_of(max(prices)) // tick * tick * PRICE_ROOM),
        lot=lot,
        quantity_min=lot,
        quantity_max=_LARGEST,
        market_quantity_max=_LARGEST,
        notional_min=units_of(Decimal(_NOTIONAL_MIN.get(quote, "5"))),
        notional_max=_LARGEST,
    )


def units_of(value: Decimal) -> int:
    """Count of 10⁻⁸ in a decimal of at most eight places."""
    return int(value * ONE)


def _finest(numbers: Iterable[int], step: int) -> int:
    """The largest power of ten, at most step, on which all numbers lie."""
    for number in numbers:
        while number % step:
            step //= 10
    return step
