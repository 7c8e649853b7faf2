"""Keeps the faults that are switched on, sorted by hook, and combines what they answer."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from fairway.exchange.answers import OrderSnapshot
from fairway.exchange.events import ExchangeEvent
from fairway.exchange.faults.port import (
    HOOKS,
    AfterRequest,
    AltersEventJson,
    AltersFrames,
    AltersMarket,
    AltersUserEvents,
    BeforeRequest,
    ClosesExchange,
    DelayedEvent,
    Fault,
    HidesOrders,
    RequestEffect,
    RequestView,
    RevokesKeys,
    SetsSymbolStatus,
    SkewsClock,
    WeighsRequests,
)
from fairway.exchange.market_data import MarketUpdate


class ActiveFault(NamedTuple):
    """A fault that is switched on, and the name of its kind ("" where it has none)."""

    fault: Fault
    name: str


class ActiveFaults:
    """The faults that are switched on. Without any, each request and each frame costs one look at an empty tuple."""

    def __init__(self) -> None:
        self._on: dict[int, ActiveFault] = {}
        self._next = 1
        self._sort()

    def add(self, fault: Fault, name: str = "") -> int:
        """Switches a fault on; the number switches it off again. ValueError where it has no hook, so could change nothing."""
        if not isinstance(fault, HOOKS):
            raise ValueError(
                f"the fault {name or type(fault).__name__!r} has no hook; give it one of fairway.exchange.faults.port"
            )
        number, self._next = self._next, self._next + 1
        self._on[number] = ActiveFault(fault, name)
        self._sort()
        return number

    def remove(self, number: int) -> bool:
        """Switches a fault off; False where none with this number is on."""
        found = self._on.pop(number, None) is not None
        self._sort()
        return found

    def all(self) -> Mapping[int, ActiveFault]:
        """What is on, by number."""
        return self._on

    def _sort(self) -> None:
        faults = [it.fault for it in self._on.values()]
        self.before_requests = [it for it in faults if isinstance(it, BeforeRequest)]
        self.after_requests = [it for it in faults if isinstance(it, AfterRequest)]
        self.user_events = [it for it in faults if isinstance(it, AltersUserEvents)]
        self.event_json = [it for it in faults if isinstance(it, AltersEventJson)]
        self.frames = [it for it in faults if isinstance(it, AltersFrames)]
        self.orders = [it for it in faults if isinstance(it, HidesOrders)]
        self.clocks = [it for it in faults if isinstance(it, SkewsClock)]
        self.weights = [it for it in faults if isinstance(it, WeighsRequests)]
        self.keys = [it for it in faults if isinstance(it, RevokesKeys)]
        self.statuses = [it for it in faults if isinstance(it, SetsSymbolStatus)]
        self.closings = [it for it in faults if isinstance(it, ClosesExchange)]
        self.markets = [it for it in faults if isinstance(it, AltersMarket)]

    def before_request(self, request: RequestView) -> RequestEffect | None:
        """The first fault that does something to the request decides."""
        effects = (it.before_request(request) for it in self.before_requests)
        return next((effect for effect in effects if effect is not None), None)

    def after_request(self, request: RequestView, answer: object) -> RequestEffect | None:
        """The first fault that does something to the answer decides."""
        effects = (it.after_request(request, answer) for it in self.after_requests)
        return next((effect for effect in effects if effect is not None), None)

    def alter_user_event(self, account: str, event: ExchangeEvent, at: int) -> Sequence[DelayedEvent]:
        """What the account is sent for an event: each fault alters what the one before it left; delays add up."""
        sent: list[DelayedEvent] = [(0, event)]
        for it in self.user_events:
            sent = [(delay + more, other) for delay, one in sent for more, other in _altered(it, account, one, at)]
        return sent

    def alter_event_json(
        self, account: str, symbol: str, name: str, shape: Mapping[str, object], at: int
    ) -> Mapping[str, object]:
        for it in self.event_json:
            shape = it.alter_event_json(account, symbol, name, shape, at)
        return shape

    def alter_frame(self, symbol: str, stream: str, frame: bytes, at: int) -> bytes | None:
        for it in self.frames:
            changed = it.alter_frame(symbol, stream, frame, at)
            if changed is None:
                return None
            frame = changed
        return frame

    def hides_order(self, account: str, order: OrderSnapshot, at: int) -> bool:
        return any(it.hides_order(account, order, at) for it in self.orders)

    def clock_skew_ns(self, at: int) -> int:
        """The sum of all skews."""
        return sum(it.clock_skew_ns(at) for it in self.clocks)

    def request_weight(self, address: str, weight: int, at: int) -> int:
        for it in self.weights:
            weight = it.request_weight(address, weight, at)
        return weight

    def revokes_key(self, account: str, at: int) -> bool:
        return any(it.revokes_key(account, at) for it in self.keys)

    def symbol_status(self, symbol: str, at: int) -> str | None:
        """The status that the first fault gives; None where none gives one."""
        return next((status for it in self.statuses if (status := it.symbol_status(symbol, at)) is not None), None)

    def is_down(self, at: int) -> bool:
        return any(it.is_down(at) for it in self.closings)

    def alter_market(self, update: MarketUpdate) -> MarketUpdate | None:
        changed: MarketUpdate | None = update
        for it in self.markets:
            if changed is None:
                return None
            changed = it.alter_market(changed)
        return changed


def _altered(fault: AltersUserEvents, account: str, event: ExchangeEvent, at: int) -> Sequence[DelayedEvent]:
    altered = fault.alter_user_event(account, event, at)
    return [(0, event)] if altered is None else altered
