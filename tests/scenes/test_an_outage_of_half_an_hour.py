"""The answer to an order is lost, and then the network is gone for half an hour: nobody gives up, and nobody guesses."""

from decimal import Decimal

from tests.scenes.harness import HOST, Scene
from tests.scenes.script import enter, exchange_fault, leave

from fairway.orders.lifecycle import OrderLost, OrderRejected
from fairway.world.loop import running

MINUTES = 60


def cut(_stage: Scene) -> None:
    running().network.partition("trader", HOST)


def heal(_stage: Scene) -> None:
    running().network.heal("trader", HOST)


def test_an_entry_stays_unknown_until_the_venue_has_answered() -> None:
    """Its symbol takes no other; found again, it is booked with all its fills, and protected."""
    stage = Scene(enter(0), enter(10), acts={60.5025: cut, 31 * MINUTES: heal})
    stage.run(minutes=33)
    stage.assert_belief_is_truth()
    assert len(stage.events(OrderLost)) > 0
    assert stage.events(OrderRejected) == []
    assert len(stage.bought()) == 1
    assert len(stage.open_at_exchange()) == 2
    assert len(stage.seconds_of(OrderLost)) == 1


def test_a_sale_whose_answer_was_lost_is_not_made_again() -> None:
    """It had sold all: a second one would have opened the opposite position, where that can be done."""
    lost = exchange_fault("reset_after", "order.place", since=120)
    stage = Scene(enter(0), leave(1), faults=[lost], acts={121: cut, 31 * MINUTES: heal})
    stage.run(minutes=33)
    stage.assert_belief_is_truth()
    assert len([order for order in stage.orders if order.client_id.endswith("x")]) == 1
    assert len(stage.account_state.money.trips) == 1


def test_a_stop_that_fired_in_the_dark_is_booked() -> None:
    """The fills of half an hour are caught up, from the last one on."""
    falls = {"BTC/USDT": {0: "100", 600: "94"}}
    stage = Scene(enter(0), acts={90: cut, 31 * MINUTES: heal}, prices=falls)
    stage.run(minutes=33)
    stage.assert_belief_is_truth()
    [trip] = stage.account_state.money.trips
    assert trip.exit < Decimal(95)
