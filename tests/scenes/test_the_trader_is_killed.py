"""`kill -9` in the middle of things, and up again with nothing but the journal and what the exchange says."""

import pytest
from tests.scenes.harness import Scene
from tests.scenes.script import enter, exchange_fault, leave

from fairway.world.loop import running

ENTERING = [60.5021, 60.5029, 60.5031, 60.5039, 60.5041, 60.5049, 60.5051, 60.5061]
"""Seconds, between each of the messages of an entry and its protection: every one of them can be the last."""
LEAVING = [120.5021, 120.5031, 120.5041, 120.5051, 120.5061]


def kill(_stage: Scene) -> None:
    running().kill("trader")


@pytest.mark.parametrize("second", ENTERING)
def test_while_it_enters(second: float) -> None:
    """At most one entry exists, and if it does, it is protected."""
    stage = Scene(enter(0), acts={second: Scene.kill_and_restart_trader})
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert len(stage.bought()) <= 1


@pytest.mark.parametrize("second", LEAVING)
def test_while_it_leaves(second: float) -> None:
    """Nothing is sold twice; what is not sold is protected."""
    stage = Scene(enter(0), leave(1), acts={second: Scene.kill_and_restart_trader})
    stage.run(minutes=4)
    stage.assert_belief_is_truth()


@pytest.mark.parametrize("second", ENTERING)
def test_again_and_again(second: float) -> None:
    """Once more at each of the next three restarts."""
    acts = {second + later: Scene.kill_and_restart_trader for later in (0, 0.011, 0.5, 2)}
    stage = Scene(enter(0), acts=acts)
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert len(stage.bought()) <= 1


def test_while_its_stop_fires() -> None:
    """It comes back long after, and finds what it missed."""
    acts = {149.0: kill, 200.0: Scene.come_back}
    stage = Scene(enter(0), acts=acts, prices={"BTC/USDT": {0: "100", 150: "94"}})
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    assert len(stage.account_state.money.trips) == 1


def test_while_queries_lag_behind() -> None:
    """After the restart the exchange denies for half a minute what it holds: it is believed only after a whole one."""
    lag = exchange_fault("hidden_order", for_ms=30_000)
    stage = Scene(enter(0), faults=[lag], acts={60.5035: Scene.kill_and_restart_trader})
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert len(stage.bought()) == 1
    assert len(stage.open_at_exchange()) == 2
