"""Decides with which market a practice exchange opens: files whose times are moved onto the present, or a made-up one."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from msgspec.structs import replace

from fairway.exchange.alignment import FileSpan, aligned
from fairway.exchange.market_data import MarketUpdate
from fairway.exchange.markets import THREE_PAIRS, candle_replay, generated, recorded, rules_for, trade_replay
from fairway.exchange.markets.contents import contents_of, lacks, tape_of
from fairway.exchange.markets.joined import replay_of
from fairway.exchange.markets.recorded import span_of
from fairway.exchange.rules import SymbolRules
from fairway.market.files.frames import FrameFile, read_frames
from fairway.market.files.klines import CandleFile, read_candles
from fairway.market.files.problems import BadData
from fairway.market.files.trades import TradeFile, read_trades
from fairway.world.chance import Chance
from fairway.world.clock import DAY, HOUR, MINUTE, SECOND, Instant

STEP_S: Final = 1
"""Seconds between two updates of a made-up pair."""
DAYS: Final = 366.0
"""How long a made-up market goes on; then it stands still."""

File = CandleFile | TradeFile | FrameFile


class OpeningMarket(NamedTuple):
    """The pairs, what their crowds do, and what people should know of it before they trade there."""

    rules: Sequence[SymbolRules]
    updates: Iterator[MarketUpdate]
    ends_at: Mapping[str, Instant]
    """When the market of each pair ends."""
    notes: Sequence[str] = ()


def made_up(chance: Chance, now: int, history_h: float) -> OpeningMarket:
    """Three pairs that trade since `history_h` hours before now."""
    start = (now - int(history_h * HOUR)) // MINUTE * MINUTE
    rules = [character.rules for character in THREE_PAIRS]
    updates = generated(THREE_PAIRS, chance=chance, start_ns=start, days=DAYS, step_s=STEP_S)
    return OpeningMarket(rules, updates, {it.symbol: start + int(DAYS * DAY) for it in rules})


def replayed(paths: Sequence[Path], chance: Chance, now: int, history_h: float) -> OpeningMarket:
    """What the files tell, moved so that its first `history_h` hours lie before now; see `alignment` for files that are short, or
    of different times.

    Candles are moved by whole hours, so that those up to an hour long begin where they began, and up to an hour more of them
    lies in the past; trades and frames are moved by whole minutes. Raises BadData for a file that cannot be
    understood or makes no market, ValueError where a pair comes twice.
    """
    told = [read(path) for path in paths]
    lacking = [f"{file.file}: {note}" for file in told if isinstance(file, FrameFile) and (note := lacks(file))]
    files = [tape_of(file) if isinstance(file, FrameFile) and contents_of(file).is_tape else file for file in told]
    placed = aligned([_span(file) for file in files], now, int(history_h * HOUR))
    shifts = {file.symbol: shift for file, shift in zip(files, placed.shifts, strict=True)}
    updates = replay_of(files, lambda file: (moved(it, shifts[file.symbol]) for it in _market(file, chance)))
    rules = [rules_for(file) for file in files]
    ends_at = {it.symbol: end for it, end in zip(rules, placed.ends_at, strict=True)}
    return OpeningMarket(rules, updates, ends_at, (*lacking, *placed.notes))


def read(path: Path) -> File:
    """The file, as what its name says it is: recorded frames (.jsonl), trades ("trades" in the name), or else candles."""
    name = path.name.lower()
    if ".jsonl" in name:
        return read_frames(path)
    return read_trades(path) if "trades" in name else read_candles(path)


def moved(update: MarketUpdate, by_ns: int) -> MarketUpdate:
    """The same at another time."""
    prints = [replace(it, at=it.at + by_ns) for it in update.prints]
    return update._replace(at=update.at + by_ns, prints=prints)


def _span(file: File) -> FileSpan:
    match file:
        case CandleFile():
            traded = [candle for candle in file.candles if candle.volume]
            if not traded:
                raise BadData(file.file, 0, "no candle of it has a volume", "a file of a market that trades")
            return FileSpan(file.file, traded[0].open_at, traded[-1].close_at, (HOUR, min(file.interval_ns, HOUR), SECOND))
        case TradeFile():
            first, last = file.trades[0].at, file.trades[-1].at
        case FrameFile():
            if contents_of(file).is_empty:
                wrong = "it holds a depth snapshot alone, which has no time and does not move"
                raise BadData(file.file, 0, wrong, "a recording of the streams trade, depth@100ms and bookTicker")
            first, last = span_of(file)
    return FileSpan(file.file, first, last, (MINUTE, SECOND))


def _market(file: File, chance: Chance) -> Iterator[MarketUpdate]:
    match file:
        case CandleFile():
            return candle_replay((file,), chance)
        case TradeFile():
            return trade_replay((file,), chance)
    return recorded((file,))
