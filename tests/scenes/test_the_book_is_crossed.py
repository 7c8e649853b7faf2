"""The best bid that is shown is above the best ask."""

from tests.scenes.harness import Scene
from tests.scenes.script import enter, exchange_fault


def test_no_entry_is_made_on_a_crossed_book() -> None:
    """It is flawed, and says so; when it is mended, a new wish is granted."""
    stage = Scene(enter(0), enter(2), faults=[exchange_fault("crossed_book", since=40, until=130)])
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert stage.refusals() == ["DATA_FLAWED"]
    assert len(stage.bought()) == 1


def test_a_position_is_not_valued_by_a_crossed_book() -> None:
    """And stays protected."""
    stage = Scene(enter(0), faults=[exchange_fault("crossed_book", since=70)])
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert len(stage.open_at_exchange()) == 2
