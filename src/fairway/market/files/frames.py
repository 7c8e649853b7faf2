"""Reads frames as a spot WebSocket sent them, recorded with the local time of their arrival.

Each line: local receive time in ns, a space, the JSON frame: `{"stream": …, "data": …}` of the streams trade, bookTicker and
depth, or a REST depth snapshot, which names no pair. A file holds frames of one pair. What one frame may contradict in another
(missing differences, missing trades) is reported here; what becomes of a book with a hole in it, its reader decides.
"""

from dataclasses import dataclass
from decimal import Decimal
from os import PathLike
from typing import Final, TypeAlias, TypeVar

import msgspec

from fairway.market.candles import Quote, Trade
from fairway.market.files.klines import PRICE_MAX
from fairway.market.files.lines import Lines, Numbers
from fairway.market.files.names import pair_of, split
from fairway.market.files.problems import FileProblem, ProblemKind, ProblemList
from fairway.market.files.times import Times

FRAMES_MAX: Final = 5_000_000
LEVELS_MAX: Final = 20_000
"""A longer file, and a frame with more levels a side, are refused."""

Levels: TypeAlias = list[tuple[Decimal, Decimal]]
"""Price and quantity; in a difference, a quantity of zero takes the level away."""

_EXAMPLE: Final = '1723161254087891268 {"stream":"btcusdt@trade","data":{…}}'


@dataclass(frozen=True, slots=True)
class BookSnapshot:
    """A whole book, or its best levels, as of an update."""

    last_id: int
    bids: Levels
    asks: Levels


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed in the book from one update to another, both included; at is the exchange's time."""

    at: int
    first_id: int
    last_id: int
    bids: Levels
    asks: Levels


@dataclass(frozen=True, slots=True)
class Top:
    """The best of each side as of an update. The stream does not tell the exchange's time: quote.at is 0."""

    update_id: int
    quote: Quote


FrameEvent: TypeAlias = BookSnapshot | Difference | Top | Trade


@dataclass(frozen=True, slots=True)
class Frame:
    """What one line says. seen_at is the recorder's own clock, which may be wrong."""

    line: int
    seen_at: int
    event: FrameEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameFile:
    """Frames of one pair in the order of their arrival; digest: SHA-256 of the file's text."""

    file: str
    symbol: str
    frames: tuple[Frame, ...]
    problems: tuple[FileProblem, ...]
    digest: str


def read_frames(path: str | PathLike[str], symbol: str | None = None) -> FrameFile:
    """The frames of a file; symbol (`BTC/USDT`) overrides what its name and frames tell. Raises BadData where not understood."""
    lines = Lines(path)
    reader = _Reader(lines, symbol)
    for line, text in lines:
        reader.take(line, text)
    return reader.closed()


class _Line(msgspec.Struct):
    stream: str = ""
    data: msgspec.Raw = msgspec.Raw(b"")
    last_id: int | None = msgspec.field(name="lastUpdateId", default=None)
    bids: list[tuple[str, str]] = []
    asks: list[tuple[str, str]] = []


class _Trade(msgspec.Struct):
    s: str
    t: int
    p: str
    q: str
    T: int
    m: bool


class _Depth(msgspec.Struct):
    E: int
    s: str
    U: int
    u: int
    b: list[tuple[str, str]]
    a: list[tuple[str, str]]


class _BookTicker(msgspec.Struct):
    u: int
    s: str
    b: str
    B: str
    a: str
    A: str


_Shape = TypeVar("_Shape", _Line, _Trade, _Depth, _BookTicker)


