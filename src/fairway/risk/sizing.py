"""Position size: from the risk of a trade, and never for more money than any bound leaves. The smallest wins, and is named.

    quantity = capital x share at risk / (entry - stop + fees and slippage of both ways)

The share at risk is the rules' own, or a quarter of what Kelly would bet on the record of closed trades where that is less; times
the profile's appetite, less in a drawdown, with an unproven edge and in a wild market. Rounded down to the lot.
"""

from collections.abc import Iterator
from decimal import Decimal

from fairway.money.amount import ZERO, text_of
from fairway.money.fraction import Fraction
from fairway.money.grid import Round
from fairway.risk.allocation import size_of
from fairway.risk.edge import Edge
from fairway.risk.entry import Companion, EntryRefusal, ProposedEntry, Sized
from fairway.risk.rules import RiskRules as RiskRules

ONE = Decimal(1)
KELLY_PART = Decimal("0.25")
"""A whole Kelly bet halves an account half of the time; a quarter of it hardly ever does."""
KELLY_MAX = Fraction.parse("0.5 %")
DRAWDOWN_FACTORS = ((Fraction.parse("10 %"), Decimal("0.25")), (Fraction.parse("5 %"), Decimal("0.5")))
"""What is left of the risk from each drawdown on, deepest first."""
EDGE_FACTORS = {Edge.HOT: ONE, Edge.WARM: Decimal("0.75"), Edge.UNKNOWN: Decimal("0.75"), Edge.COLD: Decimal("0.25")}
"""An unknown edge counts as a warm one: neither proven nor disproved."""
STOP_RANGES = Decimal(2)
STOP_WITHOUT_RANGE = Fraction.parse("0.6 %")
"""Distance that a nearer stop counts as: less is the market's noise, and a fast one jumps over it."""
RANGE_USUAL = Fraction.parse("2.5 %")
RANGE_FACTOR_MIN, RANGE_FACTOR_MAX = Decimal("0.5"), Decimal("1.25")
CORRELATED_ABOVE = Decimal("0.7")
SAME_ABOVE = Decimal("0.9")
"""Symbols that move so much alike count as one position."""


def size_entry(entry: ProposedEntry) -> Sized | EntryRefusal:
    """How much of base to buy at about the ask, protected by the stop; or why nothing."""
    ask, stop, instrument = entry.ask, entry.intent.stop, entry.instrument
    if stop >= ask:
        return EntryRefusal(f"SIZE_STOP_ABOVE_PRICE: stop={stop} ask={ask}")
    share, bound = _share_at_risk(entry)
    if share <= 0 and bound == "kelly":
        return EntryRefusal(f"SIZE_NO_EDGE: kelly={text_of(round(share, 6))} limit=0")
    rate = cost_rate(entry)
    quantity = entry.capital * share / lost_a_unit(ask.value, stop.value, rate, _distance(entry))
    unit_cost = ask.value * (1 + rate)
    for name, money in _budgets(entry):
        if money < quantity * unit_cost:
            quantity, bound = money / unit_cost, name
    if entry.limits.size is not None:
        quantity *= min(ONE, entry.limits.size.value)
    most = instrument.market_quantity_max or instrument.quantity_max
    if most and quantity > most:
        quantity, bound = most, "venue"
    on_lot = instrument.quantity(quantity, Round.DOWN)
    if on_lot.value <= 0:
        return EntryRefusal(
            f"SIZE_BELOW_LOT: quantity={text_of(round(quantity, 12))} lot={text_of(instrument.lot)} bound={bound}"
        )
    return Sized(on_lot, bound)


def cost_rate(entry: ProposedEntry) -> Decimal:
    """What each way costs of a price: fee and slippage."""
    return entry.fees.highest + entry.rules.slippage.value


def lost_a_unit(price: Decimal, stop: Decimal, rate: Decimal, distance: Decimal | None = None) -> Decimal:
    """What one unit of base loses that is bought at a price and sold at its stop, with the costs of both ways.

    distance: between the two, where it counts as another one.
    """
    return (price - stop if distance is None else distance) + (price + stop) * rate


def _share_at_risk(entry: ProposedEntry) -> tuple[Decimal, str]:
    """The share of the capital that may be lost at the stop, and what says so."""
    rules, limit = entry.rules, entry.limits.risk
    share, bound = rules.per_trade.value, "per_trade"
    if rules.kelly:
        bet = _kelly(entry)
        if bet is not None and bet < share:
            share, bound = bet, "kelly"
        share *= _drawdown_factor(entry.drawdown) * EDGE_FACTORS[entry.record.edge if entry.record else Edge.UNKNOWN]
    share *= rules.size.value * _range_factor(entry)
    return (share, bound) if limit is None or share <= limit.value else (limit.value, "limits.risk")


