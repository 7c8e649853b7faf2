"""The file of a journal: what is told to a person when it is missing, foreign, damaged, locked, full or forbidden."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from msgspec import Struct

from fairway.journal.chain import verify
from fairway.journal.events import Codec
from fairway.journal.port import (
    JournalBroken,
    JournalError,
    JournalForeign,
    JournalFull,
    JournalLocked,
    JournalMissing,
    JournalUnwritable,
)
from fairway.journal.sql import SqlJournal, open_journal, open_reader
from fairway.store.engine import begin_file


class Step(Struct, frozen=True, tag=True):
    number: int
    note: str = ""


CODEC = Codec(Step)


def opened(path: Path) -> SqlJournal:
    return open_journal(path, CODEC, mode="practice", trader="main")


def written(path: Path, count: int = 3) -> Path:
    journal = opened(path)
    journal.append([Step(number) for number in range(count)], account="main", author="test", at=1)
    journal.close()
    return path


def check(act: Callable[[], object], error: type[JournalError], words: str) -> None:
    with pytest.raises(error, match=words):
        act()


def edited(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def test_a_reader_reads_beside_the_writer(tmp_path: Path) -> None:
    """A reader sees what is durable, and does not block the writer."""
    journal = opened(tmp_path / "a.journal")
    journal.append([Step(1)], account="main", author="test", at=1)
    journal.sync()
    with open_reader(tmp_path / "a.journal") as reader:
        journal.append([Step(2)], account="main", author="test", at=2)
        assert [record.seq for record in reader.read()] == [1]
        reading = reader.read()
        next(reading)
        journal.sync()
        assert [record.seq for record in reader.read()] == [1, 2]
        last = reader.last()
        assert last is not None
        assert last.seq == 2
        assert (reader.mode, reader.trader) == ("practice", "main")
    journal.close()


def test_an_ended_journal_is_one_file_also_after_it_was_read(tmp_path: Path) -> None:
    """A copy of the closed file is complete; a reader that is open meanwhile is not disturbed, and the next writer goes on."""
    path = written(tmp_path / "a.journal")
    with open_reader(path) as reader:
        assert len(list(reader.read())) == 3
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.journal", "a.journal.lock"]
    journal = opened(path)
    with open_reader(path) as reader:
        journal.append([Step(4)], account="main", author="test", at=2)
        journal.close()
        assert len(list(reader.read())) == 4


def test_a_missing_journal_is_missing_for_a_reader(tmp_path: Path) -> None:
    """Reading never makes a file."""
    check(lambda: open_reader(tmp_path / "a.journal"), JournalMissing, "there is no journal .*a.journal")
    assert list(tmp_path.iterdir()) == []


def test_other_files_are_no_journals_and_stay_as_they_are(tmp_path: Path) -> None:
    """Neither reader nor writer touches a text file or another program's database."""
    text, database = tmp_path / "notes.txt", tmp_path / "other.db"
    text.write_text("buy low" * 50)
    edited(database, "CREATE TABLE orders (id INTEGER)")
    for path, words in ((text, "is no journal of Fairway"), (database, "is a database, but none of Fairway")):
        before = path.read_bytes()
        check(lambda path=path: open_reader(path), JournalMissing, words)  # type: ignore[misc]
        check(lambda path=path: opened(path), JournalMissing, words)  # type: ignore[misc]
        assert path.read_bytes() == before


def test_a_place_that_cannot_hold_a_journal_is_named(tmp_path: Path) -> None:
    """A directory, or a directory that is not there."""
    check(lambda: opened(tmp_path), JournalMissing, "is a directory; name a file, such as")
    check(lambda: opened(tmp_path / "no" / "a.journal"), JournalMissing, "there is no directory .*no for the journal a.journal")


def test_an_empty_file_is_refused_by_reader_and_writer_with_the_same_words(tmp_path: Path) -> None:
    """A journal that was lost looks so. To begin again would forget what is held, so a person says that it may."""
    path = tmp_path / "a.journal"
    path.touch()
    words = (
        "a.journal is no journal of Fairway: it is empty. Put the newest backup in its place, or remove it .*: rm .*a.journal$"
    )
    check(lambda: open_reader(path), JournalMissing, words)
    check(lambda: opened(path), JournalMissing, words)
    assert path.read_bytes() == b""


def test_a_log_without_its_file_is_no_new_journal(tmp_path: Path) -> None:
    """SQLite would take what is in it for the new file's."""
    log = tmp_path / "a.journal-wal"
    log.write_bytes(b"log")
    check(lambda: opened(tmp_path / "a.journal"), JournalMissing, "the journal was lost. .* to begin a new journal: rm .*wal$")
    assert log.read_bytes() == b"log"
    log.write_bytes(b"")
    assert opened(tmp_path / "a.journal").last() is None


def test_a_crash_in_the_moment_of_its_making_leaves_a_file_that_becomes_a_journal(tmp_path: Path) -> None:
    """It is whole from the first moment on, if without a table; and half a file has another name."""
    path = tmp_path / "a.journal"
    (tmp_path / "a.journal.new").write_text("half")
    begin_file(path)
    assert path.stat().st_size > 0
    assert opened(path).last() is None
    assert not (tmp_path / "a.journal.new").exists()


def test_a_newer_form_is_not_touched(tmp_path: Path) -> None:
    """An older release refuses the file of a newer one instead of guessing."""
    path = written(tmp_path / "a.journal")
    edited(path, "UPDATE alembic_version SET version_num = '0999'")
    check(lambda: opened(path), JournalForeign, "is of form 0999, and this release reads forms up to .*; update Fairway")
    check(lambda: open_reader(path), JournalForeign, "update Fairway")


