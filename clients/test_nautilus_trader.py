"""NautilusTrader's own node trades on the served practice exchange: only its addresses and keys are changed.

It logs on to the WebSocket API, which the exchange allows with an Ed25519 key alone.
"""

import json
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pages import program

from conftest import PATIENCE_S, Account, KeyPair, Served

BOT = Path(__file__).with_name("nautilus_bot.py")


@dataclass(frozen=True)
class Run:
    """What a run of the bot saw, and what its account was sent."""

    seen: dict[str, Any]
    served: Served
    account: Account


@pytest.fixture(scope="module")
def run(served: Served, ed25519: KeyPair, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The bot, run once to its end."""
    account = served.account(public_key=ed25519.public)
    secret = tmp_path_factory.mktemp("bot") / "private.pem"
    secret.write_text(ed25519.private)
    command = [sys.executable, BOT, served.url, served.ws, served.ws_api, account.key, secret]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    told = [line for line in done.stdout.splitlines() if line.startswith("{")]
    assert told, done.stdout + done.stderr
    return Run(json.loads(told[-1]), served, account)


def test_the_program_of_its_page_runs(served: Served, ed25519: KeyPair, tmp_path: Path) -> None:
    """As it stands there, with the address and the key put in, until it has bought; Ctrl-C ends it."""
    account = served.account(public_key=ed25519.public)
    (tmp_path / "private.pem").write_text(ed25519.private)
    script = tmp_path / "program.py"
    script.write_text(program("nautilus-trader", "python", served.url, account.key, ""))
    command = [sys.executable, script]
    with (tmp_path / "log").open("w") as log, subprocess.Popen(command, stdout=log, stderr=log, cwd=tmp_path) as process:
        report = wait_for_fill(served, account, process)
        process.send_signal(signal.SIGINT)
    assert report is not None, (tmp_path / "log").read_text()
    assert (report["o"], report["S"], report["z"]) == ("MARKET", "BUY", "0.01000000")


def wait_for_fill(served: Served, account: Account, process: "subprocess.Popen[bytes]") -> dict[str, Any] | None:
    """The report of the first order that was filled; None where the process ends before, or nothing is filled for long."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        for event in served.events(account.name):
            if event.get("X") == "FILLED":
                return event
        time.sleep(0.2)
    return None


def test_the_market_is_heard(run: Run) -> None:
    """Quotes, trades, changes of the book, and an hour of candles."""
    assert min(run.seen["quotes"], run.seen["trades"], run.seen["deltas"]) >= 1
    assert run.seen["bars"] >= 60


def test_each_order_takes_its_course(run: Run) -> None:
    """A limit order rests and is cancelled; a purchase is protected by a stop, which is cancelled; a sale ends it."""
    courses = [("LIMIT BUY", "canceled"), ("MARKET BUY", "filled"), ("STOP_LIMIT SELL", "canceled"), ("MARKET SELL", "filled")]
    assert run.seen["events"] == [f"{order} {what}" for order, end in courses for what in ("accepted", end)]


def test_the_accounts_are_the_same(run: Run) -> None:
    """Nautilus keeps its balances by the account's events; the exchange has the same to the last digit, and nothing is locked."""
    sent = [it for it in run.served.events(run.account.name) if it["e"] == "outboundAccountPosition"]
    latest = {balance["a"]: balance for it in sent for balance in it["B"]}
    assert {asset: run.seen["balances"][asset].split()[0] for asset in latest} == {
        asset: balance["f"] for asset, balance in latest.items()
    }
    assert {balance["l"] for balance in latest.values()} == {"0.00000000"}
    assert {text.split()[0] for text in run.seen["locked"].values()} == {"0.00000000"}


def test_nothing_is_held_at_the_end(run: Run) -> None:
    """Four orders reached the exchange, and all of them ended."""
    assert run.seen["net"] == "0"
    ends = {it["i"]: it["X"] for it in run.served.events(run.account.name) if it["e"] == "executionReport"}
    assert sorted(ends.values()) == ["CANCELED", "CANCELED", "FILLED", "FILLED"]
