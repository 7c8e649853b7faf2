"""Fault: one part of an answer, or of an event of an account, is left out, repeated, old, zero or empty.

Only the text that is sent changes. Orders, fills and balances of the exchange, and its log, stay as they are.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Final, Literal

import msgspec

from fairway.exchange.answers import ExchangeRefusal
from fairway.exchange.faults.counted import CountedFault, Milliseconds, Times
from fairway.exchange.faults.fuzz_rule import FuzzRule
from fairway.exchange.faults.paths import Path, Way, altered, read_path
from fairway.exchange.faults.port import FaultScope, RequestEffect, RequestView
from fairway.exchange.faults.registry import FaultPlugin
from fairway.exchange.wire.endpoint_context import DetailedRefusal
from fairway.world.chance import Chance, Stream
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
"""Requests that change nothing; a scope without endpoints concerns their answers."""
_VARYING: Final = frozenset(["signature", "timestamp", "recvWindow", "apiKey", "startTime", "endTime", "fromId", "limit"])
"""Parameters by which two requests for the same thing may differ."""
REQUESTS_KEPT, ANSWERS_KEPT = 200, 100
"""Different requests, and answers of each, that are kept for the way "age"."""


class AlteredAnswerOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`path` names the part, step by step, with dots between: a field's name, the number of an element, `*` for each element, or
    `asset=BTC` for each element in which this field has this value. "" is the whole answer.

    An answer without such a part is sent as it is, and does not count.
    """

    path: str = ""
    way: Literal["omit", "repeat", "age", "zero", "empty"] = "empty"
    """`omit` leaves the part out. `repeat` has an element of an array twice, of an array its last one. `age` shows the part as
    it was in an earlier answer to the same request. `zero` makes each amount in it 0. `empty` makes it [], {}, "" or null."""
    age_ms: Milliseconds = 30_000
    """Milliseconds by which the answer that `age` repeats is older, at least; where none is, the oldest that is known."""
    times: Times = 0
    """How often it acts; 0 is without limit."""


class AlteredAnswer(CountedFault):
    """The scope's endpoints may also name user events ("executionReport", "outboundAccountPosition", …), which have no age."""

    __slots__ = ("_age_ns", "_kept", "_path", "_way")

    def __init__(self, scope: FaultScope, options: AlteredAnswerOptions, chance: Chance) -> None:
        super().__init__(scope if scope.endpoints else msgspec.structs.replace(scope, endpoints=QUESTIONS), options.times)
        self._path: Path = read_path(options.path)
        if not self._path and options.way == "omit":
            raise ValueError("options of 'altered_answer': omit needs a path, such as 'balances.asset=BTC'")
        self._way: Way = options.way
        self._age_ns = options.age_ms * MILLISECOND
        self._kept: dict[object, deque[tuple[int, object]]] = {}

    def after_request(self, request: RequestView, answer: object) -> RequestEffect | None:
        if isinstance(answer, ExchangeRefusal | DetailedRefusal) or request.endpoint not in self.scope.endpoints:
            return None
        earlier = self._earlier(request, answer) if self._way == "age" else None
        sent = self._altered_or_same(answer, earlier, request.at, request.account, request.symbol, request.endpoint)
        return None if sent is answer else RequestEffect(answer=sent)

    def alter_event_json(
        self, account: str, symbol: str, name: str, shape: Mapping[str, object], at: int
    ) -> Mapping[str, object]:
        sent = self._altered_or_same(shape, None, at, account, symbol, name)
        return sent if isinstance(sent, Mapping) else shape

    def _altered_or_same(self, answer: object, earlier: object, at: int, account: str, symbol: str, endpoint: str) -> object:
        """The altered answer; the same object where nothing was altered, and then it does not count."""
        if not self.scope.covers(at, account, symbol, endpoint) or (self._way == "age" and earlier is None):
            return answer
        sent = altered(answer, self._path, self._way, earlier)
        return sent if sent != answer and self.strikes(at, account, symbol, endpoint) else answer

    def _earlier(self, request: RequestView, answer: object) -> object:
        """The answer to the same request `age_ms` ago, or the oldest one; None where there was none. Keeps this answer."""
        asked = (request.endpoint, request.account, *sorted(it for it in request.parameters.items() if it[0] not in _VARYING))
        if asked not in self._kept and len(self._kept) >= REQUESTS_KEPT:
            return None
        kept = self._kept.setdefault(asked, deque(maxlen=ANSWERS_KEPT))
        old = [it for at, it in kept if request.at - at >= self._age_ns]
        earlier = old[-1] if old else kept[0][1] if kept else None
        kept.append((request.at, answer))
        return earlier


_DRAWN: Final[Mapping[str, Sequence[object]]] = {
    "way": ["omit", "repeat", "age", "zero", "empty"],
    "age_ms": [1, 30_000, 90_000],
    "times": [0, 0, 0, 1, 3],
}
_PARTS: Final[Mapping[str, Sequence[str]]] = {
    "account.status": [
        "",
        "balances",
        "balances.asset=BTC",
        "balances.asset=USDT",
        "balances.*",
        "balances.*.locked",
        "balances.*.free",
    ],
    "openOrders.status": ["", "*", "0", "type=STOP_LOSS", "*.executedQty", "*.status"],
    "order.status": ["", "status", "executedQty", "cummulativeQuoteQty"],
    "orderList.status": ["", "orders", "orders.0"],
    "myTrades": ["", "*", "0", "*.commission", "*.qty"],
    "exchangeInfo": ["", "symbols", "symbols.0", "symbols.0.filters", "symbols.0.status"],
    "order.place": ["", "status", "executedQty", "orderId", "clientOrderId"],
    "orderList.place.oco": ["", "orderReports", "orderReports.0", "orders"],
    "order.cancel": ["", "status", "executedQty"],
    "executionReport": ["z", "l", "L", "X", "x", "c", "t", "n"],
    "outboundAccountPosition": ["B", "B.a=BTC", "B.*.l"],
}
"""Parts of answers and events that the fuzz test alters, by endpoint or event."""
_PARTS_WEIGHTS: Final[Mapping[str, int]] = {"account.status": 6, "openOrders.status": 4, "myTrades": 2}


def _draw_part(chance: Stream, options: dict[str, object]) -> tuple[str, ...]:
    """The endpoint or event; adds the path. The whole of an answer cannot be left out."""
    endpoint = chance.choices(list(_PARTS), [_PARTS_WEIGHTS.get(endpoint, 1) for endpoint in _PARTS])[0]
    options["path"] = chance.choice([part for part in _PARTS[endpoint] if part or options["way"] != "omit"])
    return (endpoint,)


FAULT = FaultPlugin(
    name="altered_answer",
    options=AlteredAnswerOptions,
    make=AlteredAnswer,
    trader="It counts an element that comes twice once, and asks again for what an answer leaves out.",
    scene="an_answer_is_altered",
    fuzz=FuzzRule(options=_DRAWN, draw_scope=_draw_part, weight=7, lasts_long=True),
)
