"""Fault: NaN, zero or another text stands where a price should be."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from fairway.exchange.answers import ExchangeRefusal
from fairway.exchange.faults.counted import CountedFault, Times
from fairway.exchange.faults.fuzz_rule import FuzzRule, SymbolDraw
from fairway.exchange.faults.port import FaultScope, RequestEffect, RequestView
from fairway.exchange.faults.registry import FaultPlugin
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
    """The text in place of each price: "NaN", "0.00000000", "-1", "Infinity", "1e99", "" …"""
    times: Times = 0
    """How often it acts, frames and answers counted together; 0 is without limit."""


class AbsurdPrices(CountedFault):
    """Orders are matched at the true prices."""

    __slots__ = ("_price",)

    def __init__(self, scope: FaultScope, options: AbsurdPricesOptions, chance: Chance) -> None:
        super().__init__(scope, options.times)
        self._price = options.price

    def alter_frame(self, symbol: str, stream: str, frame: bytes, at: int) -> bytes | None:
        if stream not in IN_STREAMS or not self.strikes(at, symbol=symbol, endpoint=stream):
            return frame
        return msgspec.json.encode(self._absurd(msgspec.json.decode(frame), IN_STREAMS[stream].split()))

    def after_request(self, request: RequestView, answer: object) -> RequestEffect | None:
        if request.endpoint not in IN_ANSWERS or isinstance(answer, ExchangeRefusal) or not self.strikes_request(request):
            return None
        return RequestEffect(answer=self._absurd(answer, IN_ANSWERS[request.endpoint].split()))

    def _absurd(self, shown: Any, names: Sequence[str]) -> object:
        if isinstance(shown, Mapping):
            return {name: self._price if name in names else self._absurd(value, names) for name, value in shown.items()}
        if not isinstance(shown, list | tuple):
            return shown
        if shown and not isinstance(shown[0], list | tuple | dict):  # one candle
            return [self._price if str(place) in names else value for place, value in enumerate(shown)]
        return [self._absurd(one, names) for one in shown]


FAULT = FaultPlugin(
    name="absurd_prices",
    options=AbsurdPricesOptions,
    make=AbsurdPrices,
    trader="It drops a price that is not a positive number: no decision rests on it, and no stream ends because of it.",
    scene="prices_are_absurd",
    fuzz=FuzzRule(options={"price": ["NaN", "0", "1e999", ""]}, symbols=SymbolDraw.ONE_OR_ALL, hides_market=True),
)
