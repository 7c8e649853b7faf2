"""Faults with the answers to orders: what was done and what is told part ways."""

import pytest
from tests.pure.exchange.fault_values import AT, ORDER, SECOND, act, fault

from fairway.exchange.answers import ExchangeRefusal
from fairway.exchange.faults.port import AfterRequest, BeforeRequest, FaultScope, RequestEffect

ACCEPTED = {"orderId": 7}
REFUSED = ExchangeRefusal(-1013, "Filter failure: NOTIONAL")


def test_reset_before_cuts_before_anything_is_done() -> None:
    """Once, if told so; then requests go through again."""
    it = fault("reset_before", times=1)
    assert it.before_request(act()) == RequestEffect(reset=True)
    assert it.before_request(act()) is None
    assert not isinstance(it, AfterRequest)


def test_reset_after_cuts_when_the_order_is_in() -> None:
    """A refused order is told of as usual, and requests that place nothing are spared."""
    it = fault("reset_after", times=1)
    assert not isinstance(it, BeforeRequest)
    assert it.after_request(act(), REFUSED) is None
    assert it.after_request(act("order.status"), ACCEPTED) is None
    assert it.after_request(act(), ACCEPTED) == RequestEffect(reset=True)
    assert it.after_request(act(), ACCEPTED) is None


def test_reset_after_strikes_the_endpoints_it_is_told_to() -> None:
    """A cancel can be cut as well."""
    it = fault("reset_after", FaultScope(endpoints=("order.cancel",)))
    assert it.after_request(act(), ACCEPTED) is None
    assert it.after_request(act("order.cancel"), ACCEPTED) == RequestEffect(reset=True)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_error_after_answers_a_server_error(status: int) -> None:
    """With the status that was chosen."""
    effect = fault("error_after", status=status).after_request(act("orderList.place.oco"), ACCEPTED)
    assert effect is not None
    assert isinstance(effect.answer, ExchangeRefusal)
    assert (effect.answer.status, effect.answer.code) == (status, -1000)


def test_status_unknown_after_acceptance() -> None:
    """-1007, and the order is in the book."""
    it = fault("status_unknown", times=1)
    assert it.before_request(act()) is None
    effect = it.after_request(act(), ACCEPTED)
    assert effect is not None
    assert isinstance(effect.answer, ExchangeRefusal)
    assert effect.answer.code == -1007


def test_status_unknown_instead_of_acceptance() -> None:
    """-1007, and nothing was done."""
    it = fault("status_unknown", carried_out=False, times=1)
    effect = it.before_request(act())
    assert effect is not None
    assert isinstance(effect.answer, ExchangeRefusal)
    assert effect.answer.code == -1007
    assert it.before_request(act()) is None
    assert it.after_request(act(), ACCEPTED) is None


def test_rejected_alive_answers_no_to_an_order_that_was_accepted() -> None:
    """A true refusal stays what it is, and does not count."""
    it = fault("rejected_alive", times=1)
    assert it.after_request(act(), REFUSED) is None
    effect = it.after_request(act(), ACCEPTED)
    assert effect is not None
    assert isinstance(effect.answer, ExchangeRefusal)
    assert (effect.answer.code, effect.answer.status) == (-2010, 400)


def test_hidden_order_is_seen_when_its_time_has_passed() -> None:
    """30 seconds by default, counted from its creation."""
    it = fault("hidden_order")
    assert it.hides_order("alice", ORDER, AT)
    assert it.hides_order("alice", ORDER, AT + 30 * SECOND - 1)
    assert not it.hides_order("alice", ORDER, AT + 30 * SECOND)


def test_hidden_order_spares_others() -> None:
    """Account and symbol of the scope count."""
    assert not fault("hidden_order", FaultScope(account="bob")).hides_order("alice", ORDER, AT)
    assert not fault("hidden_order", FaultScope(symbol="ETHUSDT")).hides_order("alice", ORDER, AT)
