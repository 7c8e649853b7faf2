"""Signals by webhook: a TradingView alert buys under a stop, and repeated, late, lost and forged ones are told apart."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.clients.systems import PAIRS, System, asked, running

SECRET = "a secret of sixteen signs"
SIGNALS = {
    "name: periodic": "name: signals",
    "  every_bars: 2\n": "  age_max: 1m\n",
    "  bars_max: 10000\n": "",
    "  users: ": f'  webhooks: [{{name: tv, secret: "{SECRET}"}}]\n  users: ',
}


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running(tmp_path_factory.mktemp("signals"), **SIGNALS) as up:
        up.until(lambda: "lets it open positions" in up.text, "the launch lets it trade")
        up.until(lambda: send(up, id="first", expected="flat")[0] == 200, "a first signal is obeyed")
        yield up


def alert(**fields: Any) -> dict[str, Any]:
    """As TradingView fills it in."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"symbol": "BTCUSDT", "action": "buy", "sent_at": now, "secret": SECRET, **fields}


def send(system: System, **fields: Any) -> tuple[int, Any]:
    return asked(f"{system.url}/api/v1/webhooks/tv", body=alert(**fields))


def sides(system: System) -> list[str]:
    """Of the market orders that the exchange has seen for BTC, oldest first."""
    served, account = system.exchange()
    orders = served.signed(account, "/api/v3/allOrders", f"symbol={PAIRS[0]}")
    return [
        each["side"] for each in orders if not each["type"].startswith(("STOP", "LIMIT_MAKER")) and float(each["executedQty"])
    ]


def test_an_alert_buys_under_a_stop_and_its_copy_buys_nothing(system: System) -> None:
    system.until(system.is_protected, "the position of the first signal is protected")
    before = sides(system)
    assert before.count("BUY") == 1
    code, answer = send(system, id="first", expected="flat")
    assert (code, answer["state"]) == (200, "repeated")
    code, answer = send(system, id="first", action="sell")
    assert (code, answer["code"].partition(":")[0]) == (409, "SIGNAL_ALTERED")
    assert sides(system) == before


def test_an_old_alert_is_late(system: System) -> None:
    """Three days old, as they were sent again."""
    before = sides(system)
    for action in ("buy", "sell"):
        old = (datetime.now(UTC) - timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
        code, answer = send(system, id=f"old {action}".replace(" ", "-"), action=action, sent_at=old)
        assert (code, answer["code"].partition(":")[0]) == (409, "SIGNAL_LATE"), answer
    assert sides(system) == before
    assert not system.naked()


def test_a_forged_alert_is_refused(system: System) -> None:
    for forged in ({"secret": "guessed guessed guessed"}, {"secret": ""}):
        code, answer = send(system, id="forged", **forged)
        assert (code, answer["code"]) == (401, "SIGNATURE_WRONG")
    code, answer = asked(f"{system.url}/api/v1/webhooks/other", body=alert(id="x"))
    assert (code, answer["code"]) == (404, "WEBHOOK_UNKNOWN: source=other")
    assert SECRET.encode() not in (system.folder / "fairway.journal.server").read_bytes()


def test_a_signature_stands_for_the_secret(system: System) -> None:
    body = json.dumps(alert(id="signed", symbol="ETHUSDT", secret="", expected="long")).encode()
    digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    code, answer = asked(f"{system.url}/api/v1/webhooks/tv", body=body, headers={"X-Signature-256": f"sha256={digest}"})
    assert (code, answer["code"].partition(":")[0]) == (409, "SIGNAL_LOST"), "it expects a position that is not there"
    code, _ = asked(f"{system.url}/api/v1/webhooks/tv", body=body + b" ", headers={"X-Signature-256": f"sha256={digest}"})
    assert code == 401


def test_wrong_fields_are_named(system: System) -> None:
    for field, value in (("symbol", "DOGEUSDT"), ("sent_at", "yesterday"), ("stop", "-1"), ("action", "short")):
        code, answer = send(system, id="wrong", **{field: value})
        assert code == 422
        assert field in json.dumps(answer), answer


def test_a_lost_alert_stops_the_next_entry_and_not_the_next_exit(system: System) -> None:
    assert send(system, id="n1", symbol="SOLUSDT", number=1, expected="flat")[0] == 200
    code, answer = send(system, id="n4", symbol="ETHUSDT", number=4)
    assert (code, answer["code"].partition(":")[0]) == (409, "SIGNAL_LOST")
    assert "missing=2-3" in answer["code"]
    assert send(system, id="out", symbol="SOLUSDT", action="sell", number=5)[0] == 200
    system.until(lambda: not system.naked(), "nothing is without a stop")
    served, account = system.exchange()
    orders = served.signed(account, "/api/v3/allOrders", "symbol=SOLUSDT")
    assert "SELL" in {each["side"] for each in orders if float(each["executedQty"])}
