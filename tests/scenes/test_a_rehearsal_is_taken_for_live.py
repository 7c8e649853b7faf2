"""A live trader is started on the journal of a rehearsal: what was believed there is not the account's, so it does not begin."""

import pytest
from tests.scenes.by_hand import Act
from tests.scenes.harness import Scene
from tests.scenes.script import enter

from fairway.journal.kinds import TraderStarted


def start_as(mode: str) -> Act:
    """The trader is killed, and started with another word for `mode` in its configuration."""

    def act(stage: Scene) -> None:
        stage.kill_trader()
        stage.mode = mode
        stage.come_back()

    return act


@pytest.mark.parametrize("store", ["memory", "sqlite", "postgres"])
def test_it_asks_and_sends_nothing_until_it_is_started_as_what_it_was(store: str) -> None:
    """Not one request reaches the exchange meanwhile, and the stops there stay; then it goes on as if nothing had been."""
    stage = Scene(enter(0), enter(2), acts={100: start_as("live"), 200: start_as("scene")})
    stage.run(minutes=7)
    stage.assert_belief_is_truth()
    assert stage.asked(since=101, until=200) == []
    assert len(stage.events(TraderStarted)) == 2
    assert len(stage.bought()) == 1
    assert len(stage.open_at_exchange()) == 2
