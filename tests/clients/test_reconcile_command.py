"""`fairway reconcile` against a served exchange: it says where journal and venue differ, and changes nothing."""

import signal
import subprocess
from pathlib import Path

from tests.clients.real_time.test_run_in_real_time import PROTECTED, begun, open_orders
from tests.clients.served import Account, Served
from tests.clients.test_kill import bot
from tests.pure.cli.programs import FAIRWAY, PATIENCE_S, read_until, stopped

from fairway.journal.sql import open_reader


def reconciled(folder: Path, account: Account) -> "subprocess.CompletedProcess[str]":
    env = {"TEST_KEY": account.key, "TEST_SECRET": account.secret}
    line = [FAIRWAY, "reconcile", str(folder / "fairway.yaml")]
    return subprocess.run(line, env=env, capture_output=True, text=True, timeout=PATIENCE_S, check=False)


def records(folder: Path) -> int:
    with open_reader(folder / "fairway.journal") as journal:
        return sum(1 for _ in journal.read())


def test_a_running_trader_and_its_venue_agree(served: Served, tmp_path: Path) -> None:
    """Exit code 0, beside the trader that goes on writing."""
    account = bot(served, tmp_path)
    running = begun(tmp_path, account)
    read_until(running, PROTECTED)
    done = reconciled(tmp_path, account)
    stopped(running)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert done.stdout.startswith("journal and venue agree in all balances and orders (open orders: ")


def test_what_happened_while_the_trader_was_dead_is_named(served: Served, tmp_path: Path) -> None:
    """A deposit and a key that may withdraw: exit code 1, a sentence for each, and not a record more in the journal."""
    account = bot(served, tmp_path)
    running = begun(tmp_path, account)
    read_until(running, PROTECTED)
    running.send_signal(signal.SIGKILL)
    running.communicate()
    before, resting = records(tmp_path), open_orders(served, account)
    served.practice("POST", f"/accounts/{account.name}/deposits", {"asset": "USDT", "amount": "250"})
    served.practice("PUT", f"/accounts/{account.name}/rights", {"withdrawals": True})
    done = reconciled(tmp_path, account)
    assert (done.returncode, done.stderr) == (1, "")
    assert "! the venue holds 250 USDT more than is explained\n" in done.stdout
    assert "! the key may withdraw, which no trader needs\n" in done.stdout
    assert len(done.stdout.splitlines()) == 3
    assert records(tmp_path) == before
    assert open_orders(served, account) == resting


def test_without_a_journal_there_is_nothing_to_compare(served: Served, tmp_path: Path) -> None:
    """One sentence, and the exit code of a journal that is not there."""
    done = reconciled(tmp_path, bot(served, tmp_path))
    assert done.returncode == 5
    assert len(done.stderr.splitlines()) == 1
