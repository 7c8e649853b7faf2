"""Reads candles from the exchange's public kline files and refuses or reports whatever in them cannot be true.

Twelve columns: open time, open, high, low, close, volume, close time, quote volume, count, taker buy volume, taker buy quote
volume, ignore; with or without a line of names above; times in milliseconds or microseconds.
Source: github.com/binance/binance-public-data.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from os import PathLike
from typing import Final

from fairway.market.candles import INTERVALS, Candle
from fairway.market.files.lines import Lines, Numbers
from fairway.market.files.names import pair_of
from fairway.market.files.problems import BadData, FileProblem, ProblemKind, ProblemList
from fairway.market.files.times import Times
from fairway.world.clock import DAY, text_of

CANDLES_MAX: Final = 5_000_000
"""Nine years of minutes; a longer file is refused."""
JUMP: Final = 10
"""A price this many times its neighbour, or a tenth of it, is not believed."""

PRICE_MAX: Final = Decimal(10) ** 10
"""No price is higher than this. Volumes are below 10¹⁵, as all numbers of a file are."""

_EIGHTH: Final = Decimal("0.00000001")
_EXAMPLE: Final = "1640995200000,46216.93,46271.08,46208.37,46250.00,40.57574,1640995259999,1875818.57,1347,22.20,1026337.10,0"
_NAMES: Final = (
    {"open_time"},
    {"open"},
    {"high"},
    {"low"},
    {"close"},
    {"volume"},
    {"close_time"},
    {"quote_volume", "quote_asset_volume"},
    {"count", "number_of_trades", "trades"},
    {"taker_buy_volume", "taker_buy_base_volume", "taker_buy_base_asset_volume", "taker_buy_base"},
    {"taker_buy_quote_volume", "taker_buy_quote_asset_volume", "taker_buy_quote"},
    {"ignore"},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CandleFile:
    """Candles of one pair, oldest first, each believable by itself. digest: SHA-256 of the file's text."""

    file: str
    symbol: str
    interval: str
    interval_ns: int
    candles: tuple[Candle, ...]
    problems: tuple[FileProblem, ...]
    digest: str


def read_candles(path: str | PathLike[str], symbol: str | None = None, interval: str | None = None) -> CandleFile:
    """The candles of a file. symbol (`BTC/USDT`) and interval (`1m`) override what the file's name and lines tell.

    Raises BadData where the file cannot be understood.
    """
    lines = Lines(path)
    reader = _Reader(lines, pair_of(lines, symbol), interval)
    for line, text in lines:
        cells = text.split(",")
        if line == 1 and _is_header(lines, cells):
            continue
        reader.take(line, cells)
    return reader.closed()


def least_trades(candle: Candle) -> int:
    """The fewest trades that can make a candle: it opens, touches its extremes, and closes."""
    if candle.low == candle.high:
        return 1
    return 2 + len({candle.low, candle.high} - {candle.open, candle.close})


def _is_header(lines: Lines, cells: list[str]) -> bool:
    if cells[0][:1].isdigit():
        return False
    names = [cell.strip().strip('"').lower().replace(" ", "_") for cell in cells]
    if len(names) != len(_NAMES) or any(name not in known for name, known in zip(names, _NAMES, strict=True)):
        raise lines.bad(1, f"these are not the columns of a kline file: {','.join(cells)[:120]!r}", _EXAMPLE)
    return True


