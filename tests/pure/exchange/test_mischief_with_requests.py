"""Mischief with the answers to orders: what was done and what is told part ways."""

import pytest
from tests.pure.exchange.misdeeds import AT, ORDER, SECOND, act, mischief

from fairway.exchange.answers import Refusal
from fairway.exchange.faults.port import Scope, Twist

ACCEPTED = {"orderId": 7}
REFUSED = Refusal(-1013, "Filter failure: NOTIONAL")


def test_reset_before_cuts_before_anything_is_done() -> None:
    """Once, if told so; then requests go through again."""
    it = mischief("reset_before", times=1)
    assert it.before(act()) == Twist(reset=True)
    assert it.before(act()) is None
    assert it.after(act(), ACCEPTED) is None


def test_reset_after_cuts_when_the_order_is_in() -> None:
    """A refused order is told of as usual, and requests that place nothing are spared."""
    it = mischief("reset_after", times=1)
    assert it.before(act()) is None
    assert it.after(act(), REFUSED) is None
    assert it.after(act("order.status"), ACCEPTED) is None
    assert it.after(act(), ACCEPTED) == Twist(reset=True)
    assert it.after(act(), ACCEPTED) is None


def test_reset_after_strikes_the_endpoints_it_is_told_to() -> None:
    """A cancel can be cut as well."""
    it = mischief("reset_after", Scope(endpoints=("order.cancel",)))
    assert it.after(act(), ACCEPTED) is None
    assert it.after(act("order.cancel"), ACCEPTED) == Twist(reset=True)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_error_after_answers_a_server_error(status: int) -> None:
    """With the status that was chosen."""
    twist = mischief("error_after", status=status).after(act("orderList.place.oco"), ACCEPTED)
    assert twist is not None
    assert isinstance(twist.answer, Refusal)
    assert (twist.answer.status, twist.answer.code) == (status, -1000)


def test_status_unknown_after_acceptance() -> None:
    """-1007, and the order is in the book."""
    it = mischief("status_unknown", times=1)
    assert it.before(act()) is None
    twist = it.after(act(), ACCEPTED)
    assert twist is not None
    assert isinstance(twist.answer, Refusal)
    assert twist.answer.code == -1007


def test_status_unknown_instead_of_acceptance() -> None:
    """-1007, and nothing was done."""
    it = mischief("status_unknown", carried_out=False, times=1)
    twist = it.before(act())
    assert twist is not None
    assert isinstance(twist.answer, Refusal)
    assert twist.answer.code == -1007
    assert it.before(act()) is None
    assert it.after(act(), ACCEPTED) is None


def test_rejected_alive_answers_no_to_an_order_that_was_accepted() -> None:
    """A true refusal stays what it is, and does not count."""
    it = mischief("rejected_alive", times=1)
    assert it.after(act(), REFUSED) is None
    twist = it.after(act(), ACCEPTED)
    assert twist is not None
    assert isinstance(twist.answer, Refusal)
    assert (twist.answer.code, twist.answer.status) == (-2010, 400)


def test_hidden_order_is_seen_when_its_time_has_passed() -> None:
    """30 seconds by default, counted from its creation."""
    it = mischief("hidden_order")
    assert it.hides("alice", ORDER, AT)
    assert it.hides("alice", ORDER, AT + 30 * SECOND - 1)
    assert not it.hides("alice", ORDER, AT + 30 * SECOND)


def test_hidden_order_spares_others() -> None:
    """Account and symbol of the scope count."""
    assert not mischief("hidden_order", Scope(account="bob")).hides("alice", ORDER, AT)
    assert not mischief("hidden_order", Scope(symbol="ETHUSDT")).hides("alice", ORDER, AT)
