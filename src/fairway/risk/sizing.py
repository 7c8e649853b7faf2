"""Position size from the risk of a trade: lose no more than a share of the account if the stop is hit.

    quantity = worth x share / (entry - stop + fees and slippage of both ways)

and never for more money than is free, than one position may take, or than the limits in force leave: the smallest wins.
Rounded down to the lot.
"""

from dataclasses import dataclass
from decimal import Decimal

from fairway.market.instrument import Instrument
from fairway.money.amount import Amount, Price, text_of
from fairway.money.fees import Fees
from fairway.money.fraction import Fraction
from fairway.money.grid import Round
from fairway.risk.limits import Limits

ONE = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskRules:
    """Shares are fractions of the account's worth: Decimal("0.005") is 0.5 %."""

    per_trade: Decimal
    position_max: Decimal
    """Largest share one position may take."""
    positions_max: int
    slippage: Decimal = Decimal("0.001")
    """Allowed for each way, as a fraction of price."""
    spread_max: Decimal = Decimal("0.005")
    """Widest spread to enter at, as a fraction of the middle."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A no of ours, as `CATEGORY_CONDITION: key=value`."""

    code: str


def size_entry(
    instrument: Instrument,
    rules: RiskRules,
    fees: Fees,
    limits: Limits,
    *,
    ask: Price,
    stop: Price,
    worth: Amount,
    free: Amount,
    exposure: Amount,
) -> Amount | Refused:
    """Quantity of base to buy at about ask, protected by stop. In quote: worth of the account, free of it, and exposure, which
    is what positions and entries in flight are worth already."""
    distance = (ask - stop).value
    if distance <= 0:
        return Refused(f"SIZE_STOP_ABOVE_PRICE: stop={stop} ask={ask}")
    cost_rate = fees.highest + rules.slippage
    risk = _smaller(rules.per_trade, limits.risk)
    by_risk = worth.value * risk / (distance + (ask.value + stop.value) * cost_rate)
    by_money = _budget(rules, limits, worth, free, exposure) / (ask.value * (1 + cost_rate))
    wanted = min(by_risk, by_money) * _smaller(ONE, limits.size)
    maximum = instrument.market_quantity_max or instrument.quantity_max
    quantity = instrument.quantity(min(wanted, maximum) if maximum else wanted, Round.DOWN)
    if quantity.value <= 0:
        return Refused(f"SIZE_BELOW_LOT: quantity={text_of(wanted)} lot={text_of(instrument.lot)}")
    return quantity


def _budget(rules: RiskRules, limits: Limits, worth: Amount, free: Amount, exposure: Amount) -> Decimal:
    """The most money that this entry may take, in quote; zero or less where nothing is left."""
    most = min(free.value, worth.value * _smaller(rules.position_max, limits.position))
    for limit in (limits.position_value, limits.order_value):
        most = most if limit is None else min(most, limit.value)
    if limits.capital is not None:
        most = min(most, (limits.capital - exposure).value)
    if limits.exposure is not None:
        most = min(most, (limits.exposure.part_of(worth) - exposure).value)
    return most


def _smaller(value: Decimal, limit: Fraction | None) -> Decimal:
    return value if limit is None else min(value, limit.value)
