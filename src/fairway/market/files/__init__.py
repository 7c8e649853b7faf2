"""The files that market data comes in: candles, trades, recorded frames. Each reader tells what is wrong, and where."""

from fairway.market.files.frames import FrameFile, read_frames
from fairway.market.files.klines import CandleFile, read_candles
from fairway.market.files.problems import BadData, FileProblem, ProblemKind
from fairway.market.files.trades import TradeFile, read_trades

__all__ = [
    "BadData",
    "CandleFile",
    "FileProblem",
    "FrameFile",
    "ProblemKind",
    "TradeFile",
    "read_candles",
    "read_frames",
    "read_trades",
]
