"""Measures the journal: appends a second, commit times, reading back; each beside SQLite's own floor on this disk."""

import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from fairway.journal.chain import verify
from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS
from fairway.journal.sql import SqlJournal, open_journal
from fairway.money.amount import Amount, Price
from fairway.orders.lifecycle import OrderFilled
from fairway.orders.order import Fill

COMMITS = 2_000
APPENDS = 50_000
GROUP = 500

CODEC = Codec(*EVENTS)
EVENT = OrderFilled(
    order_id="fw-main-1-1-e",
    fill=Fill(
        trade_id="17",
        price=Price.of("46216.93", "BTC", "USDT"),
        quantity=Amount.of("0.0015", "BTC"),
        quote=Amount.of("69.325395", "USDT"),
        fee=Amount.of("0.0000015", "BTC"),
        is_maker=False,
        at=1_640_995_260_050_000_000,
    ),
)


def rows() -> list[tuple[str, str, str]]:
    """(what, figure, beside it)."""
    with tempfile.TemporaryDirectory() as folder:
        return [
            *_commits(Path(folder), "FULL"),
            *_commits(Path(folder), "OFF"),
            *_throughput(Path(folder)),
        ]


def _commits(folder: Path, synchronous: Literal["FULL", "OFF"]) -> list[tuple[str, str, str]]:
    journal = _opened(folder, f"commits-{synchronous}", synchronous)
    ours, floor = _ours(journal), _floor(folder / f"floor-{synchronous}", synchronous, journal)
    # Taken in turns, so that a disk that is busy for a while is so for both.
    times: tuple[list[int], list[int]] = ([], [])
    for _ in range(COMMITS):
        for act, kept in zip((ours, floor), times, strict=True):
            kept.append(_timed(act))
    journal.close()
    return [
        (
            f"one event appended and committed, synchronous={synchronous}",
            _spread(times[0]),
            f"sqlite3 alone: {_spread(times[1])}",
        ),
    ]


def _ours(journal: SqlJournal) -> Callable[[], None]:
    def commit() -> None:
        journal.append([EVENT], account="main", author="trader", at=1)
        journal.sync()

    return commit


def _floor(path: Path, synchronous: str, journal: SqlJournal) -> Callable[[], None]:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA synchronous = {synchronous}")
    connection.execute("CREATE TABLE records (seq INTEGER PRIMARY KEY, at INT, author, kind, version INT, body, digest)")
    record = journal.append([EVENT], account="main", author="trader", at=1)[0]
    row = (record.at, record.author, record.kind, record.version, record.body.decode(), record.digest)

    def commit() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO records VALUES (NULL, ?, ?, ?, ?, ?, ?)", row)
        connection.execute("COMMIT")

    return commit


def _throughput(folder: Path) -> list[tuple[str, str, str]]:
    journal = _opened(folder, "throughput", "FULL")
    buffered = _timed(lambda: [journal.append([EVENT], account="main", author="trader", at=1) for _ in range(5_000)])
    journal.sync()

    def grouped() -> None:
        for _ in range(APPENDS // GROUP):
            for _ in range(GROUP):
                journal.append([EVENT], account="main", author="trader", at=1)
            journal.sync()

    together = _timed(grouped)
    count = APPENDS + 5_000
    checked = _timed(lambda: verify(journal.read()))
    replayed = _timed(lambda: [CODEC.decode(record) for record in journal.read()])
    journal.close()
    return [
        ("appended to the buffer: encoded and chained", _rate(5_000, buffered), ""),
        (f"appended, one FULL commit for every {GROUP}", _rate(APPENDS, together), ""),
        ("read, and the chain verified", _rate(count, checked), ""),
        ("read and decoded, as a replay does", _rate(count, replayed), ""),
    ]


def _opened(folder: Path, name: str, synchronous: Literal["FULL", "OFF"]) -> SqlJournal:
    return open_journal(folder / name, CODEC, mode="practice", trader="bench", synchronous=synchronous)


def _timed(act: Callable[[], object]) -> int:
    started = time.perf_counter_ns()
    act()
    return time.perf_counter_ns() - started


def _spread(times_ns: list[int]) -> str:
    ordered = sorted(times_ns)
    p50, p99 = ordered[len(ordered) // 2], ordered[len(ordered) * 99 // 100]
    return f"p50 {p50 / 1_000:,.0f} µs, p99 {p99 / 1_000:,.0f} µs"


def _rate(count: int, taken_ns: int) -> str:
    return f"{count / (taken_ns / 1e9):,.0f} /s"


if __name__ == "__main__":
    for row in rows():
        print(*row, sep="  |  ")
