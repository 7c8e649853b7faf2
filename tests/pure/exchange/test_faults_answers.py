"""One part of an answer is altered, by a path, in one of five ways; all else, and the exchange itself, stays as it is."""

import pytest
from tests.pure.exchange.fault_values import AT, BALANCES, NEW, SECOND, act, fault

from fairway.exchange.answers import ExchangeRefusal
from fairway.exchange.faults.active import ActiveFaults
from fairway.exchange.faults.port import AfterRequest, FaultScope
from fairway.exchange.wire import user_events

BTC = {"asset": "BTC", "free": "1.00000000", "locked": "0.50000000"}
USDT = {"asset": "USDT", "free": "7.00000000", "locked": "0.00000000"}
ACCOUNT = {"uid": 7, "canTrade": True, "balances": [BTC, USDT]}
STOP = {"orderId": 1, "side": "SELL", "executedQty": "0.20000000"}
TARGET = {"orderId": 2, "side": "SELL", "executedQty": "0.00000000"}
ORDERS = [STOP, TARGET]


def altered(it: AfterRequest, answer: object, endpoint: str = "account.status", at: int = AT) -> object:
    """What the account is answered."""
    effect = it.after_request(act(endpoint, at=at), answer)
    return answer if effect is None else effect.answer


@pytest.mark.parametrize(
    ("path", "way", "told"),
    [
        ("balances", "omit", {"uid": 7, "canTrade": True}),
        ("balances", "empty", {**ACCOUNT, "balances": []}),
        ("balances.asset=BTC", "omit", {**ACCOUNT, "balances": [USDT]}),
        ("balances.0", "omit", {**ACCOUNT, "balances": [USDT]}),
        ("balances.*", "omit", {**ACCOUNT, "balances": []}),
        ("balances.asset=BTC", "repeat", {**ACCOUNT, "balances": [BTC, BTC, USDT]}),
        ("balances", "repeat", {**ACCOUNT, "balances": [BTC, USDT, USDT]}),
        ("balances.asset=BTC", "zero", {**ACCOUNT, "balances": [BTC | {"free": "0.00000000", "locked": "0.00000000"}, USDT]}),
        ("balances.*.free", "zero", {**ACCOUNT, "balances": [it | {"free": "0.00000000"} for it in (BTC, USDT)]}),
        ("balances.asset=BTC.locked", "empty", {**ACCOUNT, "balances": [BTC | {"locked": ""}, USDT]}),
        ("canTrade", "zero", {**ACCOUNT, "canTrade": False}),
        ("uid", "empty", {**ACCOUNT, "uid": None}),
        ("", "empty", {}),
    ],
)
def test_a_part_is_altered(path: str, way: str, told: object) -> None:
    """And the value that the exchange made is not."""
    before = repr(ACCOUNT)
    assert altered(fault("altered_answer", path=path, way=way), ACCOUNT) == told
    assert repr(ACCOUNT) == before


@pytest.mark.parametrize("path", ["nothing", "balances.asset=ETH", "balances.9", "uid.more", "asset=BTC", "balances.asset"])
@pytest.mark.parametrize("way", ["omit", "repeat", "zero", "empty"])
def test_a_part_that_is_not_there_alters_nothing(path: str, way: str) -> None:
    """And does not use up the number of strikes."""
    it = fault("altered_answer", path=path, way=way, times=1)
    assert it.after_request(act("account.status"), ACCOUNT) is None
    assert altered(it, ACCOUNT) == ACCOUNT


def test_an_array_may_be_the_whole_answer() -> None:
    """As of open orders and of trades."""
    assert altered(fault("altered_answer", path="orderId=1", way="omit"), ORDERS, "openOrders.status") == [TARGET]
    assert altered(fault("altered_answer", path="", way="repeat"), ORDERS, "openOrders.status") == [STOP, TARGET, TARGET]
    told = altered(fault("altered_answer", path="side=SELL.executedQty", way="zero"), ORDERS, "openOrders.status")
    assert told == [STOP | {"executedQty": "0.00000000"}, TARGET]


def test_an_old_part_is_told() -> None:
    """As it was when the same was asked at least so long ago, whether or not the faults was to strike then."""
    scope = FaultScope(endpoints=("account.status",), since=AT + 30 * SECOND)
    it = fault("altered_answer", scope, path="balances.asset=BTC.free", way="age", age_ms=30_000)
    told = []
    for number in range(4):
        now = {**ACCOUNT, "balances": [BTC | {"free": f"{number}.00000000"}, USDT | {"free": f"{number}.00000000"}]}
        answer = altered(it, now, at=AT + 20 * number * SECOND)
        assert isinstance(answer, dict)
        told.append([balance["free"][0] for balance in answer["balances"]])
    assert told == [["0", "0"], ["1", "1"], ["0", "2"], ["1", "3"]]


def test_of_old_elements_those_that_ended_are_there_and_new_ones_are_not() -> None:
    """An order that was filled since still rests; one that was placed since is not known."""
    it = fault("altered_answer", path="side=SELL", way="age", age_ms=0)
    assert altered(it, [STOP], "openOrders.status") == [STOP]
    assert altered(it, [TARGET], "openOrders.status") == [STOP]
    whole = fault("altered_answer", path="", way="age", age_ms=0)
    assert altered(whole, [], "openOrders.status") == []
    assert altered(whole, [TARGET], "openOrders.status") == []


def test_a_question_that_was_never_asked_before_has_no_earlier_answer() -> None:
    """Nor has one about another symbol."""
    it = fault("altered_answer", way="age", age_ms=0)
    assert it.after_request(act("openOrders.status"), ORDERS) is None
    assert it.after_request(act("openOrders.status", symbol="ETHUSDT"), []) is None


def test_it_strikes_where_its_scope_says_and_spares_refusals() -> None:
    """By default questions alone: what was done is told as it was done."""
    it = fault("altered_answer", times=1)
    assert it.after_request(act("order.place"), {"orderId": 7}) is None
    assert it.after_request(act("account.status"), ExchangeRefusal(-1003, "Too many requests")) is None
    assert it.after_request(act("account.status"), ACCOUNT) is not None
    assert it.after_request(act("account.status"), ACCOUNT) is None
    placing = fault("altered_answer", FaultScope(endpoints=("order.place",)), path="orderId", way="omit")
    assert altered(placing, {"orderId": 7, "status": "NEW"}, "order.place") == {"status": "NEW"}
    assert placing.after_request(act("order.place", account="", symbol="ETHUSDT", at=AT), {}) is None


def test_an_event_of_an_account_is_altered_as_it_is_sent() -> None:
    """The event itself stays what it was, for the log and for others."""
    active = ActiveFaults()
    active.add(fault("altered_answer", FaultScope(endpoints=("outboundAccountPosition",)), path="B.a=USDT", way="omit"))
    shape = user_events.shape_of(BALANCES, AT)
    assert active.alter_event_json("alice", "", "outboundAccountPosition", shape, AT) == {**shape, "B": []}
    report = user_events.shape_of(NEW, AT)
    assert active.alter_event_json("alice", "BTCUSDT", "executionReport", report, AT) is report
