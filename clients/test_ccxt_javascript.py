"""ccxt for JavaScript trades on the served practice exchange: only its addresses and keys are changed."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from pages import program

from conftest import PATIENCE_S, Account, Served

BOT = Path(__file__).with_name("ccxt_bot.mjs")
MODULE = Path(os.environ["CLIENT_MODULES"]) / "ccxt" / "js" / "ccxt.js"


@pytest.fixture(scope="module")
def account(served: Served) -> Account:
    return served.account()


@pytest.fixture(scope="module")
def seen(served: Served, account: Account) -> dict[str, Any]:
    """What the bot saw in one run."""
    command = ["node", BOT, MODULE, served.url, served.ws, served.ws_api, account.key, account.secret]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    told = [line for line in done.stdout.splitlines() if line.startswith("{")]
    assert told, done.stdout + done.stderr
    return json.loads(told[-1])  # type: ignore[no-any-return]


def test_the_program_of_its_page_runs(served: Served, tmp_path: Path) -> None:
    """As it stands there, with the address and the keys put in, beside its modules."""
    account = served.account()
    (tmp_path / "node_modules").symlink_to(os.environ["CLIENT_MODULES"])
    script = tmp_path / "program.mjs"
    script.write_text(program("ccxt-javascript", "js", served.url, account.key, account.secret))
    done = subprocess.run(["node", script], capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["placed", "cancelled"], done.stdout + done.stderr


def test_markets_and_candles_are_read(seen: dict[str, Any]) -> None:
    """Everything that it loads at its start is there."""
    assert seen["markets"] == ["BTC/USDT", "ETH/USDT", "SOL/USDT"]
    assert seen["candles"] == 5


def test_books_trades_prices_and_candles_are_streamed(seen: dict[str, Any]) -> None:
    """Each has content, and the book is not crossed."""
    assert seen["streams"] == [True, True, True, True]


def test_orders_are_placed_told_and_cancelled(seen: dict[str, Any], served: Served, account: Account) -> None:
    """By REST and by the WebSocket API; its figures are the exchange's."""
    assert (seen["open"], seen["canceled"], seen["told"], seen["filled"]) == (1, "canceled", True, 0.01)
    fills = served.ask(account, "/api/v3/myTrades", symbol="BTCUSDT")
    assert seen["trades"] == pytest.approx(sum(float(it["qty"]) for it in fills))
    balances = {it["asset"]: float(it["free"]) for it in served.ask(account, "/api/v3/account")["balances"]}
    assert seen["balance"] == pytest.approx(balances["BTC"])


def test_refusals_are_its_own_errors(seen: dict[str, Any]) -> None:
    """And a path that is not there is a mistake, no outage."""
    assert (seen["refused"], seen["unknown"]) == ("InsufficientFunds", "BadRequest")
