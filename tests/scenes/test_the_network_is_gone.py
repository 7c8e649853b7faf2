"""Between the trader and the exchange nothing passes for minutes, while the market goes on."""

from tests.scenes.harness import HOST, Scene
from tests.scenes.script import enter, leave

from fairway.journal.kinds import StreamLost
from fairway.world.loop import running

FALLS = {"BTC/USDT": {0: "100", 150: "94"}}


def cut(_stage: Scene) -> None:
    running().network.partition("trader", HOST)


def heal(_stage: Scene) -> None:
    running().network.heal("trader", HOST)


def test_a_stop_that_fires_in_the_silence_is_found() -> None:
    """The position was closed by what rests at the exchange; the trader learns of it when it comes back."""
    stage = Scene(enter(0), acts={110: cut, 290: heal}, prices=FALLS)
    stage.run(minutes=7)
    stage.assert_belief_is_truth()
    assert len(stage.account_state.money.trips) == 1
    assert len(stage.events(StreamLost)) > 0


def test_an_entry_that_was_cut_off_under_way() -> None:
    """The request arrived and its answer did not, or neither did: one order at most, and it is protected in the end."""
    for second in (60.5025, 60.5035):
        stage = Scene(enter(0), acts={second: cut, 200: heal})
        stage.run(minutes=7)
        stage.assert_belief_is_truth()
        assert len(stage.bought()) <= 1


def test_a_wish_to_leave_outlives_the_silence() -> None:
    """Cancel and sale are done when the network is back, once each."""
    stage = Scene(enter(0), leave(1), acts={120.5025: cut, 200: heal})
    stage.run(minutes=7)
    stage.assert_belief_is_truth()
    assert len(stage.account_state.money.trips) == 1


def test_a_pair_that_came_to_its_end_in_the_silence_is_not_placed_again() -> None:
    """It arrived, its stop fired, and nobody could say so: under the same ids the exchange would take it once more.

    The account has coins of its own, which the second stop would sell.
    """
    balances = {"USDT": "10000", "BTC": "50"}
    stage = Scene(enter(0), acts={60.5045: cut, 180.5045: heal}, prices={"BTC/USDT": {0: "100", 90: "94"}}, balances=balances)
    stage.run(minutes=6)
    stage.assert_belief_is_truth()
    assert len(stage.account_state.money.trips) == 1
    assert stage.held_at_exchange()["BTC"] == 50 + stage.account_state.money.ledger.dust["BTC"]
