"""Who may see and do what at the planning documents' paths, and what they say where no trader and no launch run."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.clients.servers import ACCOUNTS, USERS, RunningServer, serving, started, written
from tests.clients.systems import Client, free_port

ALL = frozenset(USERS)
LAUNCH_READERS = ALL - {"tom", "tim"}
READS = {
    "/metrics": ALL,
    "/metrics/prom": LAUNCH_READERS,
    "/engines": ALL,
    "/engines/status": ALL,
    "/engines/status/BTC/USDT": ALL,
    "/live/status": ALL,
    "/risk/policy": ALL,
    "/risk/presets": ALL,
    "/risk/guardrails": ALL,
    "/reports/daily": ALL,
    "/reports/weekly": ALL,
    "/alerts": ALL,
    "/ai/models": ALL,
    "/paper/portfolio": ALL,
    "/paper/positions": ALL,
    "/paper/trades": ALL,
    "/paper/performance": ALL,
    "/paper/summary": ALL,
}
STARTS = frozenset({"ada", "tom"})
STOPS = frozenset({"ada", "tom", "sue"})
OF_TOM = {"account": "tom1", "reason": "a test"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with serving(tmp_path_factory.mktemp("documents")) as running:
        yield running


@pytest.fixture(scope="module")
def clients(server: RunningServer) -> dict[str, Client]:
    return {name: server.client(name) for name in USERS}


@pytest.mark.parametrize("path", sorted(READS))
def test_the_table_of_role_and_what_is_read(clients: dict[str, Client], path: str) -> None:
    for name, client in clients.items():
        code, answer = client.get(path)
        if name in READS[path]:
            assert code == 200, (name, answer)
        else:
            assert (code, answer["code"].partition(":")[0]) == (403, "ROLE_FORBIDS"), name


@pytest.mark.parametrize("path", sorted(READS))
def test_a_trader_sees_nothing_of_another_users_account(clients: dict[str, Client], path: str) -> None:
    code, answer = clients["tim"].get(path)
    if code == 200:
        assert "tom1" not in json.dumps(answer), path


def test_an_engine_without_a_trader_is_stopped_in_each_account(clients: dict[str, Client]) -> None:
    _, engines = clients["vic"].get("/engines")
    assert [(each["symbol"], each["status"]) for each in engines] == [("BTC/USDT", "stopped"), ("ETH/USDT", "stopped")]
    assert "fairway up" in engines[0]["why"]
    assert [each["account"] for each in engines[0]["accounts"]] == sorted(ACCOUNTS)
    assert [each["account"] for each in clients["tom"].get("/engines")[1][0]["accounts"]] == ["tom1"]


def test_only_who_may_lift_starts_an_engine_and_no_one_starts_one_without_a_trader(clients: dict[str, Client]) -> None:
    for name, client in clients.items():
        for path, body in (("/engines/start", {**OF_TOM, "symbol": "BTC/USDT"}), ("/engines/restart/BTC/USDT", OF_TOM)):
            code, answer = client.post(path, body)
            reason = answer["code"].partition(":")[0]
            assert (code, reason) == ((409, "ENGINE_STOPPED") if name in STARTS else (403, "ROLE_FORBIDS")), (name, path)


def test_without_a_launch_no_capital_is_promised(clients: dict[str, Client]) -> None:
    code, problem = clients["ada"].post("/engines/start", {**OF_TOM, "symbol": "BTC/USDT", "capital": 100})
    assert (code, problem["code"]) == (409, "ENGINE_STAGE_UNKNOWN")
    assert "fairway launch start" in problem["detail"]


def test_a_pause_that_no_trader_confirmed_is_accepted_and_not_called_done(clients: dict[str, Client]) -> None:
    """It is written down, and the next start obeys before it opens anything."""
    for name, client in clients.items():
        code, answer = client.post("/engines/stop/BTC/USDT", OF_TOM)
        if name in STOPS:
            assert (code, answer["is_done"], answer["commands"][0]["state"]) == (202, False, "not done"), name
            assert "the next start obeys" in answer["commands"][0]["sentences"][-1]
        else:
            assert (code, answer["code"].partition(":")[0]) == (403, "ROLE_FORBIDS"), name


def test_a_pause_of_one_of_many_accounts_names_it(clients: dict[str, Client]) -> None:
    code, problem = clients["ada"].post("/engines/stop", {"symbol": "BTC/USDT"})
    assert (code, problem["code"].partition(":")[0]) == (409, "ACCOUNT_NOT_NAMED")
    assert "tim1, tom1" in problem["detail"]


def test_the_last_day_is_empty_and_its_errors_unknown(clients: dict[str, Client]) -> None:
    _, told = clients["vic"].get("/metrics")
    assert {**told, "timestamp": ""} == {
        "trades_24h": 0,
        "error_rate": None,
        "tp_triggers_24h": 0,
        "sl_triggers_24h": 0,
        "timestamp": "",
    }


def test_a_trader_that_does_not_run_is_an_alert(clients: dict[str, Client]) -> None:
    _, alerts = clients["vic"].get("/alerts")
    assert ("P1", "component", "trader") in {(each["severity"], each["kind"], each["about"]) for each in alerts}


def test_a_kill_needs_a_right_to_stop_and_latches_even_without_a_venue(clients: dict[str, Client]) -> None:
    """The last test with this server. The venue's address answers to no one: it is not confirmed, and not called done."""
    for name in ("tim", "vic"):
        code, problem = clients[name].post("/live/kill", OF_TOM)
        assert (code, problem["code"].partition(":")[0]) == (403, "ROLE_FORBIDS"), name
    code, problem = clients["tom"].post("/live/kill", {"reason": "mine and all others"})
    assert (code, problem["code"].partition(":")[0]) == (403, "ROLE_FORBIDS")
    code, answer = clients["tom"].post("/live/kill", OF_TOM)
    assert code in (202, 409), answer
    assert "latched: " in json.dumps(answer)
    _, status = clients["tom"].get("/live/status")
    assert status["is_killed"] is True
    assert [(each["account"], each["by"], each["reason"]) for each in status["kills"]] == [("tom1", "tom", "a test")]
    assert clients["tim"].get("/live/status")[1]["is_killed"] is False


def test_paper_is_served_in_mode_practice_only(tmp_path: Path) -> None:
    file = written(tmp_path, free_port())
    text = file.read_text().replace("mode: practice", "mode: testnet").replace('url: "http://127.0.0.1:9"', "sandbox: true")
    file.write_text(text)
    with started(tmp_path) as running:
        client = running.client("ada")
        for method, path in (*(("GET", path) for path in READS if path.startswith("/paper")), ("POST", "/paper/order")):
            code, problem = client.get(path) if method == "GET" else client.post(path)
            assert (path, code, problem["code"]) == (path, 409, "PAPER_ONLY: mode=testnet")
            assert "/api/v1/portfolio" in problem["detail"]
