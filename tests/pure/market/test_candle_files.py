"""Candle files are read exactly, and what is wrong with them is told with its place."""

import gzip
import zipfile
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from tests.shared_data import BTC_MINUTES, ETH_FIVES, LTC_FIVES, needs_shared_data

from fairway.market.candles import Candle
from fairway.market.files import BadData, CandleFile, ProblemKind, read_candles
from fairway.market.files.klines import least_trades
from fairway.world.clock import MINUTE, parse_instant

START = 1640995200000
"""2022-01-01T00:00:00Z in milliseconds."""

HEADER = "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore"


def row(minute: int = 0, **changes: str) -> str:
    """A line of a right file, with some of its cells changed."""
    opened = START + minute * 60_000
    cells = {
        "open_at": str(opened),
        "open": "100.10",
        "high": "101",
        "low": "99.50000000",
        "close": "100.2",
        "volume": "2.5",
        "close_at": str(opened + 59_999),
        "quote": "250.4",
        "count": "7",
        "taker": "1.5",
        "taker_quote": "150.1",
        "ignore": "0",
    }
    return ",".join((cells | changes).values())


def read(folder: Path, lines: Sequence[str], **options: str) -> CandleFile:
    path = folder / "BTCUSDT-1m-2022-01.csv"
    path.write_text("\n".join(lines) + "\n")
    return read_candles(path, **options)


def check_bad(folder: Path, lines: Sequence[str], line: int, *words: str) -> None:
    """Reading stops at this line, and the message holds the file, these words and an example."""
    with pytest.raises(BadData) as caught:
        read(folder, lines)
    assert caught.value.line == line
    assert "BTCUSDT-1m-2022-01.csv" in str(caught.value)
    assert all(word in str(caught.value) for word in (*words, "right is"))


def check_problem(folder: Path, lines: Sequence[str], kind: ProblemKind, line: int, *words: str) -> CandleFile:
    """Reading goes on, and the one problem names its kind, line and values."""
    file = read(folder, lines)
    assert [(problem.kind, problem.line) for problem in file.problems] == [(kind, line)]
    assert all(word in str(file.problems[0]) for word in ("BTCUSDT-1m-2022-01.csv", f"line {line}", *words))
    return file


def test_a_line_becomes_a_candle_with_every_digit(tmp_path: Path) -> None:
    """All columns, exact; the end is exclusive, where the file names the last millisecond."""
    file = read(tmp_path, [row()])
    opened = parse_instant("2022-01-01T00:00:00Z")
    assert file.candles == (
        Candle(
            symbol="BTC/USDT",
            open_at=opened,
            close_at=opened + MINUTE,
            open=Decimal("100.1"),
            high=Decimal(101),
            low=Decimal("99.5"),
            close=Decimal("100.2"),
            volume=Decimal("2.5"),
            quote_volume=Decimal("250.4"),
            count=7,
            taker_buy_volume=Decimal("1.5"),
            taker_buy_quote=Decimal("150.1"),
        ),
    )
    assert (file.interval, file.interval_ns, file.problems) == ("1m", MINUTE, ())


def test_a_line_of_names_is_passed_over(tmp_path: Path) -> None:
    """As newer public files have it; other columns than a kline's are refused."""
    assert read(tmp_path, [HEADER, row()]).candles == read(tmp_path, [row()]).candles
    check_bad(tmp_path, [HEADER.replace("high,low", "low,high"), row()], 1, "low,high")


def test_microseconds_are_read_as_such(tmp_path: Path) -> None:
    """Files from 2025 on count microseconds; both in one file are not believed."""
    micro = row(open_at=f"{START}000", close_at=f"{START + 59_999}999")
    assert read(tmp_path, [micro]).candles == read(tmp_path, [row()]).candles
    check_bad(tmp_path, [row(), row(1).replace(str(START + 60_000), f"{START + 60_000}000")], 2, "another unit")


def _gzip(path: Path, text: str) -> None:
    path.write_bytes(gzip.compress(text.encode()))


def _zip(path: Path, text: str) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.csv", text)


