"""Counts what one network address and one account may still ask of a venue; pure bookkeeping over instants.

Instants are the venue's own time (ns), because its windows begin with its own minute, ten seconds and day.
"""

from collections import deque
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from fairway.world.clock import DAY, MINUTE, SECOND


class Lane(IntEnum):
    """What a request is for, most urgent first."""

    CLOSE = 0
    """Cancels, and sells that reduce."""
    STOP = 1
    """Stops, and pairs of stop and target."""
    QUERY = 2
    """What became of orders, balances and fills; streams that dial."""
    ENTRY = 3
    """Buys."""
    DATA = 4
    """Candles, the venue's time, what is listed."""


SHARES: Final = {Lane.CLOSE: 100, Lane.STOP: 95, Lane.QUERY: 85, Lane.ENTRY: 75, Lane.DATA: 60}
"""Percent of a limit that a lane may use up, with what all others used: the rest is kept for those before it."""
WINDOW_10S: Final = 10 * SECOND
CONNECT_WINDOW: Final = 5 * MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressLimits:
    """What a venue allows; the figures of Binance spot, whose newer and wider limits of orders are left unused."""

    weight_a_minute: int = 6_000
    """Of one address."""
    in_flight: int = 100
    """Requests of one address that wait for their answers at a time. No venue's limit, but what orders the rest by urgency."""
    connects_in_5m: int = 300
    """WebSockets that one address may dial."""
    orders_in_10s: int = 50
    """Of one account."""
    orders_a_day: int = 160_000


BINANCE_SPOT: Final = AddressLimits()


class Allowance:
    """The request weight of one address in the present minute, what is in flight, and bans."""

    def __init__(self, limits: AddressLimits) -> None:
        self.banned_until = 0
        self.in_flight = 0
        self._limits = limits
        self._minute = 0
        self._used = 0

    def free_at(self, lane: Lane, weight: int, now: int) -> int | None:
        """The first instant at which it may leave, not later than now where it may at once; None: when another one is back."""
        if now < self.banned_until:
            return self.banned_until
        share = _share(lane, self._limits.weight_a_minute)
        if self.used(now) + min(weight, share) > share:
            return (now // MINUTE + 1) * MINUTE
        return None if self.in_flight >= max(_share(lane, self._limits.in_flight), 1) else now

    def used(self, now: int) -> int:
        """Weight used in the present minute."""
        return self._used if self._minute == now // MINUTE else 0

    def leave(self, weight: int, now: int) -> None:
        """A request leaves."""
        self._minute, self._used = now // MINUTE, self.used(now) + weight
        self.in_flight += 1

    def back(self) -> None:
        """It was answered, or was given up."""
        self.in_flight -= 1

    def report_used(self, used: int, asked_at: int, now: int) -> None:
        """The venue's own count came with an answer. Other programs share the address, so it may be more than ours.

        While others of ours are in flight it may be of before they were counted, so then it only ever raises ours. What was
        asked in an earlier minute may be told of that one, and says nothing.
        """
        if asked_at // MINUTE != now // MINUTE:
            return
        is_all = self.in_flight <= 1
        self._minute, self._used = now // MINUTE, used if is_all else max(used, self.used(now))

    def ban(self, until: int) -> None:
        """Nothing leaves before this instant."""
        self.banned_until = max(self.banned_until, until)


class OrderCount:
    """The new orders of one account in the present ten seconds and on the present day."""

    def __init__(self, limits: AddressLimits) -> None:
        self._limits = limits
        self._quiet_until = 0
        self._window = self._day = 0
        self._in_10s = self._in_day = 0

    def free_at(self, lane: Lane, orders: int, now: int) -> int:
        """The first instant at which so many may leave; not later than now where they may at once."""
        if now < self._quiet_until:
            return self._quiet_until
        self._turn(now)
        if self._in_day + orders > _share(lane, self._limits.orders_a_day):
            return (now // DAY + 1) * DAY
        if self._in_10s + orders > _share(lane, self._limits.orders_in_10s):
            return (now // WINDOW_10S + 1) * WINDOW_10S
        return now

    def leave(self, orders: int, now: int) -> None:
        self._turn(now)
        self._in_10s += orders
        self._in_day += orders

    def report_used(self, in_10s: int, in_day: int, asked_at: int, now: int) -> None:
        """The venue's own counts: other programs may trade on this account. They never lower ours within a window."""
        self._turn(now)
        if asked_at // WINDOW_10S == now // WINDOW_10S:
            self._in_10s = max(self._in_10s, in_10s)
        if asked_at // DAY == now // DAY:
            self._in_day = max(self._in_day, in_day)

    def rest(self, until: int) -> None:
        """The venue wants no new orders of this account before this instant."""
        self._quiet_until = max(self._quiet_until, until)

    def _turn(self, now: int) -> None:
        if self._window != now // WINDOW_10S:
            self._window, self._in_10s = now // WINDOW_10S, 0
        if self._day != now // DAY:
            self._day, self._in_day = now // DAY, 0


class Connects:
    """The WebSockets that one address dialled in any five minutes. Its instants are of one clock that never jumps."""

    def __init__(self, limits: AddressLimits) -> None:
        self._most = limits.connects_in_5m
        self._dialled: deque[int] = deque(maxlen=self._most)

    def free_at(self, now: int) -> int:
        """The first instant at which one more may be dialled."""
        return now if len(self._dialled) < self._most else max(now, self._dialled[0] + CONNECT_WINDOW)

    def dialled(self, now: int) -> None:
        self._dialled.append(now)


def _share(lane: Lane, limit: int) -> int:
    return limit * SHARES[lane] // 100
