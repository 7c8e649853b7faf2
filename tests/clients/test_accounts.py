"""`fairway users`, `accounts` and `vault` against a served exchange: keys are looked at, kept closed, and show nowhere."""

import io
import logging
import subprocess
import sys
from base64 import b64encode
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.clients.served import Account, Served
from tests.pure.cli.programs import FAIRWAY, PATIENCE_S

from fairway.cli import run
from fairway.cli.exits import ExitCode
from fairway.people.account import KeyCheck
from fairway.people.lifecycle import LifecycleState
from fairway.people.master_key import fresh_from, master_keys
from fairway.people.registry import Registry
from fairway.people.tables import Tables
from fairway.people.vault import Vault
from fairway.world.chance import SystemChance


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


class Person:
    """Somebody with a home and a folder of their own, and all that they were told."""

    def __init__(self, folder: Path, served: Served, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]) -> None:
        self.folder, self.home, self.served = folder / "work", folder / "home", served
        self._patch, self._capture = patch, capture
        self.told: list[str] = []
        for each in (self.folder, self.home):
            each.mkdir()
        patch.chdir(self.folder)
        patch.setenv("HOME", str(self.home))
        patch.setenv("COLUMNS", "80")

    def does(self, *words: str, typed: str = "", env: Mapping[str, str] | None = None) -> Done:
        """One command. In this process, because each one of its own would import a second's worth of exchange client."""
        with self._patch.context() as patch:
            patch.setattr(sys, "stdin", io.StringIO(typed))
            for name, value in (env or {}).items():
                patch.setenv(name, value)
            code = run(words)
        told = self._capture.readouterr()
        self.told += [told.out, told.err]
        return Done(code, told.out, told.err)

    def starts(self, *words: str, typed: str = "") -> Done:
        """One command as a shell starts it, in a process of its own."""
        line = [FAIRWAY, *words]
        done = subprocess.run(line, input=typed, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
        self.told += [done.stdout, done.stderr]
        return Done(done.returncode, done.stdout, done.stderr)

    def begins(self) -> None:
        assert self.does("users", "add", "ann", "--role", "trader").returncode == 0
        assert self.does("vault", "init").returncode == 0

    def adds(self, account: Account, *words: str, name: str = "ann1", in_a_process: bool = False) -> Done:
        """The keys come as two lines of the standard input."""
        where = ("--user", "ann", "--exchange", "binance", "--mode", "practice", "--url", self.served.url)
        do = self.starts if in_a_process else self.does
        return do("accounts", "add", name, *where, *words, typed=f"{account.key}\n{account.secret}\n")

    @property
    def registry(self) -> Registry:
        """As a trader reads it."""
        place = f"file:{self.home}/.fairway/master-key"
        vault = Vault(lambda: master_keys(place), fresh_from(SystemChance()))
        return Registry(Tables(self.folder / "fairway.people"), vault)

    def keys(self, name: str = "ann1") -> tuple[str, str]:
        keys = self.registry.keys_of(name)
        return keys.key.reveal(), keys.secret.reveal()


@pytest.fixture
def ann(tmp_path: Path, served: Served, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Person:
    person = Person(tmp_path, served, monkeypatch, capsys)
    person.begins()
    return person


def test_right_keys_are_taken_in_and_told_of(ann: Person, served: Served) -> None:
    """What the exchange says of them is said, and stands in the list."""
    mine = served.account()
    done = ann.adds(mine)
    assert (done.returncode, done.stderr) == (0, "")
    assert "the key cannot withdraw" in done.stdout
    assert "the key reads and trades" in done.stdout
    assert "the key works from every address" in done.stdout
    assert f"account ann1 is added: binance practice {served.url}, for ann." in done.stdout
    assert ann.keys() == (mine.key, mine.secret)
    assert "trades, cannot withdraw" in ann.does("accounts", "list").stdout


@pytest.mark.parametrize(
    ("rights", "why"),
    [
        ({"withdrawals": True}, "the key may withdraw: make a key without that right, and delete this one at the venue"),
        ({"spot_trading": False}, "the key may not trade: switch on reading and spot trading for it at the venue"),
    ],
)
def test_keys_that_withdraw_or_do_not_trade_are_not_taken_in(
    ann: Person, served: Served, rights: Mapping[str, bool], why: str
) -> None:
    """What a thief could empty is refused (failure case K1), and so is what is of no use."""
    done = ann.adds(served.account(rights=rights))
    assert (done.returncode, done.stderr) == (ExitCode.NO, f"fairway: these keys are not taken in, for {why}\n")
    assert list(ann.registry.every_account()) == []


def test_keys_that_the_venue_refuses_change_nothing(ann: Person, served: Served) -> None:
    """When an account is added, and when it gets new ones: the old ones stay."""
    mine = served.account()
    wrong = Account(mine.name, mine.key, "wrong")
    done = ann.adds(wrong)
    assert done.returncode == ExitCode.KEY_REFUSED
    assert done.stderr.startswith("fairway: binance refuses these keys, so nothing was changed: ")
    assert list(ann.registry.every_account()) == []
    assert ann.adds(mine).returncode == 0
    rotated = ann.does("accounts", "rotate", "ann1", typed=f"{served.account().key}\nwrong\n")
    assert rotated.returncode == ExitCode.KEY_REFUSED
    assert ann.keys() == (mine.key, mine.secret)


def test_keys_are_rotated_when_the_venue_accepts_the_new_ones(ann: Person, served: Served) -> None:
    """From variables; a trader that looks sees another number. The same key again would be deleted at the venue by and by."""
    mine, new = served.account(), served.account()
    assert ann.adds(mine).returncode == 0
    version = ann.registry.version()
    same = ann.does("accounts", "rotate", "ann1", typed=f"{mine.key}\n{mine.secret}\n")
    assert same.stderr == "fairway: account ann1 has this key already; make a new one at the venue first\n"
    where = ("--key", "env:NEW_KEY", "--secret", "env:NEW_SECRET")
    done = ann.does("accounts", "rotate", "ann1", *where, env={"NEW_KEY": new.key, "NEW_SECRET": new.secret})
    assert (done.returncode, done.stderr) == (0, "")
    assert "account ann1 has new keys, number 2." in done.stdout
    assert ann.registry.changed_since(version)
    assert ann.registry.accounts()[0].keys_version == 2
    assert ann.keys() == (new.key, new.secret)


def test_without_the_venue_keys_are_taken_in_only_where_told_so(ann: Person, served: Served) -> None:
    """And the list says that nobody looked at them."""
    mine = Account("me", "k" * 64, "s" * 64)
    ann.served = Served("http://127.0.0.1:9", "", "", 0)
    done = ann.adds(mine)
    assert done.returncode == ExitCode.VENUE_UNREACHABLE
    assert done.stderr.startswith("fairway: these keys could not be checked, so nothing was changed: ")
    assert done.stderr.endswith("; --offline takes them in unchecked\n")
    assert list(ann.registry.every_account()) == []
    assert ann.adds(mine, "--offline").returncode == 0
    assert ann.registry.accounts()[0].key_check is KeyCheck.NOT_CHECKED
    assert "not checked" in ann.does("accounts", "list").stdout


def test_an_account_with_a_position_or_orders_stays(ann: Person, served: Served) -> None:
    """By the exchange's word; what is left there is named, also where a person leaves it there."""
    mine = served.account({"USDT": "1000", "BTC": "0.5"})
    assert ann.adds(mine, "--symbol", "BTC/USDT").returncode == 0
    stays = ann.does("accounts", "remove", "ann1", "--reason", "enough")
    assert stays.returncode == ExitCode.NO
    assert stays.stderr.startswith("fairway: account ann1 stays, for it still has 0.5 BTC at binance; end that first")
    assert ann.keys() == (mine.key, mine.secret)
    done = ann.does("accounts", "remove", "ann1", "--reason", "enough", "--keep-positions")
    assert (done.returncode, done.stderr) == (0, "")
    assert "At binance: 0.5 BTC stay, and Fairway does not watch them any more." in done.stdout
    assert ann.registry.account("ann1").state is LifecycleState.REMOVED


def test_an_account_with_an_open_order_of_ours_stays(ann: Person, served: Served) -> None:
    """Found by the account's id in the order's id; what somebody else placed there is nobody's business here."""
    mine = served.account({"USDT": "1000"})
    assert ann.adds(mine).returncode == 0
    served.order(mine, "web-1")
    served.order(mine, "fw-ann2-1-1-e")
    served.order(mine, "fw-ann1-1-1-e")
    stays = ann.does("accounts", "remove", "ann1", "--reason", "enough")
    assert stays.returncode == ExitCode.NO
    only = "it still has order fw-ann1-1-1-e (BTC/USDT 0.01 BTC) at binance"
    assert stays.stderr.startswith(f"fairway: account ann1 stays, for {only}; end that first")


def test_dust_is_no_position(ann: Person, served: Served) -> None:
    """What is less than a lot cannot be sold, so nobody has to."""
    assert ann.adds(served.account({"USDT": "1000", "BTC": "0.00000001"}), "--symbol", "BTC/USDT").returncode == 0
    done = ann.does("accounts", "remove", "ann1", "--reason", "enough")
    assert (done.returncode, done.stderr) == (0, "")
    assert "At binance: nothing of it is left." in done.stdout


def test_what_is_at_a_venue_that_does_not_answer_is_not_known(ann: Person) -> None:
    """Not knowing is not nothing: the account stays, unless a person says so."""
    ann.served = Served("http://127.0.0.1:9", "", "", 0)
    assert ann.adds(Account("me", "k", "s"), "--offline").returncode == 0
    stays = ann.does("accounts", "remove", "ann1", "--reason", "enough")
    assert stays.returncode == ExitCode.NO
    assert stays.stderr.startswith("fairway: account ann1 stays, for what it has at binance is not known (")
    done = ann.does("accounts", "remove", "ann1", "--reason", "enough", "--keep-positions")
    assert done.returncode == 0
    assert "At binance: what is there is not known (" in done.stdout


def test_the_master_key_is_rotated_in_its_file(ann: Person, served: Served) -> None:
    """A trader that runs reads on; the file then holds the new one alone; a wrong one opens nothing."""
    mine = served.account()
    assert ann.adds(mine).returncode == 0
    running = ann.registry
    assert running.keys_of("ann1").key.reveal() == mine.key
    path = ann.home / ".fairway" / "master-key"
    old = path.read_text()
    done = ann.does("vault", "rotate", "--reason", "yearly")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("all keys in the vault, 2 of them, are closed with the new master key ")
    assert path.read_text() != old
    assert len(path.read_text().split()) == 1
    assert running.keys_of("ann1").secret.reveal() == mine.secret
    path.write_text(old)
    done = ann.does("accounts", "rotate", "ann1", typed="a\nb\n")
    another = "the vault was closed with another master key than this; name the place of the right one"
    assert (done.returncode, done.stderr) == (ExitCode.VAULT, f"fairway: {another}\n")


def test_a_rotation_of_the_master_key_that_was_cut_short_is_finished(ann: Person, served: Served) -> None:
    """Both were in the file when it stopped; the next one makes no third."""
    mine = served.account()
    assert ann.adds(mine).returncode == 0
    path = ann.home / ".fairway" / "master-key"
    old = path.read_text()
    new = b64encode(b"n" * 32).decode()
    path.write_text(f"{new}\n{old}")
    assert ann.does("vault", "rotate").returncode == 0
    assert path.read_text() == f"{new}\n"
    assert ann.keys() == (mine.key, mine.secret)


def test_the_master_key_is_rotated_in_a_variable(ann: Person, served: Served) -> None:
    """The person puts the new one before the old one; without that it is said how."""
    old = (ann.home / ".fairway" / "master-key").read_text().strip()
    mine, new = served.account(), b64encode(b"n" * 32).decode()
    assert ann.adds(mine).returncode == 0
    words = ("vault", "rotate", "--master-key", "env:MASTER")
    done = ann.does(*words, env={"MASTER": old})
    how = "put a new one before it, with a space between them, and run this again"
    first = f"all of the vault is closed with the first master key in env:MASTER; {how}"
    assert (done.returncode, done.stderr) == (ExitCode.NO, f"fairway: {first}\n")
    assert ann.does(*words, env={"MASTER": f"{new} {old}"}).returncode == 0
    shown = ann.does("accounts", "remove", "ann1", "--reason", "x", "--master-key", "env:MASTER", env={"MASTER": new})
    assert "At binance: nothing of it is left." in shown.stdout


def test_a_lost_master_key_is_given_up_only_where_told_so(ann: Person, served: Served) -> None:
    """A second one is never made by mistake; afterwards each account takes new keys."""
    mine = served.account()
    assert ann.adds(mine).returncode == 0
    (ann.home / ".fairway" / "master-key").unlink()
    done = ann.does("vault", "init")
    assert done.returncode == ExitCode.NO
    assert done.stderr.startswith("fairway: the vault holds the keys of 1 accounts, which a new master key does not open; ")
    assert not (ann.home / ".fairway" / "master-key").exists()
    assert ann.does("vault", "init", "--replace", "--reason", "the disk died").returncode == 0
    assert ann.does("accounts", "rotate", "ann1", typed=f"{mine.key}\n{mine.secret}\n").returncode == 0
    assert ann.keys() == (mine.key, mine.secret)


def forms(secret: str) -> Sequence[bytes]:
    """A secret as it stands, and as somebody would find it without much trouble."""
    raw = secret.encode()
    return [raw, secret.encode("utf-16-le"), raw.hex().encode(), b64encode(raw), raw[::-1]]


def test_no_secret_shows_anywhere(ann: Person, served: Served, caplog: pytest.LogCaptureFixture) -> None:
    """After all that people do and get wrong: in no file but the master key's own, in no output, in no log."""
    caplog.set_level(logging.DEBUG)
    mine, new = served.account(), served.account()
    assert ann.adds(mine, in_a_process=True).returncode == 0
    ann.does("accounts", "add", "b", "--user", "ann", "--exchange", "binance", "--mode", "live", "--key", new.secret)
    ann.does("accounts", "rotate", "ann1", typed=f"{new.key}\n{mine.secret}\n")
    ann.does("accounts", "rotate", "ann1", "--master-key", new.secret, typed=f"{new.key}\n{new.secret}\n")
    (ann.folder / "open").write_text(new.secret)
    ann.does("accounts", "rotate", "ann1", "--key", "env:HOME", "--secret", "file:open")
    (ann.folder / "open").unlink()
    masters = [(ann.home / ".fairway" / "master-key").read_text().strip()]
    ann.does("vault", "rotate")
    masters.append((ann.home / ".fairway" / "master-key").read_text().strip())
    env = {"NEW_KEY": new.key, "NEW_SECRET": new.secret}
    assert ann.does("accounts", "rotate", "ann1", "--key", "env:NEW_KEY", "--secret", "env:NEW_SECRET", env=env).returncode == 0
    ann.does("accounts", "show", "ann1")
    assert ann.keys() == (new.key, new.secret)
    kept = [path.read_bytes() for path in (*ann.folder.rglob("*"), *ann.home.rglob("*")) if path.is_file()]
    kept = [text for text in kept if text.decode("latin-1").strip() not in masters]
    assert len(kept) >= 2, "the registry and its lock"
    everything = b"\n".join([*kept, *(text.encode() for text in ann.told), caplog.text.encode()])
    for secret in (mine.key, mine.secret, new.key, new.secret, *masters):
        assert not any(form in everything for form in forms(secret))


def test_a_whole_life_in_postgresql(ann: Person, served: Served, empty_postgres: str) -> None:
    """The place stands in a variable; a password on the command line is refused unrepeated."""
    mine, env = served.account(), {"FAIRWAY_REGISTRY": empty_postgres}
    refused = ann.does("users", "list", "--registry", "postgresql://ann:hush@127.0.0.1/fairway")
    assert refused.returncode == ExitCode.USAGE
    assert "--registry holds a password, and a command line shows in the list of processes" in refused.stderr
    assert "hush" not in refused.stderr
    assert ann.does("users", "list", env=env).returncode == ExitCode.JOURNAL_MISSING
    assert ann.does("users", "add", "ann", "--role", "trader", env=env).returncode == 0
    where = ("--user", "ann", "--exchange", "binance", "--mode", "practice", "--url", served.url)
    done = ann.does("accounts", "add", "ann1", *where, typed=f"{mine.key}\n{mine.secret}\n", env=env)
    assert (done.returncode, done.stderr) == (0, "")
    vault = Vault(lambda: master_keys(f"file:{ann.home}/.fairway/master-key"), fresh_from(SystemChance()))
    with closing(Tables(empty_postgres)) as tables:
        assert Registry(tables, vault).keys_of("ann1").secret.reveal() == mine.secret
    assert ann.does("accounts", "remove", "ann1", "--reason", "enough", env=env).returncode == 0
    assert "removed" in ann.does("accounts", "list", env=env).stdout