@pytest.mark.parametrize("pack", [lambda path, text: path.write_text(text), _gzip, _zip])
def test_packing_changes_neither_candles_nor_digest(tmp_path: Path, pack: Callable[[Path, str], None]) -> None:
    """Plain, gzip and zip are told by their content, not by the file's name."""
    text = "\n".join([row(), row(1)]) + "\n"
    plain, packed = tmp_path / "a-BTCUSDT.csv", tmp_path / "b-BTCUSDT.csv"
    plain.write_text(text)
    pack(packed, text)
    assert read_candles(packed).candles == read_candles(plain).candles
    assert read_candles(packed).digest == read_candles(plain).digest


def test_a_gap_is_told_with_its_bounds(tmp_path: Path) -> None:
    """The candles around it are used."""
    file = check_problem(tmp_path, [row(), row(3)], ProblemKind.GAP, 2, "2 candles", "2022-01-01T00:01", "2022-01-01T00:03")
    assert len(file.candles) == 2


def test_the_same_line_twice_is_used_once(tmp_path: Path) -> None:
    """And told; another line for the same instant stops the reader."""
    file = check_problem(tmp_path, [row(), row(), row(1)], ProblemKind.DUPLICATE, 2, "2022-01-01T00:00")
    assert len(file.candles) == 2
    check_bad(tmp_path, [row(), row(close="100.3")], 2, "another candle", str(START))


def test_disorder_stops_the_reader(tmp_path: Path) -> None:
    """Both instants are named."""
    check_bad(tmp_path, [row(1), row(0)], 2, str(START), str(START + 60_000))


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"low": "0"}, "zero"),
        ({"open": "-100.1"}, "zero or below"),
        ({"high": "99"}, "not within"),
        ({"low": "100.15"}, "not within"),
        ({"volume": "-2.5"}, "below zero"),
        ({"taker": "3"}, "more than was traded"),
        ({"volume": "0"}, "takers bought"),
        ({"volume": "0", "taker": "0", "taker_quote": "0"}, "without volume"),
        ({"volume": "0.00000002", "taker": "0"}, "less volume than trades"),
        ({"quote": "999999"}, "does not fit"),
        ({"close_at": str(START + 60_000 + 58_999)}, "one interval"),
        ({"open": "20000000000", "high": "30000000000", "close": "20000000000"}, "above 10000000000"),
    ],
)
def test_a_candle_that_cannot_be_is_left_out(tmp_path: Path, changes: dict[str, str], word: str) -> None:
    """And told with its line and its values."""
    file = check_problem(tmp_path, [row(), row(1, **changes)], ProblemKind.IMPOSSIBLE, 2, word, "left out")
    assert len(file.candles) == 1


def test_nothing_at_all_is_left_out_as_empty(tmp_path: Path) -> None:
    """Some sources fill minutes without trades with zeros."""
    zeros = dict.fromkeys(("open", "high", "low", "close", "volume", "quote", "count", "taker", "taker_quote"), "0")
    assert len(check_problem(tmp_path, [row(), row(1, **zeros)], ProblemKind.EMPTY, 2, "neither").candles) == 1


def test_ten_times_the_neighbour_is_left_out(tmp_path: Path) -> None:
    """Within a candle or from one to the next; the candle after it is compared with the one that was believed."""
    spike = row(1, high="1010")
    assert len(check_problem(tmp_path, [row(), spike, row(2)], ProblemKind.JUMP, 2, "1010", "10 times").candles) == 2
    high = row(1, open="1011", high="1012", low="1010", close="1011", quote="2500")
    assert len(check_problem(tmp_path, [row(), high, row(2)], ProblemKind.JUMP, 2, "100.2", "1012").candles) == 2
    low = row(1, open="10", high="10", low="10", close="10", quote="25", taker_quote="15")
    assert len(check_problem(tmp_path, [row(), low, row(2)], ProblemKind.JUMP, 2, "100.2", "low 10").candles) == 2


def test_a_new_price_after_more_than_a_day_is_no_jump(tmp_path: Path) -> None:
    """There a price may be anywhere; the gap is told."""
    later = row(2 * 1440, open="1011", high="1012", low="1010", close="1011", quote="2500")
    assert [problem.kind for problem in read(tmp_path, [row(), later]).problems] == [ProblemKind.GAP]


def test_fewer_trades_than_prices_make_the_count_unknown(tmp_path: Path) -> None:
    """The candle is used, its count is not."""
    file = check_problem(tmp_path, [row(count="2")], ProblemKind.COUNT, 1, "2 trades")
    assert file.candles[0].count == 0


