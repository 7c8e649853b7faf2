"""Faults with the exchange as a whole: its clock, its limits, its endpoints, its symbols and its keys."""

import pytest
from tests.pure.exchange.fault_values import AT, fault

from fairway.exchange.faults.active import ActiveFaults
from fairway.exchange.faults.port import FaultScope

WHILE = FaultScope(account="alice", symbol="BTCUSDT", endpoints=("order.place",), since=AT, until=AT + 10)


@pytest.mark.parametrize("ahead_ms", [2_000, -7_000])
def test_a_skewed_clock_is_ahead_or_behind_for_a_while(ahead_ms: int) -> None:
    """For everybody, whomever the scope names."""
    it = fault("clock_skew", WHILE, ahead_ms=ahead_ms)
    assert [it.clock_skew_ns(at) for at in (AT - 1, AT, AT + 9, AT + 10)] == [0, ahead_ms * 1_000_000, ahead_ms * 1_000_000, 0]


def test_a_storm_makes_requests_dear() -> None:
    """Of one address or of all, while it lasts."""
    assert fault("rate_limit_storm", WHILE, factor=50).request_weight("10.0.0.1", 4, AT) == 200
    assert fault("rate_limit_storm", WHILE).request_weight("10.0.0.1", 4, AT + 10) == 4
    one = fault("rate_limit_storm", factor=50, address="10.0.0.2")
    assert (one.request_weight("10.0.0.1", 4, AT), one.request_weight("10.0.0.2", 4, AT)) == (4, 200)


def test_maintenance_closes_all_doors_for_a_while() -> None:
    """First and last instant are exact."""
    it = fault("maintenance", WHILE)
    assert [it.is_down(at) for at in (AT - 1, AT, AT + 9, AT + 10)] == [False, True, True, False]


@pytest.mark.parametrize("status", ["BREAK", "HALT", ""])
def test_delisting_takes_one_symbol_out(status: str) -> None:
    """The others trade on."""
    it = fault("delisting", WHILE, status=status)
    assert it.symbol_status("BTCUSDT", AT) == status
    assert it.symbol_status("ETHUSDT", AT) is None
    assert it.symbol_status("BTCUSDT", AT + 10) is None


def test_revoked_keys_are_those_of_one_account() -> None:
    """Or of all, where none is named."""
    it = fault("key_revoked", WHILE)
    assert it.revokes_key("alice", AT)
    assert not it.revokes_key("bob", AT)
    assert not it.revokes_key("alice", AT - 1)
    assert fault("key_revoked").revokes_key("bob", AT)


def test_switched_off_it_is_gone() -> None:
    """The number that `add` gave takes it off again, and only it."""
    active = ActiveFaults()
    closed = active.add(fault("maintenance"))
    active.add(fault("clock_skew", ahead_ms=1))
    assert active.is_down(AT)
    assert active.remove(closed)
    assert not active.is_down(AT)
    assert active.clock_skew_ns(AT) == 1_000_000
    assert not active.remove(closed)
