"""A trader dies every few seconds, and whoever supervises it starts it again: it does not go on as if nothing were."""

from tests.scenes.harness import Scene
from tests.scenes.script import enter

from fairway.journal.kinds import CapRaised, TraderStarted
from fairway.risk.caps import Lifting

CRASHES = {70.0 + 5 * number: Scene.kill_and_restart_trader for number in range(6)}


def test_after_the_sixth_crash_in_ten_minutes_it_only_protects_and_closes() -> None:
    """The stop rests through all of it; the next wish is refused until a person has looked."""
    stage = Scene(enter(0), enter(4, symbol="ETH/USDT"), prices=PRICES, acts=CRASHES)
    stage.run(minutes=6)
    stage.assert_belief_is_truth()
    assert len(stage.events(TraderStarted)) == 7
    [cap] = [event.cap for event in stage.events(CapRaised) if isinstance(event, CapRaised)]
    assert cap.lifting is Lifting.PERSON
    assert cap.reason == "started 6 times in ten minutes, and never stopped in order"
    assert stage.refusals() == ["STATE_REDUCE_ONLY"]
    assert len(stage.open_at_exchange()) == 2


PRICES = {"BTC/USDT": {0: "100", 230: "96"}, "ETH/USDT": {0: "100"}}
