"""A practice exchange that keeps a record opens again, after a SIGKILL, with the accounts, orders and fills that it had."""

import os
import signal
from pathlib import Path
from typing import Any

import pytest
from tests.clients.served import Account, Served, serving
from tests.pure.cli.programs import PATIENCE_S, started

from fairway.cli.exits import ExitCode

SYMBOL = "BTCUSDT"


def state(served: Served, account: Account) -> dict[str, Any]:
    """All that the exchange says of an account."""
    return {
        "balances": served.signed(account, "/api/v3/account")["balances"],
        "open": served.signed(account, "/api/v3/openOrders"),
        "orders": served.signed(account, "/api/v3/allOrders", f"symbol={SYMBOL}"),
        "fills": served.signed(account, "/api/v3/myTrades", f"symbol={SYMBOL}"),
        "lists": served.signed(account, "/api/v3/allOrderList"),
    }


def trade(served: Served, account: Account) -> None:
    """Buys at market, protects it by a pair, and places, changes and cancels what rests."""
    served.signed(account, "/api/v3/order", f"symbol={SYMBOL}&side=BUY&type=MARKET&quantity=0.01", method="POST")
    price = float(served.signed(account, "/api/v3/myTrades", f"symbol={SYMBOL}")[0]["price"])
    pair = (
        f"symbol={SYMBOL}&side=SELL&quantity=0.00999&aboveType=LIMIT_MAKER&abovePrice={price * 1.2:.2f}"
        f"&belowType=STOP_LOSS&belowStopPrice={price * 0.8:.2f}"
    )
    served.signed(account, "/api/v3/orderList/oco", pair, method="POST")
    served.order(account, "resting")
    served.order(account, "cancelled")
    served.signed(account, "/api/v3/order", f"symbol={SYMBOL}&origClientOrderId=cancelled", method="DELETE")
    amended = f"symbol={SYMBOL}&origClientOrderId=resting&newQty=0.005&newClientOrderId=smaller"
    served.signed(account, "/api/v3/order/amend/keepPriority", amended, method="PUT")


def account_of(served: Served) -> Account:
    return served.opened[0]


def refused(file: Path) -> tuple[int, str]:
    """Exit code and words of an exchange that does not open."""
    running = started("exchange", "serve", "--port", "0", "--keep", file)
    _, words = running.communicate(timeout=PATIENCE_S)
    return running.returncode, words


def test_it_opens_again_as_it_was_when_it_was_killed(tmp_path: Path) -> None:
    kept = ("--keep", str(tmp_path / "exchange.record"), "--account", "ann:USDT=10000", "--history", "1h")
    with serving(*kept) as served:
        ann = account_of(served)
        trade(served, ann)
        before = state(served, ann)
        os.kill(served.process_id, signal.SIGKILL)
    assert {name: len(before[name]) for name in ("open", "orders", "fills")} == {"open": 3, "orders": 5, "fills": 1}
    with serving("--keep", str(tmp_path / "exchange.record")) as served:
        assert account_of(served) == ann, "its keys are the same"
        assert state(served, ann) == before
        served.signed(ann, "/api/v3/order", f"symbol={SYMBOL}&origClientOrderId=smaller", method="DELETE")
        os.kill(served.process_id, signal.SIGKILL)
    with serving("--keep", str(tmp_path / "exchange.record")) as served:
        assert len(state(served, ann)["open"]) == 2, "what came after the second start was kept too"


def test_a_file_that_is_no_record_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "exchange.record"
    file.write_text("hello\n")
    code, words = refused(file)
    assert code == ExitCode.DATA
    assert f"{file}, line 1: this is no record of a practice exchange" in words


def test_two_exchanges_do_not_write_one_record(tmp_path: Path) -> None:
    file = tmp_path / "exchange.record"
    with serving("--keep", str(file), "--history", "0h"):
        code, words = refused(file)
    assert code == ExitCode.DATA
    assert "is written by another practice exchange" in words


@pytest.mark.parametrize("cut", [1, 20])
def test_a_line_that_a_kill_cut_short_is_dropped(tmp_path: Path, cut: int) -> None:
    """The exchange had not answered it, so nobody was promised anything."""
    file = tmp_path / "exchange.record"
    with serving("--keep", str(file), "--account", "ann:USDT=10000", "--history", "0h") as served:
        ann = account_of(served)
        served.order(ann, "first")
        served.order(ann, "second")
        os.kill(served.process_id, signal.SIGKILL)
    file.write_bytes(file.read_bytes()[:-cut])
    with serving("--keep", str(file)) as served:
        assert [each["clientOrderId"] for each in state(served, ann)["open"]] == ["first"]
        served.order(ann, "third")
    with serving("--keep", str(file)) as served:
        assert [each["clientOrderId"] for each in state(served, ann)["open"]] == ["first", "third"]
