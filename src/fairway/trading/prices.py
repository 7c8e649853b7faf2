"""Says which quote may be acted on to lower exposure: to sell, to raise a stop, to judge a loss. Entries need `has_sound_quote`.

A quote far from the close of the newest candle may be absurd; or the price has gapped, and the candle is old. The venue's other
facts decide: a stop that has triggered, or two quotes that agree with each other.
"""

from fairway.market.candles import Quote
from fairway.orders.ids import Role
from fairway.orders.order import OrderState
from fairway.risk.review import unsound
from fairway.trading.desk import Desk
from fairway.trading.pairs import sibling


def quote_to_reduce(desk: Desk, symbol: str, now: int) -> Quote | None:
    """The newest quote, where it is fresh and whole, and agrees with the newest candle or with another fact of the venue."""
    quote, candles = desk.seen.quotes.get(symbol), desk.seen.candles.get(symbol)
    if quote is None or unsound(quote, None, now) is not None:
        return None
    if unsound(quote, candles[-1].close if candles else None, now) is None:
        return quote
    is_backed = desk.board.agrees(symbol) or symbol in desk.collared or triggered_at(desk, symbol) is not None
    return quote if is_backed else None


def triggered_at(desk: Desk, symbol: str) -> int | None:
    """When the venue ended the target of a stop that still rests (ns), which it does as it triggers the stop; None where it did
    not."""
    for stop in desk.blotter.of(symbol, Role.STOP):
        target = desk.blotter.get(sibling(stop, Role.TARGET))
        if stop.is_resting and target is not None and target.state is OrderState.EXPIRED and not target.filled:
            return target.updated_at
    return None
