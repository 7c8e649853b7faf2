"""One part of what the exchange says is left out, comes twice, is old, zero or empty; orders, fills and balances are as ever."""

import pytest
from tests.scenes.harness import Scene
from tests.scenes.script import enter, exchange_fault, leave

from fairway.exchange.terms import Side


@pytest.mark.parametrize(
    ("endpoint", "path", "way"),
    [
        ("account.status", "balances.asset=BTC", "repeat"),
        ("account.status", "", "age"),
        ("openOrders.status", "*", "repeat"),
        ("openOrders.status", "type=STOP_LOSS", "omit"),
        ("openOrders.status", "", "empty"),
        ("openOrders.status", "", "age"),
    ],
)
def test_a_question_is_asked_again(endpoint: str, path: str, way: str) -> None:
    """While it holds a position, for a minute; one strange answer moves no order, and the strategy's sale is made in full."""
    stage = Scene(
        enter(0), leave(4), faults=[exchange_fault("altered_answer", endpoint, path=path, way=way, since=70, until=131)]
    )
    stage.run(minutes=8)
    stage.assert_belief_is_truth()
    entry, stop, target, sale = stage.orders
    assert stop.updated_at > Scene.second(300)
    assert target.updated_at > Scene.second(300)
    assert entry.side is Side.BUY
    assert sale.executed == stop.quantity


@pytest.mark.parametrize(
    ("endpoint", "path", "way"),
    [
        ("executionReport", "z", "zero"),
        ("executionReport", "L", "zero"),
        ("outboundAccountPosition", "B.a=BTC", "omit"),
        ("outboundAccountPosition", "B", "empty"),
        ("order.place", "executedQty", "zero"),
        ("orderList.place.oco", "orderReports", "empty"),
    ],
)
def test_a_position_is_protected_all_the_same(endpoint: str, path: str, way: str) -> None:
    """What one door tells wrongly of an order, another tells rightly."""
    stage = Scene(enter(0), faults=[exchange_fault("altered_answer", endpoint, path=path, way=way, since=59, until=64)])
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    entry, stop, _ = stage.orders
    assert stop.created_at - entry.created_at < 5_000_000_000


@pytest.mark.parametrize(("path", "way"), [("*", "repeat"), ("", "repeat")])
def test_a_trade_that_an_answer_has_twice_is_booked_once(path: str, way: str) -> None:
    """The stream leaves the fills out, so that they are asked for."""
    faults = [
        exchange_fault("missing_events", executions=["TRADE"]),
        exchange_fault("altered_answer", "myTrades", path=path, way=way),
    ]
    stage = Scene(enter(0), leave(2), faults=faults)
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    assert len(stage.account_state.money.trips) == 1
