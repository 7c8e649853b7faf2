"""Fault: the book that is shown stands still, while the one that orders meet moves on."""

from typing import Final

import msgspec

from fairway.exchange.answers import Refusal
from fairway.exchange.faults.kinds import Kind
from fairway.exchange.faults.port import Act, Fault, Scope, Twist
from fairway.world.chance import Chance

REPEATED: Final = ("bookTicker", "partialDepth")
"""Streams that show the book as it is. A diff ("depth") cannot be said twice, so of a frozen book there are none."""
ASKED: Final = ("depth", "ticker.book")
FROZEN_MAX: Final = 1_000
"""Views that are kept. Where more are asked for, the further ones show the truth."""


class FrozenBookOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    repeats: bool = True
    """Streams go on, and say each time what they said at first. Otherwise they fall silent."""


class FrozenBook(Fault):
    """What is shown first within the scope is shown ever after; trades and candles stay true."""

    __slots__ = ("_frozen", "_repeats")

    def __init__(self, scope: Scope, options: FrozenBookOptions, chance: Chance) -> None:
        super().__init__(scope)
        self._repeats = options.repeats
        self._frozen: dict[object, object] = {}

    def frame(self, symbol: str, stream: str, frame: bytes, at: int) -> bytes | None:
        is_book = stream in REPEATED or stream == "depth"
        if not is_book or not self.scope.covers(at, symbol=symbol, endpoint=stream):
            return frame
        if not self._repeats or stream == "depth":
            return None
        shown = self._first((symbol, stream), frame)
        assert isinstance(shown, bytes)
        return shown

    def after(self, act: Act, answer: object) -> Twist | None:
        is_book = act.endpoint in ASKED and not isinstance(answer, Refusal)
        if not is_book or not self.scope.covers(act.at, act.account, act.symbol, act.endpoint):
            return None
        return Twist(answer=self._first((act.endpoint, *sorted(act.parameters.items())), answer))

    def _first(self, view: object, shown: object) -> object:
        if len(self._frozen) >= FROZEN_MAX:
            return self._frozen.get(view, shown)
        return self._frozen.setdefault(view, shown)


KIND = Kind("frozen_book", FrozenBookOptions, FrozenBook)