def test_more_than_eight_decimals_are_cut_and_told(tmp_path: Path) -> None:
    """Towards zero; zeros after the eighth are no digits."""
    file = check_problem(tmp_path, [row(quote="250.123456789")], ProblemKind.CUT, 1, "250.123456789", "250.12345678")
    assert file.candles[0].quote_volume == Decimal("250.12345678")
    assert read(tmp_path, [row(quote="250.123456780000")]).problems == ()


def test_too_many_doubtful_lines_stop_the_reader(tmp_path: Path) -> None:
    """Ten are left out one by one; with an eleventh in a hundred lines the file is wrong."""
    lines = [row(minute, low="0") if minute < 10 else row(minute) for minute in range(100)]
    assert len(read(tmp_path, lines).candles) == 90
    lines[50] = row(50, low="0")
    check_bad(tmp_path, lines, 1, "11 of 100 lines")


def test_problems_of_a_kind_are_listed_up_to_a_bound(tmp_path: Path) -> None:
    """Fifty one by one, the rest as a number."""
    file = read(tmp_path, [row(2 * number) for number in range(100)])
    assert len(file.problems) == 51
    assert file.problems[-1].text == "49 more of this kind"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (row(open="1e5"), ("open is '1e5'", "plain number")),
        (row(close="NaN"), ("close is 'NaN'",)),
        (row(volume="1,5"), ("13 columns where a kline has 12",)),
        (row(volume=""), ("volume is ''",)),
        (row(high=" 101"), ("high is ' 101'",)),
        (row(open="1" * 16), ("too large",)),
        (row(count="7.5"), ("count is '7.5'", "1347")),
        (row(open_at="1640995200"), ("open time is '1640995200'", "milliseconds")),
        (row(open_at="١٦٤٠٩٩٥٢٠٠٠٠٠"), ("open time",)),
        (row()[:40], ("columns where a kline has 12",)),
    ],
)
def test_what_cannot_be_understood_stops_the_reader(tmp_path: Path, line: str, words: tuple[str, ...]) -> None:
    """With the line, the column, the value, and a right one."""
    check_bad(tmp_path, [row(), line], 2, *words)


def test_the_pair_and_the_interval_can_be_given(tmp_path: Path) -> None:
    """Instead of guessed; an impossible one is refused before anything is read."""
    path = tmp_path / "candles.csv"
    path.write_text(row())
    with pytest.raises(BadData, match="does not tell the pair"):
        read_candles(path)
    assert read_candles(path, "ETH/EUR", "1m").candles[0].symbol == "ETH/EUR"
    with pytest.raises(BadData, match="BTC/USDT"):
        read_candles(path, "ETHEUR")
    with pytest.raises(BadData, match="1m, 3m"):
        read_candles(path, "ETH/EUR", "7m")
    with pytest.raises(BadData, match="no candle"):
        read_candles(path, "ETH/EUR", "5m")


@pytest.mark.parametrize(
    ("name", "pair"),
    [
        ("BTCUSDT-1m-2022-01.csv", "BTC/USDT"),
        ("ETHBTC-5m.csv.gz", "ETH/BTC"),
        ("1000SATSUSDT-1m.zip", "1000SATS/USDT"),
        ("spot_solusdc_1h.csv", "SOL/USDC"),
    ],
)
def test_the_name_tells_the_pair(tmp_path: Path, name: str, pair: str) -> None:
    """By the quote asset that ends it."""
    (tmp_path / name).write_text(row())
    assert read_candles(tmp_path / name).symbol == pair


@pytest.mark.parametrize("name", ["BTCUSDT-1m.csv", "nothing.csv"])
def test_a_file_that_is_not_there_is_told_as_such(tmp_path: Path, name: str) -> None:
    """Whatever its name tells."""
    with pytest.raises(BadData, match="there is no such file"):
        read_candles(tmp_path / name)


def test_a_name_without_a_pair_is_told(tmp_path: Path) -> None:
    """With one that is right."""
    (tmp_path / "nothing.csv").write_text(row())
    with pytest.raises(BadData, match=r"does not tell the pair; right is a name like BTCUSDT-1m-2022-01\.csv"):
        read_candles(tmp_path / "nothing.csv")


