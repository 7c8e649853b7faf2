"""The exchange refuses the key from one moment to the next: what rests there protects, and nothing else can be done."""

from tests.scenes.harness import Scene
from tests.scenes.script import enter, exchange_fault, leave

from fairway.journal.kinds import CapRaised

FALLS = {"BTC/USDT": {0: "100", 200: "94"}}


def test_a_revoked_key_enters_nothing_and_calls_for_a_person() -> None:
    """The entry is refused, the symbol is held, and no further one is tried."""
    stage = Scene(enter(0), enter(1), faults=[exchange_fault("key_revoked", since=60)])
    stage.run(minutes=4)
    assert stage.orders == []
    assert len(stage.events(CapRaised)) == 1
    assert stage.refusals() == ["STATE_REDUCE_ONLY"]


def test_the_stop_at_the_exchange_fires_without_a_key() -> None:
    """That is why it rests there; with a key that works again, all of it is found."""
    revoked = exchange_fault("key_revoked", since=110, until=260)
    stage = Scene(enter(0), faults=[revoked, exchange_fault("muted_stream", since=110, until=260, market=False)], prices=FALLS)
    stage.run(minutes=6)
    stage.assert_belief_is_truth()
    assert len(stage.account_state.money.trips) == 1


def test_a_wish_to_leave_waits_for_a_key_under_its_stop() -> None:
    """The cancel is refused, so the pair stays; when the key works again the position is sold."""
    stage = Scene(enter(0), leave(1), faults=[exchange_fault("key_revoked", since=110, until=200)])
    stage.run(minutes=6)
    stage.assert_belief_is_truth()
    assert len(stage.account_state.money.trips) == 1


def test_a_key_revoked_between_entry_and_protection() -> None:
    """The worst moment: nothing can be protected, a person is called, and it is protected as soon as the key works."""
    stage = Scene(enter(0), faults=[exchange_fault("key_revoked", since=60.5035, until=150)])
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    raised = [event.cap.id for event in stage.events(CapRaised) if isinstance(event, CapRaised)]
    assert raised == ["held BTC/USDT", "naked BTC/USDT"]
    assert list(stage.account_state.limits.caps) == ["held BTC/USDT"]
