"""Measures the journal: commits beside the database's own floor on this disk, appends a second, reading back, a snapshot."""

import os
import sqlite3
import tempfile
import time
from collections import deque
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
DRAIN, DRAINS = 100, 100
"""Events that one commit of a busy trader holds, and how many such commits are measured."""
SNAPSHOT_BYTES = 2_000_000

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
            *_commits_to_postgres(),
            *_throughput(Path(folder)),
        ]


def _commits(folder: Path, synchronous: Literal["FULL", "OFF"]) -> list[tuple[str, str, str]]:
    journal = _opened(folder, f"commits-{synchronous}", synchronous)
    ours, floor = _ours(journal), _floor(folder / f"floor-{synchronous}", synchronous, journal)
    times = _in_turns(ours, floor)
    journal.close()
    return [
        (
            f"one event appended and committed, synchronous={synchronous}",
            _spread(times[0]),
            f"sqlite3 alone: {_spread(times[1])}",
        ),
    ]


def _commits_to_postgres() -> list[tuple[str, str, str]]:
    """In a database that is made for it and dropped again; beside it one INSERT of psycopg in the same server."""
    import psycopg

    url = os.environ.get("FAIRWAY_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
    what = "one event appended and committed to PostgreSQL"
    try:
        server = psycopg.connect(url, autocommit=True)
    except psycopg.Error as error:
        return [(what, "not measured", f"no server answers: {str(error).splitlines()[0]}")]
    name = f"fairway_bench_{os.getpid()}"
    server.execute(f'CREATE DATABASE "{name}"')
    try:
        journal = open_journal(url.rsplit("/", 1)[0] + f"/{name}", CODEC, mode="practice", trader="bench")
        server.execute("CREATE TEMPORARY TABLE floor (body text)")
        times = _in_turns(_ours(journal), lambda: server.execute("INSERT INTO floor VALUES ('x')"))
        together = _timed(lambda: _drained(journal))
        journal.close()
    finally:
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        server.close()
    alone = len(times[0]) / sum(times[0]) * 1e9
    return [
        (what, _spread(times[0]), f"psycopg, one statement without the disk: {_spread(times[1])}"),
        (
            f"the same, {DRAIN} events with one commit, as a trader writes all that waited in its inbox",
            _rate(DRAIN * DRAINS, together),
            f"one by one {alone:,.0f} /s",
        ),
    ]


def _drained(journal: SqlJournal) -> None:
    for _ in range(DRAINS):
        for _ in range(DRAIN):
            journal.append([EVENT], account="main", author="trader", at=1)
        journal.sync()


def _in_turns(*acts: Callable[[], object]) -> list[list[int]]:
    """What each took, COMMITS times; in turns, so that a disk that is busy for a while is so for all."""
    times: list[list[int]] = [[] for _ in acts]
    for _ in range(COMMITS):
        for act, kept in zip(acts, times, strict=True):
            kept.append(_timed(act))
    return times


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
    replayed = _timed(lambda: deque((CODEC.decode(record) for record in journal.read()), maxlen=0))
    kept = _timed(lambda: _keep_snapshot(journal))
    found = _timed(journal.snapshot)
    journal.close()
    return [
        ("appended to the buffer: encoded and chained", _rate(5_000, buffered), ""),
        (f"appended, one FULL commit for every {GROUP}", _rate(APPENDS, together), ""),
        ("read, and the chain verified", _rate(count, checked), ""),
        ("read and decoded, as a replay does", _rate(count, replayed), ""),
        ("a snapshot of 2 MB kept, and found again", f"{kept / 1e6:.0f} ms, {found / 1e6:.0f} ms", ""),
    ]


def _keep_snapshot(journal: SqlJournal) -> None:
    last = journal.last()
    assert last is not None
    journal.keep_snapshot(last.seq, last.digest, bytes(SNAPSHOT_BYTES))
    journal.sync()


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
