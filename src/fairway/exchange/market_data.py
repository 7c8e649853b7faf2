"""What there is to know of a market: its prints, its candles, its depth; and what the background does to them.

All numbers are integer counts of 10⁻⁸ (see `units`), all instants integer nanoseconds since the epoch in UTC.
"""

from collections.abc import Sequence
from typing import NamedTuple

from fairway.exchange.values import Value


class Print(Value, frozen=True):
    """A trade on the tape. A replayed print may stand for several trades at one price: `trades`; buys among them: `taker_*`."""

    symbol: str
    trade_id: int
    price: int
    quantity: int
    quote: int
    at: int
    buyer_is_maker: bool
    trades: int = 1
    taker_buy_quantity: int = 0
    taker_buy_quote: int = 0


class Candle(NamedTuple):
    """A kline; close_at is the last nanosecond of its last millisecond, as the wire has it (1 ms before the next opens)."""

    symbol: str
    open_at: int
    close_at: int
    open: int
    high: int
    low: int
    close: int
    volume: int
    quote_volume: int
    trades: int
    taker_buy_volume: int
    taker_buy_quote: int
    first_trade_id: int = -1
    last_trade_id: int = -1


class BookLevel(NamedTuple):
    price: int
    quantity: int


class Depth(NamedTuple):
    """The book: best level first on each side."""

    symbol: str
    update_id: int
    bids: Sequence[BookLevel]
    asks: Sequence[BookLevel]


class MarketUpdate(NamedTuple):
    """What the rest of the market does at one instant: it trades (prints, oldest first), and then shows this depth.

    bids and asks are complete: best first, never crossed with each other; None leaves the side as it is. Trade ids of the
    prints are given by the exchange: 0 here.
    """

    symbol: str
    at: int
    prints: Sequence[Print] = ()
    bids: Sequence[BookLevel] | None = None
    asks: Sequence[BookLevel] | None = None
