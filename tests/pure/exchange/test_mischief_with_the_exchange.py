"""Mischief with the exchange as a whole: its clock, its limits, its doors, its symbols and its keys."""

import pytest
from tests.pure.exchange.misdeeds import AT, mischief

from fairway.exchange.faults.port import Active, Scope

WHILE = Scope(account="alice", symbol="BTCUSDT", endpoints=("order.place",), since=AT, until=AT + 10)


@pytest.mark.parametrize("ahead_ms", [2_000, -7_000])
def test_a_skewed_clock_is_ahead_or_behind_for_a_while(ahead_ms: int) -> None:
    """For everybody, whomever the scope names."""
    it = mischief("clock_skew", WHILE, ahead_ms=ahead_ms)
    assert [it.skew_ns(at) for at in (AT - 1, AT, AT + 9, AT + 10)] == [0, ahead_ms * 1_000_000, ahead_ms * 1_000_000, 0]


def test_a_storm_makes_requests_dear() -> None:
    """Of one address or of all, while it lasts."""
    assert mischief("rate_limit_storm", WHILE, factor=50).weight("10.0.0.1", 4, AT) == 200
    assert mischief("rate_limit_storm", WHILE).weight("10.0.0.1", 4, AT + 10) == 4
    one = mischief("rate_limit_storm", factor=50, address="10.0.0.2")
    assert (one.weight("10.0.0.1", 4, AT), one.weight("10.0.0.2", 4, AT)) == (4, 200)


def test_maintenance_closes_all_doors_for_a_while() -> None:
    """First and last instant are exact."""
    it = mischief("maintenance", WHILE)
    assert [it.is_down(at) for at in (AT - 1, AT, AT + 9, AT + 10)] == [False, True, True, False]


@pytest.mark.parametrize("status", ["BREAK", "HALT", ""])
def test_delisting_takes_one_symbol_out(status: str) -> None:
    """The others trade on."""
    it = mischief("delisting", WHILE, status=status)
    assert it.status("BTCUSDT", AT) == status
    assert it.status("ETHUSDT", AT) is None
    assert it.status("BTCUSDT", AT + 10) is None


def test_revoked_keys_are_those_of_one_account() -> None:
    """Or of all, where none is named."""
    it = mischief("key_revoked", WHILE)
    assert it.revokes("alice", AT)
    assert not it.revokes("bob", AT)
    assert not it.revokes("alice", AT - 1)
    assert mischief("key_revoked").revokes("bob", AT)


def test_switched_off_it_is_gone() -> None:
    """The number that `add` gave takes it off again, and only it."""
    active = Active()
    closed = active.add(mischief("maintenance"))
    active.add(mischief("clock_skew", ahead_ms=1))
    assert active.is_down(AT)
    assert active.remove(closed)
    assert not active.is_down(AT)
    assert active.skew_ns(AT) == 1_000_000
    assert not active.remove(closed)
