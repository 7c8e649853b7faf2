"""Counts what happened within a sliding window that ends now. What is older than the window is never counted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from fairway.orders.lifecycle import OrderLost, OrderRejected, OrderSent, OrderUnsent
from fairway.reports.ratio import ratio
from fairway.reports.story import Leaving, ReportedTrip
from fairway.reports.trader_view import OrderMoment

FAILURES: Final = frozenset(kind.__name__ for kind in (OrderRejected, OrderUnsent, OrderLost))
"""Events that make an order a failed one: the venue refused it, it never left, or its fate was unknown for a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowCounts:
    """Of one window. sent: orders that were sent first in it; failed: those of them that were refused, never left or got lost."""

    trades: int
    targets: int
    stops: int
    sent: int
    failed: int

    @property
    def error_share(self) -> Decimal | None:
        """failed over sent, between 0 and 1; None where nothing was sent, for then nothing is known."""
        return ratio(Decimal(self.failed), Decimal(self.sent))

    def __add__(self, other: "WindowCounts") -> "WindowCounts":
        return WindowCounts(
            trades=self.trades + other.trades,
            targets=self.targets + other.targets,
            stops=self.stops + other.stops,
            sent=self.sent + other.sent,
            failed=self.failed + other.failed,
        )


NO_COUNTS: Final = WindowCounts(trades=0, targets=0, stops=0, sent=0, failed=0)


def is_within(at: int, now: int, window_ns: int) -> bool:
    """Whether an instant (ns) is no older than the window. One ahead of our clock, as a venue's may be, is within."""
    return now - at <= window_ns


def window_counts(
    trips: Iterable[ReportedTrip], lives: Iterable[Sequence[OrderMoment]], now: int, window_ns: int
) -> WindowCounts:
    """Of one account. trips: round trips that ended; lives: the moments of each order, oldest first; now: an instant (ns).

    A round trip counts by the instant of its close. An order counts once, by the instant at which it was first sent, however many
    of its events are failures: so the failed ones are always a part of those sent.
    """
    closed = [each for each in trips if is_within(each.trip.closed_at, now, window_ns)]
    sent = [moments for moments in lives if moments and _is_sent(moments[0]) and is_within(moments[0].at, now, window_ns)]
    return WindowCounts(
        trades=len(closed),
        targets=sum(each.leaving is Leaving.TARGET for each in closed),
        stops=sum(each.leaving is Leaving.STOP for each in closed),
        sent=len(sent),
        failed=sum(any(moment.kind in FAILURES for moment in moments) for moments in sent),
    )


def _is_sent(moment: OrderMoment) -> bool:
    """Not an order that was only adopted: another program sent it."""
    return moment.kind == OrderSent.__name__
