"""Reads trades from the exchange's public trade files and refuses or reports whatever in them cannot be true.

Trade files have the columns id, price, quantity, quote quantity, time, buyer is maker, and for spot also "is best match"; files
of aggregate trades have id, price, quantity, first id, last id, time, buyer is maker, and for spot also "is best match". With or
without a line of names above; times in milliseconds or microseconds. Source: github.com/binance/binance-public-data.
"""

from dataclasses import dataclass, replace
from os import PathLike
from typing import Final

from fairway.market.candles import Trade
from fairway.market.files.klines import JUMP, PRICE_MAX
from fairway.market.files.lines import Lines, Numbers
from fairway.market.files.names import pair_of
from fairway.market.files.problems import FileProblem, ProblemKind, ProblemList
from fairway.market.files.times import Times
from fairway.world.clock import DAY, text_of

TRADES_MAX: Final = 10_000_000
"""A longer file is refused: it would not fit into memory."""

_EXAMPLE: Final = "3735683259,61837.63,0.02,1236.7526,1723161255342,True,True"
_BOOLEANS: Final = {"true": True, "false": False}
_FIRST_NAMES: Final = {"id", "trade_id", "agg_trade_id", "a"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeFile:
    """Trades of one pair, oldest first; digest: SHA-256 of the file's text."""

    file: str
    symbol: str
    trades: tuple[Trade, ...]
    problems: tuple[FileProblem, ...]
    digest: str


def read_trades(path: str | PathLike[str], symbol: str | None = None) -> TradeFile:
    """The trades of a file; symbol (`BTC/USDT`) overrides what its name tells. Raises BadData if it cannot be understood."""
    lines = Lines(path)
    reader = _Reader(lines, pair_of(lines, symbol))
    for line, text in lines:
        cells = text.split(",")
        if line == 1 and cells[0].strip().strip('"').lower() in _FIRST_NAMES:
            continue
        reader.take(line, cells)
    return reader.closed()


class _Reader:
    def __init__(self, lines: Lines, symbol: str) -> None:
        self._lines, self._symbol = lines, symbol
        self._problems = ProblemList(lines.file)
        self._number, self._time = Numbers(lines, self._problems), Times(lines)
        self._trades: list[Trade] = []
        self._seen = 0
        self._time_column = 0
        self._width = 0
        self._last_id = -1
        self._last_cells: list[str] = []

    def take(self, line: int, cells: list[str]) -> None:
        if not self._width:
            self._width, self._time_column = len(cells), self._layout(line, cells)
        if len(cells) != self._width:
            what = f"{len(cells)} columns where the lines before have {self._width}: {','.join(cells)[:120]!r}"
            raise self._lines.bad(line, what, _EXAMPLE)
        self._seen += 1
        if self._seen > TRADES_MAX:
            raise self._lines.bad(line, "too many trades", f"at most {TRADES_MAX} in one file")
        trade = self._read(line, cells)
        if not self._is_next(line, cells, int(trade.trade_id)):
            return
        kind, flaw = self._flaw(trade)
        if kind is not None:
            self._problems.add(line, kind, f"{flaw} (trade {trade.trade_id} at {text_of(trade.at)})")
            return
        self._trades.append(self._in_time(line, trade))

    def closed(self) -> TradeFile:
        problems = self._problems.closed(self._seen)
        if not self._trades:
            raise self._lines.bad(0, "it holds no trade that can be used", _EXAMPLE)
        return TradeFile(
            file=self._lines.file,
            symbol=self._symbol,
            trades=tuple(self._trades),
            problems=problems,
            digest=self._lines.digest,
        )

    def _layout(self, line: int, cells: list[str]) -> int:
        """The column of the time. The two kinds of file differ in where the first word `true` or `false` stands."""
        words = [place for place, cell in enumerate(cells) if cell.lower() in _BOOLEANS]
        if not words or words[0] not in (5, 6) or len(cells) > words[0] + 2:
            what = f"these are not the columns of a trade file: {','.join(cells)[:120]!r}"
            raise self._lines.bad(line, what, _EXAMPLE)
        return words[0] - 1

    def _read(self, line: int, cells: list[str]) -> Trade:
        trade_id, maker = cells[0], _BOOLEANS.get(cells[self._time_column + 1].lower())
        if not (trade_id.isascii() and trade_id.isdigit() and len(trade_id) <= 18):
            raise self._lines.bad(line, f"id is {trade_id[:40]!r}, which is not a whole number", "3735683259")
        if maker is None:
            cell = cells[self._time_column + 1]
            raise self._lines.bad(line, f"buyer is maker is {cell[:40]!r}, which is neither true nor false", "True")
        return Trade(
            self._symbol,
            trade_id,
            self._time(line, "time", cells[self._time_column]),
            self._number(line, "price", cells[1]),
            self._number(line, "quantity", cells[2]),
            maker,
        )

    def _is_next(self, line: int, cells: list[str], trade_id: int) -> bool:
        before, last_cells = self._last_id, self._last_cells
        if trade_id > before:
            if 0 <= before < trade_id - 1:
                self._problems.add(line, ProblemKind.GAP, f"trades {before + 1} to {trade_id - 1} are missing")
            self._last_id, self._last_cells = trade_id, cells
            return True
        if cells == last_cells:
            self._problems.add(line, ProblemKind.DUPLICATE, f"trade {trade_id} is there twice")
            return False
        if trade_id == before:
            raise self._lines.bad(line, f"another trade {trade_id} than on the line before", "one trade for each id")
        raise self._lines.bad(line, f"trade {trade_id} comes after {before}", "lines sorted by id")

    def _flaw(self, trade: Trade) -> tuple[ProblemKind | None, str]:
        if not 0 < trade.price <= PRICE_MAX:
            return ProblemKind.IMPOSSIBLE, f"the price is {trade.price}"
        if trade.quantity <= 0:
            return ProblemKind.IMPOSSIBLE, f"the quantity is {trade.quantity}"
        before = self._trades[-1] if self._trades else None
        if before and trade.at - before.at <= DAY and not before.price <= trade.price * JUMP <= before.price * JUMP * JUMP:
            return ProblemKind.JUMP, f"from {before.price} to {trade.price} is more than {JUMP} times"
        return None, ""

    def _in_time(self, line: int, trade: Trade) -> Trade:
        if self._trades and trade.at < self._trades[-1].at:
            before = self._trades[-1].at
            what = f"trade {trade.trade_id} at {text_of(trade.at)} comes after {text_of(before)}, and is taken as of then"
            self._problems.add(line, ProblemKind.DISORDER, what)
            return replace(trade, at=before)
        return trade
