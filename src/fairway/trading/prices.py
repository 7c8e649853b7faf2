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
"""A symbol's quote is asked for so often at most, by all states together."""


def quote_to_reduce(state: AccountState, symbol: str, now: int) -> Quote | None:
    """The newest quote, where it is fresh and whole, and agrees with the newest candle or with another fact of the venue."""
    quote, candles = _newest(state, symbol), state.market.candles.get(symbol)
    if quote is None or unsound(quote, None, now) is not None:
        return None
    if unsound(quote, candles[-1].close if candles else None, now) is None:
        return quote
    return quote if state.market.agrees(symbol) or _has_triggered(state, symbol) else None


def is_only_old(state: AccountState, symbol: str) -> bool:
    """Whether the newest quote was usable when it was received, and nothing is wrong with it but its age."""
    quote, candles = state.market.quotes.get(symbol), state.market.candles.get(symbol)
    if quote is None or unsound(quote, None, quote.seen_at) is not None:
        return False
    return unsound(quote, candles[-1].close if candles else None, quote.seen_at) is None or state.market.agrees(symbol)


def _newest(state: AccountState, symbol: str) -> Quote | None:
    """Of the stream; or, after a stop has triggered, one that was asked for since."""
    told, asked = state.market.quotes.get(symbol), state.market.asked.get(symbol)
    if asked is None or (told is not None and asked.seen_at <= told.seen_at) or not _has_triggered(state, symbol):
        return told
    return asked


def _has_triggered(state: AccountState, symbol: str) -> bool:
    """Whether a stop of the position has triggered and not sold, or has failed."""
    return symbol in state.protection.collared or triggered_at(state, symbol) is not None


def lacks_quote(state: AccountState, symbol: str, now: int) -> bool:
    """Whether a stop of the position has triggered or failed, and no usable quote is newer than that: it must be asked for."""
    triggered, quote = triggered_at(state, symbol), _newest(state, symbol)
    if triggered is None and symbol not in state.protection.collared:
        return False
    return quote is None or quote.seen_at <= (triggered or 0) or unsound(quote, None, now) is not None


def triggered_at(state: AccountState, symbol: str) -> int | None:
    """When the venue ended the target of a stop that still rests (ns), which it does as it triggers the stop; None where it did
    not."""
    for stop in state.orders.blotter.of(symbol, Role.STOP):
        target = state.orders.blotter.get(sibling(stop, Role.TARGET))
        if stop.is_resting and target is not None and target.state is OrderState.EXPIRED and not target.filled:
            return target.updated_at
    return None
