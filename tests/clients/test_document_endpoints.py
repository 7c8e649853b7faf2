"""The planning documents' curl lines, run as they are written against a practice system that trades. See
docs/reference/document-endpoints.md.

What a kill did is judged by the exchange's own record.
"""

import json
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.clients.systems import PAIRS, PASSWORD, System, first_signed_in, running
from tests.pure.cli.programs import PATIENCE_S

SETTLED_S = 8.0
"""In which the strategy would have bought several times: its candles are of a second, and it buys every second one."""


@dataclass
class Documents:
    """A system that trades, and a token as the documents' lines send it."""

    system: System
    token: str

    def curl(self, *words: str, token: str | None = None) -> tuple[int, Any]:
        """The status, and the body: JSON, or text. URL in a word is the server's address."""
        shown = [word.replace("URL", self.system.url) for word in words]
        signed = ["-H", f"Authorization: Bearer {self.token if token is None else token}"]
        line = ["curl", "-s", "-w", "\n%{http_code}", "--max-time", str(PATIENCE_S), *shown, *signed]
        body, _, code = subprocess.run(line, capture_output=True, text=True, check=True).stdout.rpartition("\n")
        try:
            return int(code), json.loads(body)
        except ValueError:
            return int(code), body

    def post(self, path: str, body: object) -> tuple[int, Any]:
        """As document 004 writes it, with the type of the body named."""
        return self.curl("-X", "POST", f"URL{path}", "-H", "Content-Type: application/json", "-d", json.dumps(body))

    def orders(self) -> list[dict[str, Any]]:
        """All that the exchange has recorded."""
        served, account = self.system.exchange()
        return [each for pair in PAIRS for each in served.signed(account, "/api/v3/allOrders", f"symbol={pair}")]

    def buys(self) -> int:
        return sum(each["side"] == "BUY" for each in self.orders())

    def open_orders(self) -> list[dict[str, Any]]:
        served, account = self.system.exchange()
        return [each for pair in PAIRS for each in served.signed(account, "/api/v3/openOrders", f"symbol={pair}")]


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Documents]:
    folder: Path = tmp_path_factory.mktemp("documents")
    with running(folder) as system:
        first_signed_in(system)
        system.until(system.is_protected, "a first position is held and protected")
        body = json.dumps({"user": "me", "password": PASSWORD})
        code, tokens = Documents(system, "").curl("-X", "POST", "URL/auth/login", "-d", body)
        assert code == 200, tokens
        yield Documents(system, tokens["access_token"])


def test_a_login_answers_with_a_bearer_token_by_either_name_of_the_user(documents: Documents) -> None:
    code, tokens = documents.post("/auth/login", {"username": "me", "password": PASSWORD})
    assert (code, tokens["token_type"]) == (200, "bearer")
    assert documents.curl("URL/engines", token=tokens["access_token"])[0] == 200
    code, problem = documents.post("/auth/login", {"username": "me", "password": "not this one"})
    assert (code, problem["code"]) == (401, "SIGN_IN_REFUSED")
    code, problem = documents.post("/auth/login", {"password": PASSWORD})
    assert code == 422
    assert "name one user" in problem["detail"]
    assert PASSWORD not in json.dumps(problem)


def test_health_needs_no_token_and_everything_else_does(documents: Documents) -> None:
    code, health = documents.curl("URL/health", token="none")
    assert (code, health["status"]) == (200, "healthy")
    for path in ("/metrics", "/metrics/prom", "/engines", "/live/status", "/alerts", "/ai/models", "/paper/portfolio"):
        code, problem = documents.curl(f"URL{path}", token="none")
        assert (path, code, problem["code"]) == (path, 401, "TOKEN_REFUSED")
    for path in ("/engines/start", "/engines/stop", "/live/kill", "/paper/order"):
        code, problem = documents.curl("-X", "POST", f"URL{path}", "-d", "{}", token="none")
        assert (path, code, problem["code"]) == (path, 401, "TOKEN_REFUSED")


