"""The list of open orders, or the account, cannot be read for minutes, while single orders and their fills still can."""

import pytest
from tests.scenes import by_hand
from tests.scenes.harness import Scene
from tests.scenes.script import ExchangeFault, enter, exchange_fault, leave

from fairway.exchange.terms import Side
from fairway.orders.ids import Role
from fairway.trading.watchdog import NAKED_MAX_NS

BIDS_BY_HAND = {30.0: by_hand.order("web_bid", Side.BUY, "1", "50")}
UNTOLD_TRADES = exchange_fault("missing_events", executions=["TRADE"])
UNTOLD_CANCELS = exchange_fault("missing_events", executions=["CANCELED"])
RECONCILE_S = 30


def _altered(endpoint: str, path: str, way: str) -> ExchangeFault:
    return exchange_fault("altered_answer", endpoint, path=path, way=way, since=50, until=230)


UNREAD = {
    "one open order has no quantity": _altered("openOrders.status", "*.origQty", "zero"),
    "one open order has no state": _altered("openOrders.status", "*.status", "empty"),
    "the list is refused": exchange_fault("error_after", "openOrders.status", since=50, until=230, status=500),
    "the account has no balances": _altered("account.status", "balances", "omit"),
    "the account is refused": exchange_fault("error_after", "account.status", since=50, until=230, status=500),
}


@pytest.mark.parametrize("unread", UNREAD.values(), ids=UNREAD)
def test_what_an_entry_bought_is_protected_by_what_is_told_of_it_alone(unread: ExchangeFault) -> None:
    """The stream left its fill out."""
    stage = Scene(enter(0), faults=[UNTOLD_TRADES, unread], acts=BIDS_BY_HAND)
    stage.run(minutes=6)
    stage.assert_belief_is_truth()
    [entry, stop, _] = stage.orders
    assert stop.created_at - entry.created_at < NAKED_MAX_NS


@pytest.mark.parametrize("unread", UNREAD.values(), ids=UNREAD)
def test_a_stop_that_somebody_cancelled_is_missed(unread: ExchangeFault) -> None:
    """The stream left that out: each order that rests is asked for by itself, as often as the list would have been."""
    acts = {**BIDS_BY_HAND, 100: by_hand.cancel_all, 101: by_hand.order("web_bid_2", Side.BUY, "1", "50")}
    stage = Scene(enter(0), faults=[UNTOLD_CANCELS, unread], acts=acts)
    stage.run(minutes=6)
    stage.assert_belief_is_truth()
    again = next(order for order in stage.orders if order.client_id == stage.own_id(Role.STOP.value, 3))
    assert again.created_at < stage.second(100 + RECONCILE_S) + NAKED_MAX_NS


@pytest.mark.parametrize("unread", UNREAD.values(), ids=UNREAD)
def test_a_start_protects_what_its_journal_knows(unread: ExchangeFault) -> None:
    """It was cancelled while the trader was dead. Nothing is opened before the account was read."""
    acts = {
        **BIDS_BY_HAND,
        90: Scene.kill_trader,
        100: by_hand.cancel_all,
        101: by_hand.order("web_bid_2", Side.BUY, "1", "50"),
        110: Scene.come_back,
    }
    stage = Scene(enter(0), enter(2, stop="85", target="99"), faults=[unread], acts=acts)
    stage.run(minutes=6)
    stage.assert_belief_is_truth()
    again = [order for order in stage.orders if order.side is Side.SELL and order.created_at > stage.second(100)]
    assert again[0].created_at < stage.second(110) + NAKED_MAX_NS
    assert len(stage.bought()) == 1


@pytest.mark.parametrize(("path", "way"), [("", "empty"), ("status", "omit"), ("origQty", "zero")])
def test_an_order_of_which_the_answer_cannot_be_read_is_looked_for_among_the_newest(path: str, way: str) -> None:
    """The stream does not tell that the other leg of a pair was cancelled; the sale waits for that, while nothing protects."""
    unread = exchange_fault("altered_answer", "order.status", path=path, way=way, since=110, until=300)
    stage = Scene(enter(0), leave(1), faults=[UNTOLD_CANCELS, unread])
    stage.run(minutes=6)
    stage.assert_belief_is_truth()
    sale = stage.orders[-1]
    assert (sale.side, sale.client_id) == (Side.SELL, stage.own_id(Role.EXIT.value, 3))
    assert sale.created_at < stage.second(120) + NAKED_MAX_NS
