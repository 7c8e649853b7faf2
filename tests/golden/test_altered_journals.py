"""A record that was changed after it was written: nothing is told from its journal, and it is named."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests.golden.test_watch_commands import traded
from tests.golden.test_watch_of_a_launch import flown
from tests.pure.launch.watched_launch import journal_of_launch

from fairway.cli import run
from fairway.cli.exits import ExitCode
from fairway.launch.control import launch_events

ASKED = [["status"], ["explain"], ["record"], ["decision", "3"]]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return traded(tmp_path, 5)


def altered(path: Path, kind: str, was: str, now: str) -> int:
    """The first record of a kind that has this text, which then has another; its number."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TRIGGER records_stay")
        [seq] = connection.execute(
            "SELECT seq FROM records WHERE kind = ? AND body LIKE ? ORDER BY seq", (kind, f"%{was}%")
        ).fetchone()
        connection.execute("UPDATE records SET body = replace(body, ?, ?) WHERE seq = ?", (was, now, seq))
    return int(seq)


@pytest.mark.parametrize("words", ASKED, ids=lambda words: words[0])
def test_an_approval_of_somebody_else_is_noticed(words: list[str], place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    launch = flown()
    with closing(journal_of_launch(place)) as journal:
        launch.write(journal)
    number = altered(Path(f"{place}.launch"), launch_events.ApprovalGiven.__name__, "bob", "eve")
    assert run(["launch", words[0], "bot.yaml", *words[1:]]) == ExitCode.JOURNAL_BROKEN
    told = capsys.readouterr().err
    assert f"the launch's journal: record {number} is not as it was written" in told


def test_the_same_launch_is_told_where_nothing_was_changed(place: Path) -> None:
    launch = flown()
    with closing(journal_of_launch(place)) as journal:
        launch.write(journal)
    assert run(["launch", "status", "bot.yaml"]) == ExitCode.OK


@pytest.mark.parametrize("words", [["record"], ["decision", "3"]], ids=lambda words: words[0])
def test_a_trade_that_was_changed_is_noticed(words: list[str], place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    launch = flown()
    with closing(journal_of_launch(place)) as journal:
        launch.write(journal)
    number = altered(place, "TraderStarted", '"epoch":1', '"epoch":2')
    assert run(["launch", words[0], "bot.yaml", *words[1:]]) == ExitCode.JOURNAL_BROKEN
    assert f"the trader's journal: record {number} is not as it was written" in capsys.readouterr().err
