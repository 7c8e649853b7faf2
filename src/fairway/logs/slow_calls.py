"""Measures requests to a venue, commits of the journal, reads, answers and the event loop; logs what is slow or fails."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

from fairway.journal.port import Journal
from fairway.logs.log import LEVELS, Logger
from fairway.venues.port import NewOrder, NewPair, Venue
from fairway.world.clock import MILLISECOND, SECOND, Clock

REQUESTS: Final = (
    "open",
    "place",
    "place_pair",
    "cancel",
    "find",
    "order_of",
    "open_orders",
    "fills_since",
    "candles",
    "quote",
    "balances",
    "second_balances",
    "newest_orders",
    "fees",
    "server_time",
    "key_rights",
)
"""Of a venue's methods those that ask it something and end; streams run for hours."""
LOOP_EVERY_S: Final = 1.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SlowLimits:
    """What takes longer (ns) is logged as a warning."""

    request_ns: int = 2 * SECOND
    commit_ns: int = 100 * MILLISECOND
    stall_ns: int = 250 * MILLISECOND
    read_ns: int = SECOND
    """Of another process's journal, of a command inbox, or of the registry."""
    served_ns: int = 100 * MILLISECOND
    """Of a request that this process answers."""


class _Logged:
    """Passes everything on to what it stands for, and times the coroutines that are named."""

    def __init__(self, inner: Any, log: Logger, clock: Clock, timed: dict[str, tuple[str, int]]) -> None:
        self._inner, self._log, self._clock, self._timed = inner, log, clock, timed
        self._has_details = log.is_enabled_for(LEVELS["debug"])

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name in self._timed:
            found = self._measured(found, name, *self._timed[name])
        if callable(found):
            setattr(self, name, found)  # the next call finds it at once
        return found

    def _measured(
        self, call: Callable[..., Awaitable[Any]], name: str, event: str, limit_ns: int
    ) -> Callable[..., Awaitable[Any]]:
        async def measured(*args: Any, **options: Any) -> Any:
            began = self._clock.monotonic()
            try:
                answer = await call(*args, **options)
            except Exception as error:
                took = self._clock.monotonic() - began
                self._log.warning(f"{event}_failed", call=name, took_ms=_ms(took), error=error, **_about(name, args))
                raise
            took = self._clock.monotonic() - began
            if took > limit_ns:
                self._log.warning(f"{event}_slow", call=name, took_ms=_ms(took), limit_ms=_ms(limit_ns), **_about(name, args))
            elif self._has_details:
                self._log.debug(event, call=name, took_ms=_ms(took), **_about(name, args))
            return answer

        return measured


def logged_venue(venue: Venue, log: Logger, clock: Clock, limits: SlowLimits) -> Venue:
    """The venue, with each request timed."""
    timed = dict.fromkeys(REQUESTS, ("venue_request", limits.request_ns))
    return cast(Venue, _LoggedVenue(venue, log.bind(venue=venue.name), clock, timed))


class _LoggedVenue(_Logged):
    @property
    def calls(self) -> Any:
        """Stands here, and not only in `__getattr__`: whether a venue counts its calls is seen by this attribute."""
        return self._inner.calls


def logged_journal(journal: Journal, log: Logger, clock: Clock, limits: SlowLimits) -> Journal:
    """The journal, with each commit timed."""
    return cast(Journal, _Logged(journal, log, clock, {"commit": ("journal_commit", limits.commit_ns)}))


def logged_calls(inner: T, log: Logger, clock: Clock, event: str, names: Sequence[str], limit_ns: int) -> T:
    """The object, with these of its coroutines timed under the name of an event."""
    return cast(T, _Logged(inner, log, clock, dict.fromkeys(names, (event, limit_ns))))


async def watch_loop(log: Logger, clock: Clock, limits: SlowLimits, every_s: float = LOOP_EVERY_S) -> None:
    """Logs when the event loop came later than it was asked to. Runs until it is cancelled."""
    while True:
        due = clock.monotonic() + round(every_s * SECOND)
        await asyncio.sleep(every_s)
        late = clock.monotonic() - due
        if late > limits.stall_ns:
            log.warning("loop_stalled", late_ms=_ms(late), limit_ms=_ms(limits.stall_ns))


def _about(name: str, args: tuple[Any, ...]) -> dict[str, Any]:
    """The orders and symbols that a request names."""
    match args:
        case (NewOrder() as order, *_):
            return {"order_id": order.client_id, "symbol": order.symbol}
        case (NewPair() as pair, *_):
            return {"order_id": pair.stop.client_id, "target_order_id": pair.target.client_id, "symbol": pair.stop.symbol}
        case (str(symbol), str(client_id), *_) if name in ("cancel", "find"):
            return {"symbol": symbol, "order_id": client_id}
        case (str(symbol), *_):
            return {"symbol": symbol}
        case _:
            return {}


def _ms(ns: int) -> float:
    return round(ns / MILLISECOND, 3)
