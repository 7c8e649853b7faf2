"""Every position has a stop and targets resting at the venue, as pairs, for exactly what can be sold.

Level-triggered: it looks at what is and proposes the next move, so it may be asked at any time and as often as one likes.
Of one symbol only one thing is done at a time: nothing while an order's fate is unknown, save repeating a pair that the venue
denies to have, under its old ids, which a venue that holds it all the same refuses as a duplicate; and a stop for a position
whose sale the venue denies to have, which a venue that holds the sale all the same refuses for want of coins.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from fairway.journal.kinds import DustLeft, Event, ExitWanted, LadderDropped, StopFailed, StopMoved
from fairway.money.amount import ZERO, Amount
from fairway.money.grid import Round
from fairway.orders.ids import ClientId, Role
from fairway.orders.intent import ExitCause
from fairway.orders.lifecycle import CancelSent, OrderSent
from fairway.orders.order import Order, OrderState, Side
from fairway.orders.plan import Leg, ProtectionPlan, is_dust, legs
from fairway.risk.caps import binding
from fairway.risk.limits import TradingState
from fairway.trading import exit_orders, foreign_orders, oco, trailing_stop
from fairway.trading.account_state import AccountState
from fairway.trading.event_mapping import hold
from fairway.trading.prices import quote_to_reduce

ENTRY_SETTLES_NS = 1_000_000_000
"""A market entry that fills in parts gets this long to finish before what it has bought is protected by itself."""
DENIED_NS = 2_000_000_000
"""A pair whose fate is unknown for this long, and that the venue denies, is sent again under the same ids; a position whose
sale is, is protected again meanwhile. Questions are a second apart, so this is the second no."""
KILL_TAKES_NS = 120_000_000_000
"""For so long a kill may sell a position undisturbed: twice the time for which it asks a venue that does not answer."""


def next_moves(state: AccountState, symbol: str, now: int) -> Iterator[Event]:
    """Events to journal before the orders they send or cancel go out."""
    if _kill_sells(state, symbol, now):
        return
    is_told = bool(state.transient.asked_at) or symbol in state.transient.queried_singly
    if exit_orders.must_wait(state, symbol, now) or not is_told or state.orders.lacks_fills(symbol):
        return  # without the venue's own word on it, or without all fills, a position is not known well enough to be sold
    if state.orders.is_doubted(now, symbol) or state.meets_orphans(symbol):
        return  # an order that was denied may have filled; one that the journal does not know may protect it
    orders = list(state.orders.blotter.of(symbol))
    unknown = [order for order in orders if order.state is OrderState.UNKNOWN]
    if unknown:
        yield from _repeat_pair(state, unknown, now)
        yield from _shield(state, symbol, orders, now)
        return
    if any(order.state in (OrderState.SENT, OrderState.CANCELLING) for order in orders):
        return
    yield from _stop_buying(state, symbol, orders)
    sells = [order for order in orders if order.side is Side.SELL]
    if symbol not in state.money.ledger.positions:
        if symbol not in state.protection.taken:  # else no fill has closed it, and what rests may protect coins that are there
            yield from _cancel(sells, "no position left to protect")
    elif not _is_settling(orders, now):
        yield from _guard(state, symbol, sells, now)


def _kill_sells(state: AccountState, symbol: str, now: int) -> bool:
    """Whether a kill is selling: until it says that it is done, and for KILL_TAKES_NS at most. A position that is held after
    that has no stop, and gets one: no other process protects it."""
    if not state.limits.of(symbol).hands_off:
        return False
    caps = binding(state.limits.caps.values(), "hands_off", symbol)
    return any(now - cap.since < KILL_TAKES_NS and not cap.is_over for cap in caps)


def _stop_buying(state: AccountState, symbol: str, orders: Sequence[Order]) -> Iterator[Event]:
    """Nothing is bought while that is not allowed, nor by what an earlier life has left behind."""
    buys = [order for order in orders if order.side is Side.BUY]
    if buys and state.limits.of(symbol).state is not TradingState.ACTIVE:
        yield from _cancel(buys, f"no more entries: {state.limits.why_limited(symbol)}")
        return
    yield from _cancel([order for order in buys if _is_of_earlier_life(state, order)], "it is of an earlier start")


def _is_of_earlier_life(state: AccountState, order: Order) -> bool:
    own = ClientId.parse(order.id)
    return own is not None and (own.run != state.starts.run or own.epoch < state.starts.epoch)


def _is_settling(orders: Sequence[Order], now: int) -> bool:
    return any(o.role is Role.ENTRY and now - o.updated_at < ENTRY_SETTLES_NS for o in orders)


def _cancel(orders: Iterable[Order], why: str) -> Iterator[Event]:
    for order in orders:
        yield CancelSent(order.id, why)


# -- orders of unknown fate ------------------------------------------------------------------------------------------


def _repeat_pair(state: AccountState, unknown: Sequence[Order], now: int) -> Iterator[Event]:
    """Only a whole pair, and only after the venue said that it knows neither leg, and told all fills since: one that is over
    it would take once more.

    So a dead line repeats nothing. A denial that is the venue's own lag makes a duplicate, which the venue refuses.
    """
    found: dict[str, list[Order]] = {}
    for order in unknown:
        if order.pair and _is_denied(state, order, now):
            found.setdefault(order.pair, []).append(order)
    for members in found.values():
        if len(members) == 2 and members[0].remaining.value <= _uncovered(state, members[0].symbol):
            for leg in members:
                yield OrderSent(leg.id, "again, under the same id")


def _uncovered(state: AccountState, symbol: str) -> Decimal:
    """The base that is held and that no sale of ours would sell, of those that may rest and are of known fate.

    Of a pair whose one leg has sold the venue is about to end the other, and until that is told it counts.
    """
    sells = (it for it in state.orders.blotter.of(symbol) if it.side is Side.SELL and it.state is not OrderState.UNKNOWN)
    on_sale = {order.pair or order.id: order.remaining.value for order in sells}
    return state.money.ledger.position(symbol).quantity.value - sum(on_sale.values(), ZERO)


def _is_denied(state: AccountState, order: Order, now: int) -> bool:
    """Whether the venue has said since the doubt began that it has no such order, and has told all fills."""
    was_denied = min(state.orders.denied.get(order.id, 0), state.transient.asked_at) >= order.updated_at
    return not order.venue_id and was_denied and now - order.updated_at >= DENIED_NS


def _shield(state: AccountState, symbol: str, orders: Sequence[Order], now: int) -> Iterator[Event]:
    """A stop for a position whose sale got lost, for the minute until the venue's no is believed.

    The sale and the pair both lock all of the position's coins, and the account has not twice as many: so the venue takes one of
    the two, whichever comes first. Tried once for each doubt: a refusal says that the sale has arrived.
    """
    if [order.role for order in orders] != [Role.EXIT] or symbol not in state.money.ledger.positions:
        return
    [sale], plan = orders, state.protection.plans.get(symbol)
    sellable = _sellable(state, symbol)
    owned = state.money.ledger.balances.of(sale.quantity.asset)
    if plan is None or not _is_denied(state, sale, now) or sale.quantity != sellable or owned >= sellable * 2:
        return
    tried = (order for order in state.orders.blotter.ended.values() if order.symbol == symbol and order.role is Role.STOP)
    if not any(order.created_at >= sale.updated_at for order in tried):
        yield from oco.send(state, symbol, plan, Leg(sellable, plan.target), now)


def is_shielding(state: AccountState, symbol: str) -> bool:
    """Whether a sale of unknown fate may have taken the coins that a pair was to lock."""
    return any(order.state is OrderState.UNKNOWN for order in state.orders.blotter.of(symbol, Role.EXIT))


# -- a position ------------------------------------------------------------------------------------------------------


def _sellable(state: AccountState, symbol: str) -> Amount:
    return state.config.instruments[symbol].quantity(state.money.ledger.positions[symbol].quantity.value, Round.DOWN)


def _guard(state: AccountState, symbol: str, sells: Sequence[Order], now: int) -> Iterator[Event]:
    sales = [order for order in sells if order.role is Role.EXIT]
    if sales:  # a sale takes what there is and is over
        late = [order for order in sales if now - order.updated_at >= oco.PAIR_SETTLES_NS]
        yield from _cancel(late, "it rests, and is no stop")
        return
    held = _sellable(state, symbol)
    covered = sum((pair.quantity for pair in oco.resting(sells)), ZERO)
    free = foreign_orders.placeable(state, symbol, held, covered)
    if free < held:
        state.retries.failures.pop(symbol, None)  # what was refused for want of coins
        yield from hold(state, symbol, f"{held - free} of it are locked by an order of another party", now)
    sellable = min(held, free)
    if not sells and _is_dust(state, symbol, sellable, now):
        is_certain = exit_orders.sound_bid(state, symbol, now) is not None
        if is_certain and free >= held and not any(True for _ in state.orders.blotter.of(symbol)):
            yield DustLeft(symbol=symbol, quantity=state.money.ledger.positions[symbol].quantity)
        return  # without a sound quote it is looked at again, and told where that takes too long
    yield from _close_or_cover(state, symbol, sells, sellable, now)


def _is_dust(state: AccountState, symbol: str, quantity: Amount, now: int) -> bool:
    """Whether neither a stop nor a sale could be made of it; without a sound quote, at the best price that is known."""
    plan, bid = state.protection.plans.get(symbol), exit_orders.sound_bid(state, symbol, now)
    prices = [bid] if bid is not None else list(_last_known(state, symbol, plan))
    if plan is not None:
        prices.append(plan.floor.value)
    return bool(prices) and is_dust(state.config.instruments[symbol], quantity, max(prices))


def _last_known(state: AccountState, symbol: str, plan: ProtectionPlan | None) -> Iterator[Decimal]:
    """Prices that say what a position may be worth while no quote is sound: one that is too high costs a sale that is refused,
    one that is too low gives the position away."""
    quote, candles = state.market.quotes.get(symbol), state.market.candles.get(symbol)
    if quote is not None and quote.flaw() is None:
        yield quote.bid
    if candles:
        yield candles[-1].close
    if plan is not None:
        yield plan.target.value


def _close_or_cover(state: AccountState, symbol: str, sells: Sequence[Order], sellable: Amount, now: int) -> Iterator[Event]:
    wanted = state.protection.exits.get(symbol)
    too_late = exit_orders.overdue(state, symbol, now) if wanted is None else None
    if too_late is not None:
        yield ExitWanted(symbol=symbol, why=too_late, cause=ExitCause.TIME)
    elif wanted is not None and exit_orders.is_turn_to_sell(state, symbol, now):
        yield from _call_person(state, symbol, sellable, now)
        yield from exit_orders.close(state, symbol, sells, sellable, wanted, now)
    else:
        yield from _cover(state, symbol, oco.resting(sells), sellable, now)


def _cover(state: AccountState, symbol: str, found: Sequence[oco.Resting], sellable: Amount, now: int) -> Iterator[Event]:
    plan = state.protection.plans.get(symbol)
    broken = [pair for pair in found if pair.is_torn or pair.stop is None]
    if any(oco.is_settling(state, pair, now) for pair in broken):
        return
    if broken:
        yield from _drop(broken, "its stop is gone, or about to go")
    elif found and oco.covers(found, sellable, plan):
        if plan is not None:
            yield from exit_orders.of_stop_beyond(state, symbol, plan, now)
            yield from trailing_stop.to_break_even(state, symbol, plan, now)
    elif plan is None:
        yield ExitWanted(symbol=symbol, why="a position without a plan cannot be protected", cause=ExitCause.UNPROTECTED)
    else:
        wanted = _legs(state, symbol, plan, sellable)
        wrong, missing = oco.misfits(found, plan, wanted)
        if wrong:
            yield from _drop(wrong, f"{sellable} to protect at {plan.stop}, in another way")
        else:
            yield from _protect(state, symbol, plan, wanted, missing, now)


def _drop(found: Iterable[oco.Resting], why: str) -> Iterator[Event]:
    for pair in found:
        yield from _cancel(pair.orders, why)


def _legs(state: AccountState, symbol: str, plan: ProtectionPlan, sellable: Amount) -> list[Leg]:
    return legs(state.config.instruments[symbol], plan, sellable, state.money.ledger.positions[symbol].sold)


def _protect(
    state: AccountState, symbol: str, plan: ProtectionPlan, wanted: Sequence[Leg], missing: Sequence[Leg], now: int
) -> Iterator[Event]:
    retreat = _retreat(state, symbol, plan, is_ladder=len(wanted) > 1)
    if retreat is not None:
        yield retreat
        return
    quantity = sum((leg.quantity for leg in missing[1:]), missing[0].quantity)
    bid = _reached(state, symbol, now)
    if exit_orders.has_given_up(state, symbol):
        yield from _call_person(state, symbol, quantity, now)
    elif _came_to_nothing(state, symbol, plan):
        yield StopFailed(symbol=symbol, why=f"its stop at {plan.stop} found too few who buy")
        return
    elif bid is not None and bid >= plan.target.value:
        yield ExitWanted(symbol=symbol, why="the price is at its target already", cause=ExitCause.TARGET)
        return
    elif is_dust(state.config.instruments[symbol], quantity, plan.floor.value):
        yield ExitWanted(symbol=symbol, why="what is left of it is too little for a stop", cause=ExitCause.UNPROTECTED)
        return
    for leg in missing:
        yield from _send(state, symbol, plan, leg, bid, now)


def _call_person(state: AccountState, symbol: str, quantity: Amount, now: int) -> Iterator[Event]:
    """Once orders to sell or to protect have failed too often."""
    if exit_orders.has_given_up(state, symbol):
        tries = state.retries.failures[symbol]
        yield from hold(state, symbol, f"{quantity} could not be sold {tries} times in a row; sell it by hand", now)


def _reached(state: AccountState, symbol: str, now: int) -> Decimal | None:
    """How high the price counts as being, against targets, where it may be acted on: at the best bid.

    Once a pair was refused, at the best ask: the venue goes by its last trade, which may lie anywhere between the two.
    """
    quote = quote_to_reduce(state, symbol, now)
    if quote is None:
        return None
    return quote.ask if state.retries.failures.get(symbol, 0) > 0 else quote.bid


def _send(state: AccountState, symbol: str, plan: ProtectionPlan, leg: Leg, bid: Decimal | None, now: int) -> Iterator[Event]:
    """A venue refuses a pair whose target would fill at once: after one that filled in part, what its rung waited for is there.

    Of the stop only the venue is the judge: what we see may be absurd, and no position is sold low on that.
    """
    if bid is None or leg.target == plan.target or bid < leg.target.value:
        yield from oco.send(state, symbol, plan, leg, now)
    elif not _sold_short(state, symbol):
        yield from exit_orders.sell(state, symbol, leg.quantity, f"the price is at its rung of {leg.target} already", now)
    else:  # it is not left without a stop while a thin book takes it bit by bit
        higher = (rung.price for rung in plan.exit_plan.rungs if rung.price.value > bid)
        yield from oco.send(state, symbol, plan, replace(leg, target=next(higher, plan.target)), now)


def _sold_short(state: AccountState, symbol: str) -> bool:
    """Whether the book could not take a sale of this position whole."""
    opened_at = state.money.ledger.positions[symbol].opened_at
    sales = (order for order in state.orders.blotter.ended.values() if order.symbol == symbol and order.role is Role.EXIT)
    return any(sale.state is OrderState.EXPIRED and sale.created_at >= opened_at for sale in sales)


def _retreat(state: AccountState, symbol: str, plan: ProtectionPlan, *, is_ladder: bool) -> Event | None:
    """The venue would not have the protection as planned: what was there before, then less of it, then none and out.

    A rung gets a second try, for the price may have been at its target unseen; of a ladder that is down to its target there is
    no less to try. Who has given up has been through all this.
    """
    failures = state.retries.failures.get(symbol, 0)
    if not failures:
        return None
    if plan.fallback is not None:
        return StopMoved(symbol=symbol, stop=plan.fallback, why="the venue refused it where it was to be")
    if is_ladder:
        return LadderDropped(symbol=symbol, why="the venue refused one of its pairs twice") if failures > 1 else None
    if exit_orders.has_given_up(state, symbol):
        return None
    return ExitWanted(symbol=symbol, why="the venue refused its stop and target", cause=ExitCause.UNPROTECTED)


def can_fall_back(state: AccountState, symbol: str) -> bool:
    """Whether there is a stop that the venue has held before, and that need not wait."""
    plan = state.protection.plans.get(symbol)
    return plan is not None and plan.fallback is not None


def _came_to_nothing(state: AccountState, symbol: str, plan: ProtectionPlan) -> bool:
    """Whether the newest stop was triggered, and ended before all was sold: its target, which also ends it, has sold nothing."""
    ended = (
        order for order in reversed(state.orders.blotter.ended.values()) if order.symbol == symbol and order.role is Role.STOP
    )
    stop = next(ended, None)
    if stop is None or stop.state is not OrderState.EXPIRED or stop.stop_price != plan.stop:
        return False
    target = state.orders.blotter.get(oco.sibling(stop, Role.TARGET))
    is_of_position = stop.created_at >= state.money.ledger.positions[symbol].opened_at
    return is_of_position and target is not None and not target.filled and target.state is OrderState.EXPIRED
