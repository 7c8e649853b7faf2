"""An account pays its fees in BNB while it has some: each fill keeps the exchange's own fee, in its own asset."""

from decimal import Decimal

from tests.scenes.harness import Scene
from tests.scenes.script import decimal, enter

from fairway.exchange.events import OrderReport
from fairway.journal.kinds import CapRaised, Unexplained
from fairway.money.amount import Amount
from fairway.orders.lifecycle import OrderFilled

PRICES = {"BTC/USDT": {0: "100", 150: "111"}, "BNB/USDT": {0: "500"}}


class PaysInBnb(Scene):
    fee_asset = "BNB"


def booked(stage: Scene) -> list[Amount]:
    """Fees as the journal has them."""
    return [event.fill.fee for event in stage.events(OrderFilled) if isinstance(event, OrderFilled)]


def taken(stage: Scene) -> list[Amount]:
    """Fees as the exchange took them."""
    reports = [event for _, _, event in stage.exchange.events if isinstance(event, OrderReport)]
    fills = [report.fill for report in reports if report.fill is not None]
    return [Amount(decimal(fill.commission), fill.commission_asset) for fill in fills]


def test_each_fee_is_what_was_taken_and_nothing_is_unexplained() -> None:
    """The entry's in BNB, so all that was bought is held and protected; the exit's last in dollars: too little BNB is left."""
    stage = PaysInBnb(enter(0), prices=PRICES, balances={"USDT": "10000", "BNB": "0.004"})
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    fees = booked(stage)
    assert fees == taken(stage)
    assert [fee.asset for fee in fees] == ["BNB", "BNB", "USDT"]
    assert stage.events(Unexplained, CapRaised) == []
    [bought] = stage.bought()
    assert {order.quantity for order in stage.orders} == {bought.executed}
    [trip] = stage.account_state.money.trips
    made = stage.held_at_exchange()["USDT"] - 10_000
    assert trip.result.value == made
    assert stage.held_at_exchange()["BNB"] == Decimal("0.004") - fees[0].value - fees[1].value


def test_a_rate_that_nobody_told_us_of_is_booked_as_it_was_taken() -> None:
    """All of it in BNB: the result in dollars knows no fee, and the BNB that are gone are fees, and no loss of coins."""
    stage = PaysInBnb(enter(0), prices=PRICES, balances={"USDT": "10000", "BNB": "1"})
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    assert booked(stage) == taken(stage)
    assert {fee.asset for fee in booked(stage)} == {"BNB"}
    assert stage.events(Unexplained, CapRaised) == []
    [trip] = stage.account_state.money.trips
    assert trip.result.value == stage.held_at_exchange()["USDT"] - 10_000
    gone = sum((fee.value for fee in booked(stage)), Decimal(0))
    assert stage.account_state.money.ledger.balances.of("BNB").value == 1 - gone
