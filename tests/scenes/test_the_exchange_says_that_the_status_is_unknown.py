"""-1007: "send status unknown; execution status unknown", whether the order was accepted or not."""

from tests.scenes.harness import Scene
from tests.scenes.script import enter, exchange_fault


def test_an_entry_that_was_accepted() -> None:
    """It is found and protected."""
    stage = Scene(enter(0), faults=[exchange_fault("status_unknown", "order.place", times=1)])
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    assert len(stage.bought()) == 1
    assert len(stage.open_at_exchange()) == 2


def test_an_entry_that_was_not() -> None:
    """It is not repeated: its wish is a minute old when that is certain."""
    stage = Scene(enter(0), faults=[exchange_fault("status_unknown", "order.place", carried_out=False, times=1)])
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    assert stage.orders == []


def test_a_pair_that_was_accepted() -> None:
    """It rests once."""
    stage = Scene(enter(0), faults=[exchange_fault("status_unknown", "orderList.place.oco", times=1)])
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    assert len(stage.orders) == 3


def test_a_pair_that_was_not() -> None:
    """It is sent again under the same ids, even several times, until it rests."""
    stage = Scene(enter(0), faults=[exchange_fault("status_unknown", "orderList.place.oco", carried_out=False, times=3)])
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    assert len(stage.orders) == 3
    assert stage.orders[1].client_id == stage.own_id("s", 2)
