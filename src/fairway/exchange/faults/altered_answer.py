"""Fault: one part of an answer, or of an event that an account is told, is left out, repeated, old, zero or empty.

Only what is sent is altered. Orders, fills and balances of the exchange, and its log, stay as they are.
"""

from collections import deque
from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from fairway.exchange.answers import Refusal
from fairway.exchange.faults.activation import Milliseconds, Striking, Times
from fairway.exchange.faults.kinds import Kind
from fairway.exchange.faults.paths import Path, Way, altered, read_path
from fairway.exchange.faults.port import Act, Scope, Twist
from fairway.exchange.wire.endpoint_context import Failure
from fairway.world.chance import Chance
from fairway.world.clock import MILLISECOND

QUESTIONS: Final = (
    "account.status",
    "openOrders.status",
    "order.status",
    "allOrders",
    "orderList.status",
    "openOrderLists.status",
    "allOrderLists",
    "myTrades",
    "exchangeInfo",
)
"""Requests that change nothing. Where the scope names no endpoints, their answers are altered."""
_ANEW: Final = frozenset(["signature", "timestamp", "recvWindow", "apiKey", "startTime", "endTime", "fromId", "limit"])
"""Parameters by which two requests for the same thing may differ."""
REQUESTS_KEPT, ANSWERS_KEPT = 200, 100
"""So many different requests, and of each so many answers, are kept for the way "age"."""


class AlteredAnswerOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`path` names the part, step by step, with dots between: a field's name, the number of an element, `*` for each element, or
    `asset=BTC` for each element in which this field has this value. "" is the whole answer.

    Where an answer has no such part, it is sent as it is, and that does not count.
    """

    path: str = ""
    way: Literal["omit", "repeat", "age", "zero", "empty"] = "empty"
    """`omit` leaves the part out. `repeat` has an element of an array twice, of an array its last one. `age` shows the part as
    it was in an earlier answer to the same request. `zero` makes each amount in it 0. `empty` makes it [], {}, "" or null."""
    age_ms: Milliseconds = 30_000
    """Milliseconds by which the answer that `age` repeats is older, at least; where none is, the oldest that is known."""
    times: Times = 0
    """How often it strikes; 0 is always."""


class AlteredAnswer(Striking):
    """The scope's endpoints may also name user events ("executionReport", "outboundAccountPosition", …), which have no age."""

    __slots__ = ("_age_ns", "_kept", "_path", "_way")

    def __init__(self, scope: Scope, options: AlteredAnswerOptions, chance: Chance) -> None:
        super().__init__(scope if scope.endpoints else msgspec.structs.replace(scope, endpoints=QUESTIONS), options.times)
        self._path: Path = read_path(options.path)
        if not self._path and options.way == "omit":
            raise ValueError("options of 'altered_answer': omit needs a path, such as 'balances.asset=BTC'")
        self._way: Way = options.way
        self._age_ns = options.age_ms * MILLISECOND
        self._kept: dict[object, deque[tuple[int, object]]] = {}

    def after(self, act: Act, answer: object) -> Twist | None:
        if isinstance(answer, Refusal | Failure) or act.endpoint not in self.scope.endpoints:
            return None
        earlier = self._earlier(act, answer) if self._way == "age" else None
        told = self._told(answer, earlier, act.at, act.account, act.symbol, act.endpoint)
        return None if told is answer else Twist(answer=told)

    def event_shape(self, account: str, symbol: str, name: str, shape: Mapping[str, object], at: int) -> Mapping[str, object]:
        told = self._told(shape, None, at, account, symbol, name)
        return told if isinstance(told, Mapping) else shape

    def _told(self, answer: object, earlier: object, at: int, account: str, symbol: str, endpoint: str) -> object:
        """The altered answer; the same object where nothing was altered, and then it does not count."""
        if not self.scope.covers(at, account, symbol, endpoint) or (self._way == "age" and earlier is None):
            return answer
        told = altered(answer, self._path, self._way, earlier)
        return told if told != answer and self.strikes(at, account, symbol, endpoint) else answer

    def _earlier(self, act: Act, answer: object) -> object:
        """What the same request was answered so long ago; None where it was never asked before. Keeps this answer, too."""
        asked = (act.endpoint, act.account, *sorted(it for it in act.parameters.items() if it[0] not in _ANEW))
        if asked not in self._kept and len(self._kept) >= REQUESTS_KEPT:
            return None
        kept = self._kept.setdefault(asked, deque(maxlen=ANSWERS_KEPT))
        old = [it for at, it in kept if act.at - at >= self._age_ns]
        earlier = old[-1] if old else kept[0][1] if kept else None
        kept.append((act.at, answer))
        return earlier


KIND = Kind("altered_answer", AlteredAnswerOptions, AlteredAnswer)
