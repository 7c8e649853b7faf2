"""freqtrade trades live on the served practice exchange, with the configuration of its page: nothing else is changed."""

import json
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pages import program

from conftest import PATIENCE_S, Account, Served

HISTORY_H = 3
"""Its strategies start with candles of the past."""
FREQTRADE = Path(sys.executable).with_name("freqtrade")
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Run:
    """What a run left behind: the exchange's reports, freqtrade's own database and its log."""

    reports: list[dict[str, Any]]
    trade: dict[str, Any]
    orders: list[dict[str, Any]]
    log: str


@pytest.fixture(scope="module")
def run(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Live until its one trade is closed, then stopped as by Ctrl-C."""
    account, home = served.account(balances={"USDT": "10000"}), tmp_path_factory.mktemp("freqtrade")
    (home / "user_data").mkdir()
    (home / "config.json").write_text(json.dumps(configuration(served, account, home)))
    command = [FREQTRADE, "trade", "--config", home / "config.json", "--userdir", home / "user_data"]
    command += ["--strategy-path", HERE, "--strategy", "BuyAndSell"]
    with (home / "log").open("w") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            wait_until_closed(served, account, process)
            time.sleep(3)  # until it has written down what it was told
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE_S)
    reports = [it for it in served.events(account.name) if it["e"] == "executionReport"]
    (trade,), orders = rows(home, "trades"), rows(home, "orders")
    return Run(reports, trade, orders, (home / "log").read_text())


def configuration(served: Served, account: Account, home: Path) -> dict[str, Any]:
    """The one of its page, and what a short run needs besides."""
    told = json.loads(program("freqtrade", "json", served.url, account.key, account.secret))
    told["exchange"]["pair_whitelist"] = ["BTC/USDT"]
    return told | {"internals": {"process_throttle_secs": 1}, "db_url": f"sqlite:///{home}/trades.sqlite"}


def wait_until_closed(served: Served, account: Account, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        if any(it.get("X") == "FILLED" and it["S"] == "SELL" for it in served.events(account.name)):
            return
        time.sleep(0.5)


def rows(home: Path, table: str) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(home / "trades.sqlite")) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute(f"select * from {table} order by id")]


def courses(reports: list[dict[str, Any]]) -> Iterator[tuple[str, str, str]]:
    for order_id in dict.fromkeys(it["i"] for it in reports):
        last = [it for it in reports if it["i"] == order_id][-1]
        yield last["o"], last["S"], last["X"]


def test_it_buys_protects_and_sells(run: Run) -> None:
    """A limit order that fills, a stop on the exchange meanwhile, and a sale at market after the stop was cancelled."""
    assert list(courses(run.reports)) == [
        ("LIMIT", "BUY", "FILLED"),
        ("STOP_LOSS_LIMIT", "SELL", "CANCELED"),
        ("MARKET", "SELL", "FILLED"),
    ]


def test_its_own_records_say_the_same(run: Run) -> None:
    """Three orders under the exchange's ids, closed and cancelled; one trade, closed for the strategy's reason."""
    assert (run.trade["is_open"], run.trade["exit_reason"]) == (0, "held long enough")
    kept = [(it["ft_order_side"], it["order_id"], it["status"]) for it in run.orders]
    ids = [str(it) for it in dict.fromkeys(it["i"] for it in run.reports)]
    assert kept == [("buy", ids[0], "closed"), ("stoploss", ids[1], "canceled"), ("sell", ids[2], "closed")]


def test_its_figures_are_the_exchanges(run: Run) -> None:
    """What was bought and sold, at which average, to the digits that freqtrade keeps."""
    bought, sold = (next(it for it in run.reports[::-1] if it["S"] == side and it["X"] == "FILLED") for side in ("BUY", "SELL"))
    assert run.orders[0]["filled"] == pytest.approx(float(bought["z"]))
    assert run.orders[2]["filled"] == pytest.approx(float(sold["z"]))
    assert run.trade["open_rate"] == pytest.approx(float(bought["Z"]) / float(bought["z"]))
    assert run.trade["close_rate"] == pytest.approx(float(sold["Z"]) / float(sold["z"]))
    assert (run.trade["fee_open"], run.trade["fee_close"]) == (0.001, 0.001)


def test_nothing_went_wrong_on_the_way(run: Run) -> None:
    """No error and no exception in its log."""
    assert [line for line in run.log.splitlines() if " - ERROR - " in line or "Traceback" in line] == []
