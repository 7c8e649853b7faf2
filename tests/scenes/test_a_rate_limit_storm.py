"""Somebody behind the same address uses up the limit: 429 for all, and a ban for who goes on asking."""

from tests.scenes.harness import Scene
from tests.scenes.script import enter, exchange_fault, leave


def test_who_is_told_to_wait_waits() -> None:
    """Nothing is sent before the exchange's time, so there is no ban; a wish in the storm is lost, a later one granted."""
    stage = Scene(enter(0), enter(3), faults=[exchange_fault("rate_limit_storm", since=35, until=150, factor=3_000)])
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    assert stage.bans() == 0
    assert len(stage.bought()) == 1


def test_a_position_in_a_storm_stays_protected() -> None:
    """A wish to leave waits for the storm's end, under the protection of its stop."""
    storm = exchange_fault("rate_limit_storm", since=110, until=170, factor=3_000)
    stage = Scene(enter(0), leave(1), faults=[storm])
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    assert stage.bans() == 0
    assert len(stage.account_state.money.trips) == 1


def test_an_entry_that_gets_in_just_before_the_storm_is_protected_when_it_is_over() -> None:
    """The exchange refuses its protection: that is tried again as soon as it may be, not given up."""
    storm = exchange_fault("rate_limit_storm", since=60.5035, until=61, factor=6_001)
    stage = Scene(enter(0), faults=[storm])
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert stage.bans() == 0
    assert len(stage.open_at_exchange()) == 2


def test_streams_that_break_in_a_storm_wait_as_well() -> None:
    """To dial and to subscribe costs weight too: who goes on with it is banned."""
    storm = exchange_fault("rate_limit_storm", since=65, until=66, factor=7_000)
    mute = exchange_fault("muted_stream", since=55, until=150)
    slow = exchange_fault("latency", since=61, until=170, before_ms=15_000)
    stage = Scene(enter(0), faults=[storm, mute, slow])
    stage.run(minutes=6)
    stage.assert_belief_is_truth()
    assert stage.bans() == 0
