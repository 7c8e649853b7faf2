"""Says which quote may be acted on to lower exposure: to sell, to raise a stop, to judge a loss. Entries need `has_sound_quote`.

A quote far from the close of the newest candle may be absurd; or the price has gapped, and the candle is old. The venue's other
facts decide: a stop that has triggered, or two quotes that agree with each other.
"""

from fairway.market.candles import Quote
from fairway.orders.ids import Role
from fairway.orders.order import OrderState
from fairway.risk.review import unsound
from fairway.trading.account_state import AccountState
from fairway.trading.oco import sibling

ASK_AGAIN_NS = 2_000_000_000
"""A symbol's quote is asked for so often at most, by all desks together."""


def quote_to_reduce(desk: AccountState, symbol: str, now: int) -> Quote | None:
    """The newest quote, where it is fresh and whole, and agrees with the newest candle or with another fact of the venue."""
    quote, candles = _newest(desk, symbol), desk.seen.candles.get(symbol)
    if quote is None or unsound(quote, None, now) is not None:
        return None
    if unsound(quote, candles[-1].close if candles else None, now) is None:
        return quote
    return quote if desk.board.agrees(symbol) or _has_triggered(desk, symbol) else None


def is_only_old(desk: AccountState, symbol: str) -> bool:
    """Whether the newest quote was usable when it was received, and nothing is wrong with it but its age."""
    quote, candles = desk.seen.quotes.get(symbol), desk.seen.candles.get(symbol)
    if quote is None or unsound(quote, None, quote.seen_at) is not None:
        return False
    return unsound(quote, candles[-1].close if candles else None, quote.seen_at) is None or desk.board.agrees(symbol)


def _newest(desk: AccountState, symbol: str) -> Quote | None:
    """Of the stream; or, after a stop has triggered, one that was asked for since."""
    told, asked = desk.seen.quotes.get(symbol), desk.board.asked.get(symbol)
    if asked is None or (told is not None and asked.seen_at <= told.seen_at) or not _has_triggered(desk, symbol):
        return told
    return asked


def _has_triggered(desk: AccountState, symbol: str) -> bool:
    """Whether a stop of the position has triggered and not sold, or has failed."""
    return symbol in desk.collared or triggered_at(desk, symbol) is not None


def lacks_quote(desk: AccountState, symbol: str, now: int) -> bool:
    """Whether a stop of the position has triggered or failed, and no usable quote is newer than that: it must be asked for."""
    triggered, quote = triggered_at(desk, symbol), _newest(desk, symbol)
    if triggered is None and symbol not in desk.collared:
        return False
    return quote is None or quote.seen_at <= (triggered or 0) or unsound(quote, None, now) is not None


def triggered_at(desk: AccountState, symbol: str) -> int | None:
    """When the venue ended the target of a stop that still rests (ns), which it does as it triggers the stop; None where it did
    not."""
    for stop in desk.blotter.of(symbol, Role.STOP):
        target = desk.blotter.get(sibling(stop, Role.TARGET))
        if stop.is_resting and target is not None and target.state is OrderState.EXPIRED and not target.filled:
            return target.updated_at
    return None
