"""The registry's file: only a whole one of this release is read, only its owner reads it, and removed keys leave no trace."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.pure.people.registries import KEYS, Ground, account, said, user

from fairway.people.account import KeyCheck
from fairway.people.lifecycle import AccountChange
from fairway.people.tables import Tables
from fairway.store.failures import StoreBroken, StoreLocked, StoreMissing


def test_only_a_whole_registry_of_this_release_is_read(empty_postgres: str, tmp_path: Path) -> None:
    """One that is not there yet is begun only where told so; elsewhere nothing is made."""
    for place, shown in ((tmp_path / "no", str(tmp_path / "no")), (empty_postgres, "postgresql://postgres@127.0.0.1")):
        missing = f"there is no registry {shown}.* yet; `fairway users add` begins it"
        with closing(Tables(place)) as tables, pytest.raises(StoreMissing, match=missing):
            tables.prepare()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(StoreMissing, match=f"there is no directory {tmp_path}/none for the registry"):
        Tables(tmp_path / "none" / "a").prepare(begin=True)
    for begin in (True, False):
        with closing(Tables(empty_postgres)) as tables:
            tables.prepare(begin=begin)


def test_a_file_of_others_is_left_as_it_is(tmp_path: Path) -> None:
    """A text is no registry."""
    path = tmp_path / "notes"
    path.write_text("mine, and long enough to be no empty file of a database" * 20)
    with pytest.raises(StoreBroken):
        Tables(path).prepare(begin=True)
    assert path.read_text().startswith("mine")


def test_only_the_owner_reads_the_file(tmp_path: Path) -> None:
    """Others need not know who trades here."""
    Ground(tmp_path / "fairway.people")
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_a_command_that_takes_too_long_is_not_waited_for(tmp_path: Path) -> None:
    """A caller that must not wait, such as a trader, gets the error at once."""
    ground = Ground(tmp_path / "fairway.people")
    hasty = Tables(tmp_path / "fairway.people", patience_s=0)
    with (
        ground.tables.writing(),
        pytest.raises(StoreLocked, match="another command has been changing the registry"),
        hasty.writing(),
    ):
        pass


def test_an_envelope_that_goes_leaves_no_trace_in_the_file(tmp_path: Path) -> None:
    """Neither of a removed account nor of rotated keys, in no file of the folder, also while a trader has it open."""
    ground = Ground(tmp_path / "fairway.people")
    ground.registrar.add_user(user())
    gone = []
    for name in ("one", "two"):
        ground.registrar.add_account(account(name), KEYS)
        with ground.tables.reading() as connection:
            gone += [bytes(row) for row in connection.execute(sa.text("SELECT envelope FROM envelopes")).scalars()]
    found = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert all(envelope in found for envelope in gone)
    with closing(sqlite3.connect(f"file:{tmp_path}/fairway.people?mode=ro", uri=True)) as trader:
        assert trader.execute("SELECT count(*) FROM accounts").fetchone() == (2,)
        ground.registrar.change_account("one", AccountChange.REMOVE, said())
        ground.registrar.rotate_keys(ground.registry.account("two"), KEYS, KeyCheck.SOUND, said())
        found = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        assert not any(envelope in found for envelope in gone)
