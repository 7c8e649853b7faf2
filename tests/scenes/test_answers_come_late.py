"""Requests are carried out, and their answers take longer than anybody waits."""

from tests.scenes.harness import Scene
from tests.scenes.script import enter, exchange_fault, leave


def test_an_entry_whose_answer_never_comes_in_time() -> None:
    """The stream tells of it first; the answer that is given up changes nothing."""
    stage = Scene(enter(0), faults=[exchange_fault("latency", "order.place", after_ms=60_000)])
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert len(stage.bought()) == 1
    assert len(stage.open_at_exchange()) == 2


def test_an_entry_that_is_carried_out_after_it_was_given_up() -> None:
    """Its request sat in a queue: "no such order" was true, and then was not."""
    stage = Scene(enter(0), enter(1), faults=[exchange_fault("latency", "order.place", before_ms=35_000)])
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert len(stage.bought()) == 1
    assert len(stage.open_at_exchange()) == 2


def test_every_answer_is_slow() -> None:
    """Half a second for each request, there and back."""
    stage = Scene(enter(0), leave(1), faults=[exchange_fault("latency", before_ms=250, after_ms=250, spread_ms=200)])
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert len(stage.account_state.money.trips) == 1