def test_broken_files_give_one_clear_sentence(tmp_path: Path) -> None:
    """Missing, empty, a folder, cut short, two in an archive, or no text at all."""
    text = "\n".join(row(minute) for minute in range(500)).encode()
    many = tmp_path / "many.zip"
    with zipfile.ZipFile(many, "w") as archive:
        archive.writestr("a.csv", text)
        archive.writestr("b.csv", text)
    cases: list[tuple[bytes, str]] = [
        (b"", "is empty"),
        (b"\n\n", "no candle"),
        (gzip.compress(text)[:-100], "cannot be read to its end"),
        (b"\x1f\x8b" + text, "cannot be read"),
        (b"PK\x03\x04" + text, "cannot be read"),
        (many.read_bytes(), "holds 2 files"),
        (b"\x89PNG\r\n\x1a\n\xff", "not text"),
        (b"<html>404</html>", "not the columns"),
        (b"0" * (5 * 2**20), "too long"),
    ]
    for content, words in cases:
        path = tmp_path / "BTCUSDT-1m.csv"
        path.write_bytes(content)
        with pytest.raises(BadData, match=words):
            read_candles(path)
    with pytest.raises(BadData, match="no such file"):
        read_candles(tmp_path / "BTCUSDT-2m.csv")
    with pytest.raises(BadData, match="cannot be read"):
        read_candles(tmp_path, "BTC/USDT")


cells = some.one_of(
    some.sampled_from([*row().split(","), *row(1).split(","), "0", "-1", "NaN", "", "1e9", "99999999999999", "0.000000001"]),
    some.text(max_size=5),
)
garbage = some.one_of(
    some.binary(max_size=200),
    some.lists(some.lists(cells, min_size=10, max_size=13).map(",".join), max_size=6).map(lambda rows: "\n".join(rows).encode()),
    some.binary(max_size=60).map(lambda tail: b"\x1f\x8b\x08\x00" + tail),
    some.binary(max_size=60).map(lambda tail: b"PK\x03\x04" + tail),
    some.tuples(some.integers(0, 200), some.integers(0, 255)).map(lambda spot: _damaged(*spot)),
)


def _damaged(place: int, byte: int) -> bytes:
    packed = bytearray(gzip.compress("\n".join(row(minute) for minute in range(50)).encode(), mtime=0))
    packed[place % len(packed)] = byte
    return bytes(packed)


@settings(max_examples=300, deadline=None)
@given(garbage)
def test_garbage_is_refused_or_reported_and_never_crashes(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    """Whatever bytes a file holds: BadData, or candles of which each is believable."""
    path = tmp_path_factory.getbasetemp() / "BTCUSDT-garbage.csv"
    path.write_bytes(content)
    try:
        file = read_candles(path)
    except BadData:
        return
    assert file.candles
    assert all(candle.flaw() is None for candle in file.candles)
    assert all(first.close_at <= second.open_at for first, second in zip(file.candles, file.candles[1:], strict=False))


def test_the_fewest_trades_of_a_candle(tmp_path: Path) -> None:
    """One for a candle of one price; two where it only rose; one more for each extreme between."""

    def fewest(opened: str, high: str, low: str, close: str) -> int:
        candle = read(tmp_path, [row(open=opened, high=high, low=low, close=close, count="9")]).candles[0]
        return least_trades(candle)

    assert fewest("100", "100", "100", "100") == 1
    assert fewest("100", "101", "100", "101") == 2
    assert fewest("100", "101", "100", "100") == 3
    assert fewest("100", "102", "100", "101") == 3
    assert fewest("100", "102", "99", "100") == 4
    assert fewest("100", "102", "99", "101") == 4


@needs_shared_data
@pytest.mark.parametrize(
    ("path", "pair", "interval", "count", "cut"),
    [
        (BTC_MINUTES, "BTC/USDT", "1m", 30_299, 6),
        (ETH_FIVES, "ETH/BTC", "5m", 5_760, 0),
        (LTC_FIVES, "LTC/BTC", "5m", 5_760, 0),
    ],
)
def test_real_files_are_read_whole(path: Path, pair: str, interval: str, count: int, cut: int) -> None:
    """Every line is believed; where the source let floats leak in, the ninth and later decimals are told as cut."""
    file = read_candles(path)
    assert (file.symbol, file.interval, len(file.candles)) == (pair, interval, count)
    assert [problem.kind for problem in file.problems] == [ProblemKind.CUT] * cut
