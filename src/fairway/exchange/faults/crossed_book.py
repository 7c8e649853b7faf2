"""Fault: the two sides of the book that is shown change places, so that the best bid is above the best ask."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from fairway.exchange.answers import Refusal
from fairway.exchange.faults.activation import Striking, Times
from fairway.exchange.faults.kinds import Kind
from fairway.exchange.faults.port import Act, Scope, Twist
from fairway.world.chance import Chance

STREAMS: Final = ("bookTicker", "partialDepth", "depth")
ASKED: Final = ("depth", "ticker.book")
_OTHER: Final = {"b": "a", "B": "A", "bids": "asks", "bidPrice": "askPrice", "bidQty": "askQty"}
OTHER_SIDE: Final = {**_OTHER, **{ask: bid for bid, ask in _OTHER.items()}}


class CrossedBookOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    times: Times = 0
    """How often it strikes, frames and answers counted together; 0 is always."""


class CrossedBook(Striking):
    """The book that orders meet is not crossed."""

    __slots__ = ()

    def __init__(self, scope: Scope, options: CrossedBookOptions, chance: Chance) -> None:
        super().__init__(scope, options.times)

    def frame(self, symbol: str, stream: str, frame: bytes, at: int) -> bytes | None:
        if stream not in STREAMS or not self.strikes(at, symbol=symbol, endpoint=stream):
            return frame
        return msgspec.json.encode(crossed(msgspec.json.decode(frame)))

    def after(self, act: Act, answer: object) -> Twist | None:
        if act.endpoint not in ASKED or isinstance(answer, Refusal) or not self.strikes_at(act):
            return None
        return Twist(answer=crossed(answer))


def crossed(shown: Any) -> object:
    """A view of the book, or a list of them, with the sides changed."""
    if isinstance(shown, Mapping):
        return {name: shown.get(OTHER_SIDE.get(name, name), value) for name, value in shown.items()}
    return [crossed(one) for one in shown]


KIND = Kind("crossed_book", CrossedBookOptions, CrossedBook)