def test_metrics_are_the_journals_own_counts(documents: Documents) -> None:
    code, told = documents.curl("URL/metrics")
    assert code == 200
    assert set(told) == {"trades_24h", "error_rate", "tp_triggers_24h", "sl_triggers_24h", "timestamp"}
    assert 0.0 <= told["error_rate"] < 1.0
    _, trades = documents.curl("URL/paper/trades?limit=1000")
    closed = [trade for trade in trades if trade["closed_at"] <= told["timestamp"]]
    assert told["trades_24h"] == len(closed)
    assert told["sl_triggers_24h"] == sum(trade["leaving"] == "stop" for trade in closed)
    assert told["tp_triggers_24h"] == sum(trade["leaving"] == "target" for trade in closed)


def test_prometheus_reads_its_own_form_at_either_path(documents: Documents) -> None:
    code, text = documents.curl("URL/metrics/prom")
    assert code == 200
    assert "# TYPE fairway_order_success_all_total counter" in text
    assert "fairway_watch_ok 1.0" in text
    scrape = "Accept: application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2,*/*;q=0.1"
    code, scraped = documents.curl("-i", "URL/metrics", "-H", scrape)
    assert code == 200
    assert "content-type: text/plain; version=0.0.4" in scraped
    assert "fairway_watch_ok 1.0" in scraped


def test_each_symbol_is_an_engine(documents: Documents) -> None:
    code, engines = documents.curl("URL/engines")
    assert code == 200
    assert [each["symbol"] for each in engines] == ["BTC/USDT", "ETH/USDT", "SOL/USDT"]
    assert {each["mode"] for each in engines} == {"practice"}
    assert {each["status"] for each in engines} == {"running"}
    assert {each["stage"] for each in engines} <= {"main/practice", "main/practice-100"}
    assert all(each["last_heartbeat"] for each in engines)
    held = [each for each in engines if each["position"] is not None]
    assert held
    assert held[0]["accounts"][0]["stop"] is not None
    assert documents.curl("URL/engines/status")[0] == 200
    code, one = documents.curl("URL/engines/status/BTC/USDT")
    assert (code, one["symbol"]) == (200, "BTC/USDT")
    code, problem = documents.curl("URL/engines/status/DOGE/USDT")
    assert (code, problem["code"]) == (404, "SYMBOL_UNKNOWN: symbol=DOGE/USDT")
    assert "BTC/USDT, ETH/USDT, SOL/USDT" in problem["detail"]


def test_the_documents_line_for_real_money_is_refused_with_the_stage_and_what_it_lacks(documents: Documents) -> None:
    code, problem = documents.post("/engines/start", {"symbol": "BTC/USDT", "mode": "live", "capital": 100})
    assert (code, problem["code"]) == (409, "ENGINE_MODE_DIFFERS: mode=practice")
    assert "this trader's mode is practice, and 'live' was asked for" in problem["detail"]
    assert "The launch is in stage practice" in problem["detail"]
    assert "capital 100 USDT" in problem["detail"]
    assert "For the next stage, practice-100, is missing: " in problem["detail"]
    assert "gate ready" in problem["detail"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"symbol": "BTC/USDT", "mode": "practice", "capital": 100.01}, "ENGINE_CAPITAL_ABOVE_STAGE: allowed=100"),
        ({"symbol": "DOGE/USDT"}, "ENGINE_SYMBOL_UNKNOWN: symbol=DOGE/USDT"),
    ],
)
def test_a_start_cannot_ask_for_more_than_there_is(documents: Documents, body: dict[str, object], code: str) -> None:
    status, problem = documents.post("/engines/start", body)
    assert (status, problem["code"]) == (409, code)
    assert "For the next stage, practice-100, is missing: " in problem["detail"]


@pytest.mark.parametrize("mode", ["practice", "paper"])
def test_a_start_in_the_traders_own_mode_changes_nothing_where_nothing_is_paused(documents: Documents, mode: str) -> None:
    code, told = documents.post("/engines/start", {"symbol": "BTC/USDT", "mode": mode, "capital": 100})
    assert (code, told["is_done"], told["commands"], told["capital"]) == (200, True, [], "100")
    assert told["engine"]["status"] == "running"


