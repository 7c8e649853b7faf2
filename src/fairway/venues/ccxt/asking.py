"""Sends the requests of one account: each in its lane, with a deadline, and with its failure sorted."""

from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

from fairway.market.instrument import Instrument
from fairway.venues.addresses import VenueAddresses
from fairway.venues.allowance import Lane
from fairway.venues.calls import Calls
from fairway.venues.ccxt.dialect import Dialect
from fairway.venues.ccxt.errors import FailedRequest, sort
from fairway.venues.ccxt.gate import RequestGate
from fairway.venues.ccxt.reading import UNREADABLE
from fairway.venues.ccxt.settings import CcxtSettings
from fairway.venues.port import Ambiguous, Rejected, Throttled, Unreachable, Unreadable, VenueError
from fairway.venues.skew import VenueClockSkew
from fairway.world.clock import MILLISECOND, Clock

T = TypeVar("T")
Request = Callable[[Dialect], Awaitable[T]]

_TOO_MANY_ORDERS: Final = "-1015"
_OUTSIDE_WINDOW: Final = "-1021"


class AccountRequests:
    """Of one account's client while it is open. addresses: hear what was answered at the venue's present address."""

    def __init__(
        self,
        client: Any,
        dialect: Dialect,
        gate: RequestGate,
        settings: CcxtSettings,
        clock: Clock,
        calls: Calls,
        addresses: VenueAddresses,
    ) -> None:
        self.dialect, self.gate, self._addresses = dialect, gate, addresses
        self._client, self._settings, self._clock, self._calls = client, settings, clock, calls

    @property
    def skew(self) -> VenueClockSkew:
        return self.gate.budget.skew

    def listed(self, symbol: str) -> Instrument:
        """Raises Rejected for a symbol that the venue does not list."""
        listed = self.dialect.instruments.by_symbol
        try:
            return listed[symbol]
        except KeyError:
            name = self._settings.exchange
            raise Rejected(f"{name} does not list {symbol!r}; a listed one is {next(iter(listed), 'none')!r}") from None

    async def query(self, lane: Lane, request: Request[T]) -> T:
        """Changes nothing at the venue, so nothing is ambiguous."""
        return await self._in_time(request, lane, effect=False)

    async def effect(self, lane: Lane, request: Request[T]) -> T:
        """May have been carried out although its answer was lost."""
        return await self._in_time(request, lane, effect=True)

    async def server_time(self, lane: Lane = Lane.DATA) -> int:
        """The venue's clock (ns); what it is ahead of ours is noted."""
        return await self._sent(self._measured, lane, effect=False)

    async def look_at_the_clock(self) -> None:
        """Measures how far the venue's clock is ahead, where that is due.

        Where it fails so will the question that it goes before, and that one tells; a minute later it is due again.
        """
        if self.skew.is_due():
            try:
                await self.server_time(Lane.QUERY)
            except VenueError:
                return

    async def _measured(self, dialect: Dialect) -> int:
        told = await dialect.server_time()
        self.skew.measured(told, self.gate.asked_at(), self._clock.now())
        return told

    async def _in_time(self, request: Request[T], lane: Lane, *, effect: bool) -> T:
        """One that came outside of the venue's window was certainly not done: the clocks are compared, and it is sent again."""
        try:
            return await self._sent(request, lane, effect=effect)
        except Rejected as refusal:
            if refusal.code != _OUTSIDE_WINDOW:
                raise
        await self.server_time(lane)
        self._client.options["timeDifference"] = -self.gate.budget.ahead_ns // MILLISECOND
        return await self._sent(request, lane, effect=effect)

    async def _sent(self, request: Request[T], lane: Lane, *, effect: bool) -> T:
        from ccxt.base.errors import BaseError

        turn = self._addresses.turn
        try:
            # ccxt's own deadline is for each step of one request; this one holds whatever ccxt does in between.
            async with self.gate.call(lane, 2 * self._settings.timeout_s, effect=effect):
                answer = await request(self.dialect)
            self._calls.answered += 1
            self._addresses.answered(turn)
            return answer
        except (BaseError, OSError, TimeoutError, *UNREADABLE) as error:
            asked = FailedRequest(
                venue=self._settings.exchange,
                effect=effect,
                at=self._clock.now(),
                ahead_ns=self.gate.budget.ahead_ns,
                retry_after_s=self._retry_after_s(),
                codes=self.dialect.codes,
            )
            failure = sort(error, asked)
            if isinstance(error, UNREADABLE) and isinstance(failure, Unreachable):
                failure = Unreadable(f"{failure}: the answer cannot be read", failure.code)
        self._count(failure, turn)
        if isinstance(failure, Throttled):
            self._rest(failure)
        raise failure

    def _count(self, failure: VenueError, turn: int) -> None:
        if isinstance(failure, Unreachable | Ambiguous) and not isinstance(failure, Unreadable):
            self._addresses.failed(turn, str(failure))
        else:
            self._addresses.answered(turn)
        if isinstance(failure, Unreachable | Ambiguous):
            self._calls.failed += 1
        elif not isinstance(failure, Throttled):
            self._calls.answered += 1

    def _retry_after_s(self) -> float:
        """What the last answer asked for. Two refusals at one time may be taken for each other: both ask for rest."""
        headers = self._client.last_response_headers or {}
        text = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
        return float(text) if text.isdecimal() else 0.0

    def _rest(self, throttled: Throttled) -> None:
        """Who goes on asking is banned, and a ban grows: nothing leaves the address before the venue's time.

        Too many orders are one account's, and stop its new orders only.
        """
        if throttled.code == _TOO_MANY_ORDERS:
            self.gate.orders.rest(throttled.retry_at + self.gate.budget.ahead_ns)
        else:
            self.gate.budget.ban(throttled.retry_at)
