"""Lines of the practice exchange's log: what is asked over /practice, keys and secrets, and mistakes of the exchange itself."""

import asyncio
import json
from typing import Any

import pytest

from fairway.exchange.practice_exchange import Credentials, PracticeExchange
from fairway.exchange.server import Server, pause
from fairway.exchange.session import Request
from fairway.exchange.units import ONE
from fairway.logs.exchange_lines import ExchangeLines
from fairway.logs.log import new_log
from fairway.logs.redaction import HIDDEN, Redaction
from fairway.logs.slow_calls import SlowLimits
from fairway.proving.scenario_script import rules_of
from fairway.world.chance import Chance
from fairway.world.clock import SystemClock

KEY, SECRET = "a-key-of-the-account", "a-secret-of-the-account"


class Logged:
    """An exchange of one symbol with its log."""

    def __init__(self, level: str = "debug") -> None:
        clock, chance = SystemClock(), Chance(1)
        self.lines: list[str] = []
        self.redaction = Redaction()
        self.exchange = PracticeExchange([rules_of("BTC/USDT")], (), clock=clock, chance=chance, pause=pause)
        self.server = Server(self.exchange, chance.child("practice"))
        log = new_log(self.lines.append, clock, level=level, redaction=self.redaction)
        ExchangeLines(log, self.redaction, SlowLimits()).follow(self.exchange, self.server)

    def practice(self, method: str, path: str, body: object = None) -> int:
        text = json.dumps(body) if body is not None else ""
        request = Request(method, f"/practice{path}", "", text, {"Host": "127.0.0.1:9100"}, "127.0.0.1")
        return asyncio.run(self.server.practice.handle(request)).status

    def ask(self, path: str, query: str = "", key: str = "") -> int:
        request = Request("GET", path, query, "", {"X-MBX-APIKEY": key}, "127.0.0.1")
        return asyncio.run(self.exchange.session.handle(request)).status

    def events(self, name: str) -> list[dict[str, Any]]:
        return [line for line in map(json.loads, self.lines) if line["event"] == name]


def test_an_account_is_logged_without_its_key_and_secret() -> None:
    it = Logged()
    wish = {"name": "alice", "balances": {"USDT": "100"}, "key": "AliceKey0", "secret": SECRET}
    assert it.practice("POST", "/accounts", wish) == 200
    assert it.practice("POST", "/accounts", wish) == 400, "the key is taken, and the error names it"
    assert it.practice("GET", "") == 200
    assert [line["account"] for line in it.events("account_opened")] == ["alice"]
    (refused,) = it.events("practice_request_refused")
    assert HIDDEN in refused["why"]
    assert not [line for line in it.lines if SECRET in line or "AliceKey0" in line]


def test_credentials_are_hidden_by_their_type() -> None:
    lines: list[str] = []
    new_log(lines.append, SystemClock()).info("opened", account=Credentials("alice", KEY, SECRET))
    assert json.loads(lines[0])["account"] == HIDDEN


def test_a_deposit_is_logged_with_the_amount_and_the_balances() -> None:
    it = Logged()
    it.exchange.open_account("alice", {"USDT": 5 * ONE})
    assert it.practice("POST", "/accounts/alice/deposits", {"asset": "USDT", "amount": "2"}) == 200
    asyncio.run(it.exchange.hub.publish())
    (moved,) = it.events("balance_moved")
    assert (moved["account"], moved["asset"], moved["amount"]) == ("alice", "USDT", "2")
    (changed,) = it.events("balances_changed")
    assert changed["balances"] == {"USDT": {"free": "7", "locked": "0"}}


def test_a_request_that_is_refused_is_a_warning_without_the_key_that_it_was_sent_with() -> None:
    it = Logged()
    opened = it.exchange.open_account("alice", {"USDT": ONE})
    assert it.ask("/api/v3/account", "timestamp=1&signature=00", opened.key) == 400
    (line,) = it.events("request_refused")
    assert (line["level"], line["call"], line["code"]) == ("warning", "account.status", -1021)
    assert opened.key not in "".join(it.lines)


def test_a_mistake_of_the_exchange_is_an_error_with_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    it = Logged()

    def broken(symbol: str, limit: int) -> object:
        raise RuntimeError("no book")

    monkeypatch.setattr(it.exchange.backend.market, "book", broken)
    with pytest.raises(RuntimeError):
        it.ask("/api/v3/depth", "symbol=BTCUSDT")
    (line,) = it.events("request_failed")
    assert (line["level"], line["call"], line["symbol"]) == ("error", "depth", "BTCUSDT")
    assert line["exception"][0]["exc_type"] == "RuntimeError"


def test_details_are_left_out_above_the_level_debug() -> None:
    it = Logged(level="info")
    assert it.ask("/api/v3/time") == 200
    it.exchange.open_account("alice", {"USDT": ONE})
    it.practice("POST", "/accounts/alice/deposits", {"asset": "USDT", "amount": "2"})
    asyncio.run(it.exchange.hub.publish())
    assert [json.loads(line)["event"] for line in it.lines] == ["account_opened", "practice_request", "balance_moved"]
