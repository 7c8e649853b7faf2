"""A file is written whole or not at all, by its owner alone."""

import os
from pathlib import Path
from stat import S_IMODE

import pytest

from fairway.world.files import draft_of, replaced, write_whole


def mode(path: Path) -> int:
    return S_IMODE(path.stat().st_mode)


def test_a_file_is_replaced_whole_and_private_whatever_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old")
    before = os.umask(0)
    try:
        write_whole(path, b"new")
    finally:
        os.umask(before)
    assert (path.read_bytes(), mode(path), list(tmp_path.iterdir())) == (b"new", 0o600, [path])


def test_a_draft_that_a_crash_left_is_neither_kept_nor_followed(tmp_path: Path) -> None:
    path, victim = tmp_path / "a", tmp_path / "victim"
    victim.write_text("untouched")
    draft_of(path).symlink_to(victim)
    write_whole(path, b"new")
    assert (path.read_bytes(), path.is_symlink(), victim.read_text()) == (b"new", False, "untouched")


def test_an_error_while_the_draft_is_made_leaves_the_old_file_and_no_draft(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError), replaced(path) as draft:
        draft.write_text("half" * 10_000 + "\udcff")
    assert (path.read_text(), list(tmp_path.iterdir())) == ("old", [path])
    with replaced(path) as draft:
        draft.write_text("new")
        assert path.read_text() == "old"
    assert (path.read_text(), list(tmp_path.iterdir())) == ("new", [path])
