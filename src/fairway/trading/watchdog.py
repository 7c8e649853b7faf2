"""Watches how long a position is without its whole protection: tells, and takes no more entries in it, when that is too long."""

from collections.abc import Iterator

from fairway.journal.kinds import CapLifted, CapRaised, Event, NakedTooLong, Protected
from fairway.money.amount import ZERO
from fairway.orders.ids import Role
from fairway.risk.cap_kinds import NAKED
from fairway.risk.caps import reduce_only
from fairway.trading.account_state import AccountState

NAKED_MAX_NS = 5_000_000_000
"""A position may be without stops for all of it for so long: the time of a cancel and a new pair, or of a question or two."""


def look(state: AccountState, symbol: str, now: int) -> Iterator[Event]:
    """Events about a position's missing protection. A position that a person closes is not watched."""
    cap_id, since = NAKED.id_of(symbol), state.protection.naked_since.get(symbol)
    if since is None:
        if cap_id in state.limits.caps:
            yield CapLifted(cap_id=cap_id, by="trader", why="the position is closed")
    elif is_protected(state, symbol):
        naked_ns = now - since
        yield Protected(symbol=symbol, naked_ns=naked_ns, total_ns=state.protection.naked_ns.get(symbol, 0) + naked_ns)
        if cap_id in state.limits.caps:
            yield CapLifted(cap_id=cap_id, by="trader", why="the position is protected")
    elif now - since > NAKED_MAX_NS and cap_id not in state.limits.caps and not state.limits.of(symbol).hands_off:
        yield NakedTooLong(symbol=symbol, naked_ns=now - since)
        why = f"its position is without a whole stop for more than {NAKED_MAX_NS // 1_000_000_000} s"
        yield CapRaised(cap=reduce_only(NAKED, why, now, symbol=symbol))


def is_protected(state: AccountState, symbol: str) -> bool:
    """Whether open stops at the venue cover all of a position that can be sold."""
    sellable = state.config.instruments[symbol].quantity(state.money.ledger.positions[symbol].quantity.value)
    stops = (order.remaining.value for order in state.orders.blotter.of(symbol, Role.STOP) if order.is_resting)
    return sum(stops, ZERO) >= sellable.value


def naked_ns(state: AccountState, symbol: str, now: int) -> int:
    """How long an open position was without its whole protection, up to now."""
    return state.protection.naked_ns.get(symbol, 0) + now - state.protection.naked_since.get(symbol, now)
