"""Every position has a stop and a target resting at the venue, as one pair, for exactly what can be sold.

Level-triggered: it looks at what is and proposes the next move, so it may be asked at any time and as often as one likes.
Of one symbol only one thing is done at a time: nothing while an order's fate is unknown, save repeating a pair that the venue
denies to have, under its old ids, which a venue that holds it all the same refuses as a duplicate.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from fairway.journal.kinds import Event, ExitWanted
from fairway.money.amount import Amount
from fairway.money.grid import Round
from fairway.orders.ids import ClientId, Role
from fairway.orders.lifecycle import CancelSent, OrderSent
from fairway.orders.order import Order, OrderState, OrderType, Side
from fairway.risk.limits import TradingState
from fairway.risk.review import unsound
from fairway.trading.desk import Desk, Plan
from fairway.trading.entries import draft
from fairway.trading.facts import hold

ENTRY_SETTLES_NS = 1_000_000_000
"""A market entry that fills in parts gets this long to finish before what it has bought is protected by itself."""
PAIR_REPEAT_NS = 2_000_000_000
"""A pair whose fate is unknown for this long is sent again under the same ids."""
PAIR_SETTLES_NS = 1_000_000_000
"""A target without its stop gets this long to fill whole."""
FAILURES_MAX = 2
"""Refusals in a row to protect or to close, after which a person must look."""


def next_moves(desk: Desk, symbol: str, now: int) -> Iterator[Event]:
    """Events to journal before the orders they send or cancel go out."""
    if desk.limits(symbol).hands_off:
        return
    if now < desk.seen.wait_until.get(symbol, 0) or not desk.seen.asked_at or desk.lacks_fills(symbol):
        return  # without the venue's own word on it, or without all fills, a position is not known well enough to be sold
    if desk.is_doubted(now, symbol):
        return  # an order that was denied may have filled
    orders = list(desk.blotter.of(symbol))
    unknown = [order for order in orders if order.state is OrderState.UNKNOWN]
    if unknown:
        yield from _repeat_pair(desk, unknown, now)
        return
    if any(order.state in (OrderState.SENT, OrderState.CANCELLING) for order in orders):
        return
    if desk.limits(symbol).state is not TradingState.ACTIVE:
        yield from _cancel([order for order in orders if order.side is Side.BUY], f"no more entries: {desk.why_limited(symbol)}")
    sells = [order for order in orders if order.side is Side.SELL]
    if symbol not in desk.ledger.positions:
        yield from _cancel(sells, "no position left to protect")
    elif not _is_settling(orders, now):
        yield from _guard(desk, symbol, sells, now)


def _is_settling(orders: list[Order], now: int) -> bool:
    return any(o.role is Role.ENTRY and now - o.updated_at < ENTRY_SETTLES_NS for o in orders)


def _repeat_pair(desk: Desk, unknown: list[Order], now: int) -> Iterator[Event]:
    """Only a whole pair, and only after the venue said that it knows neither leg, and told all fills since: one that is over
    it would take once more.

    So a dead line repeats nothing. A denial that is the venue's own lag makes a duplicate, which the venue refuses.
    """
    pairs: dict[str, list[Order]] = {}
    for order in unknown:
        was_denied = min(desk.seen.denied.get(order.id, 0), desk.seen.asked_at) >= order.updated_at
        if order.pair and not order.venue_id and was_denied and now - order.updated_at >= PAIR_REPEAT_NS:
            pairs.setdefault(order.pair, []).append(order)
    for legs in pairs.values():
        if len(legs) == 2:
            for leg in legs:
                yield OrderSent(leg.id, "again, under the same id")


def _cancel(orders: list[Order], why: str) -> Iterator[Event]:
    for order in orders:
        yield CancelSent(order.id, why)


def _guard(desk: Desk, symbol: str, sells: list[Order], now: int) -> Iterator[Event]:
    instrument = desk.terms.instruments[symbol]
    sellable = instrument.quantity(desk.ledger.positions[symbol].quantity.value, Round.DOWN)
    wanted = desk.exits.get(symbol)
    if wanted is not None and _is_turn_to_sell(desk, symbol):
        yield from _close(desk, symbol, sells, sellable, wanted, now)
    elif not sells:
        yield from _protect(desk, symbol, sellable, now)
    elif any(order.remaining != sellable for order in sells):
        yield from _cancel(sells, f"{sellable} to protect, not {sells[0].remaining}")
    elif lacks_stop(sells) and _stop_is_gone(desk, sells[0], now):
        yield from _cancel(sells, "its stop is gone")


def lacks_stop(orders: list[Order]) -> bool:
    """Whether a target rests without its stop, which the venue ends with the target's first fill."""
    roles = {order.role for order in orders}
    return Role.TARGET in roles and Role.STOP not in roles


