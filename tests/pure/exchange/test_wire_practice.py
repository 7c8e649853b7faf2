"""The /practice endpoints without sockets: accounts, the market's time, faults, and what happened."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from tests.pure.exchange.wire_ground import START, Ground, crowd, read, run

from fairway.exchange.practice import Practice
from fairway.exchange.session import Request
from fairway.world.chance import Chance
from fairway.world.clock import MINUTE, SECOND

LOCAL = {"Host": "127.0.0.1:9100"}


class Desk:
    """A ground with its practice desk."""

    def __init__(self, *seconds: int) -> None:
        self.ground = Ground([crowd(START + second * SECOND, 50_000 + second) for second in (0, *seconds)])
        self.sent: list[Any] = []
        self.practice = Practice(self.ground.exchange, Chance(2), self._send)

    async def _send(self, deliveries: list[Any]) -> None:
        self.sent += [json.loads(it.frame) for it in deliveries if it.frame]

    async def ask(self, method: str, path: str, wish: Any = None, *, query: str = "", headers: Mapping[str, str] = LOCAL) -> Any:
        body = "" if wish is None else wish if isinstance(wish, str) else json.dumps(wish)
        response = await self.practice.handle(Request(method, f"/practice{path}", query, body, headers, "10.0.0.1"))
        answer = read(response)
        return answer if response.status == 200 else (response.status, answer["error"])


def test_an_account_is_opened_with_everything_chosen() -> None:
    """Key, secret, balances, rights and fees; the key then works."""

    async def scene() -> None:
        desk = Desk()
        await desk.ground.begin()
        opened = await desk.ask(
            "POST",
            "/accounts",
            {
                "name": "bob",
                "balances": {"USDT": "100.5"},
                "taker_fee": "0.0004",
                "rights": {"spot_trading": False},
                "key": "bobskey00001",
                "secret": "bobssecret",
            },
        )
        assert opened == {"name": "bob", "key": "bobskey00001", "secret": "bobssecret"}
        account = read(await desk.ground.ask("GET", "account", key="bobskey00001", secret="bobssecret"))
        assert (account["balances"], account["canTrade"]) == (
            [{"asset": "USDT", "free": "100.50000000", "locked": "0.00000000"}],
            False,
        )
        assert (account["commissionRates"]["maker"], account["commissionRates"]["taker"]) == ("0.00100000", "0.00040000")
        made = await desk.ask("POST", "/accounts", {"name": "carol"})
        assert len(made["key"]) == len(made["secret"]) == 64
        assert (await desk.ask("GET", ""))["accounts"] == ["alice", "bob", "carol"]

    run(scene())


def test_an_account_that_may_not_trade_keeps_what_rests() -> None:
    """Whatever its key may do: new orders are refused, its standing is shown, and what rests can be cancelled."""

    async def scene() -> None:
        desk = Desk()
        await desk.ground.begin()
        resting = await desk.ground.order()
        await desk.ask("POST", "/accounts/alice/standing", {"can_trade": False, "kind": "MARGIN"})
        account = read(await desk.ground.ask("GET", "account"))
        assert (account["canTrade"], account["accountType"]) == (False, "MARGIN")
        assert (await desk.ground.order())["msg"] == "This action is disabled on this account."
        gone = await desk.ground.ask("DELETE", "order", symbol="BTCUSDT", orderId=resting["orderId"])
        assert read(gone)["status"] == "CANCELED"
        assert (await desk.ask("POST", "/accounts/bob/standing", {}))[0] == 400

    run(scene())


def test_rights_and_balances_are_changed_later() -> None:
    """A key loses its right to trade; money comes and goes, but not more than there is."""

    async def scene() -> None:
        desk = Desk()
        await desk.ground.begin()
        await desk.ask("POST", "/accounts/alice/rights", {"spot_trading": False})
        assert (await desk.ground.order())["code"] == -2015
        await desk.ask("POST", "/accounts/alice/deposits", {"asset": "SOL", "amount": "3"})
        await desk.ask("POST", "/accounts/alice/deposits", {"asset": "SOL", "amount": "-1"})
        refused = await desk.ask("POST", "/accounts/alice/deposits", {"asset": "SOL", "amount": "-9"})
        assert refused == (400, "account 'alice' does not have 9 SOL free to take out")
        account = read(await desk.ground.ask("GET", "account"))
        assert next(it["free"] for it in account["balances"] if it["asset"] == "SOL") == "2.00000000"

    run(scene())


def test_the_market_is_paused_resumed_and_sent_ahead() -> None:
    """Its candles and trades go ahead; signatures stay with the clock; what is caused is sent on the way."""

    async def scene() -> None:
        desk = Desk(30, 90, 200)
        ground = await desk.ground.begin()
        await ground.listener().start(["btcusdt@kline_1m"])
        assert (await desk.ask("POST", "/pause"))["paused"] is True
        assert await ground.pass_time(START + 60 * SECOND) == [("ping",)] * 3
        moved = await desk.ask("POST", "/advance", {"seconds": 125})
        assert (moved["market_now"], moved["now"]) == ("2023-11-14T22:15:05.000Z", "2023-11-14T22:14:00.000Z")
        assert [(it["k"]["x"], it["k"]["c"]) for it in desk.sent if it["k"]["x"]] == [
            (True, "50030.00000000"),
            (True, "50090.00000000"),
        ]
        assert (await ground.order())["status"] == "NEW"
        assert (await desk.ask("POST", "/resume"))["paused"] is False
        ground.clock.at += 74 * SECOND
        assert (await ground.get("ticker/price", symbol="BTCUSDT"))["price"] == "50090.00000000"
        await ground.pass_time(ground.clock.at + SECOND)
        assert (await ground.get("ticker/price", symbol="BTCUSDT"))["price"] == "50200.00000000"
        assert (await desk.ask("GET", ""))["market_ended"] is True

    run(scene())


def test_what_happened_is_listed() -> None:
    """Events of accounts, numbered; from a number on."""

    async def scene() -> None:
        desk = Desk()
        ground = await desk.ground.begin()
        await ground.order()
        await ground.frames()
        first, second = await desk.ask("GET", "/events")
        assert (first["number"], first["account"], first["event"]["e"]) == (1, "alice", "executionReport")
        assert await desk.ask("GET", "/events", query="since=1") == [second]
        status = await desk.ask("GET", "")
        assert (status["events"], status["events_lost"]) == (2, 0)

    run(scene())


def test_faults_are_switched_on_and_off() -> None:
    """By name, with scope, options and a time; it is listed, and ends by itself or when told."""

    async def scene() -> None:
        desk = Desk()
        ground = await desk.ground.begin()
        names = [it["name"] for it in await desk.ask("GET", "/faults/kinds")]
        assert "latency" in names
        wish = {"name": "latency", "scope": {"account": "alice"}, "options": {"before_ms": 300, "after_ms": 200}, "for_s": 60}
        assert await desk.ask("POST", "/faults", wish) == {"id": 1, "name": "latency"}
        assert [it["scope"]["until"] for it in await desk.ask("GET", "/faults")] == [START + MINUTE]
        await ground.order()
        assert ground.waits == [300_000_000, 200_000_000]
        ground.clock.at = START + MINUTE
        await ground.order()
        assert len(ground.waits) == 2
        assert await desk.ask("DELETE", "/faults/1") == {"switched_off": 1}
        assert await desk.ask("GET", "/faults") == []
        await desk.ask("POST", "/faults", {"name": "latency", "after_s": 5})
        assert (await desk.ask("GET", ""))["faults"][0]["scope"]["since"] == ground.clock.at + 5 * SECOND
        await desk.ask("DELETE", "/faults")
        assert not ground.exchange.context.faults.before_requests

    run(scene())


MISTAKES: list[tuple[str, str, Any, str]] = [
    ("POST", "/accounts", {}, "name"),
    ("POST", "/accounts", {"name": "alice"}, "alice"),
    ("POST", "/accounts", {"name": "bob", "balances": {"USDT": "lots"}}, "balances.USDT: 'lots' is not an amount"),
    ("POST", "/accounts", {"name": "bob", "colour": "red"}, "colour"),
    ("POST", "/accounts/nobody/rights", {}, "there is no account 'nobody'; there are: alice"),
    ("POST", "/advance", {"seconds": 0}, "more than 0"),
    ("POST", "/advance", {"seconds": 1e9}, "at most 604800"),
    ("POST", "/faults", {"name": "earthquake"}, "there is no fault 'earthquake'; there are: "),
    ("POST", "/faults", {"name": "latency", "options": {"hours": 1}}, "options of 'latency'"),
    ("DELETE", "/faults/9", None, "no fault with the number '9' is on"),
]


@pytest.mark.parametrize(("method", "path", "wish", "words"), MISTAKES)
def test_a_mistake_is_told_in_one_sentence(method: str, path: str, wish: Any, words: str) -> None:
    """400, with what is wrong."""

    async def scene() -> None:
        desk = Desk()
        await desk.ground.begin()
        status, told = await desk.ask(method, path, wish)
        assert status == 400
        assert words in told

    run(scene())


def test_a_path_that_is_none_is_not_found() -> None:
    """404, and where to read about it."""

    async def scene() -> None:
        status, told = await Desk().ask("GET", "/nothing")
        assert (status, "docs/reference/practice-exchange.md" in told) == (404, True)

    run(scene())


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "127.0.0.1:9100", "Origin": "https://evil.example"},
        {"Host": "127.0.0.1:9100", "Origin": "http://127.0.0.1:8000"},
        {"Host": "127.0.0.1:9100", "Origin": "https://127.0.0.1:9100"},
        {"Host": "127.0.0.1:9100", "Origin": "null"},
        {"Host": "evil.example:9100", "Origin": "http://evil.example:9100"},
        {"Host": "evil.example:9100"},
        {},
    ],
    ids=["a foreign page", "a page of another port", "a page of another scheme", "a page of no origin", "a name of its own",
         "a name without a page", "no name"],
)  # fmt: skip
def test_a_page_of_a_foreign_origin_is_not_obeyed(headers: dict[str, str]) -> None:
    """Browsers send the page's origin with what they post for it; a name in the open network may be anybody's."""

    async def scene() -> None:
        desk = Desk()
        await desk.ground.begin()
        status, told = await desk.ask("POST", "/accounts/alice/deposits", {"asset": "USDT", "amount": "-5"}, headers=headers)
        assert (status, "--host" in told or "page" in told) == (403, True)
        balances = read(await desk.ground.ask("GET", "account"))["balances"]
        assert balances[0] == {"asset": "USDT", "free": "100000.00000000", "locked": "0.00000000"}

    run(scene())


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "127.0.0.1:9100"},
        {"Host": "127.0.0.1:9100", "Origin": "http://127.0.0.1:9100"},
        {"Host": "localhost:9100", "Origin": "http://localhost:9100"},
        {"Host": "LOCALHOST"},
        {"Host": "[::1]:9100", "Origin": "http://[::1]:9100"},
        {"Host": "192.168.1.7:9100"},
        {"Host": "exchange:9100"},
        {"Host": "market.test:9100"},
    ],
)
def test_programs_and_its_own_pages_are_obeyed(headers: dict[str, str]) -> None:
    """By an address, by localhost, by a name of the own network, and by the name it was told to listen at."""

    async def scene() -> None:
        desk = Desk()
        desk.practice.listens_at = "market.test"
        await desk.ground.begin()
        assert (await desk.ask("POST", "/pause", headers=headers))["paused"] is True

    run(scene())


def test_events_tell_when_they_were_sent() -> None:
    """`E` is the market's time of the event, whenever /practice/events is asked."""

    async def scene() -> None:
        desk = Desk()
        await desk.ground.begin()
        await desk.ground.order()
        await desk.ground.frames()
        placed_at = desk.ground.clock.at // 1_000_000
        desk.ground.clock.at += 90 * SECOND
        await desk.ground.ask("DELETE", "openOrders", symbol="BTCUSDT")
        await desk.ground.frames()
        desk.ground.clock.at += 90 * SECOND
        told = [it["event"] for it in await desk.ask("GET", "/events")]
        assert {it["E"] for it in told if it["e"] == "executionReport" and it["x"] == "NEW"} == {placed_at}
        assert {it["E"] for it in told if it["e"] == "executionReport" and it["x"] == "CANCELED"} == {placed_at + 90_000}

    run(scene())


def test_deeply_nested_wishes_are_refused() -> None:
    """Deeper than Python can read: one sentence, and no traceback."""

    async def scene() -> None:
        desk = Desk()
        nested = '{"name":"latency","options":{"after_ms":' + "[" * 100_000
        assert await desk.ask("POST", "/faults", nested) == (400, "the JSON is nested too deeply to be read")

    run(scene())
