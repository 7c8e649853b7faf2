"""Copies of a journal: whole although it is written meanwhile, and made before its form changes."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from tests.pure.journal.test_journal_file import CODEC, Step, edited, written

from fairway.cli import run
from fairway.cli.exits import ExitCode
from fairway.journal.chain import verify
from fairway.journal.sql import open_journal, open_reader
from fairway.store.engine import engine_of
from fairway.store.migrations import FORMS, form_of, migrate


def test_a_backup_of_a_journal_that_is_written_verifies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Another process commits all the time; each copy is whole, of one moment, and none holds that process up."""
    path = tmp_path / "a.journal"
    program = (
        "import sys; from pathlib import Path; from tests.pure.journal.test_journal_file import Step, opened\n"
        "journal = opened(Path(sys.argv[1]))\n"
        "for number in range(10_000_000):\n"
        "    journal.append([Step(number)], account='main', author='test', at=1)\n"
        "    journal.sync()\n"
        "    print(number, flush=True)\n"
    )
    root = Path(__file__).parents[3]
    writer = subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, cwd=root)
    try:
        assert writer.stdout is not None
        lengths = []
        for number in range(3):
            for _ in range(20):
                writer.stdout.readline()
            assert run(["journal", "backup", str(path), str(tmp_path / f"copy {number}")]) == 0
            with open_reader(tmp_path / f"copy {number}") as copy:
                lengths.append(len(list(copy.read())))
        assert lengths == sorted(set(lengths))
    finally:
        writer.kill()
        writer.communicate()
    assert capsys.readouterr().out.count("is whole: ") == 3
    assert sorted(each.name for each in tmp_path.glob("copy*")) == ["copy 0", "copy 1", "copy 2"]


def test_a_backup_never_overwrites_unasked_and_goes_on_as_a_journal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is restored is a journal like any other."""
    path, out = written(tmp_path / "a.journal"), tmp_path / "b.journal"
    out.write_text("mine")
    assert run(["journal", "backup", str(path), str(out)]) == ExitCode.USAGE
    assert "is already there" in capsys.readouterr().err
    assert run(["journal", "backup", str(path), str(out), "--force"]) == 0
    journal = open_journal(out, CODEC, mode="practice", trader="main")
    journal.append([Step(9)], account="main", author="test", at=2)
    journal.sync()
    assert verify(journal.read()) is None
    assert len(list(journal.read())) == 4
    journal.close()


def test_a_database_is_backed_up_with_its_own_tool(capsys: pytest.CaptureFixture[str]) -> None:
    """The sentence names it."""
    assert run(["journal", "backup", "postgresql://bot:hunter2@127.0.0.1/fairway", "x"]) == ExitCode.USAGE
    told = capsys.readouterr().err
    assert "pg_dump" in told
    assert "hunter2" not in told


def test_a_file_is_copied_before_its_form_changes(tmp_path: Path) -> None:
    """An upgrade that goes wrong can be taken back: the copy is what the older release reads, with every record."""
    path = tmp_path / "a.journal"
    old = engine_of(path)
    migrate(old, "the journal", to=FORMS[0])
    with old.begin() as connection:
        connection.exec_driver_sql("INSERT INTO writers VALUES ('main', 'trader', 'practice', 1, 'nobody', '')")
    old.dispose()
    journal = open_journal(path, CODEC, mode="practice", trader="main")
    journal.append([Step(1)], account="main", author="test", at=1)
    journal.close()
    copies = list(tmp_path.glob("*.before-*"))
    assert [each.name for each in copies] == [f"a.journal.before-{FORMS[-1]}"]
    assert form_of(engine_of(copies[0], reads_only=True)) == FORMS[0]
    assert form_of(engine_of(path, reads_only=True)) == FORMS[-1]
    with closing(sqlite3.connect(copies[0])) as connection:
        assert connection.execute("SELECT mode FROM writers").fetchall() == [("practice",)]


def test_a_reader_reads_an_older_form(tmp_path: Path) -> None:
    """To look at a journal never needs to change it."""
    path = tmp_path / "a.journal"
    old = engine_of(path)
    migrate(old, "the journal", to=FORMS[0])
    old.dispose()
    with open_reader(path) as reader:
        assert list(reader.read()) == []
    assert list(tmp_path.glob("*.before-*")) == []


def test_a_file_from_before_the_first_release_is_refused(tmp_path: Path) -> None:
    """It had another form, without accounts; nothing of it is guessed."""
    path = written(tmp_path / "a.journal")
    edited(path, "PRAGMA user_version = 1")
    with pytest.raises(Exception, match=r"is of a form from before the first release.*begin a new one"):
        open_journal(path, CODEC, mode="practice", trader="main")
