"""The exchange is served at two addresses, and the first one swallows what it is asked: the trader goes on at the second."""

from tests.scenes.harness import HOST
from tests.scenes.script import enter, leave
from tests.scenes.two_addresses import BACKUP, BACKUP_URL, FIRST_URL, TwoAddresses, give_back, lose

from fairway.journal.kinds import CaughtUp, StreamLost


def test_probe() -> None:
    stage = TwoAddresses(enter(0), leave(3), acts={90.5: lose(HOST)})
    stage.run(minutes=7)
    print(stage.switches(), stage.seconds_of(StreamLost), stage.seconds_of(CaughtUp), stage.events(StreamLost))
    stage.assert_belief_is_truth()
    assert len(stage.account_state.money.trips) == 1
    assert 0
