"""Queries answer from a replica that lags: "no such order" is said of an order that exists."""

from tests.scenes.harness import Scene
from tests.scenes.script import enter, exchange_fault

from fairway.orders.lifecycle import OrderRejected

MUTE = exchange_fault("muted_stream", since=1, until=115, market=False)


def test_a_lost_entry_is_not_given_up_while_it_is_hidden() -> None:
    """The answer was lost, the stream is mute, and for 30 s the exchange denies it: still one order, found at last."""
    lost = exchange_fault("reset_after", "order.place", times=1)
    stage = Scene(enter(0), enter(1), faults=[lost, exchange_fault("hidden_order", for_ms=30_000), MUTE])
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert stage.events(OrderRejected) == []
    assert len(stage.bought()) == 1
    assert stage.refusals() == ["SYMBOL_BUSY"]
    assert len(stage.open_at_exchange()) == 2


def test_an_accepted_pair_is_not_dropped_while_it_is_hidden() -> None:
    """It is missing among the open orders, and that proves nothing."""
    stage = Scene(enter(0), faults=[exchange_fault("hidden_order", for_ms=45_000)])
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    assert len(stage.orders) == 3


def test_a_lost_pair_is_repeated_and_refused_as_a_duplicate_while_it_is_hidden() -> None:
    """The duplicate is the proof that it rests: the position was never without it."""
    lost = exchange_fault("reset_after", "orderList.place.oco", times=1)
    stage = Scene(enter(0), faults=[lost, exchange_fault("hidden_order", for_ms=30_000), MUTE])
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    assert len(stage.orders) == 3
