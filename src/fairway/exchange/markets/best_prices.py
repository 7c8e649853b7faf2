"""Replays a recording of the stream bookTicker: the best price of each side, and the trades between.

The stream does not tell the exchange's time. Simplification: the recorder's clock is taken to be as wrong all the time as it was
when the first trade arrived; where there is no trade, it is taken to be right.
"""

from collections.abc import Iterator

from fairway.exchange.market_data import BookLevel, MarketUpdate
from fairway.exchange.markets.grid import units_of
from fairway.exchange.markets.prints import print_of
from fairway.market.candles import Quote, Trade
from fairway.market.files.frames import FrameFile, Top


def best_prices(file: FrameFile) -> Iterator[MarketUpdate]:
    """What the background did, oldest first."""
    symbol = file.symbol.replace("/", "")
    for at, event in timed(file):
        if isinstance(event, Trade):
            yield MarketUpdate(symbol, at, (print_of(symbol, event),))
        else:
            bids, asks = best_levels(event.quote)
            yield MarketUpdate(symbol, at, (), bids, asks)


def timed(file: FrameFile) -> list[tuple[int, Trade | Top]]:
    """Trades and best prices by the exchange's time; a trade before a price of the same instant."""
    first = next((frame for frame in file.frames if isinstance(frame.event, Trade)), None)
    ahead = first.event.at - first.seen_at if first is not None and isinstance(first.event, Trade) else 0
    found: list[tuple[int, Trade | Top]] = []
    for frame in file.frames:
        if isinstance(frame.event, Trade):
            found.append((frame.event.at, frame.event))
        elif isinstance(frame.event, Top):
            found.append((frame.seen_at + ahead, frame.event))
    return sorted(found, key=lambda it: (it[0], isinstance(it[1], Top)))


def best_levels(quote: Quote) -> tuple[tuple[BookLevel, ...], tuple[BookLevel, ...]]:
    """The best bid and the best ask as the sides of a book; a side of no quantity is empty."""
    bid = BookLevel(units_of(quote.bid), units_of(quote.bid_quantity))
    ask = BookLevel(units_of(quote.ask), units_of(quote.ask_quantity))
    return (bid,) if bid.quantity else (), (ask,) if ask.quantity else ()
