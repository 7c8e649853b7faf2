"""The kill latch: only a file that is certainly absent means clear."""

import os
from errno import ENOSPC
from pathlib import Path

import pytest
from msgspec.structs import replace

from fairway.risk.disposal import Disposal
from fairway.trading.latch import FileLatch, Killed, KillScope, SetWithoutWords

SYMBOLS = ("BTC/USDT", "ETH/USDT")


def latch(folder: Path, account: str = "main") -> FileLatch:
    return FileLatch(folder, account, SYMBOLS)


def test_no_file_is_clear(tmp_path: Path) -> None:
    """Whatever else lies in the directory."""
    (tmp_path / "main.journal").write_text("")
    (tmp_path / "notes.kill").write_text("not one of ours")
    assert latch(tmp_path).read() == []


@pytest.mark.parametrize(
    "killed",
    [
        Killed(scope=KillScope.ALL, reason="all is on fire", by="ann", at=7),
        Killed(scope=KillScope.ACCOUNT, reason="strange fills", by="ann", disposal=Disposal.FLATTEN),
        Killed(scope=KillScope.SYMBOL, symbol="ETH/USDT", reason="delisted", by="bob"),
    ],
    ids=lambda killed: killed.scope.value,
)
def test_what_is_set_is_read_until_it_is_cleared(tmp_path: Path, killed: Killed) -> None:
    """By any other process too: it is a file."""
    latch(tmp_path).set(killed)
    latch(tmp_path).set(killed)
    assert latch(tmp_path).read() == [killed]
    latch(tmp_path).clear(killed.scope, killed.symbol)
    assert latch(tmp_path).read() == []


def test_a_kill_that_sells_is_not_hidden_by_one_that_keeps_stops(tmp_path: Path) -> None:
    """It stays killed either way; once the sale is done, the newer one takes its place."""
    sells = Killed(scope=KillScope.ACCOUNT, reason="strange fills", by="ann", disposal=Disposal.FLATTEN)
    keeps = Killed(scope=KillScope.ACCOUNT, reason="to be sure", by="bob")
    latch(tmp_path).set(sells)
    latch(tmp_path).set(keeps)
    assert latch(tmp_path).read() == [sells]
    latch(tmp_path).set(replace(sells, is_over=True))
    latch(tmp_path).set(keeps)
    assert latch(tmp_path).read() == [keeps]
    latch(tmp_path).set(sells)
    assert latch(tmp_path).read() == [sells]


def full(path: Path) -> None:
    """What is written there next meets a full disk."""
    path.with_name(path.name + ".new").symlink_to("/dev/full")


def test_on_a_full_disk_an_empty_file_kills(tmp_path: Path) -> None:
    """It needs no room. One that has words keeps them."""
    killed = Killed(scope=KillScope.ACCOUNT, reason="strange fills", by="ann", disposal=Disposal.FLATTEN)
    full(tmp_path / "main.kill")
    with pytest.raises(SetWithoutWords, match="No space left") as raised:
        latch(tmp_path).set(killed)
    assert raised.value.errno == ENOSPC
    assert raised.value.filename == str(tmp_path / "main.kill")
    [found] = latch(tmp_path).read()
    assert (found.scope, found.disposal) == (KillScope.ACCOUNT, Disposal.FLATTEN), "nobody protects what is being sold"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["main.kill", "main.kill.sells"]
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    latch(tmp_path).clear(KillScope.ACCOUNT)
    assert list(tmp_path.iterdir()) == []
    full(tmp_path / "main.kill")
    with pytest.raises(SetWithoutWords):
        latch(tmp_path).set(replace(killed, disposal=Disposal.KEEP_STOPS))
    assert [found.disposal for found in latch(tmp_path).read()] == [Disposal.KEEP_STOPS]
    latch(tmp_path).set(killed)
    assert [path.name for path in tmp_path.iterdir()] == ["main.kill"]
    full(tmp_path / "main.kill")
    with pytest.raises(SetWithoutWords):
        latch(tmp_path).set(replace(killed, is_over=True))
    assert latch(tmp_path).read() == [killed]


