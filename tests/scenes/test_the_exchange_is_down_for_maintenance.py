"""Every request gets a 503 for some minutes, while resting orders match on."""

from tests.scenes.harness import Scene
from tests.scenes.script import enter, exchange_fault, leave

FALLS = {"BTC/USDT": {0: "100", 150: "94"}}


def test_a_stop_that_fires_during_maintenance_is_found_afterwards() -> None:
    """Nobody was told, and nobody could be asked."""
    stage = Scene(
        enter(0),
        faults=[exchange_fault("maintenance", since=110, until=300), exchange_fault("muted_stream", since=110, until=300)],
        prices=FALLS,
    )
    stage.run(minutes=7)
    stage.assert_belief_is_truth()
    assert len(stage.account_state.money.trips) == 1
    assert stage.open_at_exchange() == {}


def test_an_entry_sent_into_maintenance_is_doubted_and_not_repeated() -> None:
    """A 503 says nothing; when the exchange is back, it says that there is no such order."""
    stage = Scene(enter(0), enter(5), faults=[exchange_fault("maintenance", since=60.5025, until=200)])
    stage.run(minutes=7)
    stage.assert_belief_is_truth()
    assert len(stage.bought()) == 1
    assert stage.bought()[0].created_at > stage.second(360)


def test_no_entry_is_made_on_candles_that_come_late() -> None:
    """Candles that closed while the exchange was down are history when they arrive."""
    stage = Scene(enter(1), enter(2), enter(6), faults=[exchange_fault("maintenance", since=100, until=350)])
    stage.run(minutes=8)
    stage.assert_belief_is_truth()
    assert len(stage.bought()) == 1
    assert stage.bought()[0].created_at > stage.second(420)


def test_a_protection_sent_into_maintenance_rests_when_it_is_over() -> None:
    """It is repeated under its own ids until the exchange takes it."""
    stage = Scene(enter(0), faults=[exchange_fault("maintenance", since=60.5035, until=130)])
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert len(stage.open_at_exchange()) == 2


def test_a_wish_to_leave_outlives_maintenance() -> None:
    """It is kept until the position is gone."""
    stage = Scene(enter(0), leave(1), faults=[exchange_fault("maintenance", since=120.4, until=200)])
    stage.run(minutes=6)
    stage.assert_belief_is_truth()
    assert len(stage.account_state.money.trips) == 1
