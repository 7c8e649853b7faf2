"""Lets each HTTP request of one account's client pass the budget of its address, and hears what the answers say of both.

ccxt knows what each endpoint costs, and which endpoints a call of it needs; so the budget is asked where ccxt turns an
endpoint into a request. Whom the request is for, and how long it may take, goes along with the call in a context variable.
"""

import asyncio
import math
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Final

from fairway.venues.allowance import Lane, OrderCount
from fairway.venues.budget import Budget
from fairway.venues.port import Ambiguous, Throttled
from fairway.world.clock import Clock

USED: Final = "x-mbx-used-weight-1m"
ORDERS: Final = ("x-mbx-order-count-10s", "x-mbx-order-count-1d")


class VenueCall:
    """One call of ours, which may be several requests. Its deadline counts from when each of them may leave."""

    __slots__ = ("asked_at", "deadline", "lane", "left", "longest_s")

    def __init__(self, lane: Lane, deadline: asyncio.Timeout, longest_s: float) -> None:
        self.lane, self.deadline, self.longest_s = lane, deadline, longest_s
        self.asked_at = 0
        """When its last request left, by our own clock (ns)."""
        self.left = 0
        """How many of its requests have left."""


_CALL: Final[ContextVar[VenueCall]] = ContextVar("call")


class RequestGate:
    """One account's way out. weight_of_cost: what the venue counts for one unit of ccxt's cost, 0 where it counts none."""

    def __init__(self, budget: Budget, clock: Clock, weight_of_cost: int) -> None:
        self.budget = budget
        self.orders = OrderCount(budget.limits)
        self._clock, self._weight_of_cost = clock, weight_of_cost

    @asynccontextmanager
    async def call(self, lane: Lane, longest_s: float, *, effect: bool) -> AsyncIterator[None]:
        """Around a call; each request of it may take longest_s.

        Raises:
            Throttled: none of its requests was sent.
            Ambiguous: one that may have had an effect was, and a later one was not let out any more.
            TimeoutError: an answer took too long.
        """
        async with asyncio.timeout(None) as deadline:
            call = VenueCall(lane, deadline, longest_s)
            before = _CALL.set(call)
            try:
                yield
            except Throttled as error:
                if effect and call.left:
                    raise Ambiguous(f"only a part of it was sent: {error}", error.code) from None
                raise
            finally:
                _CALL.reset(before)

    @asynccontextmanager
    async def request(self, cost: float) -> AsyncIterator[None]:
        """Around one request of a call. Raises Throttled."""
        call = _CALL.get(None)
        weight = math.ceil(cost * self._weight_of_cost)
        if call is None:  # ccxt asks by itself, while it subscribes a stream
            await self.budget.admit(Lane.QUERY, weight)
        else:
            call.deadline.reschedule(None)
            await self.budget.admit(call.lane, weight)
            call.asked_at, call.left = self._clock.now(), call.left + 1
            call.deadline.reschedule(asyncio.get_running_loop().time() + call.longest_s)
        try:
            yield
        finally:
            self.budget.back()

    def asked_at(self) -> int:
        """When the last request of the present call left, by our own clock (ns)."""
        return _CALL.get().asked_at

    def order(self, lane: Lane, orders: int, venue: str) -> None:
        """Counts new orders that are about to leave. Raises Throttled where the account may place no more of them now."""
        now = self.budget.now()
        free_at = self.orders.free_at(lane, orders, now)
        if free_at > now:
            words = f"{venue} takes no new orders of this account for a while; this one was not sent"
            raise Throttled(words, retry_at=free_at - self.budget.ahead_ns)
        self.orders.leave(orders, now)

    def heard(self, headers: Mapping[str, str]) -> None:
        """What the headers of an answer say of the address and of the account."""
        call = _CALL.get(None)
        if call is None:
            return
        told, asked_at = {name.lower(): text for name, text in headers.items()}, call.asked_at + self.budget.ahead_ns
        if (used := told.get(USED, "")).isdecimal():
            self.budget.report_used(int(used), asked_at)
        counts = [told.get(name, "") for name in ORDERS]
        if all(count.isdecimal() for count in counts):
            self.orders.report_used(int(counts[0]), int(counts[1]), asked_at, self.budget.now())