def test_stop_pauses_the_account_and_start_lifts_the_pause(documents: Documents) -> None:
    code, told = documents.post("/engines/stop", {"symbol": "BTC/USDT", "reason": "it looks odd"})
    assert (code, told["is_done"], told["scope"]) == (200, True, "account")
    assert told["concerns"] == ["BTC/USDT", "ETH/USDT", "SOL/USDT"]
    assert [(each["operation"], each["by"], each["state"]) for each in told["commands"]] == [("pause", "me", "done")]
    bought = documents.buys()
    for path in ("/engines", "/engines/status"):
        _, engines = documents.curl(f"URL{path}")
        assert {each["status"] for each in engines} == {"paused"}
        assert "paused by me: it looks odd" in engines[0]["why"]
    time.sleep(SETTLED_S)
    assert documents.buys() == bought
    assert not documents.system.naked()
    _, alerts = documents.curl("URL/alerts")
    assert ("cap", "paused", "info") in {(each["kind"], each["about"], each["severity"]) for each in alerts}
    code, told = documents.post("/engines/start", {"symbol": "ETH/USDT", "mode": "practice", "capital": 100})
    assert (code, told["engine"]["status"]) == (200, "running")
    assert [(each["operation"], each["state"]) for each in told["commands"]] == [("lift", "done")]


def test_the_forms_with_the_symbol_in_the_path_do_the_same(documents: Documents) -> None:
    code, told = documents.curl("-X", "POST", "URL/engines/stop/SOL/USDT")
    assert (code, told["engine"]["status"]) == (200, "paused")
    code, told = documents.curl("-X", "POST", "URL/engines/start/SOL/USDT")
    assert (code, told["engine"]["status"]) == (200, "running")
    code, told = documents.curl("-X", "POST", "URL/engines/restart/SOL/USDT", "-d", '{"reason": "a test"}')
    assert (code, told["engine"]["status"]) == (200, "running")
    assert [(each["operation"], each["request"]["reason"]) for each in told["commands"]] == [
        ("pause", "a test"),
        ("lift", "a test"),
    ]
    code, told = documents.post("/engines/restart", {"symbol": "BTC/USDT"})
    assert (code, told["is_done"]) == (200, True)
    assert documents.curl("-X", "POST", "URL/engines/stop/DOGE/USDT")[0] == 404


def test_who_sent_a_command_is_in_the_servers_journal(documents: Documents) -> None:
    documents.curl("-X", "POST", "URL/engines/restart/BTC/USDT")
    _, records = documents.curl("URL/api/v1/journal?journal=server&limit=500")
    accepted = [(each["author"], each["body"]["operation"]) for each in records if each["kind"] == "CommandAccepted"]
    assert accepted[-2:] == [("me", "pause"), ("me", "lift")]


def test_risk_is_told_with_its_numbers(documents: Documents) -> None:
    code, policies = documents.curl("URL/risk/policy")
    assert code == 200
    (policy,) = policies
    assert (policy["account"], policy["profile"], policy["trading_state"]) == ("me", "moderate", "ACTIVE")
    assert policy["in_force"]["capital"] == {"value": "100", "asset": "USDT"}
    assert policy["in_force"]["positions"] == 2
    assert policy["configured"]["positions"] == 5
    _, presets = documents.curl("URL/risk/presets")
    assert [each["profile"] for each in presets] == ["conservative", "moderate", "aggressive"]
    assert [each["limits"]["positions"] for each in presets] == [3, 5, 10]
    assert presets[0]["guards"]["daily_loss"]["value"]
    _, guards = documents.curl("URL/risk/guardrails")
    bounds = {each["guard"]: each["bounds"] for each in guards}
    assert bounds["daily loss"]["CRITICAL"] == "0.03"
    assert bounds["position loss"] == {"EMERGENCY": "50"}


def test_reports_tell_a_day_and_a_week(documents: Documents) -> None:
    code, day = documents.curl("URL/reports/daily")
    assert (code, day["is_over"], day["is_cut"]) == (200, False, False)
    (only,) = day["strategies"]
    assert (only["account"], only["strategy"]) == ("me", "periodic")
    assert float(only["volume"][0]["value"]) > 0
    assert sum(day["refusals"].values()) > 0, "before its first lease it was refused each entry"
    code, week = documents.curl("URL/reports/weekly")
    assert (code, len(week["days"])) == (200, 7)
    assert week["days"][-1]["since"][:10] == day["since"][:10]
    code, past = documents.curl("URL/reports/daily?date=2020-02-29")
    assert (code, past["strategies"], past["is_over"]) == (200, [], True)
    for wrong in ("2026-02-30", "9999-01-01", "yesterday"):
        assert documents.curl(f"URL/reports/daily?date={wrong}")[0] == 422


