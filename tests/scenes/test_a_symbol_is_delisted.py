"""One symbol stops trading, or is gone; the others must not suffer for it."""

import pytest
from tests.scenes.harness import Scene
from tests.scenes.script import enter, exchange_fault, leave

TWO = {"BTC/USDT": {0: "100"}, "ETH/USDT": {0: "50", 200: "44"}}
HOW = ["BREAK", "HALT", ""]


@pytest.mark.parametrize("status", HOW)
def test_no_entry_is_made_in_a_delisted_symbol(status: str) -> None:
    """The exchange refuses it; the other symbol trades."""
    gone = exchange_fault("delisting", since=40, symbol="BTCUSDT", status=status)
    stage = Scene(enter(0), enter(1, symbol="ETH/USDT", stop="45", target="60"), faults=[gone], prices=TWO)
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    assert {order.symbol for order in stage.orders} == {"ETHUSDT"}
    assert len(stage.account_state.money.trips) == 1


@pytest.mark.parametrize("status", HOW)
def test_a_position_in_a_delisted_symbol_does_not_block_the_others(status: str) -> None:
    """Its stop rests; the other symbol's stop fires with nobody told, and is found all the same."""
    wishes = [enter(0), enter(1, symbol="ETH/USDT", stop="45", target="60")]
    mute = exchange_fault("muted_stream", since=130, market=False)
    gone = exchange_fault("delisting", since=130, symbol="BTCUSDT", status=status)
    stage = Scene(*wishes, faults=[gone, mute], prices=TWO)
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    assert [trip.symbol for trip in stage.account_state.money.trips] == ["ETH/USDT"]
    assert sorted(order.symbol for order in stage.open_at_exchange().values()) == ["BTCUSDT", "BTCUSDT"]


@pytest.mark.parametrize("status", HOW)
def test_a_wish_to_leave_a_delisted_symbol_keeps_it_protected(status: str) -> None:
    """Nothing can be sold there: the wish must not cost the position its stop for good."""
    gone = exchange_fault("delisting", since=110, until=170, symbol="BTCUSDT", status=status)
    stage = Scene(enter(0), leave(1), faults=[gone])
    stage.run(minutes=6)
    stage.assert_belief_is_truth()


def test_a_position_that_nobody_could_protect_or_sell_is_sold_when_trading_resumes() -> None:
    """Its price is beyond the target by then, so no pair fits any more: protecting and selling take turns."""
    gone = exchange_fault("delisting", since=60.5035, until=200, symbol="BTCUSDT")
    stage = Scene(enter(0), faults=[gone], prices={"BTC/USDT": {0: "100", 150: "111"}})
    stage.run(minutes=6)
    stage.assert_belief_is_truth()
    assert stage.account_state.money.ledger.positions == {}
    assert len(stage.account_state.money.trips) == 1
