"""What was paid for a round trip, what it has earned and what it cost in fees, in exact decimals."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext

from fairway.money.amount import CONTEXT, ZERO, Amount
from fairway.operations.trader.round_trips import NumberedTrip, OpenTrip
from fairway.orders.order import Side
from fairway.reports.ratio import ratio
from fairway.reports.story import BookedFill


@dataclass(frozen=True, slots=True, kw_only=True)
class TripNumbers:
    """Of one trip, in its quote asset. paid: for all that was bought, before fees. Unknown without a price: None."""

    paid: Decimal
    traded: Decimal
    """Of all fills."""
    result: Decimal | None
    """In all: what was taken, and what is open at the newest price."""
    taken: Decimal
    """What was taken already."""
    entry: Decimal
    quantity: Decimal
    """Base that is held; of an ended trip, base that was bought."""
    opened_at: int
    closed_at: int
    """0 while it is open."""

    @property
    def result_ratio(self) -> Decimal | None:
        """The result over what was paid."""
        return ratio(self.result, self.paid) if self.result is not None else None


def numbers_of(trip: NumberedTrip) -> TripNumbers:
    """Of one trip."""
    its = trip.trip
    with localcontext(CONTEXT):
        paid, traded = quote_of(trip.fills, Side.BUY), quote_of(trip.fills, Side.BUY, Side.SELL)
        if isinstance(its, OpenTrip):
            held = its.held
            return TripNumbers(
                paid=paid,
                traded=traded,
                result=held.result.value if held.result is not None else None,
                taken=its.position.position.result.value,
                entry=held.entry,
                quantity=held.quantity.value,
                opened_at=held.opened_at,
                closed_at=0,
            )
        ended = its.trip
        return TripNumbers(
            paid=paid,
            traded=traded,
            result=ended.result.value,
            taken=ended.result.value,
            entry=ended.entry,
            quantity=ended.quantity.value,
            opened_at=ended.opened_at,
            closed_at=ended.closed_at,
        )


def quote_of(fills: Iterable[BookedFill], *sides: Side) -> Decimal:
    """What the venue counted for these fills, before fees."""
    return sum((booked.fill.quote.value for booked in fills if booked.side in sides), ZERO)


def fee_of(fills: Iterable[BookedFill], side: Side) -> Amount | None:
    """The fee of one side; None where it was taken in several assets, or nothing was traded."""
    fees = [booked.fill.fee for booked in fills if booked.side is side]
    if len({fee.asset for fee in fees}) != 1:
        return None
    with localcontext(CONTEXT):
        return Amount(sum((fee.value for fee in fees), ZERO), fees[0].asset)


def distance(price: Decimal | None, from_price: Decimal | None) -> Decimal | None:
    """How far a price is from another, as a ratio of that one; None where one is unknown."""
    if price is None or from_price is None:
        return None
    with localcontext(CONTEXT):
        return ratio(price - from_price, from_price)
