"""Where mischief may step in: the hooks that the session and the server call, and whom a mischief concerns.

A mischief is a class that derives from `Mischief` and overrides the hooks it needs; `Active` calls only those that somebody
overrides, so an exchange without mischief pays one look at an empty tuple.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from fairway.exchange.answers import OrderState
from fairway.exchange.events import ExchangeEvent
from fairway.exchange.market_data import CrowdUpdate


class Scope(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom a mischief concerns, and when. What is left empty concerns all.

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
        """Whether this act is concerned. An act that has no account (a public request) is not, if an account is asked for."""
        return (
            at >= self.since
            and (not self.until or at < self.until)
            and (not self.account or self.account == account)
            and (not self.symbol or self.symbol == symbol)
            and (not self.endpoints or endpoint in self.endpoints)
        )


class Act(NamedTuple):
    """One request, as far as mischief is concerned."""

    endpoint: str
    account: str
    symbol: str
    parameters: Mapping[str, str]
    address: str
    at: int


class Twist(NamedTuple):
    """What mischief does to one request: wait, then answer otherwise or cut the connection."""

    delay_ns: int = 0
    reset: bool = False
    """Cut the connection without an answer."""
    answer: object = None
    """A `Refusal`, or any value that JSON can write, in place of the true answer. Before the request is carried out it also
    means: it is not carried out."""


class Fault:
    """One kind of mischief within its scope. The hooks here do nothing."""

    __slots__ = ("name", "scope")

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.name = ""
        """What it was switched on as."""

    def before(self, act: Act) -> Twist | None:
        """A request was read and its sender is known; nothing was done yet."""
        return None

    def after(self, act: Act, answer: object) -> Twist | None:
        """A request was carried out; `answer` (JSON values, or a `Refusal`) has not left yet. Events of it are on their way."""
        return None

    def user_event(self, account: str, event: ExchangeEvent, at: int) -> Sequence[tuple[int, ExchangeEvent]] | None:
        """What the account is told instead: events, each with a delay in nanoseconds; none at all, or one twice, is possible.

        None leaves the event as it is.
        """
        return None

    def event_shape(self, account: str, symbol: str, name: str, shape: Mapping[str, object], at: int) -> Mapping[str, object]:
        """What the account is sent in place of this event's JSON; symbol "" where it is about balances."""
        return shape

    def frame(self, symbol: str, stream: str, frame: bytes, at: int) -> bytes | None:
        """What the listeners of a market stream get in place of this frame (JSON, not wrapped); None is nothing at all."""
        return frame

    def hides(self, account: str, order: OrderState, at: int) -> bool:
        """Whether queries must not see this order yet."""
        return False

    def skew_ns(self, at: int) -> int:
        """How far the exchange's clock is ahead of the truth."""
        return 0

    def weight(self, address: str, weight: int, at: int) -> int:
        """What a request of this weight costs."""
        return weight

    def revokes(self, account: str, at: int) -> bool:
        """Whether the account's keys are refused."""
        return False

    def status(self, symbol: str, at: int) -> str | None:
        """The symbol's status in place of its own: "TRADING", "HALT", "BREAK"; "" is a symbol that is gone."""
        return None

    def is_down(self, at: int) -> bool:
        """Whether the exchange is closed for maintenance."""
        return False

    def crowd(self, update: CrowdUpdate) -> CrowdUpdate | None:
        """What the market does in place of this update, before it is matched; None is nothing. Thin depth makes fills partial."""
        return update


HOOKS: Final = (
    "before",
    "after",
    "user_event",
    "event_shape",
    "frame",
    "hides",
    "skew_ns",
    "weight",
    "revokes",
    "status",
    "is_down",
    "crowd",
)


class Active:
    """The mischief that is switched on, sorted by hook."""

    __slots__ = ("_next", "_on", "by_hook")

    def __init__(self) -> None:
        self._on: dict[int, Fault] = {}
        self._next = 1
        self.by_hook: dict[str, tuple[Fault, ...]] = dict.fromkeys(HOOKS, ())

    def add(self, mischief: Fault, name: str = "") -> int:
        """Switch on; the number switches it off again."""
        mischief.name = name
        number, self._next = self._next, self._next + 1
        self._on[number] = mischief
        self._sort()
        return number

    def remove(self, number: int) -> bool:
        """Switch off; False where no such mischief is on."""
        found = self._on.pop(number, None) is not None
        self._sort()
        return found

    def all(self) -> Mapping[int, Fault]:
        """What is on, by number."""
        return self._on

    def _sort(self) -> None:
        for hook in HOOKS:
            plain = getattr(Fault, hook)
            self.by_hook[hook] = tuple(it for it in self._on.values() if getattr(type(it), hook) is not plain)

    def before(self, act: Act) -> Twist | None:
        return next((twist for it in self.by_hook["before"] if (twist := it.before(act)) is not None), None)

    def after(self, act: Act, answer: object) -> Twist | None:
        return next((twist for it in self.by_hook["after"] if (twist := it.after(act, answer)) is not None), None)

    def user_event(self, account: str, event: ExchangeEvent, at: int) -> Sequence[tuple[int, ExchangeEvent]]:
        told: list[tuple[int, ExchangeEvent]] = [(0, event)]
        for it in self.by_hook["user_event"]:
            told = [
                (delay + more, other) for delay, one in told for more, other in _or_same(it.user_event(account, one, at), one)
            ]
        return told

    def event_shape(self, account: str, symbol: str, name: str, shape: Mapping[str, object], at: int) -> Mapping[str, object]:
        for it in self.by_hook["event_shape"]:
            shape = it.event_shape(account, symbol, name, shape, at)
        return shape

    def frame(self, symbol: str, stream: str, frame: bytes, at: int) -> bytes | None:
        for it in self.by_hook["frame"]:
            changed = it.frame(symbol, stream, frame, at)
            if changed is None:
                return None
            frame = changed
        return frame

    def hides(self, account: str, order: OrderState, at: int) -> bool:
        return any(it.hides(account, order, at) for it in self.by_hook["hides"])

    def skew_ns(self, at: int) -> int:
        return sum(it.skew_ns(at) for it in self.by_hook["skew_ns"])

    def weight(self, address: str, weight: int, at: int) -> int:
        for it in self.by_hook["weight"]:
            weight = it.weight(address, weight, at)
        return weight

    def revokes(self, account: str, at: int) -> bool:
        return any(it.revokes(account, at) for it in self.by_hook["revokes"])

    def status(self, symbol: str, at: int) -> str | None:
        return next((status for it in self.by_hook["status"] if (status := it.status(symbol, at)) is not None), None)

    def is_down(self, at: int) -> bool:
        return any(it.is_down(at) for it in self.by_hook["is_down"])

    def crowd(self, update: CrowdUpdate) -> CrowdUpdate | None:
        changed: CrowdUpdate | None = update
        for it in self.by_hook["crowd"]:
            if changed is None:
                return None
            changed = it.crowd(changed)
        return changed


def _or_same(told: Sequence[tuple[int, ExchangeEvent]] | None, event: ExchangeEvent) -> Sequence[tuple[int, ExchangeEvent]]:
    return [(0, event)] if told is None else told
