"""A trailing stop: it follows the closes of candles at the exchange, and the trader dies in the gap between old and new."""

import pytest
from tests.scenes.harness import Scene
from tests.scenes.script import Path, enter

from fairway.journal.kinds import NakedTooLong, Protected, StopMoved, TraderStarted
from fairway.money.amount import Amount, Price
from fairway.orders.plan import ExitPlan, Trailing

TRAIL = ExitPlan(trailing=Trailing(starts=Price.of("106", "BTC", "USDT"), distance=Amount.of("4", "USDT")))
RISES: Path = {0: "100", 70: "104", 130: "107", 190: "109", 250: "103"}


def stops(stage: Scene) -> list[str]:
    return [str(event.stop.value) for event in stage.events(StopMoved) if isinstance(event, StopMoved)]


def test_it_follows_from_its_start_on_and_sells_when_the_price_turns() -> None:
    """103 and 105 are 4 below the closes at 107 and 109; the first close, at 104, is not there yet."""
    stage = Scene(enter(0, exit_plan=TRAIL), prices={"BTC/USDT": RISES})
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    assert [float(stop) for stop in stops(stage)] == [103, 105]
    [trip] = stage.account_state.money.trips
    assert trip.result.value > 0
    assert all(event.naked_ns < 500_000_000 for event in stage.events(Protected) if isinstance(event, Protected))


@pytest.mark.parametrize("second", [180.5021, 180.5029, 180.5031, 180.5039, 180.5041, 180.5049, 180.5061])
def test_kill_nine_in_the_gap_ends_protected(second: float) -> None:
    """Wherever it dies, the new life finds out what rests, and the stop ends where it was to be."""
    stage = Scene(
        enter(0, exit_plan=TRAIL),
        prices={"BTC/USDT": {0: "100", 130: "107"}},
        acts={second: Scene.kill_and_restart_trader},
    )
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    assert len(stage.events(TraderStarted)) == 2
    [stop, _] = stage.open_at_exchange().values()
    assert stop.stop_price == 103_00000000
    assert stage.events(NakedTooLong) == []
