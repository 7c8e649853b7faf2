"""Fault: the published book stands still, while the book that orders meet moves on."""

from typing import Final

import msgspec

from fairway.exchange.answers import ExchangeRefusal
from fairway.exchange.faults.fuzz_rule import FuzzRule, SymbolDraw
from fairway.exchange.faults.port import Fault, FaultScope, RequestEffect, RequestView
from fairway.exchange.faults.registry import FaultPlugin
from fairway.world.chance import Chance

REPEATED: Final = ("bookTicker", "partialDepth")
"""Streams that show the book as it is. A diff ("depth") cannot be said twice, so of a frozen book there are none."""
ASKED: Final = ("depth", "ticker.book")
FROZEN_MAX: Final = 1_000
"""Views that are kept; further ones show the true book."""


class FrozenBookOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    repeats: bool = True
    """Streams repeat their first frame. Otherwise they send nothing."""


class FrozenBook(Fault):
    """The first view within the scope is repeated; trades and candles stay true."""

    __slots__ = ("_frozen", "_repeats")

    def __init__(self, scope: FaultScope, options: FrozenBookOptions, chance: Chance) -> None:
        super().__init__(scope)
        self._repeats = options.repeats
        self._frozen: dict[object, object] = {}

    def alter_frame(self, symbol: str, stream: str, frame: bytes, at: int) -> bytes | None:
        is_book = stream in REPEATED or stream == "depth"
        if not is_book or not self.scope.covers(at, symbol=symbol, endpoint=stream):
            return frame
        if not self._repeats or stream == "depth":
            return None
        shown = self._first((symbol, stream), frame)
        assert isinstance(shown, bytes)
        return shown

    def after_request(self, request: RequestView, answer: object) -> RequestEffect | None:
        is_book = request.endpoint in ASKED and not isinstance(answer, ExchangeRefusal)
        if not is_book or not request.is_covered_by(self.scope):
            return None
        return RequestEffect(answer=self._first((request.endpoint, *sorted(request.parameters.items())), answer))

    def _first(self, view: object, shown: object) -> object:
        if len(self._frozen) >= FROZEN_MAX:
            return self._frozen.get(view, shown)
        return self._frozen.setdefault(view, shown)


FAULT = FaultPlugin(
    name="frozen_book",
    options=FrozenBookOptions,
    make=FrozenBook,
    trader="A quote that repeats itself counts as old, and it enters no position on an old quote.",
    scene="the_book_stands_still",
    fuzz=FuzzRule(options={"repeats": [True, False]}, symbols=SymbolDraw.ONE_OR_ALL, lasts_long=True, hides_market=True),
)
