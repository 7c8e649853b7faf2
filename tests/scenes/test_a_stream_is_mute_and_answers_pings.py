"""A zombie: the connection is open, pings are answered, and nothing is said any more."""

from tests.scenes.harness import Scene
from tests.scenes.script import enter, exchange_fault

from fairway.journal.kinds import StreamLost


def test_what_the_account_stream_does_not_say_is_asked_for() -> None:
    """The stop was hit in the silence, and the account's stream never tells."""
    stage = Scene(enter(0), faults=[exchange_fault("muted_stream", market=False)], prices={"BTC/USDT": {0: "100", 150: "94"}})
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert len(stage.account_state.money.trips) == 1


def test_no_entry_is_made_while_the_market_stream_is_mute() -> None:
    """After ten seconds its last quote is too old; after thirty the venue says that it moved: the stream is given up."""
    mute = exchange_fault("muted_stream", since=40, until=130, account=False)
    stage = Scene(enter(0), enter(3), faults=[mute], prices={"BTC/USDT": {0: "100", 50: "101"}})
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    assert stage.refusals() == ["DATA_STALE"]
    assert len(stage.events(StreamLost)) > 0
    assert len(stage.bought()) == 1


def test_protection_needs_no_market_stream() -> None:
    """An entry whose market stream falls mute at once is protected all the same."""
    stage = Scene(enter(0), faults=[exchange_fault("muted_stream", since=60.503, account=False)])
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    assert len(stage.open_at_exchange()) == 2
