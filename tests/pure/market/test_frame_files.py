"""Recorded frames are read exactly, and what is missing or cannot be is told with its line."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from tests.shared_data import BTC_FRAMES, ETH_FRAMES, needs_shared_data

from fairway.market.candles import Quote, Trade
from fairway.market.files import BadData, FrameFile, ProblemKind, read_frames
from fairway.market.files.frames import BookSnapshot, Difference, Top
from fairway.world.clock import MILLISECOND

SEEN = 1723161254087891268
AT = 1723161255342


def trade(number: int = 7, **changes: Any) -> dict[str, Any]:
    data = {"e": "trade", "E": AT, "s": "BTCUSDT", "t": number, "p": "61837.63", "q": "0.02", "T": AT, "m": True, "M": True}
    return {"stream": "btcusdt@trade", "data": data | changes}


def depth(first: int, last: int, **changes: Any) -> dict[str, Any]:
    data = {"e": "depthUpdate", "E": AT, "s": "BTCUSDT", "U": first, "u": last, "b": [["61837.63", "1"]], "a": [["61838", "0"]]}
    return {"stream": "btcusdt@depth@100ms", "data": data | changes}


def top(**changes: Any) -> dict[str, Any]:
    data = {"u": 5, "s": "BTCUSDT", "b": "61837.63", "B": "3", "a": "61837.64", "A": "2"}
    return {"stream": "btcusdt@bookTicker", "data": data | changes}


SNAPSHOT = {"lastUpdateId": 4, "bids": [["61837", "1.5"]], "asks": [["61839", "2"]]}


def read(folder: Path, *frames: object) -> FrameFile:
    path = folder / "binance-spot-btcusdt.jsonl"
    path.write_text("".join(f"{SEEN} {frame if isinstance(frame, str) else json.dumps(frame)}\n" for frame in frames))
    return read_frames(path)


def test_each_kind_of_frame_keeps_its_digits(tmp_path: Path) -> None:
    """Trade, top of the book, difference and snapshot, in the order of their arrival."""
    file = read(tmp_path, trade(), top(), SNAPSHOT, depth(5, 9))
    one, two = Decimal("61837.63"), Decimal("61837.64")
    assert [frame.event for frame in file.frames] == [
        Trade("BTC/USDT", "7", AT * MILLISECOND, one, Decimal("0.02"), True),
        Top(5, Quote("BTC/USDT", one, Decimal(3), two, Decimal(2), 0, SEEN)),
        BookSnapshot(4, [(Decimal(61837), Decimal("1.5"))], [(Decimal(61839), Decimal(2))]),
        Difference(AT * MILLISECOND, 5, 9, [(one, Decimal(1))], [(Decimal(61838), Decimal(0))]),
    ]
    assert (file.symbol, file.problems) == ("BTC/USDT", ())


@pytest.mark.parametrize(
    ("frames", "kind", "word", "left"),
    [
        ([depth(5, 9), depth(12, 13)], ProblemKind.GAP, "updates 10 to 11", 2),
        ([trade(7), trade(9)], ProblemKind.GAP, "trades 8 to 8", 2),
        ([depth(5, 9), depth(5, 9)], ProblemKind.DUPLICATE, "update 9", 1),
        ([trade(7), trade(7)], ProblemKind.DUPLICATE, "trade 7", 1),
        ([trade(7), trade(8, p="0")], ProblemKind.IMPOSSIBLE, "0.02 at 0", 1),
        ([trade(7), top(b="61838")], ProblemKind.IMPOSSIBLE, "crossed", 1),
        ([trade(7), depth(9, 5)], ProblemKind.IMPOSSIBLE, "from update 9 to 5", 1),
        ([trade(7), depth(5, 9, b=[["0", "1"]])], ProblemKind.IMPOSSIBLE, "level of 1 at 0", 1),
        ([trade(7), depth(5, 9, a=[["5", "-1"]])], ProblemKind.IMPOSSIBLE, "level of -1 at 5", 1),
        ([trade(7), {"stream": "btcusdt@kline_1m", "data": {}}], ProblemKind.UNKNOWN, "btcusdt@kline_1m", 1),
    ],
)
def test_doubtful_frames_are_told(tmp_path: Path, frames: list[object], kind: ProblemKind, word: str, left: int) -> None:
    """With the line; what cannot be, was there before, or is of no use is left out."""
    file = read(tmp_path, *frames)
    assert [(problem.kind, problem.line) for problem in file.problems] == [(kind, 2)]
    assert word in file.problems[0].text
    assert len(file.frames) == left


@pytest.mark.parametrize(
    "frame",
    [
        '{"stream":"btcusdt@trade","data":{"e":"tra',
        "[" * 5000,
        "7",
        json.dumps({"stream": "btcusdt@trade", "data": {}}),
        json.dumps(trade(8, p=61837.63)),
        json.dumps(trade(8, p="NaN")),
        json.dumps(trade(8, T=5)),
        json.dumps(trade(8, s="ETHUSDT")),
        json.dumps(depth(5, 9, b=[["1"]])),
    ],
)
def test_what_cannot_be_understood_stops_the_reader(tmp_path: Path, frame: str) -> None:
    """With its line and a right example."""
    with pytest.raises(BadData, match=r"line 2: .*right is"):
        read(tmp_path, trade(7), frame)


@settings(max_examples=200, deadline=None)
@given(
    some.recursive(
        some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False) | some.text(max_size=5),
        lambda inner: (
            some.lists(inner, max_size=3)
            | some.dictionaries(
                some.sampled_from(["stream", "data", "lastUpdateId", "bids", "asks", "s", "t", "x"]), inner, max_size=4
            )
        ),
    ),
    some.sampled_from(["", "btcusdt@trade", "btcusdt@depth", "btcusdt@bookTicker"]),
)
def test_garbage_is_refused_or_reported_and_never_crashes(
    tmp_path_factory: pytest.TempPathFactory, thing: object, stream: str
) -> None:
    """Whatever JSON a line holds: BadData, or frames that were understood."""
    folder = tmp_path_factory.getbasetemp()
    try:
        file = read(folder, {"stream": stream, "data": thing} if stream else thing)
    except BadData:
        return
    assert len(file.frames) == 1


def test_a_line_without_its_time_is_no_frame(tmp_path: Path) -> None:
    """The time of arrival comes first, in nanoseconds."""
    path = tmp_path / "btcusdt.jsonl"
    path.write_text(json.dumps(trade()))
    with pytest.raises(BadData, match="no time in nanoseconds"):
        read_frames(path)


@needs_shared_data
@pytest.mark.parametrize(("path", "pair", "count"), [(BTC_FRAMES, "BTC/USDT", 41_249), (ETH_FRAMES, "ETH/USDT", 33_618)])
def test_real_recordings_are_whole(path: Path, pair: str, count: int) -> None:
    """No trade and no difference is missing."""
    file = read_frames(path)
    assert (file.symbol, len(file.frames), file.problems) == (pair, count, ())
