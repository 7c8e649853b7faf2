"""Reads the names of market streams: which symbol, what kind, how fast."""

import re
from typing import Final, NamedTuple

from fairway.exchange.intervals import INTERVALS
from fairway.world.clock import DAY, HOUR, MILLISECOND, SECOND

_NAME: Final = re.compile(
    r"^(?P<symbol>[a-z0-9]{1,20})@"
    r"(?:(?P<plain>trade|aggTrade|bookTicker|miniTicker|ticker|avgPrice)"
    rf"|kline_(?P<interval>{'|'.join(INTERVALS)})(?P<zone>@\+08:00)?"
    r"|ticker_(?P<window>1h|4h|1d)"
    r"|depth(?P<levels>5|10|20)?(?:@(?P<speed>100ms|1000ms))?)$",
    re.ASCII,
)
WINDOWS: Final = {"1h": HOUR, "4h": 4 * HOUR, "1d": DAY}
"""Lengths of the rolling windows that streams offer."""
_ALL: Final = {"!miniTicker@arr": ("miniTicker", ""), "!ticker@arr": ("ticker", "")} | {
    f"!ticker_{window}@arr": ("rollingTicker", window) for window in WINDOWS
}


class StreamName(NamedTuple):
    """A market stream; symbol "" means all of them."""

    name: str
    kind: str
    """A key of `topics.KINDS`."""
    symbol: str
    interval: str = ""
    """Of candles; of a rolling ticker, its window."""
    levels: int = 0
    speed_ns: int = SECOND
    zone_ns: int = 0
    """How far the time zone by which its candles open is ahead of UTC."""


def read_stream(name: str) -> StreamName | None:
    """The stream of this name, None where there is no such kind of stream."""
    if name in _ALL:
        kind, window = _ALL[name]
        return StreamName(name, kind, "", window)
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    symbol = found["symbol"].upper()
    if found["plain"]:
        return StreamName(name, found["plain"], symbol)
    if found["interval"]:
        speed = (1 if found["interval"] == "1s" else 2) * SECOND
        return StreamName(name, "kline", symbol, found["interval"], speed_ns=speed, zone_ns=8 * HOUR if found["zone"] else 0)
    if found["window"]:
        return StreamName(name, "rollingTicker", symbol, found["window"])
    speed = 100 * MILLISECOND if found["speed"] == "100ms" else SECOND
    if found["levels"]:
        return StreamName(name, "partialDepth", symbol, levels=int(found["levels"]), speed_ns=speed)
    return StreamName(name, "depth", symbol, speed_ns=speed)
