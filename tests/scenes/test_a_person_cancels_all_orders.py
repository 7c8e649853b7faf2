"""A dead man's switch that somebody else armed fires, or a hand slips: with a position, all orders are cancelled, stops too."""

import pytest
from tests.scenes import by_hand
from tests.scenes.harness import Scene
from tests.scenes.script import enter

from fairway.journal.kinds import ExitWanted
from fairway.orders.lifecycle import OrderSent
from fairway.trading.watchdog import NAKED_MAX_NS
from fairway.world.clock import SECOND

FALLS = {"BTC/USDT": {0: "100", 180: "94"}}


def test_the_position_has_a_stop_again_within_seconds() -> None:
    """The same stop, for all of it; and it sells when the price falls."""
    stage = Scene(enter(0), acts={100: by_hand.cancel_all}, prices=FALLS)
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    again = [second for second in stage.seconds_of(OrderSent) if second >= 100]
    assert 100 < again[0] < 100 + NAKED_MAX_NS / SECOND
    assert stage.events(ExitWanted) == []
    [trip] = stage.account_state.money.trips
    assert trip.closed_at >= stage.second(180)


@pytest.mark.parametrize("back_at", [101, 170], ids=["a second later", "a minute later"])
def test_it_fires_while_the_trader_is_dead_and_the_first_thing_it_does_is_to_protect(back_at: float) -> None:
    """Which is just what such a switch waits for. No entry goes out before the stop rests again."""
    acts = {90: Scene.kill_trader, 100: by_hand.cancel_all, back_at: Scene.come_back}
    stage = Scene(enter(0), enter(5, stop="85", target="99"), acts=acts, prices=FALLS)
    stage.run(minutes=8)
    stage.assert_belief_is_truth()
    again = [second for second in stage.seconds_of(OrderSent) if second >= 100]
    assert back_at < again[0] < back_at + NAKED_MAX_NS / SECOND
    assert stage.events(ExitWanted) == []
    assert len(stage.account_state.money.trips) == 1
    assert len(stage.bought()) == 2
