"""Sells positions: at market, or, where a stop has failed, by orders that take no price below a collar.

Of one position only so much is ever on sale as is held: its protection is cancelled, and confirmed as gone, before a sale.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from fairway.journal.kinds import Event, StopFailed
from fairway.money.amount import Amount, text_of
from fairway.money.grid import Round
from fairway.orders.ids import Role
from fairway.orders.lifecycle import CancelSent, OrderSent
from fairway.orders.order import Order, OrderType, Side
from fairway.orders.plan import ProtectionPlan
from fairway.risk.limits import TradingState
from fairway.trading.account_state import AccountState
from fairway.trading.entries import draft
from fairway.trading.prices import quote_to_reduce, triggered_at

FAILURES_MAX = 2
"""Refusals in a row to protect or to close, after which a person must look."""
COLLARS: Final = (Decimal("0.01"), Decimal("0.02"), Decimal("0.03"))
"""How far below the best bid a sale may go after a stop has failed: the next one after each that sold nothing. Then a person."""
BEYOND_NS = 5_000_000_000
"""A price beyond the stop for so long, while the stop rests, by two quotes that differ: the stop has failed."""
TRIGGERED_NS = 2_000_000_000
"""The same, of a stop that the venue has triggered and that has not sold since."""


def sound_bid(state: AccountState, symbol: str, now: int) -> Decimal | None:
    """The best bid, where it may be acted on to lower exposure."""
    quote = quote_to_reduce(state, symbol, now)
    return quote.bid if quote is not None else None


def has_given_up(state: AccountState, symbol: str) -> bool:
    """Whether protecting and selling failed so often that a person is called."""
    return state.retries.failures.get(symbol, 0) >= _failures_max(state, symbol)


def is_turn_to_sell(state: AccountState, symbol: str, now: int) -> bool:
    """After too many failures protecting and selling take turns, ever more slowly, as what the market allows may change. At a
    newer bid below the stop the venue would refuse the stop, so there is no turn to protect."""
    too_many = state.retries.failures.get(symbol, 0) - _failures_max(state, symbol)
    if too_many < 0 or too_many % 2 == 1:
        return True
    plan, bid = state.protection.plans.get(symbol), _newer_bid(state, symbol, now)
    return plan is not None and bid is not None and bid < plan.stop.value


def must_wait(state: AccountState, symbol: str, now: int) -> bool:
    """Whether nothing may be sent yet after what came to nothing. A bid that is newer than the failure ends a long pause."""
    if now < state.retries.wait_until.get(symbol, 0):
        return True
    _, until = state.retries.stalled.get(symbol, (0, 0))
    return now < until and _newer_bid(state, symbol, now) is None


def _newer_bid(state: AccountState, symbol: str, now: int) -> Decimal | None:
    """The best bid, where it may be acted on and was received after the newest order to sell or to protect came to nothing."""
    quote, (failed_at, _) = quote_to_reduce(state, symbol, now), state.retries.stalled.get(symbol, (0, 0))
    return quote.bid if quote is not None and quote.seen_at > failed_at else None


def _failures_max(state: AccountState, symbol: str) -> int:
    return len(COLLARS) if symbol in state.protection.collared else FAILURES_MAX


def close(state: AccountState, symbol: str, sells: Sequence[Order], sellable: Amount, why: str, now: int) -> Iterator[Event]:
    """Sells the whole position, once nothing else may sell it."""
    for order in sells:
        if order.role is not Role.EXIT:
            yield CancelSent(order.id, f"closing: {why}")
    if not sells:
        yield from sell(state, symbol, sellable, why, now)


def sell(state: AccountState, symbol: str, quantity: Amount, why: str, now: int) -> Iterator[Event]:
    order = draft(state, symbol, Role.EXIT, Side.SELL, OrderType.MARKET, quantity, now)
    plan = state.protection.plans.get(symbol)
    if symbol in state.protection.collared and plan is not None:
        order = _collared(state, order, plan, now)
    yield OrderSent(order.id, why, order)


def _collared(state: AccountState, order: Order, plan: ProtectionPlan, now: int) -> Order:
    """Takes what is bid down to its price, at once, and leaves the rest. Without a sound bid the stop stands for it."""
    collar = COLLARS[min(state.retries.failures.get(order.symbol, 0), len(COLLARS) - 1)]
    best = sound_bid(state, order.symbol, now)
    lowest = (plan.stop.value if best is None else best) * (1 - collar)
    price = state.config.instruments[order.symbol].price(lowest, Round.UP)
    return replace(order, type=OrderType.LIMIT, price=price, time_in_force="IOC")


def overdue(state: AccountState, symbol: str, now: int) -> str | None:
    """Why a position's time is up, counted in closed candles; or, should none come any more, by the clock a bar later."""
    plan, position = state.protection.plans.get(symbol), state.money.ledger.positions[symbol]
    bars_max = plan.exit_plan.bars_max if plan is not None else 0
    if not bars_max or state.limits.of(symbol).state < TradingState.REDUCE_ONLY:
        return None
    candles = state.market.candles.get(symbol)
    closed_at = max(candles[-1].close_at if candles else 0, now - state.config.interval_ns)
    bars = (closed_at - position.opened_at) // state.config.interval_ns
    return f"held for {bars} bars" if bars >= bars_max else None


def of_stop_beyond(state: AccountState, symbol: str, plan: ProtectionPlan, now: int) -> Iterator[Event]:
    """A stop that rests while the price is beyond it: a stop-limit that was jumped over, or one that the venue does not trigger.

    One look may be absurd, so it takes two, of different quotes, five seconds apart; or one, two seconds after the venue has
    triggered the stop.
    """
    quote, triggered = quote_to_reduce(state, symbol, now), triggered_at(state, symbol)
    if quote is None:
        return
    if quote.bid >= plan.stop.value:
        state.protection.beyond_stop.pop(symbol, None)
        return
    first_at, first_seen_at = state.protection.beyond_stop.setdefault(symbol, (now, quote.seen_at))
    since = first_at if triggered is None else triggered
    has_lasted = now - since >= (BEYOND_NS if triggered is None else TRIGGERED_NS)
    if has_lasted and (triggered is not None or quote.seen_at != first_seen_at):
        lasting_s = (now - since) // 1_000_000_000
        yield StopFailed(
            symbol=symbol, why=f"the price is {text_of(quote.bid)}, and was below the stop at {plan.stop} for {lasting_s} s"
        )
