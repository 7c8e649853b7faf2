"""How a position is left: its stop and target, the rungs on the way there, how its stop moves, and when its time is up.

`legs` decides what must rest at the venue for it, and `protection_breach`, before anything is bought, whether the venue would
take that.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from msgspec import Struct

from fairway.market.instrument import Instrument
from fairway.money.amount import ZERO, Amount, Price, text_of
from fairway.money.fees import Fees
from fairway.money.fraction import Fraction
from fairway.money.grid import Round

ONE = Decimal(1)


class Rung(Struct, frozen=True):
    """Sells a share of what was bought at a price below the target."""

    share: Fraction
    price: Price


class Trailing(Struct, frozen=True, kw_only=True):
    """Once a candle has closed at `starts` or above, the stop follows each close at a distance (quote per base), upwards only."""

    starts: Price
    distance: Amount


class ExitPlan(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a plan has beyond its stop and target. The target sells what the rungs leave."""

    rungs: tuple[Rung, ...] = ()
    """The lowest price first."""
    trailing: Trailing | None = None
    break_even: bool = False
    """Whether the stop moves to the price of the entry once the first rung has sold."""
    bars_max: int = 0
    """Candles after which the position is closed; 0 for no end."""
    stop_gap: Amount | None = None
    """How far below its stop price (quote per base) the stop may sell: a stop-limit. None: at any price, as a market order."""


PLAIN = ExitPlan()
"""A stop, a target, and nothing else."""


class ProtectionPlan(Struct, frozen=True, kw_only=True):
    """Where a position is protected."""

    stop: Price
    target: Price
    exit_plan: ExitPlan = PLAIN
    fallback: Price | None = None
    """Where the stop was before it was moved, until the venue holds it where it is to be."""

    @property
    def floor(self) -> Price:
        """The lowest price that its orders name."""
        gap = self.exit_plan.stop_gap
        return self.stop if gap is None else self.stop.moved(-gap)


@dataclass(frozen=True, slots=True)
class Leg:
    """One pair at the venue: a part of the position, under the common stop, with a target of its own."""

    quantity: Amount
    target: Price


def legs(instrument: Instrument, plan: ProtectionPlan, held: Amount, sold: Amount) -> list[Leg]:
    """The pairs that cover all of held, which is on lots, when so much has been sold since the position was opened.

    What was sold is taken from the lowest rungs. A rung that is too small for the venue joins the next one, the last one the one
    before it; with fewer conditional orders allowed than there are rungs, the upper ones are one.
    """
    cuts = _unsold(_cut(instrument, plan, held + sold), sold.value)
    found: list[Leg] = []
    waiting = Amount(ZERO, instrument.base)
    for number, (quantity, target) in enumerate(cuts, start=1):
        waiting += Amount(quantity, instrument.base)
        has_room = number == len(cuts) or len(found) + 1 < instrument.conditional_orders_max
        if has_room and not is_dust(instrument, waiting, plan.floor.value):
            found.append(Leg(waiting, target))
            waiting = Amount(ZERO, instrument.base)
    if not waiting:
        return found
    if not found:
        return [Leg(waiting, plan.target)]
    return [*found[:-1], Leg(found[-1].quantity + waiting, found[-1].target)]


def rung_end(instrument: Instrument, plan: ProtectionPlan, held: Amount, sold: Amount) -> Decimal:
    """How much of base is sold once the lowest rung is."""
    return _cut(instrument, plan, held + sold)[0][0]


def is_dust(instrument: Instrument, quantity: Amount, price: Decimal) -> bool:
    """Whether it is too little for any order of the venue at a price."""
    least = max(instrument.lot, instrument.quantity_min)
    return quantity.value < least or quantity.value * price < instrument.notional_min


def _cut(instrument: Instrument, plan: ProtectionPlan, total: Amount) -> list[tuple[Decimal, Price]]:
    """Each rung's quantity on lots, rounded down, and its price; the target's gets what that leaves."""
    cuts = [(instrument.quantity(rung.share.part_of(total).value).value, rung.price) for rung in plan.exit_plan.rungs]
    return [*cuts, (total.value - sum((quantity for quantity, _ in cuts), ZERO), plan.target)]


def _unsold(cuts: Sequence[tuple[Decimal, Price]], sold: Decimal) -> list[tuple[Decimal, Price]]:
    left: list[tuple[Decimal, Price]] = []
    for quantity, target in cuts:
        gone = min(quantity, sold)
        sold -= gone
        if quantity > gone:
            left.append((quantity - gone, target))
    return left


def protection_breach(instrument: Instrument, fees: Fees, quantity: Amount, plan: ProtectionPlan, ask: Price) -> str | None:
    """Why a position of this quantity, bought at about ask, could not be protected as planned; None where it could.

    As `PLAN_…` where the plan makes no sense, as `FILTER_…` where the venue would refuse one of its orders.
    """
    nonsense = _nonsense(plan)
    if nonsense is not None:
        return nonsense
    cuts = _cut(instrument, plan, instrument.quantity(quantity.value * (1 - fees.highest), Round.DOWN))
    if len(cuts) > instrument.conditional_orders_max:
        return f"FILTER_MAX_NUM_ALGO_ORDERS: stops={len(cuts)} max={instrument.conditional_orders_max}"
    for name, size, price, is_limit in _orders(instrument, plan, cuts):
        why = instrument.breach(size, price) or (_percent_breach(instrument, price, ask) if is_limit else None)
        if why is not None:
            return f"FILTER_{name}_{why}"
    return None


def _orders(
    instrument: Instrument, plan: ProtectionPlan, cuts: Sequence[tuple[Decimal, Price]]
) -> Iterator[tuple[str, Amount, Price, bool]]:
    """Each price that an order of the plan names: as it is called in codes, with its quantity, and whether it is a limit."""
    for number, (cut, price) in enumerate(cuts, start=1):
        size, of_rung = Amount(cut, instrument.base), "RUNG_" if number < len(cuts) else ""
        yield f"{of_rung}STOP", size, plan.stop, False
        yield f"{of_rung}STOP", size, plan.floor, plan.exit_plan.stop_gap is not None
        yield f"{of_rung}TARGET", size, price, True


def _percent_breach(instrument: Instrument, price: Price, ask: Price) -> str | None:
    """The venue bounds the limits of sales by its average price, for which ask stands here."""
    low, high = ask.value * instrument.ask_down, ask.value * instrument.ask_up
    if low <= price.value <= high:
        return None
    return f"PERCENT_PRICE_BY_SIDE: price={text_of(price.value)} min={text_of(low)} max={text_of(high)}"


def _nonsense(plan: ProtectionPlan) -> str | None:
    rungs, trailing = plan.exit_plan.rungs, plan.exit_plan.trailing
    prices = [plan.stop.value, *(rung.price.value for rung in rungs), plan.target.value]
    if any(lower >= upper for lower, upper in pairwise(prices)):
        return f"PLAN_DISORDERED: prices={','.join(text_of(price) for price in prices)} must rise from the stop to the target"
    shares = [rung.share.value for rung in rungs]
    if any(share <= 0 for share in shares) or sum(shares, ZERO) >= ONE:
        return f"PLAN_SHARES: shares={','.join(text_of(share) for share in shares)} must be above 0 and leave some for the target"
    if plan.floor.value <= 0 or plan.floor > plan.stop:
        return f"PLAN_STOP_GAP: limit={plan.floor} must be above 0 and not above the stop at {plan.stop}"
    if trailing is not None and trailing.distance.value <= 0:
        return f"PLAN_TRAILING: distance={trailing.distance} must be above 0"
    return None
