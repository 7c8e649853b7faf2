"""freqtrade's own client, unmodified, against a running practice system. What became of orders is asked of the exchange.

The tests of this page run in their order. The bot may hold two positions of three pairs, and holds them for long: the forced exit
of one makes room for the third.
"""

import asyncio
import json
import time
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
import websockets
from freqtrade_client import FtRestClient
from tests.clients.real_time.test_up import buys
from tests.clients.systems import DUST, PAIRS, PASSWORD, Client, System, asked, fairway, first_signed_in, running, signed_in
from tests.pure.cli.programs import PATIENCE_S

QUIET_S = 6.0
"""In which the strategy would have bought twice."""
WITHOUT_LAUNCH = {
    "lease: true": "lease: false",
    "  plan: first-hundred.yaml": "  # no plan",
    "profile: moderate": "profile: moderate\n  positions_max: 2",
    "requests: 600": 'requests: 100000\n  origins: ["http://127.0.0.1:3000"]',
}
"""A launch would hold the whole bot once a pair is closed by force, and allow ten dollars."""
FREQUI = "http://127.0.0.1:3000"
SYMBOLS = ["BTC/USDT", "ETH/USDT", "SOL/USDT"]


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Up, with a first position under its stop, and an admin who has chosen a password."""
    with running(tmp_path_factory.mktemp("system"), **WITHOUT_LAUNCH) as up:
        first_signed_in(up)
        up.until(up.is_protected, "a first position is held and protected")
        yield up


@pytest.fixture(scope="module")
def client(system: System) -> FtRestClient:
    return FtRestClient(system.url, "me", PASSWORD)


def test_it_says_what_it_is(system: System, client: FtRestClient) -> None:
    assert asked(f"{system.url}/api/v1/ping") == (200, {"status": "pong"})
    assert client.ping() == {"status": "pong"}
    assert client.version()["version"].startswith("fairway ")
    config = client.show_config()
    assert (config["state"], config["dry_run"], config["stake_currency"]) == ("running", True, "USDT")
    assert (config["timeframe_ms"], config["trading_mode"], config["short_allowed"]) == (1_000, "spot", False)
    assert config["max_open_trades"] >= 1


def test_it_says_how_it_is(system: System, client: FtRestClient) -> None:
    health = client.health()
    assert -5 <= time.time() - health["last_process_ts"] < PATIENCE_S
    assert health["bot_start_ts"] <= health["last_process_ts"]
    found = client.sysinfo()
    assert found["cpu_pct"]
    assert 0 < found["ram_pct"] < 100
    assert asked(f"{system.url}/api/v1/health/")[1]["status"] == "healthy", "the path with the slash is another one"


def test_open_trades_are_those_of_the_exchange(system: System, client: FtRestClient) -> None:
    def is_same() -> bool:
        shown = {trade["base_currency"]: trade["amount"] for trade in client.status()}
        held = {coin: quantity for coin, quantity in system.holdings().items() if quantity > DUST[coin]}
        return bool(shown) and set(shown) == set(held) and all(abs(held[coin] - shown[coin]) <= DUST[coin] for coin in shown)

    system.until(is_same, "the server shows what the exchange shows")


def test_an_open_trade_has_what_clients_read(system: System, client: FtRestClient) -> None:
    system.until(lambda: any(trade["current_rate"] and trade["stop_loss_abs"] for trade in client.status()), "a trade is open")
    trade = next(trade for trade in client.status() if trade["current_rate"] and trade["stop_loss_abs"])
    assert trade["is_open"]
    assert trade["stop_loss_abs"] < trade["open_rate"]
    assert trade["profit_ratio"] == pytest.approx(trade["profit_abs"] / trade["stake_amount"], abs=1e-6)
    assert {order["ft_order_side"] for order in trade["orders"]} >= {"buy", "stoploss"}
    assert trade["open_timestamp"] / 1_000 == pytest.approx(time.time(), abs=600)
    assert (trade["leverage"], trade["is_short"], trade["funding_fees"]) == (None, False, None)
    assert client.trade(trade["trade_id"])["pair"] == trade["pair"]
    count = client.count()
    assert 1 <= count["current"] <= count["max"]
    assert count["total_stake"] > 0
    assert client.trade(10**9)["code"] == "TRADE_UNKNOWN: tradeid=1000000000"


def test_balances_are_those_of_the_exchange(system: System, client: FtRestClient) -> None:
    def is_same() -> bool:
        shown = {each["currency"]: each["balance"] for each in client.balance()["currencies"]}
        held = {coin: quantity for coin, quantity in system.holdings().items() if quantity}
        return all(shown.get(coin) == pytest.approx(quantity) for coin, quantity in held.items())

    system.until(is_same, "the server shows what the exchange shows")
    balance = client.balance()
    assert balance["starting_capital"] == pytest.approx(10_000, rel=0.01)
    assert balance["total"] == pytest.approx(10_000, rel=0.05)
    assert (balance["stake"], balance["note"]) == ("USDT", "Simulated balances")
    assert all(each["balance"] == pytest.approx(each["free"] + each["used"]) for each in balance["currencies"])


def test_pairs_locks_and_logs(client: FtRestClient) -> None:
    assert client.whitelist()["whitelist"] == SYMBOLS
    assert client.blacklist()["blacklist"] == []
    found = client.locks()
    assert found["lock_count"] == len(found["locks"])
    lines = client.logs(limit=20)
    assert 0 < lines["log_count"] <= 20
    assert all(len(line) == 5 and line[2] == "fairway.me" for line in lines["logs"])


def test_strategies_and_candles(client: FtRestClient) -> None:
    assert "periodic" in client.strategies()["strategies"]
    assert client.strategy("periodic")["timeframe"] == "1s"
    assert client.plot_config() == {"main_plot": {}, "subplots": {}}
    assert client.pair_candles("BTC/USDT", "1m")["columns"] == []
    assert client.pair_candles("BTC/USDT", "1m", columns=["rsi"])["length"] == 0
    assert client.pair_candles("DOGE/USDT", "1m")["code"] == "FIELD_WRONG: field=pair"


def test_tokens_are_those_of_freqtrade(system: System, client: FtRestClient) -> None:
    tokens = client._post("token/login")
    access, refresh = ({"Authorization": f"Bearer {tokens[name]}"} for name in ("access_token", "refresh_token"))
    assert Client(system.url, access).get("/api/v1/count")[0] == 200
    code, answer = asked(f"{system.url}/api/v1/token/refresh", body={}, headers=refresh)
    assert (code, bool(answer["access_token"])) == (200, True)
    assert asked(f"{system.url}/api/v1/count", headers=refresh)[0] == 401, "a refresh token is good for nothing else"


def test_a_browser_lets_frequi_ask_with_its_token(system: System, client: FtRestClient) -> None:
    asks = {"Origin": FREQUI, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    allowed = client._session.options(f"{system.url}/api/v1/stop", headers=asks).headers
    assert (allowed["access-control-allow-origin"], allowed["access-control-allow-credentials"]) == (FREQUI, "true")
    assert "POST" in allowed["access-control-allow-methods"]
    answer = client._session.post(f"{system.url}/api/v1/token/login", json={}, headers={"Origin": FREQUI})
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert {"access_token", "refresh_token"} <= set(answer.json())
    other = client._session.get(f"{system.url}/api/v1/version", headers={"Origin": "http://elsewhere.example"})
    assert "access-control-allow-origin" not in other.headers


def test_a_wrong_password_is_refused(system: System) -> None:
    assert FtRestClient(system.url, "me", "not the password at all").version()["status"] == 401
    assert asked(f"{system.url}/api/v1/status")[0] == 401


class Listener(Thread):
    """A real WebSocket client that keeps what it is sent, until a fill of an entry has followed one of an exit."""

    def __init__(self, system: System, token: str) -> None:
        super().__init__(daemon=True)
        self._url = f"{system.url.replace('http', 'ws')}/api/v1/message/ws?token={token}"
        self.found: list[dict[str, Any]] = []
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            asyncio.run(self._listen())
        except Exception as error:
            self.error = error

    def told(self, kind: str) -> list[dict[str, Any]]:
        return [each for each in self.found if each["type"] == kind]

    async def _listen(self) -> None:
        async with websockets.connect(self._url) as socket, asyncio.timeout(PATIENCE_S):
            await socket.send("this is no request")
            topics = ["whitelist", "status", "warning", "entry", "entry_fill", "exit_fill"]
            await socket.send(json.dumps({"type": "subscribe", "data": topics}))
            await socket.send(json.dumps({"type": "whitelist", "data": ""}))
            while not (self.told("exit_fill") and self.told("entry_fill")):
                self.found.append(json.loads(await socket.recv()))


def test_messages_need_a_token(system: System) -> None:
    listener = Listener(system, "fw_none")
    listener.run()
    assert isinstance(listener.error, websockets.exceptions.InvalidStatus)
    assert listener.error.response.status_code == 403


@pytest.mark.parametrize("path", ["stop", "stopentry", "pause"])
def test_a_stop_keeps_what_is_held_and_start_ends_it(system: System, client: FtRestClient, path: str) -> None:
    system.until(system.is_protected, "a position is held and protected")
    answer = client._post(path)["status"]
    assert answer.startswith("What is held stays, with its stop and target at the venue. ")
    assert "me: done; it opens nothing" in answer
    assert client.show_config()["state"] == "paused"
    assert client.ping() == {"status": "not_running"}
    assert [each["pair"] for each in client.locks()["locks"] if each["reason"].startswith("paused: ")] == ["*"]
    assert client.reload_config()["status"].startswith("nothing was reloaded")
    assert client.show_config()["state"] == "paused"
    assert not system.naked(), "positions stay under their stops"
    assert "me: done" in client.start()["status"]
    assert client.show_config()["state"] == "running"
    assert client.start()["status"].startswith("already running")


def test_a_part_of_a_position_is_not_sold(system: System, client: FtRestClient) -> None:
    system.until(lambda: client.status(), "a trade is open")
    trade = client.status()[0]
    refused = client.forceexit(trade["trade_id"], amount=trade["amount"] / 2)
    assert refused["status"] in (409, 422), "or it has ended meanwhile"
    assert client.forceexit(10**9)["status"] == 404
    assert client.forceexit("the first")["code"] == "FIELD_WRONG: field=tradeid"


def test_a_viewer_sees_all_and_sells_nothing(system: System, client: FtRestClient) -> None:
    (system.folder / "password").touch(0o600)
    (system.folder / "password").write_text("other unrelated words here")
    whose = ("--registry", "fairway.people", "--reason", "a test")
    for words in (
        ("add", "looker", "--role", "viewer", "--name", "L"),
        ("password", "looker", "--password", "file:password"),
    ):
        ended = fairway("users", *words, *whose, folder=system.folder)
        assert ended.returncode == 0, ended.stdout + ended.stderr
    viewer = FtRestClient(system.url, "looker", "other unrelated words here")
    system.until(lambda: viewer.status(), "a trade is open")
    trade = viewer.status()[-1]
    refused = [viewer.forceexit(trade["trade_id"]), viewer.stop(), viewer.stopbuy()]
    assert [(each["status"], each["code"].partition(":")[0]) for each in refused] == [(403, "ROLE_FORBIDS")] * 3
    assert client.trade(trade["trade_id"])["exit_reason"] in (None, "time", "stop", "target")
    assert client.show_config()["state"] == "running"
    assert not system.naked()


def forced(system: System, client: FtRestClient) -> dict[str, Any]:
    """A trade whose exit was forced. One that ended by itself meanwhile is followed by another."""
    for _ in range(5):
        system.until(lambda: client.status() and not system.naked(), "a position is held and protected")
        trade: dict[str, Any] = max(client.status(), key=lambda each: int(each["trade_id"]))
        answer = client.forceexit(trade["trade_id"], ordertype="market", amount=trade["amount"])
        if not str(answer.get("code", "")).startswith("TRADE_ENDED"):
            assert answer["result"].startswith(f"Created exit order for trade {trade['trade_id']}. "), answer
            return trade
    raise AssertionError("five trades ended before they could be sold")


def test_after_a_stop_nothing_is_bought_and_a_forced_exit_sells(system: System, client: FtRestClient) -> None:
    """Under a listener: it is told of the exit, and of the entry that follows the start."""
    listener = Listener(system, signed_in(system.url, "me", PASSWORD).headers["Authorization"].removeprefix("Bearer "))
    listener.start()
    system.until(lambda: listener.told("whitelist"), "the listener is connected")
    assert "me: done" in client.stopbuy()["status"]
    trade = forced(system, client)
    system.until(lambda: is_sold(system, trade["pair"]), "the exchange shows it sold, with no order left")
    system.until(lambda: has_ended(client, trade["trade_id"]), "the trade has ended under its number")
    bought = buys(system)
    time.sleep(QUIET_S)
    assert buys(system) == bought, "there is room for a position, and none is opened"
    assert not system.naked(), "what is held stays under its stop"
    assert "me: done" in client.start()["status"]
    system.until(lambda: buys(system) > bought, "it buys again")
    assert is_sold(system, trade["pair"]), "another pair: this one stays closed until a person resumes it"
    assert any(each["pair"] == trade["pair"] for each in client.locks()["locks"])
    listener.join(PATIENCE_S)
    check_told(listener, client, trade)


def check_told(listener: Listener, client: FtRestClient, trade: dict[str, Any]) -> None:
    assert listener.error is None
    assert listener.told("whitelist") == [{"type": "whitelist", "data": SYMBOLS}]
    assert trade["trade_id"] in {each["trade_id"] for each in listener.told("exit_fill")}, "another may have ended by itself"
    left, entered, began = listener.told("exit_fill")[-1], listener.told("entry_fill")[0], listener.told("entry")[0]
    assert (left["pair"], left["open_rate"]) == (trade["pair"], trade["open_rate"])
    assert (entered["direction"], entered["pair"]) == ("Long", began["pair"])
    assert client.trade(entered["trade_id"])["pair"] == entered["pair"]
    assert any("paused" in each["status"] for each in [*listener.told("status"), *listener.told("warning")])


def test_results_are_told(system: System, client: FtRestClient) -> None:
    trades = client.trades(limit=500)
    assert [each["trade_id"] for each in trades["trades"]] == sorted(each["trade_id"] for each in trades["trades"])
    first = trades["trades"][0]
    assert first["close_profit"] == pytest.approx(first["close_profit_abs"] / first["stake_amount"], abs=1e-6)
    assert client.trade(first["trade_id"]) == client.trade(first["trade_id"]) | first, "an ended trade keeps number and numbers"
    newest = client.trades(limit=1, order_by_id=False)["trades"][0]
    assert newest["close_timestamp"] >= first["close_timestamp"]
    for told in (client.daily(days=3), client.weekly(weeks=2), client.monthly(months=2)):
        assert sum(each["trade_count"] for each in told["data"]) >= trades["total_trades"]
        assert told["stake_currency"] == "USDT"
    assert [len(client.daily(days=3)["data"]), len(client.weekly()["data"]), len(client.monthly()["data"])] == [3, 4, 3]
    tallies = client.stats()["exit_reasons"].values()
    assert sum(sum(each.values()) for each in tallies) >= trades["total_trades"]
    for groups in (client.performance(), client.entries(), client.exits(), client.mix_tags()):
        assert sum(each["count"] for each in groups) >= trades["total_trades"]
    profit = client.profit()
    assert profit["closed_trade_count"] >= trades["total_trades"]
    assert profit["trading_volume"] > 0
    assert profit["first_trade_timestamp"] <= profit["latest_trade_timestamp"]


def test_all_positions_are_sold(system: System, client: FtRestClient) -> None:
    system.until(lambda: client.status(), "a trade is open")
    open_ = client.status()
    answer = client.forceexit("all")
    assert answer["result"].startswith("Created exit orders for all open trades. "), answer
    for trade in open_:
        system.until(lambda pair=trade["pair"]: is_sold(system, pair), "the exchange shows it sold, with no order left")  # type: ignore[misc]
    assert not system.naked()


def is_sold(system: System, pair: str) -> bool:
    """Whether the exchange has less than an order's worth of it, and no order that rests."""
    served, account = system.exchange()
    coin = pair.partition("/")[0]
    assert f"{coin}USDT" in PAIRS
    resting = served.signed(account, "/api/v3/openOrders", f"symbol={coin}USDT")
    return system.holdings()[coin] <= DUST[coin] and not resting


def has_ended(client: FtRestClient, number: int) -> bool:
    return any(each["trade_id"] == number for each in client.trades()["trades"])
