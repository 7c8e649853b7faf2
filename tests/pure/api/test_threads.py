"""Slow reads keep no kill waiting: what is short has threads of its own, and so have passwords."""

import asyncio
import threading
from pathlib import Path

import pytest
from starlette.concurrency import run_in_threadpool

from fairway.api.threads import hashing, short
from fairway.journal.port import JournalBehind
from fairway.reports import trader_view
from fairway.reports.trader_view import TraderView

SLOW = 100
"""More than there are threads for reads."""


def test_short_work_is_done_while_all_other_threads_are_busy() -> None:
    async def play() -> str:
        release = threading.Event()
        busy = [asyncio.create_task(run_in_threadpool(release.wait, 60)) for _ in range(SLOW)]
        busy += [asyncio.create_task(hashing(release.wait, 60)) for _ in range(SLOW)]
        try:
            async with asyncio.timeout(30):
                return await short(lambda: "done")
        finally:
            release.set()
            await asyncio.gather(*busy)

    assert asyncio.run(play()) == "done"


def test_a_question_does_not_wait_for_ever_for_one_that_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after a start beside a long journal."""
    monkeypatch.setattr(trader_view, "PATIENCE_S", 0.1)
    view, entered, release = TraderView(tmp_path / "none", trader="main"), threading.Event(), threading.Event()

    def read_long() -> None:
        with view:
            entered.set()
            release.wait(60)

    reading = threading.Thread(target=read_long)
    reading.start()
    entered.wait(60)
    try:
        with pytest.raises(JournalBehind, match="is still being read, up to record 0 so far; ask again"), view:
            pass
    finally:
        release.set()
        reading.join()
    with view:
        assert view.accounts == {}
