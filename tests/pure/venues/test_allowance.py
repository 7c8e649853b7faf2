"""What an address and an account may ask for: never more than the venue allows, and never so much that a cancel cannot pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairway.venues.allowance import CONNECT_WINDOW, SHARES, AddressLimits, Allowance, Connects, Lane, OrderCount
from fairway.world.clock import DAY, MINUTE, SECOND

NOON = 20_000 * DAY + DAY // 2
LIMITS = AddressLimits(weight_a_minute=1_000, in_flight=10, orders_in_10s=20, orders_a_day=100, connects_in_5m=5)


def spend(lane: Lane, weight: int, now: int, it: Allowance) -> int:
    """How many requests of a weight leave before one may not."""
    for number in range(10_000):
        free_at = it.free_at(lane, weight, now)
        if free_at is None or free_at > now:
            return number
        it.leave(weight, now)
        it.back()
    raise AssertionError("there is no end to it")


@pytest.mark.parametrize("lane", list(Lane))
def test_a_lane_leaves_to_those_before_it_what_is_theirs(lane: Lane) -> None:
    """Each uses the minute up to its own share and no further; the next minute is free again."""
    it = Allowance(LIMITS)
    assert spend(lane, 1, NOON, it) == 1_000 * SHARES[lane] // 100
    assert it.free_at(lane, 1, NOON + 7 * SECOND) == NOON + MINUTE
    for before in Lane:
        if before < lane:
            assert it.free_at(before, 1, NOON) == NOON
    assert spend(lane, 1, NOON + MINUTE, it) == 1_000 * SHARES[lane] // 100


def test_only_cancels_may_use_all_of_it() -> None:
    """Their share is the whole, and each less urgent lane has less."""
    assert [SHARES[lane] for lane in Lane] == sorted(SHARES.values(), reverse=True)
    assert len(set(SHARES.values())) == len(Lane)
    assert SHARES[Lane.CLOSE] == 100


def test_a_request_that_is_heavier_than_its_lane_has_a_minute_of_its_own() -> None:
    """It would wait for ever otherwise."""
    it = Allowance(LIMITS)
    assert it.free_at(Lane.DATA, 5_000, NOON) == NOON
    it.leave(1, NOON)
    assert it.free_at(Lane.DATA, 5_000, NOON) == NOON + MINUTE


def test_requests_in_flight_are_bounded_in_the_same_shares() -> None:
    """Questions that are not answered yet do not keep a cancel from leaving."""
    it = Allowance(LIMITS)
    for _ in range(6):
        assert it.free_at(Lane.DATA, 1, NOON) == NOON
        it.leave(1, NOON)
    assert it.free_at(Lane.DATA, 1, NOON) is None
    assert it.free_at(Lane.CLOSE, 1, NOON) == NOON
    it.back()
    assert it.free_at(Lane.DATA, 1, NOON) == NOON


def test_the_venues_count_corrects_ours() -> None:
    """Another program behind the address used 900: so only a cancel may leave."""
    it = Allowance(LIMITS)
    it.leave(10, NOON)
    it.report_used(910, NOON, NOON + SECOND)
    it.back()
    assert it.used(NOON + SECOND) == 910
    assert it.free_at(Lane.ENTRY, 1, NOON + SECOND) == NOON + MINUTE
    assert it.free_at(Lane.CLOSE, 1, NOON + SECOND) == NOON + SECOND


def test_what_the_venue_told_of_an_earlier_moment_lowers_nothing() -> None:
    """While others are in flight it may not have counted them yet; alone, it knows better than we do."""
    it = Allowance(LIMITS)
    it.leave(400, NOON)
    it.leave(400, NOON)
    it.report_used(400, NOON, NOON + SECOND)
    assert it.used(NOON + SECOND) == 800
    it.back()
    it.report_used(500, NOON, NOON + SECOND)
    assert it.used(NOON + SECOND) == 500


def test_what_the_venue_told_of_the_last_minute_says_nothing_of_this_one() -> None:
    """Asked just before the minute's end, answered just after."""
    it = Allowance(LIMITS)
    it.leave(10, NOON + MINUTE - 1)
    it.report_used(990, NOON + MINUTE - 1, NOON + MINUTE)
    assert it.used(NOON + MINUTE) == 0


