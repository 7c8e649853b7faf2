"""Several programs with one journal file: opening and closing it takes neither the log from a writer nor news from a reader."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fairway.journal import kinds
from fairway.journal.events import Codec
from fairway.journal.port import JournalMissing
from fairway.journal.reader import SqlReader
from fairway.journal.sql import SqlJournal, check_header, open_journal, open_reader
from fairway.money.amount import Amount
from fairway.world.clock import SystemClock

PROGRAM = """
import sys
from pathlib import Path
from tests.pure.journal.test_programs_that_come_and_go import opened, write
journal = opened(Path(sys.argv[1]))
write(journal)
print("written", flush=True)
sys.stdin.readline()
journal.close()
"""
TOOL = (
    "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT count(*) FROM sqlite_master').fetchall(); c.close()"
)
"""As a person looks into a file with SQLite's own tool."""


def opened(path: Path) -> SqlJournal:
    return open_journal(path, Codec(*kinds.EVENTS), mode="practice", trader="main")


def write(journal: SqlJournal) -> None:
    journal.append([kinds.Marked(worth=Amount.of("1", "USDT"), marks={})], account="me", author="trader", at=SystemClock().now())
    journal.sync()


@contextmanager
def other_writer(path: Path) -> Iterator[None]:
    """Another program that has written a record, and ends."""
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert program.stdout is not None
    assert program.stdout.readline() == "written\n"
    yield
    program.communicate("\n")
    assert program.returncode == 0


def newest(reader: SqlReader) -> int:
    last = reader.last()
    return last.seq if last is not None else 0


def test_a_reader_that_stays_open_sees_what_the_next_writers_write(tmp_path: Path) -> None:
    """Also where its own program has opened the journal once more meanwhile, as a server does with each question."""
    path = tmp_path / "fairway.journal"
    with other_writer(path):
        reader = open_reader(path)
        open_reader(path).close()
        assert newest(reader) == 1
    for written in (2, 3):
        with other_writer(path):
            assert newest(reader) == written
            fresh = open_reader(path)
            assert newest(fresh) == written
            fresh.close()
    reader.close()


def test_a_writer_that_looks_at_its_own_journal_keeps_its_log(tmp_path: Path) -> None:
    path = tmp_path / "fairway.journal"
    journal = opened(path)
    write(journal)
    check_header(path)
    open_reader(path).close()
    subprocess.run([sys.executable, "-c", TOOL, str(path)], check=True)
    assert Path(f"{path}-wal").exists(), "the tool has taken the log from under the writer"
    write(journal)
    journal.close()
    reader = open_reader(path)
    assert newest(reader) == 2
    reader.close()


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 2\0" + bytes(100)], ids=["empty", "text", "foreign"])
def test_a_file_that_is_no_database_is_told_as_such(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "fairway.journal"
    path.write_bytes(content)
    with pytest.raises(JournalMissing, match="is no journal of Fairway"):
        check_header(path)
