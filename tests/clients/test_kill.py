"""`fairway kill` against a served exchange: with the trader dead and its journal gone; whoever comes back stays killed."""

import json
import shutil
import signal
import subprocess
from decimal import Decimal
from pathlib import Path

from tests.clients.real_time.test_run_in_real_time import CONFIG, PROTECTED, begun, open_orders
from tests.clients.served import Account, Served
from tests.pure.cli.programs import FAIRWAY, PATIENCE_S, Stopwatch, read_until, stopped

from fairway.journal.port import Record
from fairway.journal.sql import open_reader


def fairway(command: str, folder: Path, account: Account, *words: str) -> "subprocess.CompletedProcess[str]":
    env = {"TEST_KEY": account.key, "TEST_SECRET": account.secret}
    line = [FAIRWAY, command, str(folder / "fairway.yaml"), "--by", "ann", *words]
    return subprocess.run(line, env=env, capture_output=True, text=True, timeout=PATIENCE_S, check=False)


def killed(folder: Path, account: Account, *words: str) -> "subprocess.CompletedProcess[str]":
    reason = () if "--reason" in words else ("--reason", "it buys every second")
    return fairway("kill", folder, account, *reason, *words)


def doctor(folder: Path, account: Account) -> "subprocess.CompletedProcess[str]":
    env = {"TEST_KEY": account.key, "TEST_SECRET": account.secret}
    line = [FAIRWAY, "doctor", str(folder / "fairway.yaml")]
    return subprocess.run(line, env=env, capture_output=True, text=True, timeout=PATIENCE_S, check=False)


def bot(served: Served, folder: Path) -> Account:
    (folder / "fairway.yaml").write_text(CONFIG.format(url=served.url))
    return served.account({"USDT": "10000"})


def held(served: Served, account: Account) -> Decimal:
    balances = served.signed(account, "/api/v3/account")["balances"]
    return sum((Decimal(it["free"]) + Decimal(it["locked"]) for it in balances if it["asset"] == "BTC"), Decimal(0))


def test_a_dead_trader_without_a_journal_is_flattened_and_stays_killed(served: Served, tmp_path: Path) -> None:
    """SIGKILL, the database removed, kill with --flatten: flat at the exchange; started again, it refuses to buy."""
    account = bot(served, tmp_path)
    running = begun(tmp_path, account)
    read_until(running, PROTECTED)
    running.send_signal(signal.SIGKILL)
    running.communicate()
    (tmp_path / "fairway.journal").unlink()
    assert len(open_orders(served, account)) == 2
    done = killed(tmp_path, account, "--flatten")
    assert (done.returncode, done.stderr) == (0, "")
    assert "sold: " in done.stdout
    assert open_orders(served, account) == []
    assert held(served, account) < Decimal("0.00001"), "less than a lot"
    for file in tmp_path.glob("fairway.journal*"):
        file.unlink()
    running = begun(tmp_path, account)
    read_until(running, "The account is killed: it buys every second (ann, flatten)")
    read_until(running, "not bought: trading was killed, and waits for a person to resume it")
    stopped(running)


def test_a_trader_that_runs_hears_it_at_once(served: Served, tmp_path: Path) -> None:
    """Stops and targets stay, and are named with their ids."""
    account = bot(served, tmp_path)
    running = begun(tmp_path, account)
    read_until(running, PROTECTED)
    done = killed(tmp_path, account, "--account", "main")
    assert (done.returncode, done.stderr) == (0, "")
    assert all(order["clientOrderId"] in done.stdout for order in open_orders(served, account))
    assert len(open_orders(served, account)) == 2
    since = Stopwatch(running.pid)
    read_until(running, "The account is killed: it buys every second (ann, keep-stops)")
    assert since.seconds() < 2
    stopped(running)


def test_a_person_resumes_it_and_it_comes_back_small(served: Served, tmp_path: Path) -> None:
    """Not while the trader runs, not without a reason; then with a quarter of the size, and the latch gone."""
    account = bot(served, tmp_path)
    running = begun(tmp_path, account)
    read_until(running, PROTECTED)
    assert killed(tmp_path, account, "--flatten").returncode == 0
    while_it_runs = fairway("resume", tmp_path, account, "--reason", "feed mended")
    assert while_it_runs.returncode == 7, while_it_runs
    assert "stop that trader first" in while_it_runs.stderr
    stopped(running)
    assert fairway("resume", tmp_path, account, "--reason", "").returncode == 2
    assert len(list(tmp_path.glob("*.kill"))) == 1
    done = fairway("resume", tmp_path, account, "--reason", "feed mended")
    assert (done.returncode, done.stderr) == (0, ""), done
    assert done.stdout.startswith("resumed: kill account. It comes back small: one position at a time, a quarter of its size.\n")
    assert list(tmp_path.glob("*.kill")) == []
    running = begun(tmp_path, account)
    read_until(running, PROTECTED)
    stopped(running)
    with open_reader(tmp_path / "fairway.journal") as journal:
        kinds = [record.kind for record in journal.read()]
        sizes = [json.loads(record.body)["order"]["quantity"]["value"] for record in journal.read() if _is_entry(record)]
    assert kinds.count("CapLifted") == 1
    assert Decimal(sizes[-1]) < Decimal(sizes[0]) / 3
    nothing = fairway("resume", tmp_path, account, "--reason", "once more")
    assert (nothing.returncode, nothing.stderr) == (1, "fairway: nothing is killed, so there is nothing to resume\n")