def _kelly(entry: ProposedEntry) -> Decimal | None:
    kelly = entry.record.kelly if entry.record is not None else None
    return None if kelly is None else min(kelly * KELLY_PART, KELLY_MAX.value)


def _drawdown_factor(drawdown: Fraction) -> Decimal:
    return next((factor for depth, factor in DRAWDOWN_FACTORS if drawdown >= depth), ONE)


def _range_factor(entry: ProposedEntry) -> Decimal:
    """Less risk in a market that is wilder than usual; an unknown one counts as the wildest."""
    if not entry.rules.ranges:
        return ONE
    if entry.range is None:
        return RANGE_FACTOR_MIN
    usual = RANGE_USUAL.value * entry.ask.value
    if usual >= entry.range * RANGE_FACTOR_MAX:
        return RANGE_FACTOR_MAX
    return max(RANGE_FACTOR_MIN, usual / entry.range)


def _distance(entry: ProposedEntry) -> Decimal:
    """From the ask to the stop, in quote; never less than the market's noise, where that is looked at."""
    own = (entry.ask - entry.intent.stop).value
    if not entry.rules.ranges:
        return own
    noise = entry.ask.value * STOP_WITHOUT_RANGE.value if entry.range is None else entry.range * STOP_RANGES
    return max(own, noise)


def _budgets(entry: ProposedEntry) -> Iterator[tuple[str, Decimal]]:
    """Every bound on the money that this entry may take, in quote; zero or less where nothing is left."""
    rules, limits, capital, free = entry.rules, entry.limits, entry.capital, entry.free.value
    same = _together(entry, SAME_ABOVE)
    yield "free", free
    yield "position_max", capital * rules.position_max.value / (1 + rules.drift.value) - same
    if rules.capital_share is not None:
        yield "capital_share", capital * rules.capital_share.value
    if rules.free_share is not None:
        yield "free_share", free * rules.free_share.value
    if rules.correlated_max is not None:
        yield "correlated_max", capital * rules.correlated_max.value - _together(entry, CORRELATED_ABOVE)
    if rules.allocation is not None:
        yield from _allocated(entry)
    if limits.position is not None:
        yield "limits.position", capital * limits.position.value - same
    if limits.position_value is not None:
        yield "limits.position_value", limits.position_value.value - same
    if limits.order_value is not None:
        yield "limits.order_value", limits.order_value.value
    yield from _left_of_all(entry)


def _left_of_all(entry: ProposedEntry) -> Iterator[tuple[str, Decimal]]:
    """What bounds on all positions together leave, beside what is held and on its way."""
    limits, capital, taken = entry.limits, entry.capital, entry.exposure.value
    if limits.capital is not None:
        yield "limits.capital", limits.capital.value - taken
    if limits.capital_total is not None:
        yield "limits.capital_total", limits.capital_total.value - taken - entry.others.exposure
    if limits.exposure is not None:
        yield "limits.exposure", capital * limits.exposure.value - taken
    if limits.leverage is not None:
        yield "limits.leverage", capital * limits.leverage - taken
    if limits.exposure_value is not None:
        yield "limits.exposure_value", limits.exposure_value.value - taken


def _together(entry: ProposedEntry, above: Decimal) -> Decimal:
    """The worth of companions that are correlated with the entry's symbol; an unknown correlation counts as one."""
    if entry.rules.correlated_max is None:
        return ZERO
    return sum((it.exposure for it in entry.companions if it.correlation is None or it.correlation > above), ZERO)


def _allocated(entry: ProposedEntry) -> Iterator[tuple[str, Decimal]]:
    allocation, base = entry.rules.allocation, entry.instrument.base
    assert allocation is not None
    assert entry.worth is not None
    size = size_of(base)
    taken = sum((it.exposure for it in entry.companions if _is_of(it, base)), ZERO)
    yield f"allocation.{size.value}", entry.capital * allocation.most(base).value - taken
    yield "allocation.cash", entry.free.value - entry.worth.value * allocation.cash.value


def _is_of(companion: Companion, base: str) -> bool:
    return size_of(companion.base) is size_of(base)
