"""Exposure: what an account's positions and entries in flight are worth, and what they would still lose if all stops were hit."""

from collections.abc import Mapping
from decimal import Decimal

from fairway.money.amount import ZERO, Amount
from fairway.orders.ids import Role
from fairway.orders.order import Order
from fairway.risk.sizing import lost_a_unit
from fairway.trading.account_state import AccountState
from fairway.trading.totals import NOTHING, Figures


def in_flight(state: AccountState) -> dict[str, Decimal]:
    """By symbol, what is still to be paid for entries at work."""
    return {order.symbol: _cost(state, order) for order in state.orders.blotter.live.values() if order.role is Role.ENTRY}


def exposures(state: AccountState, flying: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """By symbol, what positions cost, and what entries in flight may yet. What a position has lost makes no room for more."""
    exposed = {symbol: position.cost.value for symbol, position in state.money.ledger.positions.items()}
    for symbol, cost in flying.items():
        exposed[symbol] = exposed.get(symbol, ZERO) + cost
    return exposed


def at_risk(state: AccountState) -> Decimal:
    """What would be lost from the prices of now down to the stops, in quote. A position without a plan may lose all it is worth.

    Only where all that is held has a price.
    """
    marks = state.marks()
    held = sum((_held_at_risk(state, symbol, marks) for symbol in state.money.ledger.positions), ZERO)
    flying = (order for order in state.orders.blotter.live.values() if order.role is Role.ENTRY)
    return held + sum((_flying_at_risk(state, order) for order in flying), ZERO)


def figures(state: AccountState) -> Figures:
    """An account's part of what all have at work and have lost, as it is now.

    One whose stage has not begun has lost nothing in it. Where something held has no price, the loss is unknown.
    """
    exposure = sum(exposures(state, in_flight(state)).values(), ZERO)
    if not exposure and state.guards.stage_loss.stage is None:
        return NOTHING
    worth = worth_if_sold(state)
    if worth is None:
        return Figures(exposure=exposure, unknown=1)
    lost = state.guards.stage_loss.lost(worth) or ZERO
    marked_at = min((state.market.quotes[symbol].seen_at for symbol in state.money.ledger.positions), default=0)
    return Figures(exposure=exposure, lost=max(lost, ZERO), worst=max(lost + at_risk(state), ZERO), marked_at=marked_at)


def worth_if_sold(state: AccountState) -> Amount | None:
    """What it is worth less the fees of selling what is held, at the last prices, however old; None where one is missing.

    Guards wait for sound prices and say so when none come; an entry is not to wait for every pair that is hardly traded.
    """
    marks = state.marks()
    worth = state.money.ledger.worth(state.config.quote, marks)
    if worth is None or not state.money.ledger.positions.keys() <= marks.keys():
        return None
    held = state.money.ledger.positions.items()
    fees = sum((it.quantity.value * marks[symbol] * state.config.fees[symbol].taker for symbol, it in held), ZERO)
    return worth - Amount(fees, worth.asset)


def _held_at_risk(state: AccountState, symbol: str, marks: Mapping[str, Decimal]) -> Decimal:
    """Down to its stop, and what that slips; the fees of selling it count as lost already."""
    plan, position, kept = (
        state.protection.plans.get(symbol),
        state.money.ledger.positions[symbol],
        1 - state.config.fees[symbol].taker,
    )
    stop = plan.stop.value if plan is not None else ZERO
    fall = marks[symbol] * kept - stop * (kept - state.config.rules.slippage.value)
    return max(position.quantity.value * fall, ZERO)


def _flying_at_risk(state: AccountState, entry: Order) -> Decimal:
    plan, price = state.protection.plans[entry.symbol], _price(state, entry)
    rate = state.config.fees[entry.symbol].highest + state.config.rules.slippage.value
    return entry.remaining.value * lost_a_unit(price, plan.stop.value, rate)


def _cost(state: AccountState, entry: Order) -> Decimal:
    return entry.remaining.value * _price(state, entry)


def _price(state: AccountState, entry: Order) -> Decimal:
    """What an entry in flight is paid at: at the ask, or at its target while there is none."""
    quote = state.market.quotes.get(entry.symbol)
    return quote.ask if quote is not None else state.protection.plans[entry.symbol].target.value