class _Reader:
    def __init__(self, lines: Lines, symbol: str | None) -> None:
        self._lines = lines
        self._symbol = pair_of(lines, symbol) if symbol is not None else ""
        self._venue_symbol = self._symbol.replace("/", "")
        self._problems = ProblemList(lines.file)
        self._number, self._time = Numbers(lines, self._problems), Times(lines)
        self._frames: list[Frame] = []
        self._seen = 0
        self._last_update = self._last_trade = -1

    def take(self, line: int, text: str) -> None:
        self._seen += 1
        if self._seen > FRAMES_MAX:
            raise self._lines.bad(line, "too many frames", f"at most {FRAMES_MAX} in one file")
        stamp, space, body = text.partition(" ")
        if not (space and len(stamp) == 19 and stamp.isascii() and stamp.isdigit()):
            raise self._lines.bad(line, f"it begins with {stamp[:40]!r}, which is no time in nanoseconds", _EXAMPLE)
        event = self._event(line, int(stamp), body)
        if event is None:
            return
        flaw = _flaw(event)
        if flaw:
            self._problems.add(line, ProblemKind.IMPOSSIBLE, flaw)
        elif self._is_next(line, event):
            self._frames.append(Frame(line, int(stamp), event))

    def closed(self) -> FrameFile:
        problems = self._problems.closed(self._seen)
        if not self._frames:
            raise self._lines.bad(0, "it holds no frame that can be used", _EXAMPLE)
        return FrameFile(
            file=self._lines.file,
            symbol=self._symbol or pair_of(self._lines, None),
            frames=tuple(self._frames),
            problems=problems,
            digest=self._lines.digest,
        )

    def _event(self, line: int, seen_at: int, body: str) -> FrameEvent | None:
        frame = self._decoded(line, body.encode(), _Line)
        if frame.last_id is not None:
            return BookSnapshot(frame.last_id, self._levels(line, frame.bids), self._levels(line, frame.asks))
        kind = frame.stream.partition("@")[2].partition("@")[0]
        match kind:
            case "trade":
                return self._trade(line, self._decoded(line, frame.data, _Trade))
            case "depth":
                return self._difference(line, self._decoded(line, frame.data, _Depth))
            case "bookTicker":
                return self._top(line, seen_at, self._decoded(line, frame.data, _BookTicker))
        self._problems.add(line, ProblemKind.UNKNOWN, f"frames of the stream {frame.stream[:60]!r} are not read")
        return None

    def _decoded(self, line: int, body: bytes | msgspec.Raw, shape: type[_Shape]) -> _Shape:
        try:
            return msgspec.json.decode(body, type=shape)
        except (msgspec.DecodeError, RecursionError) as error:
            raise self._lines.bad(line, f"it is not a frame ({error}): {bytes(body)[:80]!r}", _EXAMPLE) from None

    def _trade(self, line: int, frame: _Trade) -> Trade:
        price, quantity = self._number(line, "price", frame.p), self._number(line, "quantity", frame.q)
        return Trade(self._pair(line, frame.s), str(frame.t), self._time(line, "T", str(frame.T)), price, quantity, frame.m)

    def _difference(self, line: int, frame: _Depth) -> Difference:
        self._pair(line, frame.s)
        at = self._time(line, "E", str(frame.E))
        return Difference(at, frame.U, frame.u, self._levels(line, frame.b), self._levels(line, frame.a))

    def _top(self, line: int, seen_at: int, frame: _BookTicker) -> Top:
        bid, bid_quantity = self._number(line, "b", frame.b), self._number(line, "B", frame.B)
        ask, ask_quantity = self._number(line, "a", frame.a), self._number(line, "A", frame.A)
        return Top(frame.u, Quote(self._pair(line, frame.s), bid, bid_quantity, ask, ask_quantity, 0, seen_at))

    def _levels(self, line: int, frame: list[tuple[str, str]]) -> Levels:
        if len(frame) > LEVELS_MAX:
            raise self._lines.bad(line, f"{len(frame)} levels on one side", f"at most {LEVELS_MAX}")
        number = self._number
        return [(number(line, "price", price), number(line, "quantity", quantity)) for price, quantity in frame]

    def _pair(self, line: int, venue_symbol: str) -> str:
        if not self._venue_symbol:
            self._venue_symbol = venue_symbol
            self._symbol = split(venue_symbol) or pair_of(self._lines, None)
        if venue_symbol != self._venue_symbol:
            what = f"a frame of {venue_symbol[:40]!r} among those of {self._venue_symbol!r}"
            raise self._lines.bad(line, what, "a file with frames of one pair")
        return self._symbol

    def _is_next(self, line: int, event: FrameEvent) -> bool:
        if isinstance(event, Difference):
            last, self._last_update = self._last_update, max(event.last_id, self._last_update)
            return self._follows(line, "update", last, event.first_id, event.last_id)
        if isinstance(event, Trade):
            trade_id = int(event.trade_id)
            last, self._last_trade = self._last_trade, max(trade_id, self._last_trade)
            return self._follows(line, "trade", last, trade_id, trade_id)
        return True

    def _follows(self, line: int, what: str, last: int, first_id: int, last_id: int) -> bool:
        if 0 <= last < first_id - 1:
            self._problems.add(line, ProblemKind.GAP, f"{what}s {last + 1} to {first_id - 1} are missing")
        if last_id <= last:
            self._problems.add(line, ProblemKind.DUPLICATE, f"{what} {last_id} was there before")
        return last_id > last


def _flaw(event: FrameEvent) -> str | None:
    """Why this frame cannot be true, or None."""
    match event:
        case Trade():
            is_right = 0 < event.price <= PRICE_MAX and event.quantity > 0 and int(event.trade_id) >= 0
            return None if is_right else f"trade {event.trade_id}: {event.quantity} at {event.price}"
        case Top():
            return event.quote.flaw()
        case Difference() if not 0 <= event.first_id <= event.last_id:
            return f"a difference from update {event.first_id} to {event.last_id}"
    for price, quantity in (*event.bids, *event.asks):
        if not 0 < price <= PRICE_MAX or quantity < 0:
            return f"a level of {quantity} at {price}"
    return None
