"""`fairway kill` sets its latch before it needs a key, a venue, a registry or a sound configuration."""

import subprocess
from pathlib import Path

import pytest
from tests.pure.cli.programs import FAIRWAY

from fairway.cli import run
from fairway.risk.disposal import Disposal
from fairway.settings import load
from fairway.settings.latch_place import latch_place
from fairway.trading.latch import FileLatch, KillScope

CONFIG = """
mode: practice
venue: {exchange: binance, url: http://127.0.0.1:9, key: env:NO_SUCH_KEY, secret: env:NO_SUCH_SECRET}
symbols: [BTC/USDT, ETH/USDT]
strategy: {name: trend}
journal: data/bot.journal
account: ann1
"""
MANY = CONFIG.replace(", key: env:NO_SUCH_KEY, secret: env:NO_SUCH_SECRET", "") + "people: bot.people\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A bot's directory: a configuration, and a journal in a directory below it."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "bot.journal").touch()
    (tmp_path / "bot.yaml").write_text(CONFIG)
    return tmp_path


def kill(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """In an empty environment: no key, no HOME, no USER, no PATH."""
    line = [FAIRWAY, "kill", str(folder / "bot.yaml"), "--reason", "it buys", *words]
    return subprocess.run(line, env={}, capture_output=True, text=True, timeout=90, check=False)


def latches(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.kill"))


def scopes(folder: Path, account: str = "ann1") -> list[KillScope]:
    """What a trader of this account reads there."""
    return [killed.scope for killed in FileLatch(folder, account, ["BTC/USDT"], "ann1").read()]


def test_without_the_key_variable_the_latch_is_set_and_the_rest_is_told(folder: Path) -> None:
    done = kill(folder)
    assert latches(folder) == ["data/ann1.kill"]
    assert done.returncode == 3, done
    assert f"latched: {folder / 'data' / 'ann1.kill'}" in done.stdout
    assert "NOTHING was done at the venue: the environment variable NO_SUCH_KEY is not set" in done.stderr
    assert f"fairway kill {folder / 'bot.yaml'} --reason 'it buys'" in done.stderr
    assert "docs/how-to/close-by-hand.md" in done.stderr


def test_on_a_full_disk_the_latch_is_an_empty_file_and_that_is_told(folder: Path) -> None:
    for words, disposal in ((), Disposal.KEEP_STOPS), (("--flatten",), Disposal.FLATTEN):
        (folder / "data" / "ann1.kill.new").symlink_to("/dev/full")
        done = kill(folder, *words)
        assert latches(folder) == ["data/ann1.kill"]
        [killed] = FileLatch(folder / "data", "ann1", ["BTC/USDT"], "ann1").read()
        assert (killed.scope, killed.disposal) == (KillScope.ACCOUNT, disposal)
        assert "latched, but its reason could not be written (No space left on device): " in done.stdout
        assert "NOT LATCHED" not in done.stdout + done.stderr


def test_an_account_of_many_is_latched_although_the_registry_cannot_be_opened(folder: Path) -> None:
    (folder / "bot.yaml").write_text(MANY)
    (folder / "bot.people").write_text("this is no database")
    done = kill(folder, "--account", "bob1")
    assert latches(folder) == ["data/bob1.kill"]
    assert done.returncode == 6, done
    assert "NOTHING was done at the venue: " in done.stderr


def test_all_accounts_are_latched_although_the_registry_cannot_be_opened(folder: Path) -> None:
    (folder / "bot.yaml").write_text(MANY)
    (folder / "bot.people").write_text("this is no database")
    assert kill(folder, "--scope", "bot").returncode == 6
    assert latches(folder) == ["data/ann1.bot.kill"]
    assert scopes(folder / "data", "bob1") == [KillScope.BOT]


def test_a_registry_on_a_server_that_is_away_keeps_no_latch_from_being_set(folder: Path) -> None:
    away = "postgresql://ann@127.0.0.1:9/people"
    (folder / "bot.yaml").write_text(MANY.replace("bot.people", away).replace("data/bot.journal", f"{away}\nlatch: data"))
    done = kill(folder, "--scope", "bot")
    assert latches(folder) == ["data/ann1.bot.kill"]
    assert done.returncode == 14, done


def test_a_missing_master_key_keeps_no_latch_from_being_set(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    for name, text in (("key", "k"), ("secret", "s")):
        (folder / name).write_text(text)
        (folder / name).chmod(0o600)
    master = ("--master-key", f"file:{folder / 'master'}", "--registry", "bot.people")
    url = ("--mode", "practice", "--url", "http://127.0.0.1:9", "--key", "file:key", "--secret", "file:secret", "--offline")
    assert run(["users", "add", "ann", "--role", "trader", *master[2:]]) == 0
    assert run(["vault", "init", *master]) == 0
    assert run(["accounts", "add", "ann2", "--user", "ann", "--exchange", "binance", *url, *master]) == 0
    (folder / "bot.yaml").write_text(MANY + f"master_key: file:{folder / 'master'}\n")
    (folder / "master").unlink()
    done = kill(folder, "--account", "ann2")
    assert latches(folder) == ["data/ann2.kill"]
    assert done.returncode == 3, done
    assert "there is no master key in" in done.stderr
    stranger = kill(folder, "--account", "eve")
    assert stranger.returncode == 2, stranger
    assert "this bot has no account eve; it has ann2" in stranger.stderr


def test_an_account_that_the_bot_has_not_latches_no_other(folder: Path) -> None:
    done = kill(folder, "--account", "bob")
    assert latches(folder) == []
    assert done.returncode == 2, done
    assert "NOTHING is latched: this bot has no account bob; it has ann1" in done.stderr
    assert f"fairway kill {folder / 'bot.yaml'} --account ann1 --reason 'it buys'" in done.stderr


def test_of_many_accounts_none_is_named_so_all_are_latched(folder: Path) -> None:
    (folder / "bot.yaml").write_text(MANY)
    done = kill(folder, "--flatten")
    assert latches(folder) == ["data/ann1.bot.kill"]
    assert done.returncode == 2, done
    assert "--account" in done.stderr
    assert "keep-stops" in (folder / "data" / "ann1.bot.kill").read_text(), "nobody sells what was not named"


BROKEN = {
    "another value is wrong": CONFIG.replace("[BTC/USDT, ETH/USDT]", "[BTC-USDT]"),
    "the strategy is gone": CONFIG.replace("trend", "moon"),
    "a bracket is open": CONFIG.replace("ETH/USDT]", "ETH/USDT"),
    "a tab": CONFIG.replace("mode:", "\tmode:"),
    "a key stands twice": CONFIG + "mode: live\n",
    "it is half in another coding": CONFIG,
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_configuration_with_a_mistake_elsewhere_latches_its_account(folder: Path, what: str) -> None:
    damage = b"# \xff\xfe\n" if "coding" in what else b""
    (folder / "bot.yaml").write_bytes(BROKEN[what].encode() + damage)
    done = kill(folder, "--flatten")
    assert latches(folder) == ["data/ann1.kill"], done
    assert done.returncode == 3, done
    assert "NOTHING was done at the venue" in done.stderr
    assert "flatten" in (folder / "data" / "ann1.kill").read_text()


UNREADABLE = {
    "the journal's key is misspelt": (CONFIG.replace("journal:", "jurnal:"), ["all.kill", "data/all.kill"]),
    "the journal's colon is missing": (CONFIG.replace("journal:", "journal"), ["all.kill", "data/all.kill"]),
    "the account's key is misspelt": (CONFIG.replace("account:", "acount:"), ["all.kill", "data/all.kill"]),
    "the account is no name": (CONFIG.replace("ann1", "Ann One"), ["data/all.kill"]),
    "it is empty": ("", ["all.kill", "data/all.kill"]),
    "it is one list": ("- journal\n", ["all.kill", "data/all.kill"]),
    "its journal's directory is not there": (
        CONFIG.replace("data/", "date/").replace("trend", "moon"),
        ["all.kill", "data/all.kill"],
    ),
    "its journal is in a database": (
        CONFIG.replace("data/bot.journal", "postgresql://ann@nowhere/bot"),
        ["all.kill", "data/all.kill"],
    ),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_a_configuration_that_does_not_tell_its_account_latches_all_that_is_near(folder: Path, what: str) -> None:
    text, expected = UNREADABLE[what]
    (folder / "bot.yaml").write_text(text)
    done = kill(folder)
    assert latches(folder) == expected, done
    assert done.returncode == 3, done
    assert scopes(folder / "data") == [KillScope.ALL]
    assert "every bot" in done.stdout


def test_a_bot_that_may_carry_many_accounts_is_latched_as_a_whole(folder: Path) -> None:
    (folder / "bot.yaml").write_text(CONFIG + "poeple: bot.people\n")
    assert kill(folder).returncode == 3
    assert latches(folder) == ["ann1.bot.kill", "data/ann1.bot.kill"]
    assert scopes(folder / "data", "bob1") == scopes(folder / "data", "ann1") == [KillScope.BOT]


def test_a_configuration_that_is_not_there_latches_all_that_is_near_and_asks_for_the_right_one(folder: Path) -> None:
    (folder / "bot.yaml").unlink()
    done = kill(folder)
    assert latches(folder) == ["all.kill", "data/all.kill"]
    assert done.returncode == 3, done
    assert "there is no such file" in done.stderr
    assert "a bot whose journal lies elsewhere is NOT latched" in done.stdout


def test_a_pair_is_latched_alone_also_where_the_rest_cannot_be_read(folder: Path) -> None:
    (folder / "bot.yaml").write_text(BROKEN["a bracket is open"])
    assert kill(folder, "--scope", "symbol", "--symbol", "BTC/USDT").returncode == 3
    assert latches(folder) == ["data/ann1.BTC-USDT.kill"]


def test_a_terminal_that_is_gone_does_not_keep_the_kill_from_the_latch(folder: Path) -> None:
    line = f"{FAIRWAY} kill {folder / 'bot.yaml'} --reason x >&- 2>&-"
    subprocess.run(["sh", "-c", line], env={}, timeout=90, check=False)
    assert latches(folder) == ["data/ann1.kill"]
    (folder / "data" / "ann1.kill").unlink()
    with open("/dev/full", "w") as full:
        subprocess.run(
            [FAIRWAY, "kill", str(folder / "bot.yaml"), "--reason", "x"], stdout=full, stderr=full, timeout=90, check=False
        )
    assert latches(folder) == ["data/ann1.kill"]


@pytest.mark.parametrize(
    "changes", [{}, {"journal: data/bot.journal\n": ""}, {"account: ann1\n": ""}, {"account: ann1": "latch: elsewhere"}]
)
def test_what_is_read_of_a_sound_configuration_is_what_its_trader_reads(folder: Path, changes: dict[str, str]) -> None:
    """The reading that forgives mistakes must not differ from the one that does not."""
    text = CONFIG
    for old, new in changes.items():
        text = text.replace(old, new)
    (folder / "bot.yaml").write_text(text)
    settings, place = load(folder / "bot.yaml"), latch_place(folder / "bot.yaml")
    assert [each.absolute() for each in place.folders] == [settings.latch_folder]
    assert (place.account, place.symbols, place.has_many) == (settings.account, settings.symbols, False)
