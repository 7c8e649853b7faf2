"""`fairway run` in real time against a served practice exchange: it trades, is stopped by Ctrl-C, and goes on where it was."""

import hmac
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from tests.clients.served import Account, Served, serving

from fairway.journal.sql import open_to_read

FAIRWAY = str(Path(sys.executable).with_name("fairway"))
CONFIG = """
mode: practice
account: main
venue: {{exchange: binance, url: {url}, key: env:TEST_KEY, secret: env:TEST_SECRET}}
symbols: [BTC/USDT]
interval: 1s
strategy: {{name: trend, breakout_bars: 2, exit_bars: 60, trend_bars: 2, range_bars: 2, stop_ranges: 20, target_ranges: 100}}
"""


def started(folder: Path, account: Account) -> subprocess.Popen[str]:
    environment = {**os.environ, "TEST_KEY": account.key, "TEST_SECRET": account.secret}
    command = [FAIRWAY, "run", str(folder / "fairway.yaml")]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def read_until(running: subprocess.Popen[str], pattern: str) -> str:
    """The first line that matches; what was printed instead, where none came within a minute."""
    assert running.stdout is not None
    patience = threading.Timer(60, running.kill)
    patience.start()
    seen = []
    for line in running.stdout:
        seen.append(line)
        if re.search(pattern, line):
            patience.cancel()
            return line
    raise AssertionError(f"no {pattern!r} in: {''.join(seen)}")


def wait_for_catch_up(journal: Path, epoch: int) -> None:
    """Until the trader of this epoch has asked the venue for everything, which the journal tells."""
    ends_at = time.monotonic() + 20
    while time.monotonic() < ends_at:
        with open_to_read(journal) as reader:
            kinds = [(record.kind, record.body) for record in reader.read()]
        starts = [index for index, (kind, _) in enumerate(kinds) if kind == "TraderStarted"]
        if len(starts) == epoch and any(kind == "CaughtUp" and b"account" in body for kind, body in kinds[starts[-1] :]):
            return
        threading.Event().wait(0.1)
    raise AssertionError(f"epoch {epoch} did not catch up")


def interrupted(running: subprocess.Popen[str]) -> tuple[float, str, int]:
    """Seconds from Ctrl-C to the end, all that was still printed, and the exit code."""
    began = time.monotonic()
    running.send_signal(signal.SIGINT)
    rest, _ = running.communicate(timeout=20)
    return time.monotonic() - began, rest, running.returncode


def open_orders(served: Served, account: Account) -> list[dict[str, Any]]:
    query = f"timestamp={int(time.time() * 1000)}"
    signature = hmac.new(account.secret.encode(), query.encode(), sha256).hexdigest()
    request = Request(f"{served.url}/api/v3/openOrders?{query}&signature={signature}", headers={"X-MBX-APIKEY": account.key})
    with urlopen(request, timeout=10) as answer:
        found: list[dict[str, Any]] = json.loads(answer.read())
        return found


@pytest.fixture
def served() -> Iterator[Served]:
    """An exchange of its own: other tests pause and push the market of theirs."""
    with serving("--seed", "7", "--history", "0.2") as it:
        yield it


def test_a_run_trades_stops_within_two_seconds_and_goes_on_where_it_was(served: Served, tmp_path: Path) -> None:
    """Stop and target rest at the exchange while nobody runs; the next start finds them, and its own journal, unchanged."""
    account = served.account({"USDT": "10000"})
    (tmp_path / "fairway.yaml").write_text(CONFIG.format(url=served.url))

    running = started(tmp_path, account)
    read_until(running, "BTC/USDT protected: stop .* rest at the exchange")
    took, rest, code = interrupted(running)
    assert took < 2, rest
    assert code == 0, rest
    assert "Stopped. 2 protective orders stay at the venue" in rest
    resting = {order["clientOrderId"] for order in open_orders(served, account)}
    assert len(resting) == 2

    running = started(tmp_path, account)
    wait_for_catch_up(tmp_path / "fairway.journal", epoch=2)
    took, rest, code = interrupted(running)
    assert (took < 2, code) == (True, 0), rest
    assert resting == {order["clientOrderId"] for order in open_orders(served, account)}
    summary = json.loads((tmp_path / "report" / "summary.json").read_text())
    assert summary["tie_out"]["is_exact"] is True, summary["tie_out"]


def test_a_run_stops_within_two_seconds_though_the_venue_has_fallen_silent(served: Served, tmp_path: Path) -> None:
    """What rests there is told from the journal; without the venue's last word there is no report, and that is said."""
    account = served.account({"USDT": "10000"})
    (tmp_path / "fairway.yaml").write_text(CONFIG.format(url=served.url))
    running = started(tmp_path, account)
    read_until(running, "BTC/USDT protected: stop .* rest at the exchange")
    with served.struck_dumb():
        took, rest, code = interrupted(running)
    assert (took < 2, code) == (True, 0), (took, rest)
    assert "Stopped. 2 protective orders stay at the venue" in rest
    assert "No report: the venue did not tell the balances in time" in rest
    assert len(open_orders(served, account)) == 2