@pytest.mark.parametrize("lane", list(Lane))
def test_nothing_leaves_while_banned(lane: Lane) -> None:
    """Whatever the lane; a shorter ban does not shorten a longer one."""
    it = Allowance(LIMITS)
    it.ban(NOON + 2 * MINUTE)
    it.ban(NOON + MINUTE)
    assert it.free_at(lane, 1, NOON) == NOON + 2 * MINUTE
    assert it.free_at(lane, 1, NOON + 2 * MINUTE) == NOON + 2 * MINUTE


@given(
    steps=st.lists(
        st.tuples(st.sampled_from(list(Lane)), st.integers(1, 250), st.integers(0, 20 * SECOND), st.booleans()), max_size=120
    )
)
def test_no_sequence_spends_more_than_a_minute_holds(steps: list[tuple[Lane, int, int, bool]]) -> None:
    """What left in any minute of the venue's is within the limit, and what each lane left within its share of it."""
    it, now = Allowance(LIMITS), NOON
    for lane, weight, later, returns in steps:
        now += later
        free_at = it.free_at(lane, weight, now)
        if free_at == now:
            it.leave(weight, now)
            assert it.used(now) <= 1_000 * SHARES[lane] // 100
            assert it.in_flight <= 10
        if returns and it.in_flight:
            it.back()


def test_orders_of_an_account_have_windows_of_their_own() -> None:
    """Twenty in ten seconds: a buy leaves some of them to stops and sales."""
    it = OrderCount(LIMITS)
    it.leave(15, NOON)
    assert it.free_at(Lane.ENTRY, 1, NOON) == NOON + 10 * SECOND
    assert it.free_at(Lane.STOP, 2, NOON) == NOON
    assert it.free_at(Lane.CLOSE, 5, NOON) == NOON
    it.leave(5, NOON)
    assert it.free_at(Lane.CLOSE, 1, NOON + 9 * SECOND) == NOON + 10 * SECOND
    assert it.free_at(Lane.ENTRY, 1, NOON + 10 * SECOND) == NOON + 10 * SECOND


def test_the_orders_of_a_day_end() -> None:
    """At the day's limit until the venue's midnight."""
    it = OrderCount(LIMITS)
    for number in range(5):
        it.leave(20, NOON + number * 10 * SECOND)
    assert it.free_at(Lane.CLOSE, 1, NOON + MINUTE) == NOON + DAY // 2
    assert it.free_at(Lane.CLOSE, 1, NOON + DAY // 2) == NOON + DAY // 2


def test_orders_that_another_program_placed_count() -> None:
    """The venue's count with an answer of this window; one of an earlier window says nothing of this one's ten seconds."""
    it = OrderCount(LIMITS)
    it.report_used(15, 40, NOON, NOON + SECOND)
    assert it.free_at(Lane.ENTRY, 1, NOON + SECOND) == NOON + 10 * SECOND
    it.report_used(15, 41, NOON + 9 * SECOND, NOON + 10 * SECOND)
    assert it.free_at(Lane.ENTRY, 1, NOON + 10 * SECOND) == NOON + 10 * SECOND
    it.report_used(0, 75, NOON + 10 * SECOND, NOON + 10 * SECOND)
    assert it.free_at(Lane.ENTRY, 1, NOON + 10 * SECOND) == NOON + DAY // 2


def test_an_account_that_is_told_to_rest_rests() -> None:
    """Until the venue's instant and not longer."""
    it = OrderCount(LIMITS)
    it.rest(NOON + 8 * SECOND)
    assert it.free_at(Lane.CLOSE, 1, NOON) == NOON + 8 * SECOND
    assert it.free_at(Lane.CLOSE, 1, NOON + 8 * SECOND) == NOON + 8 * SECOND


@given(gaps=st.lists(st.integers(0, 3 * MINUTE), max_size=60))
def test_no_five_minutes_hold_more_connects_than_are_allowed(gaps: list[int]) -> None:
    """Wherever the five minutes begin."""
    it, now, dialled = Connects(LIMITS), 0, list[int]()
    for gap in gaps:
        now = it.free_at(now + gap)
        it.dialled(now)
        dialled.append(now)
        assert sum(now - at < CONNECT_WINDOW for at in dialled) <= 5
