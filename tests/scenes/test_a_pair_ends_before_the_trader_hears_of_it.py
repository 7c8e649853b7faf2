"""The answer to a pair is lost, the stream is mute, and its stop fires within two seconds: nobody has told that it ever rested.

To place it again, or to sell what it protected, would sell coins that the trader never bought.
"""

import pytest
from tests.scenes.harness import Scene
from tests.scenes.script import ExchangeFault, Path, enter, exchange_fault

from fairway.journal.kinds import Unexplained

LOST = exchange_fault("reset_after", "orderList.place.oco", times=1)
MUTE = exchange_fault("muted_stream", since=1, until=140, market=False)
SLOW = exchange_fault("latency", "order.status", since=60, until=70, after_ms=5_000)
LAGGING = exchange_fault("hidden_order", for_ms=30_000)
FALLS: Path = {0: "100", 62: "94"}
DIPS: Path = {0: "100", 62: "94", 63: "100"}
OWN = {"USDT": "10000", "BTC": "50"}
NONE_OWN = {"USDT": "10000"}


@pytest.mark.parametrize("balances", [OWN, NONE_OWN], ids=["coins of its own", "no others"])
@pytest.mark.parametrize("path", [FALLS, DIPS], ids=["falls", "dips"])
@pytest.mark.parametrize("asked", [SLOW, LAGGING], ids=["asking is slow", "queries lag"])
def test_the_position_is_sold_once(asked: ExchangeFault, path: Path, balances: dict[str, str]) -> None:
    """No second pair, no second sale; and the fill that nobody owned is the pair's, not a movement from outside."""
    stage = Scene(enter(0), faults=[LOST, MUTE, asked], prices={"BTC/USDT": path}, balances=balances)
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    assert [order.client_id for order in stage.orders] == [stage.own_id("e", 1), stage.own_id("s", 2), stage.own_id("t", 2)]
    assert len(stage.account_state.money.trips) == 1
    assert stage.events(Unexplained) == []
