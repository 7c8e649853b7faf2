"""The exchange would refuse, or refuses, the stop or the target of an entry: it is not made, or the position is left at once."""

import pytest
from tests.scenes.harness import Scene
from tests.scenes.script import enter, exchange_fault

from fairway.exchange.terms import Side
from fairway.journal.kinds import Protected


@pytest.mark.parametrize(
    ("stop", "target", "code"),
    [
        ("95", "600", "FILTER_TARGET_PERCENT_PRICE_BY_SIDE"),
        ("95.001", "110", "FILTER_STOP_PRICE_FILTER"),
        ("101", "110", "PRICE_MOVED"),
    ],
)
def test_an_entry_that_could_not_be_protected_is_not_made(stop: str, target: str, code: str) -> None:
    """Stop and target are held against the exchange's filters before the entry, not after it."""
    stage = Scene(enter(0, stop=stop, target=target))
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    assert stage.refusals() == [code]
    assert stage.orders == []


def test_a_price_that_passes_the_stop_before_it_rests_ends_the_position_once() -> None:
    """The pair comes a second late, below its stop: refused; one sale, no second pair, and nobody is left without a stop."""
    late = exchange_fault("latency", "orderList.place.oco", before_ms=1_500, until=70)
    stage = Scene(enter(0), faults=[late], prices={"BTC/USDT": {0: "100", 61: "94"}})
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    [sale] = [order for order in stage.orders if order.side is Side.SELL and order.executed]
    assert sale.created_at - stage.bought()[0].created_at < 5 * 10**9
    assert len(stage.account_state.money.trips) == 1
    assert stage.events(Protected) == []
    assert stage.open_at_exchange() == {}
