"""The intervals of the wire, and when their candles open."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, NamedTuple

from fairway.market import candles as market_candles
from fairway.world.clock import DAY, SECOND, Duration, Instant, datetime_of

INTERVALS: Final = {**market_candles.INTERVALS, "3d": 3 * DAY, "1w": 7 * DAY, "1M": 0}
"""Every interval of the wire with its length in nanoseconds; a month has none."""

_MONDAY: Final = 4 * DAY
"""1970-01-05: weeks begin on Mondays, the other intervals at multiples of their length since 1970."""


class Calendar(NamedTuple):
    """When candles of one interval open, in a time zone so many nanoseconds ahead of UTC."""

    interval: str
    zone_ns: Duration = 0

    def opening(self, at: Instant) -> Instant:
        """When the candle that holds this instant opened."""
        return opening(self.interval, at + self.zone_ns) - self.zone_ns

    def next_opening(self, opened: Instant) -> Instant:
        """When the candle after the one that opened at `opened` opens."""
        return next_opening(self.interval, opened + self.zone_ns) - self.zone_ns

    def opening_before(self, opened: Instant, count: int) -> Instant:
        """The opening `count` candles before."""
        return opening_before(self.interval, opened + self.zone_ns, count) - self.zone_ns


def opening(interval: str, at: Instant) -> Instant:
    """When the candle of this interval that holds this instant opened, in UTC."""
    if interval == "1M":
        date = datetime_of(at)
        return _month(date.year, date.month)
    offset = _MONDAY if interval == "1w" else 0
    return at - (at - offset) % INTERVALS[interval]


def next_opening(interval: str, opened: Instant) -> Instant:
    """When the candle after the one that opened at `opened` opens."""
    if interval == "1M":
        date = datetime_of(opened)
        return _month(date.year + date.month // 12, date.month % 12 + 1)
    return opened + INTERVALS[interval]


def _month(year: int, month: int) -> Instant:
    return int(datetime(year, month, 1, tzinfo=UTC).timestamp()) * SECOND


def opening_before(interval: str, opened: Instant, count: int) -> Instant:
    """The opening `count` candles before."""
    if interval != "1M":
        return opened - count * INTERVALS[interval]
    for _ in range(min(count, 12 * 100)):
        opened = opening(interval, opened - 1)
    return opened
