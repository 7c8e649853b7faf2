"""`fairway caps` beside a trader that cannot write: it says that it cannot be known, and never that positions may be opened."""

from pathlib import Path

import pytest
from tests.golden.test_command_inbox_commands import CONFIG, START

from fairway.cli import run
from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS, InstructionTaken
from fairway.journal.port import JournalFull, JournalLocked
from fairway.journal.sql import SqlJournal, open_journal
from fairway.journal.writer_lock import LOCK_BYTES, trouble_of
from fairway.world.clock import SECOND, SystemClock


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bot.yaml").write_text(CONFIG)
    return tmp_path


def opened(folder: Path, *, at: int, bytes_max: int = 0) -> SqlJournal:
    path = folder / "fairway.journal"
    journal = open_journal(path, Codec(*EVENTS), mode="practice", trader="main", bytes_max=bytes_max)
    journal.append([START], account="main", author="trader", at=at)
    journal.sync()
    return journal


def told(capsys: pytest.CaptureFixture[str]) -> str:
    assert run(["caps", "bot.yaml"]) == 0
    return capsys.readouterr().out.splitlines()[0]


def test_a_full_disk_is_told_at_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By the lock file, which needs no room; and the next good write takes it back."""
    journal = opened(folder, at=SystemClock().now(), bytes_max=262_144)
    assert told(capsys) == "main may open positions"
    lock, inode = folder / "fairway.journal.lock", (folder / "fairway.journal.lock").stat().st_ino
    for number in range(1_000):
        try:
            journal.append([InstructionTaken(number=number, what="x" * 2_000, by="ann")], account="main", author="t", at=1)
            journal.sync()
        except JournalFull:
            break
    else:
        raise AssertionError("it was never full")
    seen = told(capsys)
    assert seen.startswith("main: it cannot be known whether it may open positions: the journal is ")
    assert "cannot write it" in seen
    assert (lock.stat().st_size, lock.stat().st_ino) == (LOCK_BYTES, inode)
    with pytest.raises(JournalLocked, match=r"another trader \(process \d+ on [^\n]+\); stop it"):
        open_journal(folder / "fairway.journal", Codec(*EVENTS), mode="practice", trader="main")
    with pytest.raises(JournalFull):
        journal.close()
    assert trouble_of(folder / "fairway.journal") is None


def test_a_trader_that_has_not_written_for_long_is_doubted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    journal = opened(folder, at=SystemClock().now() - 400 * SECOND)
    assert "it cannot be known whether it may open positions: the journal is 40" in told(capsys)
    journal.append([InstructionTaken(number=1, what="x", by="ann")], account="main", author="t", at=SystemClock().now())
    journal.sync()
    assert told(capsys) == "main may open positions"
    journal.close()


def test_where_no_trader_runs_what_was_written_last_stands(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    opened(folder, at=SystemClock().now() - 400 * SECOND).close()
    assert told(capsys) == "main may open positions"
