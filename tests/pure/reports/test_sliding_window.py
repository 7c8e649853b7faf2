"""What slides out of the window of 24 hours is counted no more, to the nanosecond."""

from decimal import Decimal

import pytest
from tests.pure.reports.runs import PAIRS, START, Scribe

from fairway.orders.ids import Role
from fairway.reports.event_log import story_of
from fairway.reports.sliding_window import NO_COUNTS, WindowCounts, window_counts
from fairway.reports.story import ReportedTrip
from fairway.reports.trader_view import OrderMoment
from fairway.world.clock import DAY, SECOND

NOW = START + 10 * DAY
EDGES = [(DAY + 1, 0), (DAY, 1), (DAY - 1, 1), (0, 1), (-SECOND, 1)]
"""How old (ns), and whether it counts. A venue's clock may be a little ahead of ours."""


def trip(closed_at: int, role: Role) -> ReportedTrip:
    scribe = Scribe(now=closed_at - SECOND).begin()
    scribe.buy("ETH/USDT", "1", "100", stop="90", target="120")
    scribe.now = closed_at
    scribe.sell("ETH/USDT", "0.999", {Role.STOP: "90", Role.TARGET: "120"}.get(role, "101"), role)
    return story_of(scribe.events, PAIRS).trips[0]


def life(sent_at: int, *kinds: str, first: str = "OrderSent") -> list[OrderMoment]:
    return [OrderMoment(seq, sent_at + seq, kind, "") for seq, kind in enumerate((first, *kinds))]


@pytest.mark.parametrize(("age_ns", "counts"), EDGES)
def test_a_round_trip_counts_until_it_is_24_hours_old(age_ns: int, counts: int) -> None:
    """Without the window, the first of these cases counts one."""
    found = window_counts([trip(NOW - age_ns, Role.TARGET)], [], NOW, DAY)
    assert (found.trades, found.targets, found.stops) == (counts, counts, 0)


@pytest.mark.parametrize(("age_ns", "counts"), EDGES)
def test_an_order_counts_until_its_sending_is_24_hours_old(age_ns: int, counts: int) -> None:
    found = window_counts([], [life(NOW - age_ns, "OrderRejected")], NOW, DAY)
    assert (found.sent, found.failed) == (counts, counts)


def test_the_window_slides_with_the_clock_and_not_by_the_day() -> None:
    """At each instant it is the last 24 hours: a trip of yesterday evening counts this morning."""
    closed = trip(START + 23 * DAY // 24, Role.STOP)
    seen = [window_counts([closed], [], START + hours * DAY // 24, DAY).stops for hours in (24, 30, 47, 48)]
    assert seen == [1, 1, 1, 0]


def test_exits_are_told_apart_by_what_ended_them() -> None:
    """Of three trips one was ended by its target, one by its stop, and one by the strategy."""
    trips = [trip(NOW - SECOND, role) for role in (Role.TARGET, Role.STOP, Role.EXIT)]
    found = window_counts(trips, [], NOW, DAY)
    assert (found.trades, found.targets, found.stops) == (3, 1, 1)


def test_an_order_fails_once_however_much_goes_wrong_with_it() -> None:
    lives = [
        life(NOW - SECOND, "OrderLost", "OrderLost", "OrderRejected"),
        life(NOW - SECOND, "OrderUnsent"),
        life(NOW - SECOND, "OrderAccepted", "OrderFilled"),
        life(NOW - SECOND, "OrderAccepted", "CancelSent", "OrderCancelled"),
    ]
    found = window_counts([], lives, NOW, DAY)
    assert (found.sent, found.failed, found.error_share) == (4, 2, Decimal("0.5"))


def test_what_another_program_sent_is_no_order_of_the_bots() -> None:
    found = window_counts([], [life(NOW - SECOND, "OrderFilled", first="OrderAdopted"), []], NOW, DAY)
    assert found == NO_COUNTS


def test_without_an_order_the_share_of_errors_is_unknown() -> None:
    assert NO_COUNTS.error_share is None


def test_accounts_are_counted_together() -> None:
    one = WindowCounts(trades=1, targets=1, stops=0, sent=3, failed=1)
    two = WindowCounts(trades=2, targets=0, stops=1, sent=1, failed=0)
    assert one + two == WindowCounts(trades=3, targets=1, stops=1, sent=4, failed=1)
    assert (one + two).error_share == Decimal("0.25")
