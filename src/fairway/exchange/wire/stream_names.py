"""Reads the names of market streams: which symbol, what kind, how fast."""

import re
from typing import Final, NamedTuple

from fairway.exchange.intervals import INTERVALS
from fairway.world.clock import MILLISECOND, SECOND

_NAME: Final = re.compile(
    r"^(?P<symbol>[a-z0-9]{1,20})@"
    r"(?:(?P<plain>trade|aggTrade|bookTicker|miniTicker|ticker|avgPrice)"
    rf"|kline_(?P<interval>{'|'.join(INTERVALS)})"
    r"|depth(?P<levels>5|10|20)?(?:@(?P<speed>100ms|1000ms))?)$",
    re.ASCII,
)
_ALL: Final = {"!miniTicker@arr": "miniTicker", "!ticker@arr": "ticker"}


class Stream(NamedTuple):
    """A market stream; symbol "" means all of them."""

    name: str
    kind: str
    """"trade", "aggTrade", "bookTicker", "miniTicker", "ticker", "avgPrice", "kline", "depth" or "partialDepth"."""
    symbol: str
    interval: str = ""
    levels: int = 0
    speed_ns: int = SECOND


def read_stream(name: str) -> Stream | None:
    """The stream of this name, None where there is no such kind of stream."""
    if name in _ALL:
        return Stream(name, _ALL[name], "")
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    symbol = found["symbol"].upper()
    if found["plain"]:
        return Stream(name, found["plain"], symbol)
    if found["interval"]:
        return Stream(name, "kline", symbol, found["interval"], speed_ns=(1 if found["interval"] == "1s" else 2) * SECOND)
    speed = 100 * MILLISECOND if found["speed"] == "100ms" else SECOND
    if found["levels"]:
        return Stream(name, "partialDepth", symbol, levels=int(found["levels"]), speed_ns=speed)
    return Stream(name, "depth", symbol, speed_ns=speed)
