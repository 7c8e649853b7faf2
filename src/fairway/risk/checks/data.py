"""Checks of the data that an entry is decided on: its age, its sense, its agreement with itself, and the clock it is dated by."""

from decimal import Decimal

from fairway.market.candles import Quote
from fairway.money.amount import text_of
from fairway.risk.entry import ProposedEntry

QUOTE_AGE_MAX_NS = 10_000_000_000
"""A quote older than this is no basis for an entry."""
DISAGREEMENT_MAX = Decimal("0.1")
"""Farthest that a quote may be from the close of a candle that has just ended, as a fraction of it."""


def is_blind(entry: ProposedEntry) -> str | None:
    return None if entry.streams_are_up else "DATA_BLIND: a stream is down, or not caught up"


def is_timely(entry: ProposedEntry) -> str | None:
    """Candles that arrive late, after an outage, are history: a signal from them is not traded any more."""
    if entry.intent_age_ns < entry.intent_age_max_ns:
        return None
    return f"INTENT_LATE: age_ms={entry.intent_age_ns // 1_000_000} max_ms={entry.intent_age_max_ns // 1_000_000}"


def is_clock_right(entry: ProposedEntry) -> str | None:
    """A skew that was not measured yet passes: entries wait for the first catch-up, which measures it."""
    most, skew = entry.rules.skew_max_ns, entry.skew_ns
    if most is None or skew is None or abs(skew) <= most:
        return None
    return f"CLOCK_SKEWED: skew_ms={skew // 1_000_000} max_ms={most // 1_000_000}"


def has_sound_quote(entry: ProposedEntry) -> str | None:
    return unsound(entry.quote, entry.close, entry.now)


def unsound(quote: Quote | None, close: Decimal | None, now: int) -> str | None:
    """Why a quote is no basis for a decision at an instant (ns), as a code, or None. close: of the newest candle if any.

    Candles and quotes come by different ways: where they are far apart, one of them is absurd.
    """
    if quote is None:
        return "DATA_MISSING: no quote yet"
    age = now - quote.seen_at
    if age < 0:  # the clock was set back since, so its age is not known
        return f"DATA_AHEAD: ahead_ms={-age // 1_000_000}"
    if age > QUOTE_AGE_MAX_NS:
        return f"DATA_STALE: age_ms={age // 1_000_000} max_ms={QUOTE_AGE_MAX_NS // 1_000_000}"
    flaw = quote.flaw()
    if flaw is not None:
        return f"DATA_FLAWED: {flaw}"
    middle = quote.middle
    if close is None or abs(middle - close) <= close * DISAGREEMENT_MAX:
        return None
    return f"DATA_DISAGREES: close={text_of(close)} middle={text_of(middle)} max={text_of(DISAGREEMENT_MAX)}"