class _Reader:
    def __init__(self, lines: Lines, symbol: str, interval: str | None) -> None:
        self._lines, self._symbol, self._interval = lines, symbol, interval
        if interval is not None and interval not in INTERVALS:
            raise lines.bad(0, f"{interval!r} is no interval", ", ".join(INTERVALS))
        self._length = INTERVALS[interval] if interval is not None else 0
        self._problems = ProblemList(lines.file)
        self._number, self._time = Numbers(lines, self._problems), Times(lines)
        self._candles: list[Candle] = []
        self._seen = 0
        self._last_cells: list[str] = []
        self._last_open_at = 0

    def take(self, line: int, cells: list[str]) -> None:
        if len(cells) != len(_NAMES):
            what = f"{len(cells)} columns where a kline has {len(_NAMES)}: {','.join(cells)[:120]!r}"
            raise self._lines.bad(line, what, _EXAMPLE)
        self._seen += 1
        if self._seen > CANDLES_MAX:
            raise self._lines.bad(line, "too many candles", f"at most {CANDLES_MAX} in one file")
        candle = self._read(line, cells)
        if not self._is_next(line, cells, candle):
            return
        self._note_gap(line, candle)
        self._last_cells, self._last_open_at = cells, candle.open_at
        kind, flaw = self._flaw(candle)
        if kind is not None:
            self._problems.add(line, kind, flaw)
            return
        self._candles.append(self._counted(line, candle))

    def closed(self) -> CandleFile:
        problems = self._problems.closed(self._seen)
        if not self._candles:
            raise self._lines.bad(0, "it holds no candle that can be used", _EXAMPLE)
        return CandleFile(
            file=self._lines.file,
            symbol=self._symbol,
            interval=next(name for name, length in INTERVALS.items() if length == self._length),
            interval_ns=self._length,
            candles=tuple(self._candles),
            problems=problems,
            digest=self._lines.digest,
        )

    def _read(self, line: int, cells: list[str]) -> Candle:
        number = self._number
        open_at = self._time(line, "open time", cells[0])
        close_at = self._time(line, "close time", cells[6]) + self._time.unit_ns
        if not self._length:
            self._length = self._detected(line, open_at, close_at)
        if not (cells[8].isascii() and cells[8].isdigit() and len(cells[8]) <= 12):
            raise self._lines.bad(line, f"count is {cells[8][:40]!r}, which is not a whole number", "1347")
        return Candle(
            symbol=self._symbol,
            open_at=open_at,
            close_at=close_at,
            open=number(line, "open", cells[1]),
            high=number(line, "high", cells[2]),
            low=number(line, "low", cells[3]),
            close=number(line, "close", cells[4]),
            volume=number(line, "volume", cells[5]),
            quote_volume=number(line, "quote volume", cells[7]),
            count=int(cells[8]),
            taker_buy_volume=number(line, "taker buy volume", cells[9]),
            taker_buy_quote=number(line, "taker buy quote volume", cells[10]),
        )

    def _detected(self, line: int, open_at: int, close_at: int) -> int:
        if close_at - open_at not in INTERVALS.values():
            what = f"the first candle lasts from {text_of(open_at)} to {text_of(close_at)}, which is no known interval"
            raise self._lines.bad(line, what, ", ".join(INTERVALS))
        return close_at - open_at

    def _is_next(self, line: int, cells: list[str], candle: Candle) -> bool:
        if candle.open_at > self._last_open_at:
            return True
        if candle.open_at < self._last_open_at:
            what = f"open time {cells[0]} comes after {self._last_cells[0]}"
            raise self._lines.bad(line, what, "lines sorted by open time")
        if cells != self._last_cells:
            what = f"another candle for open time {cells[0]} than on the line before: {','.join(cells)[:120]!r}"
            raise self._lines.bad(line, what, "one candle for each open time")
        self._problems.add(line, ProblemKind.DUPLICATE, f"the candle of {text_of(candle.open_at)} is there twice")
        return False

    def _flaw(self, candle: Candle) -> tuple[ProblemKind | None, str]:
        prices = (candle.open, candle.high, candle.low, candle.close)
        if not any(prices) and not candle.volume:
            return ProblemKind.EMPTY, f"the candle of {text_of(candle.open_at)} has neither prices nor volume"
        for flaw in (candle.flaw(), self._misfit(candle), _volume_flaw(candle)):
            if flaw:
                return ProblemKind.IMPOSSIBLE, f"{flaw} ({_shown(candle)})"
        jump = self._jump(candle)
        return (ProblemKind.JUMP, f"{jump} ({_shown(candle)})") if jump else (None, "")

    def _misfit(self, candle: Candle) -> str | None:
        if candle.close_at - candle.open_at != self._length:
            return f"it ends at {text_of(candle.close_at)}, which is not one interval after it begins"
        if candle.high > PRICE_MAX:
            return f"a price is above {PRICE_MAX}"
        if candle.open_at % self._length:
            return "it does not begin at a multiple of its interval"
        return None

    def _jump(self, candle: Candle) -> str | None:
        """Compared with the last candle that was believed, if that is at most a day old: after that a price may be anywhere."""
        if candle.high > JUMP * candle.low:
            return f"high {candle.high} is more than {JUMP} times low {candle.low}"
        if not self._candles or candle.open_at - self._candles[-1].close_at > DAY:
            return None
        before = self._candles[-1].close
        if candle.high > JUMP * before or candle.low * JUMP < before:
            return f"from {before} to high {candle.high}, low {candle.low} is more than {JUMP} times"
        return None

    def _note_gap(self, line: int, candle: Candle) -> None:
        """A candle that was left out is told by itself, and makes no gap."""
        expected = self._last_open_at + self._length
        if self._last_open_at and candle.open_at > expected:
            missing = -(-(candle.open_at - expected) // self._length)
            text = f"{missing} candles are missing from {text_of(expected)} to {text_of(candle.open_at)}"
            self._problems.add(line, ProblemKind.GAP, text)

    def _counted(self, line: int, candle: Candle) -> Candle:
        if 0 < candle.count < least_trades(candle):
            what = f"{candle.count} trades cannot make this candle; taken as unknown ({_shown(candle)})"
            self._problems.add(line, ProblemKind.COUNT, what)
            return replace(candle, count=0)
        return candle


def _volume_flaw(candle: Candle) -> str | None:
    volume, quote = candle.volume, candle.quote_volume
    if candle.taker_buy_volume < 0 or candle.taker_buy_quote < 0:
        return "a volume is below zero"
    if candle.taker_buy_volume > volume or candle.taker_buy_quote > quote:
        return "takers bought more than was traded"
    if not volume:
        return "something changed without volume" if candle.high != candle.low or quote or candle.count else None
    least = least_trades(candle) * _EIGHTH
    if volume < least or 0 < quote < least:
        return "there is less volume than trades"
    # A quote volume of zero means that the source did not know it.
    if quote and not candle.low * volume <= JUMP * (quote + _EIGHTH) <= JUMP * JUMP * (candle.high * volume + _EIGHTH):
        return f"quote volume {quote} does not fit volume {volume} at these prices"
    return None


def _shown(candle: Candle) -> str:
    return (
        f"{text_of(candle.open_at)}: open {candle.open} high {candle.high} low {candle.low} close {candle.close} "
        f"volume {candle.volume}"
    )


__all__ = ["BadData", "CandleFile", "least_trades", "read_candles"]
