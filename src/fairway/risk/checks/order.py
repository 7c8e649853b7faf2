"""Checks of the order, once its size is known. They check again what the sizing was meant to keep."""

from decimal import Decimal

from fairway.money.amount import ZERO, Amount, text_of
from fairway.orders.plan import ProtectionPlan, protection_breach
from fairway.risk.codes import short
from fairway.risk.entry import ProposedEntry
from fairway.risk.guards.recent import KEPT_NS
from fairway.risk.sizing import cost_rate, lost_a_unit


def is_small_enough(entry: ProposedEntry, quantity: Amount) -> str | None:
    """In value and in quantity."""
    instrument, most = entry.instrument, entry.limits.order_value
    value = entry.ask.value * quantity.value
    if most is not None and value > most.value:
        return f"ORDER_VALUE_MAX: value={text_of(value)} max={most}"
    largest = instrument.market_quantity_max or instrument.quantity_max
    if largest and quantity.value > largest:
        return f"ORDER_QUANTITY_MAX: quantity={quantity} max={text_of(largest)}"
    return None


def stays_exposed_within(entry: ProposedEntry, quantity: Amount) -> str | None:
    """With all positions and all that is in flight."""
    limits, after = entry.limits, entry.exposure.value + entry.ask.value * quantity.value
    for name, most in (("capital", limits.capital), ("exposure", limits.exposure_value)):
        if most is not None and after > most.value:
            return f"EXPOSURE_MAX: {name}={text_of(after)} max={most}"
    if limits.exposure is not None and after > entry.capital * limits.exposure.value:
        return f"EXPOSURE_MAX: share={short(after / entry.capital)} max={text_of(limits.exposure.value)}"
    return None


def loses_within(entry: ProposedEntry, quantity: Amount) -> str | None:
    """The loss since the stage began, and the loss if all stops were hit, this order's too, stay within the limit."""
    most = entry.limits.loss
    if most is None:
        return None
    if entry.lost is None:
        return f"LOSS_UNKNOWN: the loss since the stage began is not known max={most}"
    planned = _planned(entry, quantity)
    if entry.lost + entry.at_risk + planned <= most.value:
        return None
    told = " ".join(
        f"{name}={short(value)}" for name, value in (("lost", entry.lost), ("at_risk", entry.at_risk), ("planned", planned))
    )
    return f"LOSS_MAX: {told} max={most}"


def loses_within_with_others(entry: ProposedEntry, quantity: Amount) -> str | None:
    """The same for all accounts together. A gain of one account offsets no loss of another."""
    most, others = entry.limits.loss_total, entry.others
    if most is None:
        return None
    if entry.lost is None or others.unknown:
        return f"LOSS_UNKNOWN: the loss of all accounts since their stages began is not known others={others.unknown} max={most}"
    planned = _planned(entry, quantity)
    own = max(entry.lost + entry.at_risk + planned, ZERO)
    if others.worst + own <= most.value:
        return None
    told = f"others={short(others.worst)} lost={short(entry.lost)} at_risk={short(entry.at_risk)} planned={short(planned)}"
    return f"LOSS_TOTAL_MAX: {told} max={most}"


def _planned(entry: ProposedEntry, quantity: Amount) -> Decimal:
    """What the order would lose at its stop."""
    return quantity.value * lost_a_unit(entry.ask.value, entry.intent.stop.value, cost_rate(entry))


def is_levered_within(entry: ProposedEntry, quantity: Amount) -> str | None:
    """In multiples of what the account counts as worth: a bound of its own, beside what is free on a spot venue."""
    most = entry.limits.leverage
    if most is None:
        return None
    after = entry.exposure.value + entry.ask.value * quantity.value
    if after <= entry.capital * most:
        return None
    return f"LEVERAGE_MAX: leverage={short(after / entry.capital)} max={text_of(most)}"


def is_paid_for(entry: ProposedEntry, quantity: Amount) -> str | None:
    """On a spot venue leverage is 1: what would take more than is free is not bought."""
    cost = entry.ask.value * quantity.value * (1 + entry.fees.highest)
    return f"LEVERAGE_MAX: cost={text_of(cost)} free={entry.free} max=1" if cost > entry.free.value else None


def costs_little_slippage(entry: ProposedEntry, quantity: Amount) -> str | None:
    """A quote shows one level of the book. The simplification: levels behind it are as deep, and one spread apart."""
    quote, most = entry.quote, entry.rules.slippage_max
    assert quote is not None
    if most is None or quantity.value <= quote.ask_quantity:
        return None
    if not quote.ask_quantity:
        return f"SLIPPAGE_MAX: nothing is offered at {text_of(quote.ask)} max={text_of(most.value)}"
    levels = quantity.value / quote.ask_quantity - 1
    slippage = (quote.ask - quote.bid) * levels / 2 / quote.ask
    return f"SLIPPAGE_MAX: slippage={short(slippage)} max={text_of(most.value)}" if slippage > most.value else None


def is_no_repetition(entry: ProposedEntry, quantity: Amount) -> str | None:
    """A signal that sticks, or a price that rounds to the same level again and again (A10)."""
    most, intent = entry.rules.repeats_max, entry.intent
    if most is None:
        return None
    before = sum(
        1
        for it in entry.recent.since(entry.now - KEPT_NS)
        if (it.symbol, it.quantity, it.stop, it.target) == (intent.symbol, quantity, intent.stop, intent.target)
    )
    return f"REPEATED: symbol={intent.symbol} quantity={quantity} times={before + 1} max={most}" if before >= most else None


def fits_filters(entry: ProposedEntry, quantity: Amount) -> str | None:
    """The entry, and every order that its plan needs, must pass the venue's filters: or it could not be protected."""
    ask, intent = entry.ask, entry.intent
    why = entry.instrument.breach(quantity, ask)
    if why is not None:
        return f"FILTER_ENTRY_{why}"
    plan = ProtectionPlan(stop=intent.stop, target=intent.target, exit_plan=intent.exit_plan)
    return protection_breach(entry.instrument, entry.fees, quantity, plan, ask)


def leaves_room_for_its_exit(entry: ProposedEntry, quantity: Amount) -> str | None:
    """Beside the orders that rest now the venue must take every stop and target of the plan, and find free coins for them."""
    instrument, pairs = entry.instrument, len(entry.intent.exit_plan.rungs) + 1
    if entry.stops_beside + pairs > instrument.conditional_orders_max:
        return f"EXIT_MAX_NUM_ALGO_ORDERS: stops={pairs} beside={entry.stops_beside} max={instrument.conditional_orders_max}"
    if entry.orders_beside + 2 * pairs > instrument.orders_max:
        return f"EXIT_MAX_NUM_ORDERS: orders={2 * pairs} beside={entry.orders_beside} max={instrument.orders_max}"
    if entry.locked_short > 0:
        return f"EXIT_LOCKED: quantity={quantity} locked_beyond_balance={text_of(entry.locked_short)}"
    return None
