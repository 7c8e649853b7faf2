"""`fairway run` with a registry: users' accounts in one process, added, paused and removed while it runs."""

import signal
import subprocess
from pathlib import Path

from tests.clients.served import Account, Served
from tests.pure.cli.programs import FAIRWAY, PATIENCE_S, read_until, started, stopped

CONFIG = """
mode: practice
venue: {{exchange: binance, url: {url}}}
people: fairway.people
master_key: file:master-key
symbols: [BTC/USDT]
interval: 1s
strategy: {{name: trend, breakout_bars: 2, exit_bars: 500, trend_bars: 2, range_bars: 2, stop_ranges: 20, target_ranges: 100}}
"""


class Office:
    """A folder with a configuration, a registry and a vault, and the commands that change them."""

    def __init__(self, folder: Path, served: Served) -> None:
        self.folder, self._served = folder, served
        (folder / "fairway.yaml").write_text(CONFIG.format(url=served.url))
        self.ask("vault", "init")

    def ask(self, *words: str, env: dict[str, str] | None = None) -> str:
        """What a command printed. It must end well."""
        line = [FAIRWAY, *words, "--registry", "fairway.people", "--master-key", "file:master-key", "--by", "operator"]
        done = subprocess.run(
            line, env=env or {}, cwd=self.folder, capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
        assert done.returncode == 0, done
        return done.stdout

    def add(self, name: str, user: str) -> Account:
        account = self._served.account({"USDT": "10000"})
        env = {"K": account.key, "S": account.secret}
        where = ("--exchange", "binance", "--mode", "practice", "--url", self._served.url)
        self.ask("accounts", "add", name, "--user", user, *where, "--key", "env:K", "--secret", "env:S", env=env)
        return account

    def kill(self, *words: str) -> "subprocess.CompletedProcess[str]":
        line = [FAIRWAY, "kill", str(self.folder / "fairway.yaml"), "--reason", "a test", "--by", "operator", *words]
        return subprocess.run(line, capture_output=True, text=True, timeout=PATIENCE_S, check=False)

    def look(self, command: str, *words: str) -> "subprocess.CompletedProcess[str]":
        line = [FAIRWAY, command, str(self.folder / "fairway.yaml"), *words]
        return subprocess.run(line, capture_output=True, text=True, timeout=PATIENCE_S, check=False)

    def run(self) -> "subprocess.Popen[str]":
        return started("run", self.folder / "fairway.yaml")


def test_accounts_come_pause_and_go_while_the_trader_runs(served: Served, tmp_path: Path) -> None:
    """Each is traded under its own name; a paused one opens nothing; a removed one is let go; the others never stop."""
    office = Office(tmp_path, served)
    office.ask("users", "add", "ann", "--role", "trader")
    office.ask("users", "add", "bob", "--role", "trader")
    keys = [office.add("ann1", "ann")]
    running = office.run()
    read_until(running, "ann1: Started: trend on BTC/USDT at binance, account ann1")
    keys.append(office.add("bob1", "bob"))
    read_until(running, "bob1: Started")
    read_until(running, "bob1: The account is of the kind SPOT")
    checked = office.look("doctor")
    assert (checked.returncode, checked.stderr) == (0, ""), checked
    assert "fairway.people has ann1, bob1 at binance" in " ".join(checked.stdout.split())
    compared = office.look("reconcile")
    assert (compared.returncode, compared.stderr) == (0, ""), compared
    agree = "journal and venue agree in all balances and orders"
    assert [line.partition(" (")[0] for line in compared.stdout.splitlines()] == [f"ann1: {agree}", f"bob1: {agree}"]
    one = office.look("reconcile", "--account", "bob1")
    assert [line.partition(" (")[0] for line in one.stdout.splitlines()] == [f"bob1: {agree}"]
    office.ask("accounts", "pause", "bob1", "--reason", "a look at it")
    read_until(running, "bob1: The account takes no new positions: paused by operator: a look at it")
    office.ask("accounts", "resume", "bob1", "--reason", "it is fine")
    read_until(running, "bob1: Lifted by registry: registry (resumed)")
    done = office.kill("--account", "ann1", "--scope", "account")
    assert (done.returncode, done.stderr) == (0, ""), done
    read_until(running, "ann1: ! The account is killed: a test (operator, keep-stops)")
    done = office.kill("--scope", "bot")
    assert (done.returncode, done.stderr) == (0, ""), done
    read_until(running, "bob1: ! The account is killed: a test (operator, keep-stops)")
    office.ask("accounts", "remove", "bob1", "--reason", "gone", "--keep-positions")
    read_until(running, "bob1: Stopped")
    ended = stopped(running)
    assert (ended.code, ended.err) == (0, ""), ended
    assert "ann1: Stopped." in ended.out
    told = "".join(path.read_text("latin-1") for path in tmp_path.rglob("*") if path.is_file())
    assert not [key for account in keys for key in (account.key, account.secret) if key in told]


def test_a_signal_kills_every_account_of_the_trader(served: Served, tmp_path: Path) -> None:
    """SIGUSR1, as docs/how-to/kill-and-resume.md says: the trader lives on, and each account is killed with its stops kept."""
    office = Office(tmp_path, served)
    office.ask("users", "add", "ann", "--role", "trader")
    office.add("ann1", "ann")
    office.add("ann2", "ann")
    running = office.run()
    read_until(running, "ann2: Started")
    running.send_signal(signal.SIGUSR1)
    read_until(running, "ann2: ! The account is killed: the signal SIGUSR1 (the sender of the signal, keep-stops)")
    assert [path.name for path in tmp_path.glob("*.kill")] == ["main.bot.kill"]
    ended = stopped(running)
    assert (ended.code, ended.err) == (0, ""), ended
