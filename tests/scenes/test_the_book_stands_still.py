"""The book that is shown is frozen, while the market moves on."""

import pytest
from tests.scenes.harness import Scene
from tests.scenes.script import enter, exchange_fault

MOVES = {"BTC/USDT": {0: "100", 45: "103", 130: "100"}}


@pytest.mark.parametrize("repeats", [False, True], ids=["silent", "repeating itself"])
def test_no_entry_is_made_on_a_frozen_book(repeats: bool) -> None:
    """Silent or repeating itself: a quote that is never new is old. When it thaws, a new wish is granted."""
    stage = Scene(enter(0), enter(3), faults=[exchange_fault("frozen_book", since=40, until=130, repeats=repeats)], prices=MOVES)
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    assert stage.refusals() == ["DATA_STALE"]
    assert len(stage.bought()) == 1


def test_a_position_is_safe_on_a_frozen_book() -> None:
    """Its stop rests where the true book is."""
    stage = Scene(enter(0), faults=[exchange_fault("frozen_book", since=70)], prices={"BTC/USDT": {0: "100", 150: "94"}})
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert len(stage.account_state.money.trips) == 1
