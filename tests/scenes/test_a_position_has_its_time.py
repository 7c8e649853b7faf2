"""A position whose time is up is closed, once, whether it gains or loses, and although the market is quiet."""

from tests.scenes.harness import Scene
from tests.scenes.script import enter

from fairway.journal.kinds import ExitWanted
from fairway.orders.plan import ExitPlan


def test_after_three_bars_it_is_sold() -> None:
    """Counted in candles from the purchase on, which was at the beginning of one."""
    stage = Scene(enter(0, exit_plan=ExitPlan(bars_max=3)))
    stage.run(minutes=6)
    stage.assert_belief_is_truth()
    assert [event.why for event in stage.events(ExitWanted) if isinstance(event, ExitWanted)] == ["held for 3 bars"]
    assert [int(second) for second in stage.seconds_of(ExitWanted)] == [300]
    assert len(stage.account_state.money.trips) == 1


def test_a_trader_that_was_away_closes_what_is_overdue() -> None:
    """The journal knows since when it is held."""
    stage = Scene(enter(0, exit_plan=ExitPlan(bars_max=2)), acts={100: Scene.kill_and_restart_trader})
    stage.run(minutes=6)
    stage.assert_belief_is_truth()
    assert len(stage.account_state.money.trips) == 1
