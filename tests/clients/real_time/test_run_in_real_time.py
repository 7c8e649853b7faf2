"""`fairway run` in real time against a served practice exchange: it trades, is stopped by Ctrl-C, and goes on where it was."""

import json
import signal
import subprocess
import threading
import time
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

import pytest
from tests.clients.served import Account, Served
from tests.prove.size import IS_WHOLE
from tests.pure.cli.programs import BOUND_S, FAIRWAY, PATIENCE_S, Ended, read_until, started, stopped

from fairway.journal.sql import open_reader

CONFIG = """
mode: practice
account: main
venue: {{exchange: binance, url: {url}, key: env:TEST_KEY, secret: env:TEST_SECRET}}
symbols: [BTC/USDT]
interval: 1s
strategy: {{name: trend, breakout_bars: 2, exit_bars: 500, trend_bars: 2, range_bars: 2, stop_ranges: 20, target_ranges: 100}}
"""


PROTECTED = "rest at the exchange"


def begun(folder: Path, account: Account, command: str = "run") -> "subprocess.Popen[str]":
    """On a machine that never drew anything: its fonts are looked for, and must not be waited for at the end."""
    fonts = mkdtemp(prefix="fonts-", dir=folder)
    env = {"TEST_KEY": account.key, "TEST_SECRET": account.secret, "MPLCONFIGDIR": fonts}
    return started(command, folder / "fairway.yaml", env=env)


def wait_for_catch_up(journal: Path, epoch: int) -> None:
    """Until the trader of this epoch has asked the venue for everything, which the journal tells."""
    ends_at = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends_at:
        with open_reader(journal) as reader:
            kinds = [(record.kind, record.body) for record in reader.read()]
        starts = [index for index, (kind, _) in enumerate(kinds) if kind == "TraderStarted"]
        if len(starts) == epoch and any(kind == "CaughtUp" and b"account" in body for kind, body in kinds[starts[-1] :]):
            return
        threading.Event().wait(0.1)
    raise AssertionError(f"epoch {epoch} did not catch up")


def open_orders(served: Served, account: Account) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = served.signed(account, "/api/v3/openOrders")
    return found


@pytest.fixture
def account(served: Served, tmp_path: Path) -> Account:
    """One with money, and a configuration of it."""
    (tmp_path / "fairway.yaml").write_text(CONFIG.format(url=served.url))
    return served.account({"USDT": "10000"})


def check(ended: Ended, code: int = 0, err: str = "") -> None:
    assert ended.took_s < BOUND_S, ended
    assert (ended.code, ended.err) == (code, err), ended


def test_a_run_trades_stops_within_two_seconds_and_goes_on_where_it_was(served: Served, account: Account, tmp_path: Path) -> None:
    """Stop and target rest at the exchange while nobody runs; the next start finds them, and its own journal, unchanged."""
    running = begun(tmp_path, account)
    read_until(running, PROTECTED)
    ended = stopped(running)
    check(ended)
    assert "Stopped. 2 protective orders stay at the venue" in ended.out
    resting = {order["clientOrderId"] for order in open_orders(served, account)}
    assert len(resting) == 2

    running = begun(tmp_path, account)
    wait_for_catch_up(tmp_path / "fairway.journal", epoch=2)
    check(stopped(running))
    assert resting == {order["clientOrderId"] for order in open_orders(served, account)}
    summary = json.loads((tmp_path / "report" / "summary.json").read_text())
    assert summary["tie_out"]["is_exact"] is True, summary["tie_out"]


def test_a_run_stops_within_two_seconds_though_the_venue_has_fallen_silent(
    served: Served, account: Account, tmp_path: Path
) -> None:
    """What rests there is told from the journal; without the venue's last word there is no report, and that is said."""
    running = begun(tmp_path, account)
    read_until(running, PROTECTED)
    with served.struck_dumb():
        ended = stopped(running)
    check(ended)
    assert "Stopped. 2 protective orders stay at the venue" in ended.out
    assert "No report: the venue did not tell the balances in time" in ended.out
    assert len(open_orders(served, account)) == 2


