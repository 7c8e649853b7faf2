"""The answer to a sale is lost. Until the exchange's no is believed, a minute later, the position is not left without a stop."""

import pytest
from tests.scenes.harness import Scene
from tests.scenes.script import enter, exchange_fault, leave

from fairway.exchange.terms import OrderType
from fairway.journal.kinds import NakedTooLong

LOST = exchange_fault("reset_before", "order.place", since=119, times=1)
HIDDEN = exchange_fault("reset_after", "order.place", since=119, times=1)
MUTE = exchange_fault("muted_stream", since=119, until=200, market=False)
LAGGING = exchange_fault("hidden_order", for_ms=30_000, since=119)


def test_a_sale_that_never_arrived_leaves_the_position_protected() -> None:
    """Within five seconds a new stop rests; a minute later the position is sold, once."""
    stage = Scene(enter(0), leave(1), faults=[LOST])
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    shield = [order for order in stage.orders if order.type is OrderType.STOP_LOSS][-1]
    assert stage.second(120) < shield.created_at < stage.second(125)
    assert shield.updated_at > stage.second(180)
    assert stage.events(NakedTooLong) == []
    assert (stage.account_state.money.ledger.positions, len(stage.account_state.money.trips)) == ({}, 1)


def test_the_stop_that_stands_in_for_a_lost_sale_works() -> None:
    """The price falls in the minute of doubt."""
    stage = Scene(enter(0), leave(1), faults=[LOST], prices={"BTC/USDT": {0: "100", 150: "94"}})
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    assert (stage.account_state.money.ledger.positions, len(stage.account_state.money.trips)) == ({}, 1)
    assert len([order for order in stage.orders if order.client_id.endswith("x")]) == 0


@pytest.mark.parametrize("balances", [{"USDT": "10000"}, {"USDT": "10000", "BTC": "50"}], ids=["no coins beside", "many"])
def test_a_sale_that_was_done_and_is_not_shown_is_not_doubled(balances: dict[str, str]) -> None:
    """The exchange denies it for half a minute: a stop would sell coins that the position does not have."""
    stage = Scene(enter(0), leave(1), faults=[HIDDEN, MUTE, LAGGING], balances=balances)
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    assert (stage.account_state.money.ledger.positions, len(stage.account_state.money.trips)) == ({}, 1)
    assert len([order for order in stage.orders if order.type is OrderType.STOP_LOSS]) == 1
