"""An account follows one launch: who comes second is refused, and told whose it is and what to do."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.pure.people.registries import Ground, account, user

from fairway.assembly.launched_accounts import AccountTaken, LaunchedAccounts, LaunchMembers, folder_of
from fairway.cli.exits import ExitCode, known
from fairway.people.secret import Keys, Secret
from fairway.settings import Settings, load

URL = "http://127.0.0.1:9"
CONFIG = """
mode: practice
venue: {{exchange: binance, url: {url}, key: env:TEST_KEY, secret: env:TEST_SECRET}}
symbols: [BTC/USDT]
strategy: {{name: trend}}
lease: true
journal: {name}.journal
"""


def trader(folder: Path, name: str, *, url: str = URL, begun: bool = True) -> Settings:
    """begun: whether a launch has a journal beside this trader's."""
    config = folder / f"{name}.yaml"
    config.write_text(CONFIG.format(url=url, name=name))
    if begun:
        (folder / f"{name}.journal.launch").touch()
    return load(config)


def launch(folder: Path, name: str, plan: str, *, url: str = URL) -> LaunchedAccounts:
    return LaunchedAccounts(trader(folder, name, url=url), plan, folder / "state")


def key(text: str) -> Callable[[], str]:
    return lambda: text


def test_an_account_under_another_launch_is_refused_and_that_one_is_named(tmp_path: Path) -> None:
    launch(tmp_path, "one", "beta").take("main", key("k1"))
    with pytest.raises(AccountTaken) as caught:
        launch(tmp_path, "two", "ramp").take("other", key("k1"))
    told = str(caught.value)
    assert told.startswith(f"account other is under the launch of plan beta beside {tmp_path / 'one.journal'}; ")
    assert "For a second launch at the same time, give its accounts a trader of their own" in told
    assert "fairway launch abort OTHER.yaml" in told
    assert known(caught.value) == (ExitCode.NO, told)


def test_it_is_so_while_the_other_pilot_is_stopped(tmp_path: Path) -> None:
    first = launch(tmp_path, "one", "beta")
    first.take("main", key("k1"))
    first.release()
    second = launch(tmp_path, "two", "ramp")
    with pytest.raises(AccountTaken, match="plan beta beside"):
        second.take("main", key("k1"))
    launch(tmp_path, "one", "beta").take("main", key("k1"))


def test_the_refused_one_takes_nothing_away(tmp_path: Path) -> None:
    """Neither the lock nor the claim of the first one."""
    first = launch(tmp_path, "one", "beta")
    first.take("main", key("k1"))
    for _ in range(2):
        with pytest.raises(AccountTaken, match="plan beta beside"):
            launch(tmp_path, "two", "ramp").take("main", key("k1"))


@pytest.mark.parametrize(("url", "its_key"), [("http://127.0.0.1:9", "k2"), ("http://127.0.0.1:10", "k1")])
def test_two_launches_of_disjoint_accounts_fly_together(tmp_path: Path, url: str, its_key: str) -> None:
    """Another key, or the same letters at another venue."""
    launch(tmp_path, "one", "beta").take("main", key("k1"))
    launch(tmp_path, "two", "ramp", url=url).take("main", key(its_key))


def test_an_account_is_free_once_its_launch_is_given_up(tmp_path: Path) -> None:
    first = launch(tmp_path, "one", "beta")
    first.take("main", key("k1"))
    first.give_up()
    with pytest.raises(AccountTaken, match="whose pilot flies"):
        launch(tmp_path, "two", "ramp").take("main", key("k1"))
    first.release()
    launch(tmp_path, "two", "ramp").take("main", key("k1"))


def test_an_account_is_free_once_the_journal_of_its_launch_is_moved_away(tmp_path: Path) -> None:
    first = launch(tmp_path, "one", "beta")
    first.take("main", key("k1"))
    first.release()
    (tmp_path / "one.journal.launch").unlink()
    launch(tmp_path, "two", "ramp").take("main", key("k1"))


def test_where_nobody_can_see_it_nothing_is_started(tmp_path: Path) -> None:
    first = launch(tmp_path, "one", "beta")
    first.take("main", key("k1"))
    first.release()
    [claim] = (tmp_path / "state").glob("*.json")
    claim.write_text("{")
    with pytest.raises(AccountTaken, match="whether account main is under another launch cannot be seen"):
        launch(tmp_path, "two", "ramp").take("main", key("k1"))
    blocked = tmp_path / "file"
    blocked.touch()
    with pytest.raises(AccountTaken, match="export XDG_STATE_HOME"):
        LaunchedAccounts(trader(tmp_path, "three"), "ramp", blocked / "state").take("main", key("k1"))


def test_no_file_tells_a_key(tmp_path: Path) -> None:
    launch(tmp_path, "one", "beta").take("main", key("a-key-of-somebody"))
    files = [each for each in (tmp_path / "state").iterdir() if each.is_file()]
    assert files
    assert all("somebody" not in each.name and b"somebody" not in each.read_bytes() for each in files)
    assert all(each.stat().st_mode & 0o077 == 0 for each in files)


def test_it_is_kept_where_the_user_keeps_states() -> None:
    assert folder_of({"XDG_STATE_HOME": "/var/lib/x"}) == Path("/var/lib/x/fairway/launches")
    assert folder_of({}) == Path.home() / ".local/state/fairway/launches"


def test_of_a_registry_an_account_of_another_launch_is_left_out_and_that_is_told_once(tmp_path: Path) -> None:
    """It came while both pilots flew; the others of the registry are not touched."""
    ground = Ground(tmp_path / "people")
    ground.registrar.add_user(user())
    for name, opens in (("one", "key-1"), ("two", "key-2")):
        ground.registrar.add_account(account(name, mode="practice", url=URL), Keys(Secret(opens), Secret("secret-0123456789")))
    settings = trader(tmp_path, "fleet").model_copy(update={"people": tmp_path / "people"})
    told: list[str] = []
    accounts = LaunchedAccounts(settings, "ramp", tmp_path / "state")
    ours = LaunchMembers(settings, ground.registry, accounts, told.append)
    launch(tmp_path, "other", "beta").take("main", key("key-2"))
    seated = [asyncio.run(ours.accounts()) for _ in range(2)]
    ground.close()
    assert [[each.account for each in found] for found in seated] == [["one"], ["one"]]
    assert len(told) == 1
    assert told[0].startswith("account two gets no lease here: account two is under the launch of plan beta beside ")


def test_of_a_registry_an_account_of_another_launch_keeps_a_pilot_from_its_start(tmp_path: Path) -> None:
    ground = Ground(tmp_path / "people")
    ground.registrar.add_user(user())
    ground.registrar.add_account(account("two", mode="practice", url=URL), Keys(Secret("key-2"), Secret("secret-0123456789")))
    settings = trader(tmp_path, "fleet").model_copy(update={"people": tmp_path / "people"})
    launch(tmp_path, "other", "beta").take("main", key("key-2"))
    ours = LaunchMembers(settings, ground.registry, LaunchedAccounts(settings, "ramp", tmp_path / "state"), print)
    with pytest.raises(AccountTaken, match="account two is under the launch of plan beta"):
        ours.take_all()
    ground.close()
