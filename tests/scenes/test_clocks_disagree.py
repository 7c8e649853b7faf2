"""The exchange's clock jumps away from ours, and back."""

import pytest
from msgspec.structs import replace
from tests.scenes.script import enter, leave, misdeed
from tests.scenes.stage import RULES, Stage

from fairway.risk.guards.rules import GuardRules
from fairway.world.clock import MILLISECOND

SKEWS_MS = [-2_000, 2_000, -20_000, 20_000]


@pytest.mark.parametrize("ahead_ms", SKEWS_MS)
def test_a_position_is_opened_and_protected(ahead_ms: int) -> None:
    """The clocks disagree before the wish; requests outside of the window are refused, and the offset is measured anew."""
    stage = Stage(enter(0), enter(1), mischief=[misdeed("clock_skew", since=40, ahead_ms=ahead_ms)])
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert len(stage.bought()) == 1
    assert len(stage.open_at_exchange()) == 2


@pytest.mark.parametrize("ahead_ms", SKEWS_MS)
def test_a_jump_between_entry_and_protection_leaves_no_naked_position(ahead_ms: int) -> None:
    """The clock jumps when the entry is in: its protection still rests within five seconds."""
    stage = Stage(enter(0), mischief=[misdeed("clock_skew", since=60.5035, ahead_ms=ahead_ms)])
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    entry, stop, _ = stage.orders
    assert stop.created_at - entry.created_at < 5_000_000_000


@pytest.mark.parametrize("ahead_ms", SKEWS_MS)
def test_a_jump_there_and_back_does_not_hold_up_a_sale(ahead_ms: int) -> None:
    """Cancel and sale are refused at first, and repeated until they are done."""
    stage = Stage(enter(0), leave(1), mischief=[misdeed("clock_skew", since=119, until=125, ahead_ms=ahead_ms)])
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert len(stage.desk.trips) == 1


@pytest.mark.parametrize("ahead_ms", SKEWS_MS)
def test_an_account_with_a_guard_buys_nothing_until_the_clocks_agree(ahead_ms: int) -> None:
    """Each catch-up tells how far they are apart; the guard stops entries, and lifts its cap by itself."""
    rules = replace(RULES, skew_max_ns=500 * MILLISECOND, guards=GuardRules(skew_ns=500 * MILLISECOND))
    apart = misdeed("clock_skew", since=40, until=200, ahead_ms=ahead_ms)
    stage = Stage(enter(1), enter(5), mischief=[apart], rules=rules)
    stage.run(minutes=8)
    stage.assert_belief_is_truth()
    assert stage.refusals() == ["STATE_REDUCE_ONLY"]
    assert len(stage.bought()) == 1
    assert stage.desk.guards.trips == {"clock skew": 1}
    assert stage.desk.guards.alarms == {}
