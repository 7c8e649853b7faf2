"""The frames of market streams as bytes, with the exchange's one-letter names. Instants are nanoseconds.

The frames that come with every change are written by hand: a dictionary and an encoder cost several times as much.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from fairway.exchange.market_data import BookLevel, Candle, Depth, Print
from fairway.exchange.units import text
from fairway.exchange.wire.market_shapes import PriceChangeWindow, best, levels
from fairway.world.clock import MILLISECOND

encode: Final = msgspec.json.Encoder().encode


def trade(it: Print, now: int) -> bytes:
    return (
        f'{{"e":"trade","E":{now // MILLISECOND},"s":"{it.symbol}","t":{it.trade_id},"p":"{text(it.price)}",'
        f'"q":"{text(it.quantity)}","T":{it.at // MILLISECOND},"m":{_flag(it.buyer_is_maker)},"M":true}}'
    ).encode()


def aggregate_trade(it: Print, now: int) -> bytes:
    return (
        f'{{"e":"aggTrade","E":{now // MILLISECOND},"s":"{it.symbol}","a":{it.trade_id},"p":"{text(it.price)}",'
        f'"q":"{text(it.quantity)}","f":{it.trade_id},"l":{it.trade_id + it.trades - 1},"T":{it.at // MILLISECOND},'
        f'"m":{_flag(it.buyer_is_maker)},"M":true}}'
    ).encode()


def book_ticker(symbol: str, update_id: int, bid: BookLevel, ask: BookLevel) -> bytes:
    return (
        f'{{"u":{update_id},"s":"{symbol}","b":"{text(bid.price)}","B":"{text(bid.quantity)}",'
        f'"a":"{text(ask.price)}","A":"{text(ask.quantity)}"}}'
    ).encode()


def kline(it: Candle, interval: str, closed: bool, now: int) -> bytes:
    return (
        f'{{"e":"kline","E":{now // MILLISECOND},"s":"{it.symbol}","k":{{"t":{it.open_at // MILLISECOND},'
        f'"T":{it.close_at // MILLISECOND},"s":"{it.symbol}","i":"{interval}","f":{it.first_trade_id},'
        f'"L":{it.last_trade_id},"o":"{text(it.open)}","c":"{text(it.close)}","h":"{text(it.high)}","l":"{text(it.low)}",'
        f'"v":"{text(it.volume)}","n":{it.trades},"x":{_flag(closed)},"q":"{text(it.quote_volume)}",'
        f'"V":"{text(it.taker_buy_volume)}","Q":"{text(it.taker_buy_quote)}","B":"0"}}}}'
    ).encode()


def depth_update(
    symbol: str, first_id: int, last_id: int, bids: Sequence[BookLevel], asks: Sequence[BookLevel], now: int
) -> bytes:
    return encode(
        {
            "e": "depthUpdate",
            "E": now // MILLISECOND,
            "s": symbol,
            "U": first_id,
            "u": last_id,
            "b": levels(bids),
            "a": levels(asks),
        }
    )


def partial_depth(book: Depth) -> bytes:
    return encode({"lastUpdateId": book.update_id, "bids": levels(book.bids), "asks": levels(book.asks)})


def average_price(symbol: str, minutes: int, price: int, last_trade_at: int, now: int) -> bytes:
    return encode(
        {
            "e": "avgPrice",
            "E": now // MILLISECOND,
            "s": symbol,
            "i": f"{minutes}m",
            "w": text(price),
            "T": last_trade_at // MILLISECOND,
        }
    )


def mini_ticker(window: PriceChangeWindow, now: int) -> dict[str, object]:
    return {
        "e": "24hrMiniTicker",
        "E": now // MILLISECOND,
        "s": window.symbol,
        "c": text(window.close),
        "o": text(window.open),
        "h": text(window.high),
        "l": text(window.low),
        "v": text(window.volume),
        "q": text(window.quote_volume),
    }


def ticker(window: PriceChangeWindow, book: Depth, now: int) -> dict[str, object]:
    bid, bid_quantity, ask, ask_quantity = best(book)
    return {
        "e": "24hrTicker",
        "E": now // MILLISECOND,
        "s": window.symbol,
        "p": text(window.change),
        "P": window.change_percent,
        "w": text(window.weighted),
        "x": text(window.before),
        "c": text(window.close),
        "Q": text(window.last_quantity),
        "b": bid,
        "B": bid_quantity,
        "a": ask,
        "A": ask_quantity,
        "o": text(window.open),
        "h": text(window.high),
        "l": text(window.low),
        "v": text(window.volume),
        "q": text(window.quote_volume),
        "O": window.opened_at // MILLISECOND,
        "C": window.closed_at // MILLISECOND,
        "F": window.first_trade_id,
        "L": window.last_trade_id,
        "n": window.trades,
    }


def rolling_ticker(size: str, window: PriceChangeWindow, now: int) -> dict[str, object]:
    """`size` names the window: 1h, 4h or 1d."""
    return {
        "e": f"{size}Ticker",
        "E": now // MILLISECOND,
        "s": window.symbol,
        "p": text(window.change),
        "P": window.change_percent,
        "o": text(window.open),
        "h": text(window.high),
        "l": text(window.low),
        "c": text(window.close),
        "w": text(window.weighted),
        "v": text(window.volume),
        "q": text(window.quote_volume),
        "O": window.opened_at // MILLISECOND,
        "C": window.closed_at // MILLISECOND,
        "F": window.first_trade_id,
        "L": window.last_trade_id,
        "n": window.trades,
    }


def server_shutdown(now: int) -> bytes:
    return encode({"e": "serverShutdown", "E": now // MILLISECOND})


def combined(stream: str, frame: bytes) -> bytes:
    """A frame as combined streams wrap it."""
    return b'{"stream":"%b","data":%b}' % (stream.encode(), frame)


def _flag(value: bool) -> str:
    return "true" if value else "false"
