"""Fault: NaN, zero, or anything else stands where a price should be."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from fairway.exchange.answers import Refusal
from fairway.exchange.faults.activation import Striking, Times
from fairway.exchange.faults.kinds import Kind
from fairway.exchange.faults.port import Act, Scope, Twist
from fairway.world.chance import Chance

IN_STREAMS: Final[Mapping[str, str]] = {
    "bookTicker": "b a",
    "trade": "p",
    "aggTrade": "p",
    "kline": "o c h l",
    "ticker": "c o h l b a w x",
    "miniTicker": "c o h l",
    "avgPrice": "w",
}
"""The fields with prices, by kind of stream. Books with many levels are spared."""
IN_ANSWERS: Final[Mapping[str, str]] = {
    "klines": "1 2 3 4",
    "uiKlines": "1 2 3 4",
    "trades.recent": "price",
    "trades.historical": "price",
    "trades.aggregate": "p",
    "avgPrice": "price",
    "ticker.price": "price",
    "ticker.book": "bidPrice askPrice",
    "ticker.24hr": "lastPrice openPrice highPrice lowPrice weightedAvgPrice prevClosePrice bidPrice askPrice",
}
"""The fields with prices, by endpoint; in candles their places."""


class AbsurdPricesOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    price: str = "NaN"
    """What is said instead of each price: "NaN", "0.00000000", "-1", "Infinity", "1e99", "" …"""
    times: Times = 0
    """How often it strikes, frames and answers counted together; 0 is always."""


class AbsurdPrices(Striking):
    """Orders meet true prices all the same."""

    __slots__ = ("_price",)

    def __init__(self, scope: Scope, options: AbsurdPricesOptions, chance: Chance) -> None:
        super().__init__(scope, options.times)
        self._price = options.price

    def frame(self, symbol: str, stream: str, frame: bytes, at: int) -> bytes | None:
        if stream not in IN_STREAMS or not self.strikes(at, symbol=symbol, endpoint=stream):
            return frame
        return msgspec.json.encode(self._absurd(msgspec.json.decode(frame), IN_STREAMS[stream].split()))

    def after(self, act: Act, answer: object) -> Twist | None:
        if act.endpoint not in IN_ANSWERS or isinstance(answer, Refusal) or not self.strikes_at(act):
            return None
        return Twist(answer=self._absurd(answer, IN_ANSWERS[act.endpoint].split()))

    def _absurd(self, shown: Any, names: Sequence[str]) -> object:
        if isinstance(shown, Mapping):
            return {name: self._price if name in names else self._absurd(value, names) for name, value in shown.items()}
        if not isinstance(shown, list | tuple):
            return shown
        if shown and not isinstance(shown[0], list | tuple | dict):  # one candle
            return [self._price if str(place) in names else value for place, value in enumerate(shown)]
        return [self._absurd(one, names) for one in shown]


KIND = Kind("absurd_prices", AbsurdPricesOptions, AbsurdPrices)
