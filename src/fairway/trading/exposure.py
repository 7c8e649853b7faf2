"""Exposure: what an account's positions and entries in flight are worth, and what they would still lose if all stops were hit."""

from collections.abc import Mapping
from decimal import Decimal

from fairway.money.amount import ZERO, Amount
from fairway.orders.ids import Role
from fairway.orders.order import Order
from fairway.risk.sizing import lost_a_unit
from fairway.trading.account_state import AccountState
from fairway.trading.totals import NOTHING, Figures


def in_flight(desk: AccountState) -> dict[str, Decimal]:
    """By symbol, what is still to be paid for entries at work."""
    return {order.symbol: _cost(desk, order) for order in desk.blotter.live.values() if order.role is Role.ENTRY}


def exposures(desk: AccountState, flying: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """By symbol, what positions cost, and what entries in flight may yet. What a position has lost makes no room for more."""
    exposed = {symbol: position.cost.value for symbol, position in desk.ledger.positions.items()}
    for symbol, cost in flying.items():
        exposed[symbol] = exposed.get(symbol, ZERO) + cost
    return exposed


def at_risk(desk: AccountState) -> Decimal:
    """What would be lost from the prices of now down to the stops, in quote. A position without a plan may lose all it is worth.

    Only where all that is held has a price.
    """
    marks = desk.marks()
    held = sum((_held_at_risk(desk, symbol, marks) for symbol in desk.ledger.positions), ZERO)
    flying = (order for order in desk.blotter.live.values() if order.role is Role.ENTRY)
    return held + sum((_flying_at_risk(desk, order) for order in flying), ZERO)


def figures(desk: AccountState) -> Figures:
    """An account's part of what all have at work and have lost, as it is now.

    One whose stage has not begun has lost nothing in it. Where something held has no price, nobody knows.
    """
    exposure = sum(exposures(desk, in_flight(desk)).values(), ZERO)
    if not exposure and desk.guards.stage_loss.stage is None:
        return NOTHING
    worth = worth_if_sold(desk)
    if worth is None:
        return Figures(exposure=exposure, unknown=1)
    lost = desk.guards.stage_loss.lost(worth) or ZERO
    marked_at = min((desk.seen.quotes[symbol].seen_at for symbol in desk.ledger.positions), default=0)
    return Figures(exposure=exposure, lost=max(lost, ZERO), worst=max(lost + at_risk(desk), ZERO), marked_at=marked_at)


def worth_if_sold(desk: AccountState) -> Amount | None:
    """What it is worth less the fees of selling what is held, at the last prices, however old; None where one is missing.

    Guards wait for sound prices and say so when none come; an entry is not to wait for every pair that is hardly traded.
    """
    worth, marks = desk.worth(), desk.marks()
    if worth is None or not desk.ledger.positions.keys() <= marks.keys():
        return None
    held = desk.ledger.positions.items()
    fees = sum((it.quantity.value * marks[symbol] * desk.terms.fees[symbol].taker for symbol, it in held), ZERO)
    return worth - Amount(fees, worth.asset)


def _held_at_risk(desk: AccountState, symbol: str, marks: Mapping[str, Decimal]) -> Decimal:
    """Down to its stop, and what that slips; the fees of selling it count as lost already."""
    plan, position, kept = desk.plans.get(symbol), desk.ledger.positions[symbol], 1 - desk.terms.fees[symbol].taker
    stop = plan.stop.value if plan is not None else ZERO
    fall = marks[symbol] * kept - stop * (kept - desk.terms.rules.slippage.value)
    return max(position.quantity.value * fall, ZERO)


def _flying_at_risk(desk: AccountState, entry: Order) -> Decimal:
    plan, price = desk.plans[entry.symbol], _price(desk, entry)
    rate = desk.terms.fees[entry.symbol].highest + desk.terms.rules.slippage.value
    return entry.remaining.value * lost_a_unit(price, plan.stop.value, rate)


def _cost(desk: AccountState, entry: Order) -> Decimal:
    return entry.remaining.value * _price(desk, entry)


def _price(desk: AccountState, entry: Order) -> Decimal:
    """What an entry in flight is paid at: at the ask, or at its target while there is none."""
    quote = desk.seen.quotes.get(entry.symbol)
    return quote.ask if quote is not None else desk.plans[entry.symbol].target.value
