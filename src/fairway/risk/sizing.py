"""Position size from the risk of a trade: lose no more than a share of the account if the stop is hit.

    quantity = worth x share / (entry - stop + fees and slippage of both ways)

and never more than the free balance or the largest share of the account one position may take. Rounded down to the lot.
"""

from dataclasses import dataclass
from decimal import Decimal

from fairway.market.instrument import Instrument
from fairway.money.amount import Amount, Price, text_of
from fairway.money.fees import Fees
from fairway.money.grid import Round


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
    instrument: Instrument, rules: RiskRules, fees: Fees, *, ask: Price, stop: Price, worth: Amount, free: Amount
) -> Amount | Refused:
    """Quantity of base to buy at about ask, protected by stop; worth and free are in quote."""
    distance = (ask - stop).value
    if distance <= 0:
        return Refused(f"SIZE_STOP_ABOVE_PRICE: stop={stop} ask={ask}")
    cost_rate = fees.highest + rules.slippage
    by_risk = worth.value * rules.per_trade / (distance + (ask.value + stop.value) * cost_rate)
    by_money = min(free.value, worth.value * rules.position_max) / (ask.value * (1 + cost_rate))
    wanted = min(by_risk, by_money)
    maximum = instrument.market_quantity_max or instrument.quantity_max
    quantity = instrument.quantity(min(wanted, maximum) if maximum else wanted, Round.DOWN)
    if quantity.value <= 0:
        return Refused(f"SIZE_BELOW_LOT: quantity={text_of(wanted)} lot={text_of(instrument.lot)}")
    return quantity
