"""Files of the latch: whose they are, who may read them, and which name each scope has."""

import os
from pathlib import Path

import pytest

from fairway.trading.latch import FileLatch, Killed, KillScope

STRANGER = 54_321
"""A user that nobody is."""


@pytest.mark.parametrize(("bot", "name"), [("fleet", "fleet.bot.kill"), ("", "main.bot.kill")])
def test_a_kill_of_a_bot_has_the_name_of_its_trader(tmp_path: Path, bot: str, name: str) -> None:
    """That of the account, where the trader carries no other."""
    latch = FileLatch(tmp_path, "main", ["BTC/USDT"], bot)
    assert latch.set(Killed(scope=KillScope.BOT, reason="enough", by="ann")).name == name
    assert [killed.scope for killed in latch.read()] == [KillScope.BOT]
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_latch_is_read_by_its_owner_alone(tmp_path: Path) -> None:
    """It tells what an account has sold, whatever the mask of who set it allows."""
    before = os.umask(0)
    try:
        path = FileLatch(tmp_path, "main", []).set(Killed(scope=KillScope.ACCOUNT, reason="enough", by="ann"))
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_latch_that_root_sets_belongs_to_whom_the_directory_belongs(tmp_path: Path) -> None:
    """The trader runs as another user, and must read it."""
    os.chown(tmp_path, STRANGER, STRANGER)
    path = FileLatch(tmp_path, "main", []).set(Killed(scope=KillScope.ACCOUNT, reason="enough", by="ann"))
    assert (path.stat().st_uid, path.stat().st_gid) == (STRANGER, STRANGER)