def test_there_are_no_models_and_nothing_is_wrong(documents: Documents) -> None:
    assert documents.curl("URL/ai/models") == (200, [])
    documents.system.until(lambda: documents.curl("URL/alerts") == (200, []), "no alert is in force")


def test_paper_is_read_and_nothing_is_traded_by_hand(documents: Documents) -> None:
    _, summary = documents.curl("URL/paper/summary")
    assert summary[0]["account"] == "me"
    assert summary[0]["worth"]["asset"] == "USDT"
    assert documents.curl("URL/paper/portfolio")[1]["is_running"] is True
    assert documents.curl("URL/paper/positions")[0] == 200
    _, performance = documents.curl("URL/paper/performance")
    assert performance[0]["trades"] >= 0
    assert documents.post("/engines/stop", {"symbol": "BTC/USDT"})[0] == 200  # the bot buys nothing meanwhile
    bought = documents.buys()
    for path in ("/paper/order", "/paper/trade", "/paper/test_trade"):
        code, problem = documents.curl("-X", "POST", f"URL{path}", "-d", '{"symbol": "BTC/USDT", "side": "buy"}')
        assert (path, code, problem["code"]) == (path, 409, "ORDER_BY_HAND")
        assert "/risk/policy" in problem["detail"]
    code, problem = documents.curl("-X", "POST", "URL/paper/reset")
    assert (code, problem["code"]) == (409, "RESET_BY_HAND")
    assert "fairway up --practice" in problem["detail"]
    assert documents.buys() == bought
    assert documents.post("/engines/start", {"symbol": "BTC/USDT"})[0] == 200


def test_a_body_that_is_wrong_is_refused_with_its_field(documents: Documents) -> None:
    assert documents.curl("-X", "POST", "URL/live/kill", "-d", "not json")[1]["code"].startswith("BODY_WRONG")
    code, problem = documents.post("/live/kill", {})
    assert (code, problem["errors"][0]["field"]) == (422, "body.reason")
    code, problem = documents.post("/engines/start", {"symbol": "BTC/USDT", "capital": -1})
    assert (code, problem["errors"][0]["field"]) == (422, "body.capital")


def test_a_kill_is_confirmed_by_the_venue_and_nothing_is_bought_again(documents: Documents) -> None:
    """The last test: a killed system stays killed."""
    documents.system.until(documents.system.is_protected, "something is held and protected")
    assert documents.curl("URL/live/status")[1]["is_killed"] is False
    reason = "rollback of the launch"
    code, killed = documents.curl("-X", "POST", "URL/live/kill", "-d", json.dumps({"reason": reason}))
    assert (code, killed["is_done"], killed["is_latched"]) == (200, True, True)
    (told,) = killed["accounts"]
    bought, left = documents.buys(), documents.open_orders()
    assert {each["side"] for each in left} == {"SELL"}
    assert {each["clientOrderId"] for each in left} == set(told["protective"])
    assert all(each["clientOrderId"][-1] in "st" for each in left)
    assert any(each["type"].startswith("STOP") for each in left)
    time.sleep(SETTLED_S)
    assert documents.buys() == bought
    assert not documents.system.naked()
    code, status = documents.curl("URL/live/status")
    assert (code, status["is_killed"]) == (200, True)
    assert [(each["by"], each["reason"], each["account"]) for each in status["kills"]] == [("me", reason, "me")]
    (account,) = status["accounts"]
    assert (account["trading_state"], account["may_open"]) == ("KILLED", False)
    assert all(each["stop"] is not None for each in account["positions"])
    assert {each["status"] for each in documents.curl("URL/engines")[1]} == {"killed"}
    code, problem = documents.post("/engines/start", {"symbol": "BTC/USDT", "mode": "practice"})
    assert (code, problem["code"]) == (409, "ENGINE_KILLED")
    assert "fairway resume" in problem["detail"]
    assert any(each["severity"] == "P0" and each["about"].startswith("kill") for each in documents.curl("URL/alerts")[1])