def test_where_no_latch_can_be_left_it_is_no_latch(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="Not a directory") as raised:
        latch(tmp_path / "file").set(Killed(scope=KillScope.ACCOUNT, reason="x", by="ann"))
    assert not isinstance(raised.value, SetWithoutWords)


def test_a_kill_may_be_of_more_than_one_account() -> None:
    wide = [scope for scope in KillScope if Killed(scope=scope, reason="x", by="ann").is_wide]
    assert wide == [KillScope.ALL, KillScope.BOT]


def test_who_is_killed(tmp_path: Path) -> None:
    """All: every account of the directory. An account: its own. A symbol: that of its account."""
    other = latch(tmp_path, "other")
    latch(tmp_path).set(Killed(scope=KillScope.ACCOUNT, reason="one", by="ann"))
    latch(tmp_path).set(Killed(scope=KillScope.SYMBOL, symbol="BTC/USDT", reason="two", by="ann"))
    assert other.read() == []
    latch(tmp_path).set(Killed(scope=KillScope.ALL, reason="three", by="ann"))
    assert [killed.reason for killed in other.read()] == ["three"]
    assert sorted(killed.reason for killed in latch(tmp_path).read()) == ["one", "three", "two"]


@pytest.mark.parametrize("text", ["", "{}", "stop!", '{"scope": "all"', "\x00\xff"])
def test_a_file_made_by_hand_kills_whatever_it_says(tmp_path: Path, text: str) -> None:
    """`touch all.kill` is enough in a hurry."""
    (tmp_path / "all.kill").write_bytes(text.encode("latin-1"))
    [killed] = latch(tmp_path).read()
    assert (killed.scope, killed.disposal) == (KillScope.ALL, Disposal.KEEP_STOPS)
    assert killed.reason == "the file all.kill is there, and does not say why"


def test_a_file_that_claims_another_scope_kills_by_its_name(tmp_path: Path) -> None:
    """One that was copied does not kill less than its name says."""
    path = latch(tmp_path).set(Killed(scope=KillScope.SYMBOL, symbol="BTC/USDT", reason="copied", by="ann"))
    path.rename(tmp_path / "all.kill")
    [killed] = latch(tmp_path).read()
    assert (killed.scope, killed.symbol, killed.reason) == (KillScope.ALL, "", "copied")


def test_what_cannot_be_read_is_not_clear(tmp_path: Path) -> None:
    """A directory in the file's place, a link that leads nowhere, and a directory of the latch that is gone."""
    (tmp_path / "all.kill").mkdir()
    [killed] = latch(tmp_path).read()
    assert killed.reason == f"the latch {tmp_path / 'all.kill'} cannot be read: Is a directory"
    assert killed.disposal is Disposal.KEEP_STOPS
    (tmp_path / "loop").mkdir()
    (tmp_path / "loop" / "all.kill").symlink_to("all.kill")
    [killed] = latch(tmp_path / "loop").read()
    assert killed.reason.endswith("cannot be read: Too many levels of symbolic links")
    [killed] = latch(tmp_path / "gone").read()
    assert killed.reason == f"the directory {tmp_path / 'gone'} of the latch cannot be read: No such file or directory"


def test_a_change_is_seen_without_reading_it_all(tmp_path: Path) -> None:
    """Asked before each decision: not read yet, set, cleared, and a directory that is gone all ask to be read again."""
    here = latch(tmp_path)
    assert here.may_have_changed()
    here.read()
    assert not here.may_have_changed()
    os.utime(tmp_path, ns=(1, 1))  # long ago, so that the system's clock has moved on by the next change
    here.read()
    latch(tmp_path).set(Killed(scope=KillScope.ALL, reason="now", by="ann"))
    assert here.may_have_changed()
    assert latch(tmp_path / "gone").may_have_changed()


def test_a_file_of_a_symbol_that_says_nothing_kills_that_symbol(tmp_path: Path) -> None:
    (tmp_path / "main.ETH-USDT.kill").write_text("")
    [killed] = latch(tmp_path).read()
    assert (killed.scope, killed.symbol, killed.by) == (KillScope.SYMBOL, "ETH/USDT", "unknown person")
