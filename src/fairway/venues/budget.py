"""One request budget for one network address: each request waits here for its turn, and the most urgent goes first.

A venue counts what comes from an address, and bans the address of who asks for too much, with all accounts behind it. So
the clients of all accounts share one budget. A request that may not leave now waits in its lane, for a while; one that is
not worth the wait, or for which there is no room, is refused as `Throttled`: certainly not sent.
"""

import asyncio
from collections import deque
from typing import Final

from fairway.venues.allowance import BINANCE_SPOT, AddressLimits, Allowance, Connects, Lane
from fairway.venues.port import Throttled
from fairway.venues.skew import VenueClockSkew
from fairway.world.clock import MILLISECOND, SECOND, Clock

WAITING_MAX: Final = 4_000
"""Requests that may wait. At the bound the newest of the least urgent lane is refused, which may be the one that comes."""
WAIT_LONGEST_NS: Final = {
    Lane.CLOSE: 20 * SECOND,
    Lane.STOP: 20 * SECOND,
    Lane.QUERY: 10 * SECOND,
    Lane.ENTRY: 1 * SECOND,
    Lane.DATA: 10 * SECOND,
}
"""What cannot leave within this time is refused. A buy is decided on prices of now, so it is the first not to wait."""
PLENTY_ONE_IN: Final = 4
LOOK_LONGEST_S: Final = 1.0
"""While requests wait, the clock is read again this often, because it may be set."""
LATE_NS: Final = MILLISECOND
"""A look comes so much after the instant that it is for, so as not to come before it."""


class _Waiting:
    __slots__ = ("admitted", "lane", "weight")

    def __init__(self, lane: Lane, weight: int) -> None:
        self.lane, self.weight = lane, weight
        self.admitted: asyncio.Future[None] = asyncio.get_running_loop().create_future()


class Budget:
    """Of one address at one venue; `limits` are the venue's."""

    def __init__(self, clock: Clock, limits: AddressLimits = BINANCE_SPOT) -> None:
        self.limits = limits
        self.connects = Connects(limits)
        self.skew = VenueClockSkew(clock)
        self._clock = clock
        self._allowance = Allowance(limits)
        self._lines: dict[Lane, deque[_Waiting]] = {lane: deque() for lane in Lane}
        self._look: asyncio.TimerHandle | None = None

    def now(self) -> int:
        """The venue's time (ns), as far as it is known."""
        return self._clock.now() + self.ahead_ns

    @property
    def ahead_ns(self) -> int:
        """How far the venue's clock is ahead of ours; zero until it is known."""
        return self.skew.ahead_ns() or 0

    @property
    def waiting(self) -> int:
        return sum(map(len, self._lines.values()))

    @property
    def used(self) -> int:
        """Weight used in the present minute."""
        return self._allowance.used(self.now())

    @property
    def has_plenty(self) -> bool:
        """Whether the present minute is hardly used: one heavy question is then better than several light ones."""
        return self.used * PLENTY_ONE_IN < self.limits.weight_a_minute

    async def admit(self, lane: Lane, weight: int) -> None:
        """Waits until a request of this weight may leave, and counts it; `back` must follow.

        Raises:
            Throttled: it may not leave in time, the line is full, or the address is banned. It was not sent.
        """
        now = self.now()
        free_at = self._allowance.free_at(lane, weight, now)
        if free_at is not None and free_at <= now and not any(self._lines[before] for before in Lane if before <= lane):
            self._allowance.leave(weight, now)
            return
        if free_at is not None and free_at + 2 * LATE_NS - now > WAIT_LONGEST_NS[lane]:
            raise self._refusal(free_at)
        await self._stand_in_line(_Waiting(lane, weight))

    def back(self) -> None:
        """An admitted request was answered, or was given up."""
        self._allowance.back()
        self._serve()

    def report_used(self, used: int, asked_at: int) -> None:
        """The venue's own count of used weight, told with the answer to what was asked at an instant of `now`."""
        self._allowance.report_used(used, asked_at, self.now())

    def ban(self, until: int) -> None:
        """Nothing leaves before this instant of our own clock, for any account, in any lane; who waits is told so."""
        self._allowance.ban(until + self.ahead_ns)
        for line in self._lines.values():
            for waiting in line:
                _refuse(waiting, self._refusal(self._allowance.banned_until))
            line.clear()

    async def _stand_in_line(self, waiting: _Waiting) -> None:
        self._make_room(waiting)
        self._lines[waiting.lane].append(waiting)
        self._look_later()
        try:
            async with asyncio.timeout(WAIT_LONGEST_NS[waiting.lane] / SECOND):
                await waiting.admitted
        except BaseException as error:
            if waiting in self._lines[waiting.lane]:
                self._lines[waiting.lane].remove(waiting)
            elif not waiting.admitted.cancelled() and waiting.admitted.done() and waiting.admitted.exception() is None:
                self.back()  # it was let go in the very moment in which it was given up
            if isinstance(error, TimeoutError):
                raise self._refusal(self.now() + SECOND) from None
            raise

    def _make_room(self, coming: _Waiting) -> None:
        if self.waiting < WAITING_MAX:
            return
        last = next(line for line in reversed(self._lines.values()) if line)
        if last[-1].lane <= coming.lane:
            raise self._refusal(self.now() + SECOND)
        _refuse(last.pop(), self._refusal(self.now() + SECOND))

    def _serve(self) -> None:
        """Releases the requests that may leave, most urgent first; one that must wait holds back all behind it, however light."""
        now = self.now()
        for line in self._lines.values():
            while line:
                free_at = self._allowance.free_at(line[0].lane, line[0].weight, now)
                if free_at is None or free_at > now:
                    self._look_later()
                    return
                first = line.popleft()
                if not first.admitted.done():
                    self._allowance.leave(first.weight, now)
                    first.admitted.set_result(None)

    def _look_later(self) -> None:
        if self._look is None:
            self._look = asyncio.get_running_loop().call_later(self._look_in_s(), self._look_again)

    def _look_in_s(self) -> float:
        """Until the venue's next second begins, and so to the instant until its minute does."""
        return min((SECOND - self.now() % SECOND + LATE_NS) / SECOND, LOOK_LONGEST_S)

    def _look_again(self) -> None:
        self._look = None
        self._serve()

    def _refusal(self, free_at: int) -> Throttled:
        is_banned = self.now() < self._allowance.banned_until
        why = "the venue wants nothing from this address for a while" if is_banned else "the budget of this address is used up"
        return Throttled(f"{why}; this one was not sent; try again in a minute", retry_at=free_at - self.ahead_ns)


def _refuse(waiting: _Waiting, why: Throttled) -> None:
    if not waiting.admitted.done():
        waiting.admitted.set_exception(why)
