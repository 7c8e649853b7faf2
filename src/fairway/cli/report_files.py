"""Writes a report into a directory. After Ctrl-C a person waits for its figures, but not for charts that take long to draw.

The drawing library is brought by `preload` before a bot trades, when Ctrl-C ends the program at once: bringing it takes most of a
second, and on a machine's first use, when it looks for all fonts, some more. Charts are drawn when the trader is safe.
"""

from dataclasses import replace
from pathlib import Path
from typing import Final

from fairway.cli.interrupts import OutOfTime, in_time
from fairway.reports.page import page_bytes
from fairway.reports.report import Report
from fairway.reports.summary import summary_bytes
from fairway.world.clock import MILLISECOND, SECOND, SystemClock

SUMMARY: Final = "summary.json"
PAGE: Final = "report.html"
CHARTS_AFTER_STOP_NS: Final = 1_000 * MILLISECOND
"""Two seconds after Ctrl-C the program has ended. Without charts the page takes a tenth of a second."""
NO_CHARTS: Final = "There are no charts: there was no time to draw them after Ctrl-C."


def write_report(report: Report, folder: Path, *, stopped_at: int | None = None) -> bool:
    """Writes summary.json and report.html, and returns whether the page has its charts.

    stopped_at: when a person told the program to stop, by the machine's monotonic clock (ns); None where no person did.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SUMMARY).write_bytes(summary_bytes(report))
    page, has_charts = _page(report, stopped_at)
    (folder / PAGE).write_bytes(page)
    return has_charts


def _page(report: Report, stopped_at: int | None) -> tuple[bytes, bool]:
    if stopped_at is None:
        return page_bytes(report), True
    left_ns = stopped_at + CHARTS_AFTER_STOP_NS - SystemClock().monotonic()
    try:
        return in_time(left_ns / SECOND, lambda: page_bytes(report)), True
    except OutOfTime:
        run = replace(report.run, candles={}, remarks=[*report.run.remarks, NO_CHARTS])
        return page_bytes(replace(report, run=run, curve=())), False
