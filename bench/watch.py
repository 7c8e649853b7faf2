"""How soon measurements are ready: a journal of a million events is read, then again from the store, and then what is new."""

import os
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from bench.recovery import EVENTS, live
from fairway.assembly import CODEC
from fairway.journal.kinds import ProcessMeasured
from fairway.journal.sql import open_journal
from fairway.money.amount import use_exact_decimals
from fairway.watch.indicators import BY_NAME
from fairway.watch.series_builder import SeriesBuilder
from fairway.watch.series_store import SeriesStore, series_store_beside
from fairway.watch.watcher import Watcher
from fairway.world.clock import SECOND

NEW = 1_000
LOOKS = 1_000


def rows() -> list[tuple[str, str, str]]:
    """(what, figure, beside it)."""
    use_exact_decimals()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        journal = open_journal(path, CODEC, mode="practice", trader="bench", synchronous="OFF")
        live(journal)
        decoded = timed(lambda: [None for entry in journal.replay() if CODEC.decode(entry) is None])
        watcher = Watcher(journal, store=SeriesStore(series_store_beside(path), trader="bench"))
        watcher.open()
        folded = timed(watcher.catch_up)
        watcher.close()
        size = Path(series_store_beside(path)).stat().st_size / 1e6
        again = Watcher(journal, store=SeriesStore(series_store_beside(path), trader="bench"))
        opened = timed(again.open)
        for event in islice(journal.replay(), 200, 200 + NEW - 1):
            journal.append([CODEC.decode(event)], account="late", author="trader", at=event.at + EVENTS * SECOND)
        journal.append([ProcessMeasured(since=0)], account="", author="trader", at=2 * EVENTS * SECOND)
        journal.sync()
        fresh = timed(again.catch_up)
        rows_kept = sum(map(len, again.series.values()))
        again.close()
        journal.close()
    return [
        (f"{EVENTS:,} events measured, CPU", f"{folded:.1f} s", f"read and decoded only: {decoded:.1f} s; {_load()}"),
        (f"{rows_kept:,} observations from a store of {size:.0f} MB, CPU", f"{opened * 1000:.0f} ms", "at most 1 s"),
        (f"{NEW:,} new events measured and saved, CPU", f"{fresh * 1000:.0f} ms", "at most 50 ms"),
        ("a window of 1,000,000 observations counted", f"{_window() * 1e6:.0f} µs", "at most 1 ms"),
    ]


def timed(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _window() -> float:
    growing = SeriesBuilder(BY_NAME["order_success"])
    for at in range(EVENTS):
        growing.add(at, 1.0)
    series = growing.series()
    series.within(0, 1)
    return timed(lambda: [series.within(at, EVENTS - at).total for at in range(LOOKS)]) / LOOKS


def _load() -> str:
    return f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
