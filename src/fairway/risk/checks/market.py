"""Checks of the market: whether the price of now is one to buy at. The quote was found sound before."""

from fairway.money.amount import text_of
from fairway.risk.codes import short
from fairway.risk.entry import ProposedEntry


def is_trading(entry: ProposedEntry) -> str | None:
    return None if entry.instrument.is_trading else f"SYMBOL_NOT_TRADING: symbol={entry.instrument.symbol}"


def has_narrow_spread(entry: ProposedEntry) -> str | None:
    quote = entry.quote
    assert quote is not None
    spread, most = quote.ask - quote.bid, entry.rules.spread_max
    if spread <= most.value * quote.middle:
        return None
    return f"SPREAD_WIDE: spread={short(spread / quote.middle)} max={text_of(most.value)}"


def has_sense(entry: ProposedEntry) -> str | None:
    """Stop below and target above what is paid now, not only what the candle showed."""
    quote, intent = entry.quote, entry.intent
    assert quote is not None
    if intent.stop.value < quote.bid < quote.ask < intent.target.value:
        return None
    return f"PRICE_MOVED: bid={quote.bid} ask={quote.ask} stop={intent.stop} target={intent.target}"


def is_in_collar(entry: ProposedEntry) -> str | None:
    """What is paid must be near the close that the strategy saw."""
    quote, close, most = entry.quote, entry.close, entry.rules.collar
    assert quote is not None
    if most is None or close is None or abs(quote.ask - close) <= close * most.value:
        return None
    return f"PRICE_COLLAR: ask={text_of(quote.ask)} close={text_of(close)} max={text_of(most.value)}"


def is_stop_near(entry: ProposedEntry) -> str | None:
    quote, stop, most = entry.quote, entry.intent.stop, entry.rules.stop_max
    assert quote is not None
    if most is None or quote.ask - stop.value <= quote.ask * most.value:
        return None
    return f"STOP_FAR: distance={short(1 - stop.value / quote.ask)} max={text_of(most.value)}"


def is_confident(entry: ProposedEntry) -> str | None:
    """Asked of strategies that say how sure they are; a strategy that states no confidence passes."""
    sure, least = entry.intent.confidence, entry.rules.confidence_min
    if sure is None or least is None or sure > least:
        return None
    return f"CONFIDENCE_LOW: confidence={text_of(sure.value)} min={text_of(least.value)}"


def meets_no_own_order(entry: ProposedEntry) -> str | None:
    """Buying from oneself pays two fees for nothing, and is forbidden at most venues."""
    sale, quote = entry.resting_sale, entry.quote
    assert quote is not None
    if sale is None or sale > quote.ask * (1 + entry.rules.slippage.value):
        return None
    return f"SELF_TRADE: own_sale={text_of(sale)} ask={text_of(quote.ask)}"
