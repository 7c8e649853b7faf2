"""What a fault of the practice exchange can change: one small protocol for each point at which the exchange asks its faults.

A fault is a class with a scope and the hooks that it needs; it has no method for a point that it leaves alone.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

import msgspec

from fairway.exchange.answers import OrderSnapshot
from fairway.exchange.events import ExchangeEvent
from fairway.exchange.market_data import MarketUpdate


class FaultScope(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which requests, events and streams a fault concerns, and when. An empty field concerns all.

    `endpoints` are the names of the WebSocket API ("order.place", "order.status", also for what comes by REST), kinds of streams
    ("bookTicker", "trade", "kline", "depth"), or user events ("executionReport", "outboundAccountPosition", …).
    """

    account: str = ""
    symbol: str = ""
    endpoints: tuple[str, ...] = ()
    since: int = 0
    """First instant, in nanoseconds of the exchange's clock."""
    until: int = 0
    """End, not included; 0 is never."""

    def covers(self, at: int, account: str = "", symbol: str = "", endpoint: str = "") -> bool:
        """Whether the fault concerns this request or event. A public request has no account: a scope with one excludes it."""
        return (
            self.is_on(at)
            and (not self.account or self.account == account)
            and (not self.symbol or self.symbol == symbol)
            and (not self.endpoints or endpoint in self.endpoints)
        )

    def is_on(self, at: int) -> bool:
        """Whether the scope's time has begun and has not ended: for faults of the exchange as a whole."""
        return at >= self.since and (not self.until or at < self.until)


class RequestView(NamedTuple):
    """One request, as faults see it."""

    endpoint: str
    account: str
    symbol: str
    parameters: Mapping[str, str]
    address: str
    at: int
    """When the exchange received it, in nanoseconds."""

    def is_covered_by(self, scope: FaultScope) -> bool:
        return scope.covers(self.at, self.account, self.symbol, self.endpoint)


class RequestEffect(NamedTuple):
    """What a fault does to one request: delay it, then replace the answer or cut the connection."""

    delay_ns: int = 0
    reset: bool = False
    """Cut the connection without an answer."""
    answer: object = None
    """An `ExchangeRefusal`, or any value that JSON can write, in place of the true answer. From `before_request` it also says
    that the request is not carried out."""


DelayedEvent = tuple[int, ExchangeEvent]
"""An event, and how many nanoseconds later than usual it is sent."""


class Fault:
    """Base of every fault: it knows its scope. A subclass adds the hooks that it needs."""

    __slots__ = ("scope",)

    def __init__(self, scope: FaultScope) -> None:
        self.scope = scope


@runtime_checkable
class BeforeRequest(Protocol):
    def before_request(self, request: RequestView) -> RequestEffect | None:
        """The request was read and its sender authenticated; nothing was done yet. None leaves it alone."""
        ...


@runtime_checkable
class AfterRequest(Protocol):
    def after_request(self, request: RequestView, answer: object) -> RequestEffect | None:
        """Called when the request was carried out and its events were sent; `answer` is JSON values or an `ExchangeRefusal`."""
        ...


@runtime_checkable
class AltersUserEvents(Protocol):
    def alter_user_event(self, account: str, event: ExchangeEvent, at: int) -> Sequence[DelayedEvent] | None:
        """The events that the account is sent in place of this one: none, one later, or two. None leaves the event as it is."""
        ...


@runtime_checkable
class AltersEventJson(Protocol):
    def alter_event_json(
        self, account: str, symbol: str, name: str, shape: Mapping[str, object], at: int
    ) -> Mapping[str, object]:
        """The JSON that the account is sent for this event; symbol is "" where the event is about balances."""
        ...


@runtime_checkable
class AltersFrames(Protocol):
    def alter_frame(self, symbol: str, stream: str, frame: bytes, at: int) -> bytes | None:
        """The frame (JSON, not wrapped) that listeners of a market stream are sent; None sends nothing."""
        ...


@runtime_checkable
class HidesOrders(Protocol):
    def hides_order(self, account: str, order: OrderSnapshot, at: int) -> bool:
        """Whether queries must not show this order yet."""
        ...


@runtime_checkable
class SkewsClock(Protocol):
    def clock_skew_ns(self, at: int) -> int:
        """How far the exchange's clock is ahead of the true time."""
        ...


@runtime_checkable
class WeighsRequests(Protocol):
    def request_weight(self, address: str, weight: int, at: int) -> int:
        """What a request of this weight costs its address."""
        ...


@runtime_checkable
class RevokesKeys(Protocol):
    def revokes_key(self, account: str, at: int) -> bool:
        """Whether the account's keys are refused."""
        ...


@runtime_checkable
class SetsSymbolStatus(Protocol):
    def symbol_status(self, symbol: str, at: int) -> str | None:
        """The symbol's status: "TRADING", "HALT", "BREAK"; "" is a symbol that no longer exists. None leaves its own."""
        ...


@runtime_checkable
class ClosesExchange(Protocol):
    def is_down(self, at: int) -> bool:
        """Whether the exchange is closed for maintenance."""
        ...


@runtime_checkable
class AltersMarket(Protocol):
    def alter_market(self, update: MarketUpdate) -> MarketUpdate | None:
        """What the rest of the market does in place of this update, before it is matched; None is nothing."""
        ...


HOOKS = (
    BeforeRequest
    | AfterRequest
    | AltersUserEvents
    | AltersEventJson
    | AltersFrames
    | HidesOrders
    | SkewsClock
    | WeighsRequests
    | RevokesKeys
    | SetsSymbolStatus
    | ClosesExchange
    | AltersMarket
)
"""Every point at which the exchange asks its faults."""
