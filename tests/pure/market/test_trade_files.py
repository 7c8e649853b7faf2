"""Trade files are read exactly, whichever of the public kinds they are, and what is wrong is told with its place."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from fairway.market.candles import Trade
from fairway.market.files import BadData, ProblemKind, TradeFile, read_trades
from fairway.world.clock import MILLISECOND

AT = 1723161255342

SPOT = f"7,61837.63000000,0.02000000,1236.75260000,{AT},True,True"
FUTURE = f"7,61837.63,0.02,1236.7526,{AT},true"
AGGREGATE = f"7,61837.63,0.02,100,103,{AT},True,True"
FUTURE_AGGREGATE = f"7,61837.63,0.02,100,103,{AT},true"


def read(folder: Path, lines: Sequence[str]) -> TradeFile:
    path = folder / "BTCUSDT-trades-2024-08-08.csv"
    path.write_text("\n".join(lines))
    return read_trades(path)


def line(number: int, price: str = "61837.63", quantity: str = "0.02", at: int = AT, maker: str = "True") -> str:
    return f"{number},{price},{quantity},1236.75,{at},{maker},True"


def check_bad(folder: Path, lines: Sequence[str], place: int, *words: str) -> None:
    with pytest.raises(BadData) as caught:
        read(folder, lines)
    assert caught.value.line == place
    assert all(word in str(caught.value) for word in (*words, "BTCUSDT-trades-2024-08-08.csv", "right is"))


@pytest.mark.parametrize(
    "text", [SPOT, FUTURE, AGGREGATE, FUTURE_AGGREGATE, f"id,price,qty\n{SPOT}", f"agg_trade_id,price\n{AGGREGATE}"]
)
def test_every_kind_of_file_gives_the_same_trade(tmp_path: Path, text: str) -> None:
    """Trades and aggregate trades, of spot and of futures, with and without names above."""
    expected = Trade("BTC/USDT", "7", AT * MILLISECOND, Decimal("61837.63"), Decimal("0.02"), True)
    assert read(tmp_path, text.split("\n")).trades == (expected,)


@pytest.mark.parametrize(
    ("lines", "kind", "place", "word", "left"),
    [
        ([line(7), line(9)], ProblemKind.GAP, 2, "trades 8 to 8", 2),
        ([line(7), line(7)], ProblemKind.DUPLICATE, 2, "trade 7", 1),
        ([line(7), line(8, at=AT - 1)], ProblemKind.DISORDER, 2, "trade 8", 2),
        ([line(7), line(8, price="0")], ProblemKind.IMPOSSIBLE, 2, "price is 0", 1),
        ([line(7), line(8, quantity="-1")], ProblemKind.IMPOSSIBLE, 2, "quantity is -1", 1),
        ([line(7), line(8, price="6000"), line(9)], ProblemKind.JUMP, 2, "61837.63 to 6000", 2),
        ([line(7, price="61837.123456789")], ProblemKind.CUT, 1, "61837.12345678", 1),
    ],
)
def test_doubtful_trades_are_told(tmp_path: Path, lines: list[str], kind: ProblemKind, place: int, word: str, left: int) -> None:
    """With their line and values; what cannot be is left out."""
    file = read(tmp_path, lines)
    assert [(problem.kind, problem.line) for problem in file.problems] == [(kind, place)]
    assert word in file.problems[0].text
    assert len(file.trades) == left
    assert all(first.at <= second.at for first, second in zip(file.trades, file.trades[1:], strict=False))


def test_what_cannot_be_understood_stops_the_reader(tmp_path: Path) -> None:
    """Each time with the line and the value."""
    check_bad(tmp_path, [line(7), line(6)], 2, "trade 6 comes after 7")
    check_bad(tmp_path, [line(7), line(7, price="1")], 2, "another trade 7")
    check_bad(tmp_path, [line(7), line(8, maker="yes")], 2, "'yes'")
    check_bad(tmp_path, [line(7), line(8, price="x")], 2, "price is 'x'")
    check_bad(tmp_path, [line(7), "8,1,1"], 2, "3 columns")
    check_bad(tmp_path, ["7,a"], 1, "not the columns")
    check_bad(tmp_path, [line(7), line(8, at=AT * 1000)], 2, "another unit")
    check_bad(tmp_path, ["id,price"], 0, "no trade")


cells = some.one_of(some.sampled_from([*SPOT.split(","), *AGGREGATE.split(","), "8", "-1", "1e9"]), some.text(max_size=4))


@settings(max_examples=200, deadline=None)
@given(some.lists(some.lists(cells, min_size=1, max_size=9), max_size=5))
def test_garbage_is_refused_or_reported_and_never_crashes(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    """Whatever cells a file holds: BadData, or trades of which each is believable."""
    path = tmp_path_factory.getbasetemp() / "BTCUSDT-garbage.csv"
    path.write_bytes("\n".join(",".join(row) for row in rows).encode("utf-8", "replace"))
    try:
        trades = read_trades(path).trades
    except BadData:
        return
    assert all(trade.price > 0 and trade.quantity > 0 for trade in trades)
