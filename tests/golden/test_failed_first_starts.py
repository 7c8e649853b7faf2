"""A first start that fails before anything was traded leaves the folder as it was; what was traded is never removed."""

import os
import socket
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from fairway.assembly.first_start import removing_failed_start
from fairway.cli import run
from fairway.cli.exits import ExitCode
from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS, Event, TraderStarted, TraderStopped
from fairway.journal.port import JournalLocked
from fairway.journal.sql import SqlJournal, open_journal
from fairway.orders.lifecycle import OrderSent

CONFIG = """
mode: practice
venue: {{exchange: binance, url: "http://127.0.0.1:{port}", key: env:KEY, secret: env:SECRET}}
symbols: [BTC/USDT]
strategy: {{name: trend}}
"""
STARTED = TraderStarted("main", 1, "0", "binance", "trend", ("BTC/USDT",), {"BTC/USDT": Decimal(1)})
STOPPED = TraderStopped(why="stopped", protective_orders=0)


@pytest.fixture
def dead_port() -> Iterator[int]:
    """A port at which nobody answers, and which nobody else can take meanwhile."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def test_a_start_without_a_venue_leaves_no_new_file(
    tmp_path: Path, dead_port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KEY", "k")
    monkeypatch.setenv("SECRET", "s")
    (tmp_path / "bot.yaml").write_text(CONFIG.format(port=dead_port))
    assert run(["run", str(tmp_path / "bot.yaml")]) == ExitCode.VENUE_UNREACHABLE
    assert [each.name for each in tmp_path.iterdir()] == ["bot.yaml"]


def failed_start(path: Path, *events: Event) -> None:
    """A start that writes these records, and then fails."""

    def start() -> None:
        with removing_failed_start(path):
            journal = open_journal(path, Codec(*EVENTS), mode="practice", trader="main", synchronous="OFF")
            journal.append(events, account="main", author="trader", at=1)
            journal.close()
            raise RuntimeError("no venue")

    with pytest.raises(RuntimeError, match="no venue"):
        start()


def test_a_journal_that_tells_only_of_the_start_goes(tmp_path: Path) -> None:
    failed_start(tmp_path / "a.journal", STARTED, STOPPED)
    assert list(tmp_path.iterdir()) == []


def test_a_journal_in_which_an_order_was_sent_stays(tmp_path: Path) -> None:
    failed_start(tmp_path / "a.journal", STARTED, OrderSent(order_id="fw-main-1-1-e"), STOPPED)
    assert (tmp_path / "a.journal").exists()


def test_a_journal_that_was_there_before_stays(tmp_path: Path) -> None:
    open_journal(tmp_path / "a.journal", Codec(*EVENTS), mode="practice", trader="main").close()
    failed_start(tmp_path / "a.journal", STOPPED)
    assert (tmp_path / "a.journal").exists()


def test_a_journal_that_another_start_has_taken_meanwhile_stays(tmp_path: Path) -> None:
    path, others = tmp_path / "a.journal", list[SqlJournal]()

    def start() -> None:
        with removing_failed_start(path):
            open_journal(path, Codec(*EVENTS), mode="practice", trader="main").close()
            others.append(open_journal(path, Codec(*EVENTS), mode="practice", trader="main"))
            raise RuntimeError("no venue")

    with pytest.raises(RuntimeError, match="no venue"):
        start()
    assert path.exists()
    others[0].close()


def test_a_lock_file_of_another_trader_stays(tmp_path: Path) -> None:
    """Two first starts at once: the one that comes second is refused, and takes nothing away."""
    path = tmp_path / "a.journal"
    first = open_journal(path, Codec(*EVENTS), mode="practice", trader="main")
    files = sorted(os.listdir(tmp_path))
    with pytest.raises(JournalLocked), removing_failed_start(path):
        open_journal(path, Codec(*EVENTS), mode="practice", trader="main")
    assert sorted(os.listdir(tmp_path)) == files
    first.close()
