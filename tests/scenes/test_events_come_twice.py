"""The account is told everything twice."""

import pytest
from tests.scenes.harness import Scene
from tests.scenes.script import enter, exchange_fault, leave

from fairway.orders.lifecycle import OrderFilled


@pytest.mark.parametrize("after_ms", [0, 200, 45_000])
def test_a_fill_is_booked_once(after_ms: int) -> None:
    """At once, soon, or after the position is long closed: the trade's id tells."""
    twice = exchange_fault("duplicate_events", after_ms=after_ms)
    stage = Scene(enter(0), leave(1), faults=[twice])
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert len(stage.events(OrderFilled)) == 2
    assert len(stage.account_state.money.trips) == 1


def test_a_stop_is_booked_once() -> None:
    """Its fill and the end of its target come twice."""
    stage = Scene(enter(0), faults=[exchange_fault("duplicate_events", after_ms=50)], prices={"BTC/USDT": {0: "100", 150: "94"}})
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert len(stage.events(OrderFilled)) == 2
