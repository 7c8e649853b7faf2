"""What holds data of an account is read by its owner alone, whatever the umask is; the doctor names what others may read."""

import os
import subprocess
from pathlib import Path

import pytest
from tests.pure.cli.programs import FAIRWAY

from fairway.cli.crash import write_crash_file
from fairway.journal.backup import back_up
from fairway.journal.command_inbox import command_inbox_beside, say
from fairway.journal.commands import Pause
from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS
from fairway.journal.sql import open_journal
from fairway.operations.doctor.checks import CheckVerdict, check_modes
from fairway.trading.latch import FileLatch, Killed, KillScope

CONFIG = """
mode: practice
venue: {exchange: binance, url: http://127.0.0.1:9, key: env:NO_SUCH_KEY, secret: env:NO_SUCH_SECRET}
symbols: [BTC/USDT]
strategy: {name: trend}
"""


def modes(folder: Path) -> dict[str, str]:
    return {path.name: oct(path.stat().st_mode & 0o777) for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(autouse=True)
def _a_generous_umask() -> "object":
    before = os.umask(0)
    yield
    os.umask(before)


def test_journal_command_inbox_latch_and_backup_are_private(tmp_path: Path) -> None:
    path = tmp_path / "fairway.journal"
    journal = open_journal(path, Codec(*EVENTS), mode="practice", trader="main")
    say(command_inbox_beside(path), Pause(reason="x", account="main"), mode="practice", trader="main", by="ann", at=1)
    FileLatch(tmp_path, "main", []).set(Killed(scope=KillScope.ACCOUNT, reason="x", by="ann"))
    found = modes(tmp_path)
    assert {"fairway.journal", "fairway.journal-wal", "fairway.journal-shm", "fairway.journal.lock"} < set(found)
    assert {"fairway.journal.commands", "main.kill"} < set(found)
    journal.close()
    back_up(path, tmp_path / "copy")
    found |= modes(tmp_path)
    assert set(found.values()) == {"0o600"}, found
    assert {"copy"} < set(found)


def test_a_crash_file_is_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_crash_file(ValueError("x"))
    assert list(modes(tmp_path).values()) == ["0o600"]


def test_what_commands_write_is_private(tmp_path: Path) -> None:
    (tmp_path / "fairway.yaml").write_text(CONFIG)
    before = set(modes(tmp_path))
    for words in (["kill", "--reason", "x"], ["pause", "--reason", "x"], ["init", "new.yaml"]):
        subprocess.run([FAIRWAY, *words], cwd=tmp_path, env={}, capture_output=True, timeout=90, check=False, umask=0)
    found = {name: mode for name, mode in modes(tmp_path).items() if name not in before}
    assert {"main.kill", "fairway.journal.commands", "new.yaml"} <= set(found)
    assert set(found.values()) == {"0o600"}, found


def test_the_doctor_names_what_others_may_read(tmp_path: Path) -> None:
    (tmp_path / "a b.journal").touch(0o644)
    (tmp_path / "main.kill").touch(0o600)
    [finding] = check_modes(tmp_path.iterdir())
    assert finding.verdict is CheckVerdict.WARN
    assert "a b.journal" in finding.found
    assert "main.kill" not in finding.found
    assert finding.advice == f"let their owner alone read them:  chmod 600 '{tmp_path / 'a b.journal'}'"
    assert check_modes([tmp_path / "main.kill", tmp_path / "gone", tmp_path]) == []
