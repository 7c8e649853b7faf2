"""What a closed trade teaches: the one way by which results reach breakers, the edge's health, and the size of the next trade."""

from fairway.ledger.result import RoundTrip
from fairway.money.amount import Amount
from fairway.risk.guards.port import Closed
from fairway.risk.guards.roster import Roster


def of_closed_trade(guards: Roster, trip: RoundTrip) -> None:
    """Its result in money, and in multiples of what it risked at the stop it was approved with (not one that was trailed)."""
    gross = trip.quantity.value * (trip.exit - trip.entry)
    plan, risked = guards.take_plan(trip.symbol), None
    if plan is not None and trip.entry > plan.stop.value:
        risked = trip.quantity.value * (trip.entry - plan.stop.value)
    guards.observe(
        Closed(
            symbol=trip.symbol,
            result=trip.result,
            gross=Amount(gross, trip.result.asset),
            in_risks=trip.result.value / risked if risked else None,
            at=trip.closed_at,
        )
    )
