"""When the acts of the demo's incident strike, and what they leave alone."""

import pytest

from fairway.exchange.answers import ExchangeRefusal
from fairway.exchange.faults.port import RequestEffect, RequestView
from fairway.proving.demo_incident import LostAnswer, Script

ID = "fw-main-1-1-e"


def buy(at: int = 100, *, endpoint: str = "order.place", account: str = "main", side: str = "BUY") -> RequestView:
    return RequestView(endpoint, account, "BTCUSDT", {"side": side, "newClientOrderId": ID}, "trader", at)


def test_the_first_accepted_purchase_is_struck_and_no_other() -> None:
    """The connection is cut, once."""
    act = LostAnswer("main", since=100)
    assert act.after_request(buy(), {}) == RequestEffect(reset=True)
    assert (act.order_id, act.venue_symbol, act.began_at) == (ID, "BTCUSDT", 100)
    assert act.after_request(buy(101), {}) is None


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        (buy(99), {}),
        (buy(side="SELL"), {}),
        (buy(account="other"), {}),
        (buy(endpoint="orderList.place.oco"), {}),
        (buy(), ExchangeRefusal(-2010, "no")),
    ],
    ids=["too early", "a sale", "another account", "a pair", "refused"],
)
def test_what_is_no_accepted_purchase_gets_its_answer(request_: RequestView, answer: object) -> None:
    """And it waits on for its moment."""
    act = LostAnswer("main", since=100)
    assert act.after_request(request_, answer) is None
    assert act.after_request(buy(), {}) is not None


def test_acts_whose_moment_never_came_are_not_told() -> None:
    """A run in which nothing was bought has no incident."""
    assert Script("main", since=1).incidents([]) == ()