def test_a_damaged_file_is_broken(tmp_path: Path) -> None:
    """A page of garbage in the middle is told as damage, with what to do."""
    path = written(tmp_path / "a.journal", 2_000)
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)  # behind the schema, where the records are
        file.write(b"\xff" * 40_960)
    with open_reader(path) as reader:
        check(lambda: list(reader.read()), JournalBroken, "is damaged .* restore a backup")


def test_database_tools_cannot_edit_or_delete_by_accident(tmp_path: Path) -> None:
    """The file itself refuses; `DELETE FROM records` in the wrong window changes nothing."""
    path = written(tmp_path / "a.journal")
    for statement in ("UPDATE records SET at = 0", "DELETE FROM records WHERE seq = 2"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            edited(path, statement)


def test_nothing_is_added_to_an_end_that_was_changed(tmp_path: Path) -> None:
    """Who removes the guard and edits the last record finds the journal closed for writing, and verify names the record."""
    path = written(tmp_path / "a.journal")
    edited(path, "DROP TRIGGER records_stay", "UPDATE records SET body = '{}' WHERE seq = 3")
    check(lambda: opened(path), JournalBroken, "was changed at record 3; run fairway journal verify")
    with open_reader(path) as reader:
        flaw = verify(reader.read())
    assert flaw is not None
    assert flaw.seq == 3


def test_the_lock_names_its_holder(tmp_path: Path) -> None:
    """The sentence says which process to stop; another name of the same file is the same journal."""
    journal = opened(tmp_path / "a.journal")
    (tmp_path / "link.journal").symlink_to(tmp_path / "a.journal")
    check(lambda: opened(tmp_path / "link.journal"), JournalLocked, rf"process {os.getpid()} on .*\); stop it, or give")
    journal.close()


def test_a_killed_process_leaves_what_it_synced_and_no_lock(tmp_path: Path) -> None:
    """After a real `kill -9` the next writer goes on from the last synced record."""
    program = (
        "import os, signal, sys; sys.path.insert(0, sys.argv[2]);"
        "from pathlib import Path; from test_journal_file import Step, opened;"
        "journal = opened(Path(sys.argv[1]));"
        "journal.append([Step(1)], account='main', author='test', at=1); journal.sync();"
        "journal.append([Step(2)], account='main', author='test', at=2);"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    path = tmp_path / "a.journal"
    done = subprocess.run([sys.executable, "-c", program, str(path), str(Path(__file__).parent)], check=False)
    assert done.returncode == -signal.SIGKILL
    journal = opened(path)
    assert [CODEC.decode(record) for record in journal.read()] == [Step(1)]
    journal.append([Step(3)], account="main", author="test", at=3)
    journal.close()
    with open_reader(path) as reader:
        assert verify(reader.read()) is None


def test_a_lock_held_by_another_program_is_told_and_survived(tmp_path: Path) -> None:
    """A backup that holds SQLite's lock makes a sync fail by name; when it ends, the same records become durable."""
    path = tmp_path / "a.journal"
    journal = opened(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    journal.append([Step(1)], account="main", author="test", at=1)
    check(journal.sync, JournalLocked, "another program holds a lock on the journal .* end it")
    other.execute("ROLLBACK")
    other.close()
    journal.sync()
    journal.crash()
    with open_reader(path) as reader:
        assert len(list(reader.read())) == 1


def test_a_file_that_was_removed_or_replaced_is_noticed(tmp_path: Path) -> None:
    """Otherwise the records would go into a file that has no name any more."""
    path = tmp_path / "a.journal"
    journal = opened(path)
    path.rename(tmp_path / "elsewhere")
    journal.append([Step(1)], account="main", author="test", at=1)
    check(journal.sync, JournalUnwritable, "was removed or replaced while it was written")
    path.write_bytes(b"")
    check(journal.sync, JournalUnwritable, "was removed or replaced")
    (tmp_path / "elsewhere").rename(path)
    journal.sync()
    journal.crash()
    with open_reader(path) as reader:
        assert [record.seq for record in reader.read()] == [1]


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="mounting, and becoming nobody, need root; CI is root")


@needs_root
def test_a_really_full_disk_is_told_as_full(tmp_path: Path) -> None:
    """On a disk of 1 MiB the sync that does not fit is JournalFull, and what was synced before stays."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], check=False, capture_output=True)
    if mounted.returncode:
        pytest.skip("this machine does not let root mount")
    try:
        journal = opened(disk / "a.journal")
        journal.append([Step(1)], account="main", author="test", at=1)
        journal.sync()
        journal.append([Step(number, "x" * 1_000) for number in range(2_000)], account="main", author="test", at=2)
        check(journal.sync, JournalFull, "no space left for the journal .* free some on its disk")
        journal.crash()
        (disk / "filler").write_bytes(b"")
        journal = opened(disk / "a.journal")
        assert [record.seq for record in journal.read()] == [1]
        journal.crash()
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@needs_root
def test_a_forbidden_place_is_told_and_a_finished_journal_is_read_there() -> None:
    """A user with read permission only reads a journal whose writer has ended; writing is refused in one sentence."""
    with TemporaryDirectory() as name:  # not tmp_path: the user `nobody` may not enter the directories above that
        folder = Path(name)
        path = written(folder / "a.journal")
        path.chmod(0o644)  # as its owner may, for other readers
        folder.chmod(0o555)
        os.seteuid(65534)
        try:
            with open_reader(path) as reader:
                assert len(list(reader.read())) == 3
            check(lambda: opened(path), JournalUnwritable, "Permission denied")
            check(lambda: opened(folder / "b.journal"), JournalUnwritable, "cannot be made: Permission denied")
        finally:
            os.seteuid(0)
