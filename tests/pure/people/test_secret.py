"""Secrets in memory, where they may come from, and the file of the master key."""

import copy
import logging
import os
import pickle
import traceback
from base64 import b64encode
from pathlib import Path

import msgspec
import pytest

from fairway.people.master_key import KEY_BYTES, MasterKey, check_place, fresh_from, make_file, master_keys, replace_file
from fairway.people.problems import SecretUnusable
from fairway.people.secret import BYTES_MAX, Keys, Secret, secret_at, taken
from fairway.world.chance import Chance

TEXT = "hush-hush-0123456789"
HIDDEN = Secret(TEXT)
FRESH = fresh_from(Chance(3))


def test_a_secret_shows_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    """Neither by itself nor within others, in a log or an error; it is no text that could be joined to one."""
    keys = Keys(HIDDEN, HIDDEN)
    logging.getLogger("test").error("%s %r %s", HIDDEN, HIDDEN, keys)
    try:
        raise ValueError(HIDDEN, keys)
    except ValueError as error:
        trace = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    shown = [str(HIDDEN), repr(HIDDEN), f"{HIDDEN}", f"{HIDDEN!r:>40}", str(keys), repr([HIDDEN]), caplog.text, trace]
    assert not any(TEXT in each for each in shown)
    assert HIDDEN.reveal() == TEXT


def test_a_secret_is_not_written_out() -> None:
    """Pickling and encoding refuse; a copy is the secret itself, not a second one."""
    for things in (HIDDEN, Keys(HIDDEN, HIDDEN), MasterKey(b"k" * KEY_BYTES)):
        with pytest.raises(TypeError):
            pickle.dumps(things)
    with pytest.raises(TypeError):
        msgspec.json.encode(HIDDEN)
    assert copy.copy(HIDDEN) is HIDDEN
    assert copy.deepcopy(Keys(HIDDEN, HIDDEN)).key is HIDDEN


def test_secrets_come_from_variables_private_files_and_typing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands around them, such as the end of a line, is no part of them."""
    monkeypatch.setenv("A_KEY", f" {TEXT}\n")
    assert secret_at("env:A_KEY", "the key").reveal() == TEXT
    assert secret_at(f"file:{private(tmp_path, TEXT)}", "the key").reveal() == TEXT
    assert taken(lambda _: f"{TEXT}\n", "the key").reveal() == TEXT


ELSEWHERE = "put it there first, or name a variable or a file: --key env:NAME, --key file:PATH"


def private(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "a-secret"
    path.unlink(missing_ok=True)
    path.write_text(text)
    path.chmod(mode)
    return path


def refused(reference: str, sentence: str) -> None:
    with pytest.raises(SecretUnusable) as told:
        secret_at(reference, "the key")
    assert str(told.value) == sentence


def test_a_secret_that_cannot_be_used_is_one_sentence(tmp_path: Path) -> None:
    """Which names the place and never repeats what may be the secret itself."""
    refused(TEXT, "the key is neither env:NAME nor file:PATH; a right one is env:FAIRWAY_KEY")
    missing = "the key: the environment variable NOT_THERE is empty or not there"
    refused("env:NOT_THERE", f"{missing}; set it in this terminal:  export NOT_THERE=...")
    refused(f"file:{tmp_path}", f"the key: the file {tmp_path} cannot be read (Is a directory)")
    refused(f"file:{tmp_path}/no", f"the key: the file {tmp_path}/no cannot be read (No such file or directory)")
    path = private(tmp_path, " \n")
    refused(f"file:{path}", f"the key: the file {path} is empty or not there; {ELSEWHERE}")
    private(tmp_path, "x" * (BYTES_MAX + 1))
    refused(f"file:{path}", f"the key: the file {path} is longer than 4,096 bytes, so it holds something else")
    path.write_bytes(b"\xff\xfe")
    refused(f"file:{path}", f"the key: the file {path} is no text")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610, 0o601])
def test_a_file_that_others_may_read_is_refused(mode: int, tmp_path: Path) -> None:
    """With what makes it private."""
    path = private(tmp_path, TEXT, mode)
    refused(f"file:{path}", f"the key: others may read the file {path}; make it yours alone:  chmod 600 {path}")


def test_a_master_key_is_made_once(tmp_path: Path) -> None:
    """In a folder and a file that only its owner reads, and never over another."""
    path = tmp_path / "private" / "master-key"
    made = make_file(path, FRESH)
    (read,) = master_keys(f"file:{path}")
    assert read.id == made.id
    assert [path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777] == [0o600, 0o700]
    with pytest.raises(SecretUnusable, match=f"^{path} is already there and was left as it is; what is in it may open a vault$"):
        make_file(path, FRESH)
    assert [key.id for key in master_keys(f"file:{path}")] == [made.id]
    assert os.listdir(path.parent) == ["master-key"]


def test_master_keys_are_replaced_at_once(tmp_path: Path) -> None:
    """The first closes; a link stays a link; what a crash left beside it is no hindrance."""
    path = tmp_path / "master-key"
    old = make_file(path, FRESH)
    new = MasterKey(FRESH(KEY_BYTES))
    (tmp_path / "link").symlink_to(path)
    (tmp_path / "master-key.new").write_text("half")
    replace_file(tmp_path / "link", [new, old])
    assert [key.id for key in master_keys(f"file:{tmp_path}/link")] == [new.id, old.id]
    assert (tmp_path / "link").is_symlink()
    assert path.stat().st_mode & 0o777 == 0o600
    assert sorted(os.listdir(tmp_path)) == ["link", "master-key"]


def test_a_master_key_in_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """In base64; several stand apart."""
    old, new = (MasterKey(FRESH(KEY_BYTES)) for _ in range(2))
    monkeypatch.setenv("MASTER", f"{new.text()} {old.text()}")
    assert [key.id for key in master_keys("env:MASTER")] == [new.id, old.id]


@pytest.mark.parametrize("word", ["hello", b64encode(b"k" * 31).decode(), b64encode(b"k" * 33).decode(), "k" * 43 + "!"])
def test_what_is_no_master_key_is_not_repeated(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be one with a slip of the finger in it."""
    monkeypatch.setenv("MASTER", word)
    with pytest.raises(SecretUnusable) as told:
        master_keys("env:MASTER")
    right = "that is 32 bytes in base64, as `fairway vault init` writes"
    assert str(told.value) == f"env:MASTER holds no master key: {right}"


def test_the_place_of_a_master_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that was written out is refused unrepeated; a missing file says what makes one; nine keys are too many."""
    for wrong in ("env:", "file:", b64encode(b"k" * 32).decode()):
        with pytest.raises(SecretUnusable) as told:
            check_place(wrong)
        right = "a right one is file:~/.fairway/master-key"
        assert str(told.value) == f"the master key is named by env:NAME or file:PATH, and never written out; {right}"
    with pytest.raises(SecretUnusable) as told:
        master_keys(f"file:{tmp_path}/no")
    where = f"there is no master key in {tmp_path}/no"
    assert str(told.value) == f"{where}; `fairway vault init` makes one, and --master-key names another place"
    monkeypatch.setenv("MASTER", " ".join([b64encode(b"k" * 32).decode()] * 9))
    with pytest.raises(SecretUnusable, match="at most 8 master keys"):
        master_keys("env:MASTER")
