"""Fault: the two sides of the published book are exchanged, so that the best bid is above the best ask."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from fairway.exchange.answers import ExchangeRefusal
from fairway.exchange.faults.counted import CountedFault, Times
from fairway.exchange.faults.fuzz_rule import FuzzRule
from fairway.exchange.faults.port import FaultScope, RequestEffect, RequestView
from fairway.exchange.faults.registry import FaultPlugin
from fairway.world.chance import Chance

STREAMS: Final = ("bookTicker", "partialDepth", "depth")
ASKED: Final = ("depth", "ticker.book")
_OTHER: Final = {"b": "a", "B": "A", "bids": "asks", "bidPrice": "askPrice", "bidQty": "askQty"}
OTHER_SIDE: Final = {**_OTHER, **{ask: bid for bid, ask in _OTHER.items()}}


class CrossedBookOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    times: Times = 0
    """How often it acts, frames and answers counted together; 0 is without limit."""


class CrossedBook(CountedFault):
    """Only what is published is crossed; orders meet the true book."""

    __slots__ = ()

    def __init__(self, scope: FaultScope, options: CrossedBookOptions, chance: Chance) -> None:
        super().__init__(scope, options.times)

    def alter_frame(self, symbol: str, stream: str, frame: bytes, at: int) -> bytes | None:
        if stream not in STREAMS or not self.strikes(at, symbol=symbol, endpoint=stream):
            return frame
        return msgspec.json.encode(crossed(msgspec.json.decode(frame)))

    def after_request(self, request: RequestView, answer: object) -> RequestEffect | None:
        if request.endpoint not in ASKED or isinstance(answer, ExchangeRefusal) or not self.strikes_request(request):
            return None
        return RequestEffect(answer=crossed(answer))


def crossed(shown: Any) -> object:
    """A view of the book, or a list of them, with the sides changed."""
    if isinstance(shown, Mapping):
        return {name: shown.get(OTHER_SIDE.get(name, name), value) for name, value in shown.items()}
    return [crossed(one) for one in shown]


FAULT = FaultPlugin(
    name="crossed_book",
    options=CrossedBookOptions,
    make=CrossedBook,
    trader="It enters no position while the bid is above the ask.",
    scene="the_book_is_crossed",
    fuzz=FuzzRule(hides_market=True),
)
