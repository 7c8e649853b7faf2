"""Review of an entry before it becomes an order: small named checks, each a question; the first that fails refuses."""

from collections.abc import Callable
from decimal import Decimal

from msgspec import Struct

from fairway.market.candles import Quote
from fairway.market.instrument import Instrument
from fairway.money.amount import Amount, Price, text_of
from fairway.money.fees import Fees
from fairway.money.grid import Round
from fairway.orders.intent import Enter
from fairway.risk.limits import Limits, TradingState
from fairway.risk.sizing import Refused, RiskRules, size_entry

QUOTE_AGE_MAX_NS = 10_000_000_000
"""A quote older than this is no basis for an entry."""
DISAGREEMENT_MAX = Decimal("0.1")
"""Farthest that a quote may be from the close of a candle that has just ended, as a fraction of it."""


class Entry(Struct, frozen=True, kw_only=True):
    """All that an entry is judged by. worth is None where something held has no price; now in ns."""

    intent: Enter
    instrument: Instrument
    rules: RiskRules
    fees: Fees
    quote: Quote | None
    worth: Amount | None
    free: Amount
    exposure: Amount
    """What positions and entries in flight are worth."""
    positions: int
    symbol_is_busy: bool
    streams_are_up: bool
    limits: Limits
    """What is in force for the symbol."""
    why_limited: str
    """Why positions may not be opened in it, "" where they may."""
    now: int
    close: Decimal | None = None
    """Close of the candle that led to the wish, in quote per base."""
    wish_age_ns: int = 0
    """Time since the candle closed that led to the wish."""
    wish_age_max_ns: int = 60_000_000_000
    """The candle's own length: by then the next one has closed."""


Check = Callable[[Entry], str | None]


def review(entry: Entry) -> Amount | Refused:
    """The quantity that may be bought, or the refusal of the first check that says no."""
    for check in CHECKS:
        why = check(entry)
        if why is not None:
            return Refused(why)
    assert entry.quote is not None
    assert entry.worth is not None
    quantity = size_entry(
        entry.instrument,
        entry.rules,
        entry.fees,
        entry.limits,
        ask=Price(entry.quote.ask, entry.instrument.base, entry.instrument.quote),
        stop=entry.intent.stop,
        worth=entry.worth,
        free=entry.free,
        exposure=entry.exposure,
    )
    return quantity if isinstance(quantity, Refused) else _fits_filters(entry, quantity)


def _fits_filters(entry: Entry, quantity: Amount) -> Amount | Refused:
    """Entry, stop and target must all pass the venue's filters, or there is no entry: it could not be protected."""
    assert entry.quote is not None
    instrument = entry.instrument
    after_fee = instrument.quantity(quantity.value * (1 - entry.fees.highest), Round.DOWN)
    legs = (
        ("entry", quantity, Price(entry.quote.ask, instrument.base, instrument.quote)),
        ("stop", after_fee, entry.intent.stop),
        ("target", after_fee, entry.intent.target),
    )
    for name, size, price in legs:
        why = instrument.breach(size, price)
        if why is not None:
            return Refused(f"FILTER_{name.upper()}_{why}")
    return quantity


def _is_trading(entry: Entry) -> str | None:
    return None if entry.instrument.is_trading else f"SYMBOL_NOT_TRADING: symbol={entry.instrument.symbol}"


def _may_enlarge(entry: Entry) -> str | None:
    state = entry.limits.state
    return None if state is TradingState.ACTIVE else f"STATE_{state}: {entry.why_limited}"


def _is_allowed(entry: Entry) -> str | None:
    symbols, symbol = entry.limits.symbols, entry.instrument.symbol
    return None if symbols is None or symbol in symbols else f"SYMBOL_NOT_ALLOWED: symbol={symbol} allowed={_listed(symbols)}"


def _listed(symbols: frozenset[str]) -> str:
    return ",".join(sorted(symbols)) or "none"


def _is_blind(entry: Entry) -> str | None:
    return None if entry.streams_are_up else "DATA_BLIND: a stream is down, or not caught up"


def _is_busy(entry: Entry) -> str | None:
    return f"SYMBOL_BUSY: symbol={entry.instrument.symbol} has a position or a live order" if entry.symbol_is_busy else None


def _is_timely(entry: Entry) -> str | None:
    """Candles that arrive late, after an outage, are history: what they led to is not wished any more."""
    if entry.wish_age_ns < entry.wish_age_max_ns:
        return None
    return f"WISH_LATE: age_ms={entry.wish_age_ns // 1_000_000} max_ms={entry.wish_age_max_ns // 1_000_000}"


def _has_sound_quote(entry: Entry) -> str | None:
    return unsound(entry.quote, entry.close, entry.now)


def unsound(quote: Quote | None, close: Decimal | None, now: int) -> str | None:
    """Why a quote is no basis for a decision at an instant (ns), as a code, or None. close: of the newest candle if any.

    Candles and quotes come by different ways: where they are far apart, one of them is absurd.
    """
    if quote is None:
        return "DATA_MISSING: no quote yet"
    age = now - quote.seen_at
    if age > QUOTE_AGE_MAX_NS:
        return f"DATA_STALE: age_ms={age // 1_000_000} max_ms={QUOTE_AGE_MAX_NS // 1_000_000}"
    flaw = quote.flaw()
    if flaw is not None:
        return f"DATA_FLAWED: {flaw}"
    middle = quote.middle
    if close is None or abs(middle - close) <= close * DISAGREEMENT_MAX:
        return None
    return f"DATA_DISAGREES: close={text_of(close)} middle={text_of(middle)} max={text_of(DISAGREEMENT_MAX)}"


def _has_narrow_spread(entry: Entry) -> str | None:
    quote = entry.quote
    assert quote is not None
    spread = (quote.ask - quote.bid) / quote.middle
    if spread > entry.rules.spread_max:
        return f"SPREAD_WIDE: spread={text_of(spread.quantize(Decimal('0.000001')))} max={text_of(entry.rules.spread_max)}"
    return None


def _has_known_worth(entry: Entry) -> str | None:
    return "WORTH_UNKNOWN: something held has no price" if entry.worth is None else None


def _has_room(entry: Entry) -> str | None:
    most = entry.rules.positions_max if entry.limits.positions is None else min(entry.rules.positions_max, entry.limits.positions)
    return f"POSITIONS_MAX: open={entry.positions} max={most}" if entry.positions >= most else None


def _has_sense(entry: Entry) -> str | None:
    """Stop below and target above what is paid now, not only what the candle showed."""
    assert entry.quote is not None
    if not entry.intent.stop.value < entry.quote.bid < entry.quote.ask < entry.intent.target.value:
        return f"PRICE_MOVED: bid={entry.quote.bid} ask={entry.quote.ask} stop={entry.intent.stop} target={entry.intent.target}"
    return None


CHECKS: tuple[Check, ...] = (
    _is_trading,
    _may_enlarge,
    _is_allowed,
    _is_timely,
    _is_blind,
    _is_busy,
    _has_sound_quote,
    _has_narrow_spread,
    _has_sense,
    _has_known_worth,
    _has_room,
)