def test_a_report_that_does_not_tie_out_names_the_command_that_shows_what_differs(
    served: Served, account: Account, tmp_path: Path
) -> None:
    running = begun(tmp_path, account)
    read_until(running, PROTECTED)
    served.practice("POST", f"/accounts/{account.name}/deposits", {"asset": "ETH", "amount": "1"})
    told = stopped(running).out
    assert f"what differs:  fairway reconcile {tmp_path / 'fairway.yaml'}\n" in told
    assert told.count("trust the") == 1


MOMENTS_S: Final = (0.1, 0.3, 0.6, 1.0, 1.4, 1.8, 2.2, 2.6, 3.0) if IS_WHOLE else (0.1, 0.6, 1.4, 2.6)


@pytest.mark.parametrize("command", ["run", "doctor"])
def test_ctrl_c_is_heard_at_every_moment_of_a_start(served: Served, account: Account, tmp_path: Path, command: str) -> None:
    """Until it trades there is nothing to save, so it ends at once; nothing is printed but that, whatever was interrupted."""
    for after_s in MOMENTS_S:
        ended = stopped(begun(tmp_path, account, command), after_s=after_s)
        check(ended, ended.code, "fairway: stopped by Ctrl-C\n" if ended.code else "")
        assert ended.code in (0, 130)


def test_ctrl_c_is_heard_while_the_venue_is_silent(served: Served, account: Account, tmp_path: Path) -> None:
    """Neither the doctor nor a trader that recovers waits for an answer that does not come."""
    for command in ("run", "doctor"):
        with served.struck_dumb():
            check(stopped(begun(tmp_path, account, command), after_s=4), 130, "fairway: stopped by Ctrl-C\n")


def test_a_second_ctrl_c_does_not_wait_for_the_report(served: Served, account: Account, tmp_path: Path) -> None:
    """The trader has stopped, so all is safe; the orders stay, and the next start goes on."""
    running = begun(tmp_path, account)
    read_until(running, PROTECTED)
    running.send_signal(signal.SIGINT)
    read_until(running, "Stopped; 2 protective orders stay")
    ended = stopped(running)
    # Where the first one had not been dealt with to its end, it is the same Ctrl-C twice, and the report is written.
    check(ended, ended.code, "fairway: stopped by Ctrl-C\n" if ended.code else "")
    assert ended.code in (0, 130)
    assert len(open_orders(served, account)) == 2


def test_sigterm_ends_a_run_in_order(served: Served, account: Account, tmp_path: Path) -> None:
    """As service managers stop it; its report is there."""
    running = begun(tmp_path, account)
    read_until(running, PROTECTED)
    ended = stopped(running, by=signal.SIGTERM)
    check(ended)
    assert "Stopped. 2 protective orders stay at the venue" in ended.out
    assert (tmp_path / "report" / "report.html").exists()


def test_the_command_stop_ends_a_run_in_order(served: Served, account: Account, tmp_path: Path) -> None:
    """It waits until the journal is free; stop and target stay at the venue, and a second one finds no trader."""
    running = begun(tmp_path, account)
    read_until(running, PROTECTED)
    command = [FAIRWAY, "stop", str(tmp_path / "fairway.yaml")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done
    assert f"asking the trader to stop: process {running.pid} on" in done.stdout
    assert "has stopped, and released the journal" in done.stdout
    assert "WITHOUT a stop" not in done.stdout
    out, err = running.communicate(timeout=PATIENCE_S)
    assert (running.returncode, err) == (0, "")
    assert "Stopped. 2 protective orders stay at the venue" in out
    assert len(open_orders(served, account)) == 2
    again = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert again.returncode == 1
    assert "no trader writes" in again.stderr
