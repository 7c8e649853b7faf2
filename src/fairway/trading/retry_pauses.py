"""Decides how long a symbol waits after the venue refused a request or did not answer it, so that no retry becomes a storm."""

from typing import Final

from fairway.orders.ids import Role
from fairway.orders.order import Order
from fairway.trading import exit_orders, protection
from fairway.trading.account_state import AccountState
from fairway.trading.inputs import CancelFailed, PlaceFailed
from fairway.trading.order_queries import NOT_ABOUT_THE_ORDER
from fairway.venues.port import KeyRefused, Rejected, Throttled, VenueError
from fairway.world.backoff import Backoff
from fairway.world.clock import MILLISECOND, SECOND

RETRY: Final = Backoff(first_s=1.0, longest_s=4.0)
"""Pause of a symbol after the venue failed to carry something out, by the failures in a row."""
RETRY_NAKED: Final = Backoff(first_s=1.0, longest_s=2.0)
"""The same while a position has no whole stop, whatever failed before."""
RETRY_STALLED: Final = Backoff(first_s=1.0, longest_s=32.0)
"""The same once a person has been called, while no bid is shown that is newer than the failure."""
RETRY_REFUSED_NS: Final = 500 * MILLISECOND
"""Pause after a protection was refused. It does not grow: after two or three refusals of what is tried, each less than the one
before, the position is sold or a person is called, and all of that is to happen within the seconds that it may be naked."""
RETRY_KEY_NS: Final = 10 * SECOND
"""Pause after the key was refused: only a person can help, and may have done so."""
RETRY_KEY_NAKED_NS: Final = 2 * SECOND
"""The same while a position has no whole stop: a key may be refused for an instant."""


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
        return now + (RETRY_KEY_NAKED_NS if symbol in state.protection.naked_since else RETRY_KEY_NS)
    has_given_up = exit_orders.has_given_up(state, symbol)
    if is_refused and not has_given_up:
        return now + RETRY_REFUSED_NS
    retries.setbacks[symbol] = setbacks = retries.setbacks.get(symbol, 0) + 1
    if has_given_up:
        retries.stalled[symbol] = now, now + RETRY_STALLED.wait_ns(setbacks)
    pauses = RETRY_NAKED if symbol in state.protection.naked_since and not has_given_up else RETRY
    return now + pauses.wait_ns(setbacks)
