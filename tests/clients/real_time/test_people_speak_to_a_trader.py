"""`fairway pause`, `lift`, `lease` and `caps` beside a trader that runs in real time against a served exchange."""

import os
import re
import signal
import subprocess
from pathlib import Path

from tests.clients.real_time.test_many_accounts_in_real_time import Office
from tests.clients.real_time.test_run_in_real_time import CONFIG, PROTECTED, begun, wait_for_catch_up
from tests.clients.served import Account, Served
from tests.pure.cli.programs import FAIRWAY, PATIENCE_S, read_until, stopped

from fairway.journal.sql import open_reader


def bot(served: Served, folder: Path, more: str = "") -> Account:
    (folder / "fairway.yaml").write_text(CONFIG.format(url=served.url) + more)
    return served.account({"USDT": "10000"})


TRIES = 20


def fairway(command: str, folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """In the bot's own directory, without any key: whoever speaks to a trader needs none."""
    line = [FAIRWAY, command, "fairway.yaml", *words]
    env = {**os.environ, "COLUMNS": "100"}
    return subprocess.run(line, cwd=folder, env=env, capture_output=True, text=True, timeout=PATIENCE_S, check=False)


def said(command: str, folder: Path, *words: str) -> str:
    """What a command that was obeyed printed last."""
    done = fairway(command, folder, *words, "--by", "ann")
    assert (done.returncode, done.stderr) == (0, ""), done
    return done.stdout.splitlines()[-1]


def taken(folder: Path) -> list[str]:
    """What the trader heard, oldest first."""
    with open_reader(folder / "fairway.journal") as journal:
        return [record.body.decode() for record in journal.read() if record.kind == "InstructionTaken"]


def test_a_running_trader_is_paused_and_goes_on_and_says_so(served: Served, tmp_path: Path) -> None:
    """Within three seconds each; what is held stays protected, and `caps` tells while it lasts."""
    account = bot(served, tmp_path)
    running = begun(tmp_path, account)
    read_until(running, PROTECTED)
    lift = "fairway lift fairway.yaml paused --reason"
    assert said("pause", tmp_path, "--reason", "lunch") == f'main: done; it opens nothing; to go on: {lift} "..."'
    read_until(running, "paused by ann: lunch")
    told = fairway("caps", tmp_path).stdout
    assert told.startswith(
        "main opens nothing\n  paused\n    what   opens nothing; what is held stays protected, and may be sold\n"
    )
    assert "why    paused by ann: lunch" in told
    assert f'ends   by a person:  {lift} "..."' in told
    back = said("lift", tmp_path, "paused", "--reason", "back")
    assert back == "main: done; what else is in force: fairway caps fairway.yaml"
    assert fairway("caps", tmp_path).stdout.startswith("main may open positions\n")
    stopped(running)


def test_what_was_said_while_nobody_ran_is_obeyed_at_the_start_and_only_once(served: Served, tmp_path: Path) -> None:
    """Paused before its first start it buys nothing; kill -9 and a new start take no instruction a second time."""
    account = bot(served, tmp_path)
    early = fairway("pause", tmp_path, "--reason", "not yet")
    assert (early.returncode, early.stderr) == (1, "")
    assert "no trader has answered: where none runs, the next start obeys" in early.stdout
    running = begun(tmp_path, account)
    read_until(running, "not bought")
    assert said("lift", tmp_path, "paused", "--reason", "now") == "main: done; what else is in force: fairway caps fairway.yaml"
    read_until(running, PROTECTED)
    running.send_signal(signal.SIGKILL)
    running.communicate()
    heard = taken(tmp_path)
    running = begun(tmp_path, account)
    read_until(running, "Started, start number 2")
    everyone = fairway("pause", tmp_path, "--reason", "all is strange", "--everyone", "--by", "ann")
    assert everyone.returncode == 0, everyone
    assert taken(tmp_path) == [*heard, '{"number":3,"what":"StopEveryone","by":"ann","refused":""}']
    assert "stopped by ann: all is strange" in fairway("caps", tmp_path).stdout
    stopped(running)


def test_a_trader_that_needs_a_lease_buys_only_with_one(served: Served, tmp_path: Path) -> None:
    """Before, it refuses; then it buys; a second one of the same epoch renews it."""
    account = bot(served, tmp_path, "lease: true\n")
    running = begun(tmp_path, account)
    read_until(running, "not bought")
    granted = said("lease", tmp_path, "--for", "12h", "--reason", "watching it")
    assert granted.startswith("main: done; it may open positions until 2")
    read_until(running, PROTECTED)
    assert said("lease", tmp_path, "--for", "1d", "--reason", "still here", "--new-epoch").startswith("main: done; ")
    with open_reader(tmp_path / "fairway.journal") as journal:
        leases = [record.body.decode() for record in journal.read() if record.kind == "LeaseAccepted"]
    assert ['"epoch":1,' in leases[0], '"epoch":2,' in leases[1]] == [True, True]
    stopped(running)


def test_one_account_of_many_is_paused_and_then_everyone_is_stopped(served: Served, tmp_path: Path) -> None:
    """Each answers for itself; which one is meant must be said."""
    office = Office(tmp_path, served)
    for user in ("ann", "bob"):
        office.ask("users", "add", user, "--role", "trader")
        office.add(f"{user}1", user)
    running = office.run()
    read_until(running, "1: Started")
    read_until(running, "1: Started")
    unclear = fairway("pause", tmp_path, "--reason", "odd fills")
    assert unclear.returncode == 2
    assert unclear.stderr.startswith("fairway: this trader carries a registry's accounts; say which with --account: ")
    lift = "fairway lift fairway.yaml paused --account bob1 --reason"
    told = said("pause", tmp_path, "--reason", "odd fills", "--account", "bob1")
    assert told == f'bob1: done; it opens nothing; to go on: {lift} "..."'
    done = fairway("pause", tmp_path, "--reason", "all is strange", "--everyone")
    assert done.returncode == 0, done
    assert sorted(line.split(":")[0] for line in done.stdout.splitlines()[1:]) == ["ann1", "bob1"]
    caps = fairway("caps", tmp_path, "--account", "ann1").stdout
    assert caps.startswith("ann1 opens nothing\n")
    assert "\n  breaker L3\n" in caps, "beside it may stand a cap of a slow machine, such as one of a journal that is late"
    stopped(running)


def test_a_signal_buys_once_and_a_signal_sells(served: Served, tmp_path: Path) -> None:
    """The answer comes from the running trader; the same signal again is answered with its code."""
    account = bot(served, tmp_path)
    file = tmp_path / "fairway.yaml"
    file.write_text(
        re.sub(
            r"^strategy:.*\n(?:  .*\n)*",
            "strategy: {name: signals, range_bars: 2, stop_ranges: 20, target_ranges: 20}\n",
            file.read_text(),
            flags=re.M,
        )
    )
    running = begun(tmp_path, account)
    read_until(running, "Started")
    wait_for_catch_up(tmp_path / "fairway.journal", 1)
    for number in range(1, TRIES):  # until it has seen a first price
        buy = ("buy", "BTCUSDT", "--id", str(number), "--source", "tv", "--number", str(number), "--expected", "flat")
        done = fairway("signal", tmp_path, *buy)
        if "DATA_MISSING" not in done.stdout:
            break
    assert done.stdout.splitlines()[-1].startswith("main: done; "), done
    read_until(running, PROTECTED)
    again = fairway("signal", tmp_path, *buy)
    assert again.returncode == 1
    assert "main: NOT DONE: the same signal was received before" in again.stdout
    sell = ("sell", "BTCUSDT", "--id", "out", "--source", "tv", "--number", str(number + 1))
    assert said("signal", tmp_path, *sell).startswith("main: done; ")
    read_until(running, "to be sold: signal tv/out")
    stopped(running)
