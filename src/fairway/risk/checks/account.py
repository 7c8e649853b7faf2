"""Checks of the account: its state, its limits, what it holds, and how recently it entered."""

from fairway.risk.codes import short, unless_allowed
from fairway.risk.entry import ProposedEntry
from fairway.risk.limits import TradingState
from fairway.world.clock import MINUTE, text_of


def may_enlarge(entry: ProposedEntry) -> str | None:
    state = entry.limits.state
    return None if state is TradingState.ACTIVE else f"STATE_{state}: {entry.why_limited}"


def is_allowed(entry: ProposedEntry) -> str | None:
    return unless_allowed("symbol", entry.instrument.symbol, entry.limits.symbols)


def is_of_an_allowed_strategy(entry: ProposedEntry) -> str | None:
    return unless_allowed("strategy", entry.strategy, entry.limits.strategies)


def is_of_an_allowed_profile(entry: ProposedEntry) -> str | None:
    return unless_allowed("profile", entry.rules.profile, entry.limits.profiles)


def is_in_hours(entry: ProposedEntry) -> str | None:
    hours = entry.limits.hours
    if hours is None or hours.allow(entry.now):
        return None
    return f"HOURS_CLOSED: now={text_of(entry.now)[11:16]} open={hours}"


def is_free(entry: ProposedEntry) -> str | None:
    return f"SYMBOL_BUSY: symbol={entry.instrument.symbol} has a position or a live order" if entry.symbol_is_busy else None


def has_known_worth(entry: ProposedEntry) -> str | None:
    return "WORTH_UNKNOWN: something held has no price" if entry.worth is None else None


def has_capital(entry: ProposedEntry) -> str | None:
    least, worth = entry.limits.capital_min, entry.worth
    assert worth is not None
    return None if least is None or worth >= least else f"CAPITAL_MIN: worth={worth} min={least}"


def has_room(entry: ProposedEntry) -> str | None:
    most = entry.rules.positions_max if entry.limits.positions is None else min(entry.rules.positions_max, entry.limits.positions)
    return f"POSITIONS_MAX: open={entry.positions} max={most}" if entry.positions >= most else None


def has_few_open_orders(entry: ProposedEntry) -> str | None:
    most = entry.limits.open_orders
    return None if most is None or entry.open_orders < most else f"OPEN_ORDERS_MAX: open={entry.open_orders} max={most}"


def has_room_beside_others(entry: ProposedEntry) -> str | None:
    """All accounts together are below their limit; the size is then made to fit what is left of it."""
    most = entry.limits.capital_total
    at_work = entry.exposure.value + entry.others.exposure
    return None if most is None or at_work < most.value else f"CAPITAL_TOTAL_MAX: at_work={short(at_work)} max={most}"


def is_slow_enough(entry: ProposedEntry) -> str | None:
    """Only entries count: orders that protect or close a position are never delayed."""
    most = entry.limits.orders_a_minute
    if most is None:
        return None
    sent = sum(1 for _ in entry.recent.since(entry.now - MINUTE))
    return f"RATE_MAX: entries_a_minute={sent} max={most}" if sent >= most else None


def is_no_duplicate(entry: ProposedEntry) -> str | None:
    """A second entry in a symbol so soon is taken for the same signal, received twice."""
    window_ns, symbol = entry.rules.duplicate_ns, entry.instrument.symbol
    for before in entry.recent.since(entry.now - window_ns) if window_ns else ():
        if before.symbol == symbol:
            return f"DUPLICATE: symbol={symbol} age_ms={(entry.now - before.at) // 1_000_000} window_ms={window_ns // 1_000_000}"
    return None
