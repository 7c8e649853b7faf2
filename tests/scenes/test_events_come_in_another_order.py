"""Some events are late, so that others overtake them."""

import pytest
from tests.scenes.harness import Scene
from tests.scenes.script import enter, exchange_fault, leave

FALLS = {"BTC/USDT": {0: "100", 150: "94"}}
RISES = {"BTC/USDT": {0: "100", 150: "111"}}


@pytest.mark.parametrize("every", [1, 2, 3])
@pytest.mark.parametrize("prices", [FALLS, RISES], ids=["stopped", "target"])
def test_the_order_of_news_does_not_matter(every: int, prices: dict[str, dict[int, str]]) -> None:
    """Position opened and closed, with each event, every second or every third one late by up to two seconds."""
    late = exchange_fault("reordered_events", every=every, late_ms=100, spread_ms=1_900)
    stage = Scene(enter(0), faults=[late], prices=prices)
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert len(stage.account_state.money.trips) == 1


def test_news_of_a_cancel_and_a_sale_change_places() -> None:
    """Sold, then cancelled, then accepted: all true, in the wrong order."""
    late = exchange_fault("reordered_events", every=2, late_ms=100, spread_ms=5_000)
    stage = Scene(enter(0), leave(1), faults=[late])
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert len(stage.account_state.money.trips) == 1
