"""Decides with which market a practice exchange opens: files whose times are moved onto the present, or a made-up one."""

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from fairway.exchange.market_data import CrowdUpdate
from fairway.exchange.markets import THREE_PAIRS, candle_replay, generated, recorded, rules_for, trade_replay
from fairway.exchange.rules import SymbolRules
from fairway.market.files.frames import FrameFile, read_frames
from fairway.market.files.klines import CandleFile, read_candles
from fairway.market.files.trades import TradeFile, read_trades
from fairway.world.chance import Chance
from fairway.world.clock import HOUR, MINUTE

STEP_S: Final = 1
"""Seconds between two updates of a made-up pair."""
DAYS: Final = 366.0
"""How long a made-up market goes on; then it stands still."""

File = CandleFile | TradeFile | FrameFile
Market = tuple[Sequence[SymbolRules], Iterator[CrowdUpdate]]


def made_up(chance: Chance, now: int, history_h: float) -> Market:
    """Three pairs that trade since `history_h` hours before now."""
    start = (now - int(history_h * HOUR)) // MINUTE * MINUTE
    rules = [character.rules for character in THREE_PAIRS]
    return rules, generated(THREE_PAIRS, chance=chance, start_ns=start, days=DAYS, step_s=STEP_S)


def replayed(paths: Sequence[Path], chance: Chance, now: int, history_h: float) -> Market:
    """What the files tell, moved so that its first `history_h` hours lie before now.

    Candles are moved by whole hours, so that those up to an hour long begin where they began, and up to an hour more of them
    lies in the past; trades and frames are moved by whole minutes. Raises BadData for a file that cannot be
    understood, ValueError where two kinds are mixed or a pair comes twice.
    """
    files = [read(path) for path in paths]
    market = _market(files, chance)
    first = next(market, None)
    if first is None:
        return [rules_for(file) for file in files], iter(())
    step = HOUR if isinstance(files[0], CandleFile) else MINUTE
    by_ns = (now - int(history_h * HOUR) - first.at) // step * step
    return [rules_for(file) for file in files], (moved(update, by_ns) for update in chain((first,), market))


def read(path: Path) -> File:
    """The file, as what its name says it is: recorded frames (.jsonl), trades ("trades" in the name), or else candles."""
    name = path.name.lower()
    if ".jsonl" in name:
        return read_frames(path)
    return read_trades(path) if "trades" in name else read_candles(path)


def moved(update: CrowdUpdate, by_ns: int) -> CrowdUpdate:
    """The same at another time."""
    prints = [replace(it, at=it.at + by_ns) for it in update.prints]
    return update._replace(at=update.at + by_ns, prints=prints)


def _market(files: Sequence[File], chance: Chance) -> Iterator[CrowdUpdate]:
    candles = [file for file in files if isinstance(file, CandleFile)]
    trades = [file for file in files if isinstance(file, TradeFile)]
    frames = [file for file in files if isinstance(file, FrameFile)]
    if len(candles) == len(files):
        return candle_replay(candles, chance)
    if len(trades) == len(files):
        return trade_replay(trades, chance)
    if len(frames) == len(files):
        return recorded(frames)
    raise ValueError("files of one kind only: candles, or trades, or recorded frames (.jsonl)")
