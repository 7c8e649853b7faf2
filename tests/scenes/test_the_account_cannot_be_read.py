"""The exchange answers 500 where it is asked for balances or orders: that is no answer, and nothing is taken for empty."""

import pytest
from tests.scenes.harness import Scene
from tests.scenes.script import enter, exchange_fault

from fairway.journal.kinds import CaughtUp, StreamLost, Unexplained

PRICES = {"BTC/USDT": {0: "100"}, "ETH/USDT": {0: "100"}}


@pytest.mark.parametrize("endpoint", ["account.status", "openOrders.status"])
def test_an_error_is_neither_flat_nor_empty(endpoint: str) -> None:
    """Position, plan and orders stay as they are; after three questions without an answer no more is opened."""
    silent = exchange_fault("error_after", endpoint, since=70, until=280, status=500)
    stage = Scene(enter(0), enter(3, symbol="ETH/USDT"), faults=[silent], prices=PRICES)
    stage.run(minutes=6)
    stage.assert_belief_is_truth()
    assert len(stage.open_at_exchange()) == 2
    assert stage.events(Unexplained) == []
    assert [event.channel for event in stage.events(StreamLost)] == ["account"]  # type: ignore[union-attr]
    assert stage.refusals() == ["DATA_BLIND"]
    assert len(stage.bought()) == 1


def test_no_entry_is_made_before_the_first_answer() -> None:
    """A start that cannot read the account opens nothing, however long."""
    stage = Scene(enter(0), enter(2), faults=[exchange_fault("error_after", "account.status", until=100, status=500)])
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert stage.refusals() == ["DATA_BLIND"]
    assert stage.seconds_of(CaughtUp)[0] > 100
    assert len(stage.bought()) == 1
