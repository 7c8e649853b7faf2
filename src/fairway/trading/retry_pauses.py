"""Decides how long a symbol waits after the venue refused a request or did not answer it, so that no retry becomes a storm."""

from fairway.orders.ids import Role
from fairway.orders.order import Order
from fairway.trading import exit_orders, protection
from fairway.trading.account_state import AccountState
from fairway.trading.inputs import CancelFailed, PlaceFailed
from fairway.trading.order_queries import NOT_ABOUT_THE_ORDER
from fairway.venues.port import KeyRefused, Rejected, Throttled, VenueError

RETRY_NS = 1_000_000_000
"""Pause of a symbol after the venue failed to carry something out. It doubles with each failure in a row …"""
RETRY_LONG_NS = 4_000_000_000
"""… up to this; …"""
RETRY_NAKED_NS = 2_000_000_000
"""… while a position has no whole stop, up to this, whatever failed before, …"""
RETRY_LONGEST_NS = 32_000_000_000
"""… or, once a person has been called, up to RETRY_LONG_NS while a bid is shown that is newer than the failure, and up to this
while none is."""
RETRY_REFUSED_NS = 500_000_000
"""Pause after a protection was refused. It does not grow: after two or three refusals of what is tried, each less than the one
before, the position is sold or a person is called, and all of that is to happen within the seconds that it may be naked."""
RETRY_KEY_NS = 10_000_000_000
"""Pause after the key was refused: only a person can help, and may have done so. A position without its whole stop waits for
RETRY_NAKED_NS alone: a key may be refused for an instant."""


def after_place_failure(state: AccountState, failed: PlaceFailed, now: int) -> None:
    """Sets the pause of the symbol, unless it waits already: then this is another pair of the same try."""
    order, error, retries = failed.orders[0], failed.error, state.retries
    if now < retries.wait_until.get(order.symbol, 0):
        return
    if order.role is Role.ENTRY and not isinstance(error, Throttled | KeyRefused):
        return  # an entry is never repeated, so nothing has to wait: what it may have bought must be protected
    is_refused = _is_refused_protection(state, order, error)
    if is_refused:
        retries.failures[order.symbol] = retries.failures.get(order.symbol, 0) + 1
        if protection.can_fall_back(state, order.symbol):
            return
    retries.wait_until[order.symbol] = _paused_until(state, order.symbol, error, is_refused=is_refused, now=now)


def after_cancel_failure(state: AccountState, failed: CancelFailed, now: int) -> None:
    """Sets the pause of the symbol, unless it waits already."""
    symbol = failed.order.symbol
    if now >= state.retries.wait_until.get(symbol, 0):
        state.retries.wait_until[symbol] = _paused_until(state, symbol, failed.error, is_refused=False, now=now)


def _is_refused_protection(state: AccountState, order: Order, error: VenueError) -> bool:
    """Whether the venue would not have a stop, or a sale. Not where the coins went with a sale of unknown fate."""
    if order.role is Role.STOP and protection.is_shielding(state, order.symbol):
        return False
    return isinstance(error, Rejected) and not isinstance(error, NOT_ABOUT_THE_ORDER)


def _paused_until(state: AccountState, symbol: str, error: VenueError, *, is_refused: bool, now: int) -> int:
    retries = state.retries
    if isinstance(error, Throttled):
        return error.retry_at
    if isinstance(error, KeyRefused):
        return now + (RETRY_NAKED_NS if symbol in state.protection.naked_since else RETRY_KEY_NS)
    has_given_up = exit_orders.has_given_up(state, symbol)
    if is_refused and not has_given_up:
        return now + RETRY_REFUSED_NS
    retries.setbacks[symbol] = setbacks = retries.setbacks.get(symbol, 0) + 1
    pause, longest_ns = RETRY_NS << min(setbacks - 1, 10), RETRY_LONG_NS
    if has_given_up:
        retries.stalled[symbol] = now, now + min(pause, RETRY_LONGEST_NS)
    elif symbol in state.protection.naked_since:
        longest_ns = RETRY_NAKED_NS
    return now + min(pause, longest_ns)
