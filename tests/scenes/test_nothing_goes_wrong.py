"""The rehearsal: an exchange without faults, so that the other scenes differ from it by their fault alone."""

from tests.scenes.harness import Scene
from tests.scenes.script import enter, leave

FALLS = {"BTC/USDT": {0: "100", 150: "94"}}
RISES = {"BTC/USDT": {0: "100", 150: "111"}}


def test_an_entry_is_protected_and_rests() -> None:
    """One market buy, one stop, one target."""
    stage = Scene(enter(0))
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    assert len(stage.bought()) == 1
    assert len(stage.open_at_exchange()) == 2


def test_the_stop_ends_a_position() -> None:
    """Its target expires with it, and nothing is left."""
    stage = Scene(enter(0), prices=FALLS)
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert stage.open_at_exchange() == {}
    assert [trip.exit < 95 for trip in stage.account_state.money.trips] == [True]


def test_the_target_ends_a_position() -> None:
    """Its stop expires with it, and nothing is left."""
    stage = Scene(enter(0), prices=RISES)
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert stage.open_at_exchange() == {}
    assert [trip.exit for trip in stage.account_state.money.trips] == [110]


def test_a_wish_to_leave_ends_a_position() -> None:
    """The pair is cancelled first, then all is sold."""
    stage = Scene(enter(0), leave(1))
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert stage.open_at_exchange() == {}
    assert len(stage.account_state.money.trips) == 1


def test_two_symbols_trade_beside_each_other() -> None:
    """One is stopped out while the other one rests."""
    prices = {"BTC/USDT": {0: "100"}, "ETH/USDT": {0: "50", 150: "44"}}
    stage = Scene(enter(0), enter(0, symbol="ETH/USDT", stop="45", target="60"), prices=prices)
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert sorted({order.symbol for order in stage.open_at_exchange().values()}) == ["BTCUSDT"]


def test_the_same_seed_gives_the_same_journal() -> None:
    """To the last byte: else a scene that fails could not be played again."""
    first, again = Scene(enter(0), prices=FALLS, seed=7), Scene(enter(0), prices=FALLS, seed=7)
    first.run(minutes=3)
    again.run(minutes=3)
    assert first.file.records[-1].digest == again.file.records[-1].digest