def test_a_signal_kills_and_a_restart_leaves_it_killed(served: Served, tmp_path: Path) -> None:
    """SIGUSR1: the latch is set by the trader itself; kill -9 and a new start find it there."""
    account = bot(served, tmp_path)
    running = begun(tmp_path, account)
    read_until(running, PROTECTED)
    running.send_signal(signal.SIGUSR1)
    read_until(running, "The account is killed: the signal SIGUSR1 (the sender of the signal, keep-stops)")
    running.send_signal(signal.SIGKILL)
    running.communicate()
    assert len(open_orders(served, account)) == 2
    running = begun(tmp_path, account)
    read_until(running, "Started, start number 2")
    told = doctor(tmp_path, account)
    assert "killed" in told.stdout, told
    stopped(running)


def test_a_signal_kills_on_a_full_disk_and_where_it_cannot_that_is_told(served: Served, tmp_path: Path) -> None:
    account = bot(served, tmp_path)
    (tmp_path / "fairway.yaml").write_text(CONFIG.format(url=served.url) + "latch: disk\n")
    (tmp_path / "disk").mkdir()
    (tmp_path / "disk" / "main.kill.new").symlink_to("/dev/full")
    running = begun(tmp_path, account)
    read_until(running, PROTECTED)
    running.send_signal(signal.SIGUSR1)
    read_until(running, "The account is killed: the file main.kill is there, and does not say why")
    shutil.rmtree(tmp_path / "disk")
    running.send_signal(signal.SIGUSR1)
    read_until(running, "cannot be written: No such file or directory. Stop this process; stops stay at the venue.")
    assert "Traceback" not in stopped(running).err
    assert len(open_orders(served, account)) == 2


def test_where_the_cause_forbids_it_nothing_is_sold(served: Served, tmp_path: Path) -> None:
    """A position that may not be what it seems is not sold; its stop stays, and the answer says so."""
    account = bot(served, tmp_path)
    running = begun(tmp_path, account)
    read_until(running, PROTECTED)
    done = killed(tmp_path, account, "--flatten", "--cause", "mismatch")
    assert done.returncode == 1
    assert "NOT SOLD: with --cause mismatch nothing is sold" in done.stdout
    assert len(open_orders(served, account)) == 2
    stopped(running)


def test_a_latch_that_cannot_be_written_keeps_no_kill_from_the_exchange(served: Served, tmp_path: Path) -> None:
    """Its disk is gone while the trader is dead: the position is sold all the same, and what is not latched is said."""
    account = bot(served, tmp_path)
    (tmp_path / "fairway.yaml").write_text(CONFIG.format(url=served.url) + "latch: disk\n")
    (tmp_path / "disk").mkdir()
    running = begun(tmp_path, account)
    read_until(running, PROTECTED)
    running.send_signal(signal.SIGKILL)
    running.communicate()
    (tmp_path / "disk").rmdir()
    (tmp_path / "disk").write_text("what is left of it")
    done = killed(tmp_path, account, "--flatten")
    assert (done.returncode, done.stderr) == (1, ""), done
    assert "NOT LATCHED: " in done.stdout
    assert "stop it by its process" in done.stdout
    assert "who stops waiting has NO latch" in done.stdout
    assert "put that right and kill again" in done.stdout
    assert "leaves the latch set" not in done.stdout
    assert "fairway resume" not in done.stdout
    assert "sold: " in done.stdout
    assert open_orders(served, account) == []
    assert held(served, account) < Decimal("0.00001"), "less than a lot"


def _is_entry(record: Record) -> bool:
    return record.kind == "OrderSent" and json.loads(record.body)["order"]["role"] == "e"


def test_mistakes_on_its_command_line_set_no_latch(served: Served, tmp_path: Path) -> None:
    """One sentence each, and nothing has happened."""
    account = bot(served, tmp_path)
    for words, sentence in {
        ("--scope", "symbol"): "--symbol and --scope symbol go together, such as --scope symbol --symbol BTC/USDT",
        ("--symbol", "BTC/USDT"): "--symbol and --scope symbol go together, such as --scope symbol --symbol BTC/USDT",
        ("--scope", "symbol", "--symbol", "DOGE/USDT"): "--symbol DOGE/USDT is not traded by this bot; it trades BTC/USDT",
        ("--reason", " "): '--reason is empty; a right one is --reason "it buys every minute"',
    }.items():
        done = killed(tmp_path, account, *words)
        assert (done.returncode, done.stderr) == (2, f"fairway: {sentence}\n"), words
    assert list(tmp_path.glob("*.kill")) == []


def test_a_venue_that_does_not_answer_leaves_the_latch_set(served: Served, tmp_path: Path) -> None:
    """The key is wrong: said in a sentence of its own, after the latch."""
    account = bot(served, tmp_path)
    done = killed(tmp_path, Account(account.name, account.key, "wrong"))
    assert done.returncode == 10
    assert "latched: " in done.stdout
    assert [path.name for path in tmp_path.glob("*.kill")] == ["main.kill"]