def _stop_is_gone(desk: Desk, target: Order, now: int) -> bool:
    """For long enough: a target that fills whole closes the position a moment after its stop has ended."""
    own = ClientId.parse(target.id)
    stop = desk.blotter.get(str(replace(own, role=Role.STOP))) if own is not None else None
    return stop is None or now - stop.updated_at >= PAIR_SETTLES_NS


def has_given_up(desk: Desk, symbol: str) -> bool:
    """Whether protecting and selling failed so often that a person is called."""
    return desk.seen.failures.get(symbol, 0) >= FAILURES_MAX


def _is_turn_to_sell(desk: Desk, symbol: str) -> bool:
    """Until a person has looked, protecting and selling take turns, ever more slowly: what the market allows may change."""
    return not has_given_up(desk, symbol) or desk.seen.failures[symbol] % 2 == 1


def _close(desk: Desk, symbol: str, sells: list[Order], sellable: Amount, why: str, now: int) -> Iterator[Event]:
    protection = [order for order in sells if order.role is not Role.EXIT]
    if protection:
        yield from _cancel(protection, f"closing: {why}")
    elif not sells:
        yield from _sell(desk, symbol, sellable, why, now)


def _sell(desk: Desk, symbol: str, sellable: Amount, why: str, now: int) -> Iterator[Event]:
    order = draft(desk, symbol, Role.EXIT, Side.SELL, OrderType.MARKET, sellable, now)
    yield OrderSent(order.id, why, order)


def _protect(desk: Desk, symbol: str, sellable: Amount, now: int) -> Iterator[Event]:
    plan, given_up = desk.plans.get(symbol), has_given_up(desk, symbol)
    if given_up:
        yield from hold(desk, symbol, f"{sellable} could not be sold {FAILURES_MAX} times in a row; sell it by hand", now)
    elif plan is None or desk.seen.failures.get(symbol, 0):
        refused = "the venue refused its stop and target"
        yield ExitWanted(symbol=symbol, why=refused if plan else "a position without a plan cannot be protected")
        return
    elif _is_at_target(desk, symbol, plan, now):
        yield ExitWanted(symbol=symbol, why="the price is at its target already")
        return
    if plan is None:
        return
    why = desk.terms.instruments[symbol].breach(sellable, plan.stop)
    if why is not None:
        yield from hold(desk, symbol, f"{sellable} can be neither protected nor sold: {why}", now)
        return
    yield from _pair(desk, symbol, sellable, now)


def _is_at_target(desk: Desk, symbol: str, plan: Plan, now: int) -> bool:
    """A venue refuses a pair whose target would fill at once: after one that filled in part, what it waited for is there.

    Of the stop only the venue is the judge: what we see may be absurd, and no position is sold low on that.
    """
    quote, candles = desk.seen.quotes.get(symbol), desk.seen.candles.get(symbol)
    if quote is None or unsound(quote, candles[-1].close if candles else None, now):
        return False
    return quote.bid >= plan.target.value


def _pair(desk: Desk, symbol: str, sellable: Amount, now: int) -> Iterator[Event]:
    """Both legs and the pair share one sequence number; the last letter tells them apart."""
    plan = desk.plans[symbol]
    stop = draft(desk, symbol, Role.STOP, Side.SELL, OrderType.STOP, sellable, now)
    own = ClientId.parse(stop.id)
    assert own is not None
    pair, other = str(replace(own, role=Role.PAIR)), str(replace(own, role=Role.TARGET))
    stop = replace(stop, pair=pair, stop_price=plan.stop)
    target = replace(stop, id=other, role=Role.TARGET, type=OrderType.LIMIT, price=plan.target, stop_price=None)
    for leg in (stop, target):
        yield OrderSent(leg.id, "protects the position", leg)
