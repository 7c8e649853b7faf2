"""The line is cut when a request has arrived and nothing was done with it: the trader cannot know, and has to ask."""

from tests.scenes.harness import Scene
from tests.scenes.script import enter, exchange_fault, leave

from fairway.orders.lifecycle import OrderLost, OrderRejected

ENTRY, PAIR = "order.place", "orderList.place.oco"


def test_an_entry_that_never_arrived_is_not_repeated() -> None:
    """It stays unknown for the exchange's own lag, a minute, in which no other entry is made; then a new wish is free."""
    stage = Scene(enter(0), enter(1), enter(3), faults=[exchange_fault("reset_before", ENTRY, times=1)])
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    assert len(stage.events(OrderLost)) == 1
    [rejected_at] = stage.seconds_of(OrderRejected)
    assert 120 < rejected_at < 123
    assert stage.refusals() == ["SYMBOL_BUSY"]
    assert len(stage.bought()) == 1


def test_a_protection_that_never_arrived_is_sent_again_under_the_same_ids() -> None:
    """Two seconds later, because a naked position cannot wait for a minute."""
    stage = Scene(enter(0), faults=[exchange_fault("reset_before", PAIR, times=1)])
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    assert [order.client_id for order in stage.orders] == [stage.own_id("e", 1), stage.own_id("s", 2), stage.own_id("t", 2)]
    assert all(order.created_at - stage.orders[0].created_at < 5_000_000_000 for order in stage.orders)


def test_a_cancel_that_never_arrived_is_made_again() -> None:
    """The wish to leave is kept until the position is gone."""
    stage = Scene(enter(0), leave(1), faults=[exchange_fault("reset_before", "order.cancel", times=1)])
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert stage.open_at_exchange() == {}
    assert len(stage.account_state.money.trips) == 1
