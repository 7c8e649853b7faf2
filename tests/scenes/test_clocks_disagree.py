"""The exchange's clock jumps away from ours, and back; or ours is set, while we run or between two of our lives."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from tests.scenes.harness import RULES, Scene
from tests.scenes.script import enter, exchange_fault, leave

from fairway.journal.kinds import CapLifted, NakedTooLong
from fairway.proving.sweep_scenarios import FLATTEN
from fairway.risk.guards.rules import GuardRules
from fairway.risk.limits import TradingState
from fairway.world.clock import MILLISECOND, SECOND

SKEWS_MS = [-2_000, 2_000, -20_000, 20_000]


@pytest.mark.parametrize("ahead_ms", SKEWS_MS)
def test_a_position_is_opened_and_protected(ahead_ms: int) -> None:
    """The clocks disagree before the wish; requests outside of the window are refused, and the offset is measured anew."""
    stage = Scene(enter(0), enter(1), faults=[exchange_fault("clock_skew", since=40, ahead_ms=ahead_ms)])
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert len(stage.bought()) == 1
    assert len(stage.open_at_exchange()) == 2


@pytest.mark.parametrize("ahead_ms", SKEWS_MS)
def test_a_jump_between_entry_and_protection_leaves_no_naked_position(ahead_ms: int) -> None:
    """The clock jumps when the entry is in: its protection still rests within five seconds."""
    stage = Scene(enter(0), faults=[exchange_fault("clock_skew", since=60.5035, ahead_ms=ahead_ms)])
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    entry, stop, _ = stage.orders
    assert stop.created_at - entry.created_at < 5_000_000_000


@pytest.mark.parametrize("ahead_ms", SKEWS_MS)
def test_a_jump_there_and_back_does_not_hold_up_a_sale(ahead_ms: int) -> None:
    """Cancel and sale are refused at first, and repeated until they are done."""
    stage = Scene(enter(0), leave(1), faults=[exchange_fault("clock_skew", since=119, until=125, ahead_ms=ahead_ms)])
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert len(stage.account_state.money.trips) == 1


@pytest.mark.parametrize("ahead_ms", SKEWS_MS)
def test_an_account_with_a_guard_buys_nothing_until_the_clocks_agree(ahead_ms: int) -> None:
    """Each catch-up tells how far they are apart; the guard stops entries, and lifts its cap by itself."""
    rules = replace(RULES, skew_max_ns=500 * MILLISECOND, guards=GuardRules(skew_ns=500 * MILLISECOND))
    apart = exchange_fault("clock_skew", since=40, until=200, ahead_ms=ahead_ms)
    stage = Scene(enter(1), enter(5), faults=[apart], rules=rules)
    stage.run(minutes=8)
    stage.assert_belief_is_truth()
    assert stage.refusals() == ["STATE_REDUCE_ONLY"]
    assert len(stage.bought()) == 1
    assert stage.account_state.guards.trips == {"clock skew": 1}
    assert stage.account_state.guards.alarms == {}


LEAPS_S = [-3_600, -90, 90, 3_600]


def set_by(seconds: int) -> Callable[[Scene], None]:
    """Somebody, or a clumsy time service, sets the clock of the trader's machine."""
    return lambda stage: stage.trader_clock.jump(seconds * SECOND)


@pytest.mark.parametrize("by_s", LEAPS_S)
@pytest.mark.parametrize("since", [60.5025, 60.5035, 60.5045])
def test_our_clock_is_set_in_the_middle_of_an_entry_and_set_right_again(since: float, by_s: int) -> None:
    """The position is protected at once; nothing is opened while nobody knows what time it is, and then it is again."""
    wishes = (enter(0), leave(1), enter(2), enter(4))
    stage = Scene(*wishes, acts={since: set_by(by_s), 200: set_by(-by_s)})
    stage.run(minutes=6)
    stage.assert_belief_is_truth()
    assert stage.refusals() == ["STATE_REDUCE_ONLY"]
    assert len(stage.bought()) == 2
    assert stage.events(NakedTooLong) == []
    assert [event.cap_id for event in stage.events(CapLifted) if isinstance(event, CapLifted)] == ["clock"]


@pytest.mark.parametrize("by_s", LEAPS_S)
def test_a_minutes_grace_lasts_a_minute_whatever_the_clock_says(by_s: int) -> None:
    """The answer to a sale gets lost and the exchange does not show it for half a minute: it is not sold again meanwhile."""
    lost = exchange_fault("reset_after", "order.place", since=120, until=130, times=1)
    hidden = exchange_fault("hidden_order", since=120, until=200, for_ms=30_000)
    mute = exchange_fault("missing_events", since=120.5045, until=200)
    stage = Scene(
        enter(0), leave(1), faults=[lost, hidden, mute], acts={121: set_by(by_s)}, balances={"USDT": "10000", "BTC": "50"}
    )
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    assert len(stage.account_state.money.trips) == 1


@pytest.mark.parametrize("by_s", LEAPS_S)
@pytest.mark.parametrize("dies_at", [90.0005, 90.0015, 91.0])
def test_a_life_under_a_clock_that_was_wrong_keeps_the_next_one_from_nothing(dies_at: float, by_s: int) -> None:
    """It started, saw its stop sell and died under that clock; the next one's position is protected at once."""
    acts: dict[float, Callable[[Scene], object]] = {69: set_by(by_s), 70: Scene.kill_and_restart_trader}
    acts |= {dies_at: Scene.kill_trader, 92: set_by(-by_s), 93: Scene.come_back}
    stage = Scene(enter(0), enter(1, stop="90", target="100"), acts=acts, prices={"BTC/USDT": {0: "100", 90: "94"}})
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert (len(stage.bought()), len(stage.account_state.money.trips)) == (2, 1)
    assert stage.account_state.limits.of("BTC/USDT").state is TradingState.ACTIVE


@pytest.mark.parametrize("by_s", LEAPS_S)
def test_a_kill_is_left_alone_for_two_minutes_by_our_clock(by_s: int) -> None:
    """By the clock of whoever killed it is an hour earlier, or later; what he could not know of gets its stop all the same."""
    acts = {60.501: set_by(by_s), 60.5025: lambda stage: stage.kill(FLATTEN), 300: lambda stage: stage.kill(FLATTEN)}
    stage = Scene(enter(0), acts=acts)
    stage.run(minutes=8)
    stage.assert_belief_is_truth()
    assert (stage.account_state.money.ledger.positions, stage.open_at_exchange()) == ({}, {})
