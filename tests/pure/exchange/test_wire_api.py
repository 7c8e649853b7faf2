"""The WebSocket API without sockets: requests, limits in answers, and the events of accounts."""

import json
from typing import Any

import pytest
from tests.pure.exchange.wire_ground import KEY, START, Ground, run

from fairway.exchange.answers import KeyPermissions
from fairway.exchange.wire.rest import METHODS
from fairway.world.clock import MINUTE

ORDER = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.01", "price": "40000"}
WIRE_PAGE = (
    "ping time exchangeInfo depth order.place order.cancel order.status openOrders.status openOrders.cancelAll account.status"
)


def test_every_method_of_the_wire_page_is_there() -> None:
    """Besides those that only a connection has."""
    assert set(WIRE_PAGE.split()) <= set(METHODS)


def test_answers_carry_the_limits_unless_they_are_not_wanted() -> None:
    """Weight always, orders where they were placed; returnRateLimits hides them, by request or by address."""

    async def scene() -> None:
        ground = await Ground().begin()
        api = ground.api()
        answer = await ground.tell(api, "time")
        assert answer == {
            "id": 1,
            "status": 200,
            "result": {"serverTime": START // 1_000_000},
            "rateLimits": [
                {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 6000, "count": 1}
            ],
        }
        assert "rateLimits" not in await ground.tell(api, "time", returnRateLimits=False)
        placed = await ground.tell(api, "order.place", signed=True, **ORDER)
        assert [(it["rateLimitType"], it["intervalNum"], it["count"]) for it in placed["rateLimits"]] == [
            ("ORDERS", 10, 1),
            ("ORDERS", 1, 1),
            ("REQUEST_WEIGHT", 1, 3),
        ]

    run(scene())


def test_orders_are_placed_found_and_cancelled() -> None:
    """The same answers as by REST; numbers and flags may be JSON numbers and flags."""

    async def scene() -> None:
        ground = await Ground().begin()
        api = ground.api()
        placed = await ground.tell(api, "order.place", signed=True, **ORDER | {"quantity": 0.01, "price": 40000})
        number = placed["result"]["orderId"]
        found = await ground.tell(api, "order.status", signed=True, symbol="BTCUSDT", orderId=number)
        assert (found["status"], found["result"]["origQty"]) == (200, "0.01000000")
        shown = await ground.tell(api, "openOrders.status", signed=True)
        assert shown["result"] == [found["result"]]
        gone = await ground.tell(api, "order.cancel", signed=True, symbol="BTCUSDT", orderId=number)
        assert gone["result"]["status"] == "CANCELED"
        nothing = await ground.tell(api, "openOrders.cancelAll", signed=True, symbol="BTCUSDT")
        assert (nothing["status"], nothing["error"]["code"]) == (400, -2011)
        tested = await ground.tell(api, "order.test", signed=True, computeCommissionRates=True, **ORDER)
        assert tested["result"]["standardCommissionForOrder"] == {"maker": "0.00100000", "taker": "0.00100000"}
        assert (await ground.tell(api, "v3/depth", symbol="BTCUSDT", limit=1))["result"]["lastUpdateId"] > 0

    run(scene())


@pytest.mark.parametrize(
    ("text", "status", "code"),
    [
        ("{", 400, -1135),
        ('{"id": 1}', 400, -1102),
        ('{"id": "with spaces", "method": "ping"}', 400, -1100),
        ('{"id": 1, "method": "nothing"}', 400, -1020),
        ('{"id": 1, "method": "account.status"}', 401, -2014),
        ('{"id": 1, "method": "userDataStream.unsubscribe", "params": {"subscriptionId": 3}}', 400, -2036),
        ('{"id": 1, "method": "depth", "params": {"symbol": "NOSUCH"}}', 400, -1121),
    ],
)
def test_a_request_with_a_mistake_is_answered_with_an_error(text: str, status: int, code: int) -> None:
    """With the same codes as REST."""

    async def scene() -> None:
        ground = await Ground().begin()
        answers = await ground.api().receive(text)
        assert answers is not None
        answer = json.loads(answers[0])
        assert (answer["status"], answer["error"]["code"]) == (status, code)

    run(scene())


def test_too_much_weight_tells_when_to_come_back() -> None:
    """429 with retryAfter, counted together with REST."""

    async def scene() -> None:
        ground = await Ground().begin()
        for _ in range(24):
            await ground.get("depth", symbol="BTCUSDT", limit=5000)
        answer = await ground.tell(ground.api(), "ping")
        assert (answer["status"], answer["error"]["code"]) == (429, -1003)
        assert answer["error"]["data"]["retryAfter"] == (START + MINUTE) // 1_000_000

    run(scene())


def test_an_account_is_told_everything_about_its_orders() -> None:
    """The order accepted, what it holds, its fill, a deposit: each event whole, with the subscription's number."""

    async def scene() -> None:
        ground = await Ground().begin()
        api = ground.api()
        assert (await ground.tell(api, "userDataStream.subscribe.signature", signed=True))["result"] == {"subscriptionId": 0}
        await ground.order(newClientOrderId="one", quantity="0.5", price="50001")
        accepted, filled, balances = await ground.frames()
        at = START // 1_000_000
        assert accepted == {
            "subscriptionId": 0,
            "event": {
                "e": "executionReport", "E": at, "s": "BTCUSDT", "c": "one", "S": "BUY", "o": "LIMIT", "f": "GTC",
                "q": "0.50000000", "p": "50001.00000000", "P": "0.00000000", "F": "0.00000000", "g": -1, "C": "", "x": "NEW",
                "X": "NEW", "r": "NONE", "i": 1, "l": "0.00000000", "z": "0.00000000", "L": "0.00000000", "n": "0", "N": None,
                "T": at, "t": -1, "I": 2, "w": True, "m": False, "M": False, "O": at, "Z": "0.00000000", "Y": "0.00000000",
                "Q": "0.00000000", "V": "EXPIRE_MAKER", "W": at,
            },
        }  # fmt: skip
        fill = filled["event"]
        assert (fill["x"], fill["X"], fill["l"], fill["L"], fill["Y"], fill["n"], fill["N"], fill["t"], fill["m"]) == (
            "TRADE",
            "FILLED",
            "0.50000000",
            "50001.00000000",
            "25000.50000000",
            "0.00050000",
            "BTC",
            2,
            False,
        )
        assert balances["event"] == {
            "e": "outboundAccountPosition",
            "E": at,
            "u": at,
            "B": [
                {"a": "BTC", "f": "2.49950000", "l": "0.00000000"},
                {"a": "USDT", "f": "74999.50000000", "l": "0.00000000"},
            ],
        }
        ground.exchange.backend.accounts.deposit("alice", "USDT", -(10**8), START)
        moved, _ = await ground.frames()
        assert moved["event"] == {"e": "balanceUpdate", "E": at, "a": "USDT", "d": "-1.00000000", "T": at}

    run(scene())


def test_a_cancel_and_a_pair_are_told_with_their_names() -> None:
    """c names the cancel and C the order; a pair tells its state, first started, then done."""

    async def scene() -> None:
        ground = await Ground().begin()
        await ground.tell(ground.api(), "userDataStream.subscribe.signature", signed=True)
        await ground.order(newClientOrderId="one")
        await ground.ask("DELETE", "order", symbol="BTCUSDT", origClientOrderId="one", newClientOrderId="bye")
        told = [it["event"] for it in await ground.frames()]
        gone = next(it for it in told if it.get("x") == "CANCELED")
        assert (gone["c"], gone["C"], gone["X"]) == ("bye", "one", "CANCELED")
        pair: dict[str, Any] = {"symbol": "BTCUSDT", "side": "SELL", "quantity": "1", "listClientOrderId": "pair"}
        pair |= {"aboveType": "LIMIT_MAKER", "abovePrice": "60000", "belowType": "STOP_LOSS", "belowStopPrice": "45000"}
        await ground.ask("POST", "orderList/oco", **pair)
        await ground.ask("DELETE", "orderList", symbol="BTCUSDT", listClientOrderId="pair")
        lists = [it["event"] for it in await ground.frames() if it["event"]["e"] == "listStatus"]
        assert [(it["l"], it["L"], it["C"], len(it["O"])) for it in lists] == [
            ("EXEC_STARTED", "EXECUTING", "pair", 2),
            ("ALL_DONE", "ALL_DONE", "pair", 2),
        ]

    run(scene())


def test_subscriptions_end_and_say_so() -> None:
    """By unsubscribing one or all, or when the key loses its right; twice for one account is refused (-2035)."""

    async def scene() -> None:
        ground = await Ground().begin()
        api = ground.api()
        await ground.tell(api, "userDataStream.subscribe.signature", signed=True)
        again = await ground.tell(api, "userDataStream.subscribe.signature", signed=True)
        assert again["error"]["code"] == -2035
        assert (await ground.tell(api, "session.subscriptions"))["result"] == [{"subscriptionId": 0}]
        assert (await ground.tell(api, "userDataStream.unsubscribe", subscriptionId=0))["result"] == {}
        assert await ground.frames() == [{"subscriptionId": 0, "event": {"e": "eventStreamTerminated", "E": START // 1_000_000}}]
        await ground.order()
        assert await ground.frames() == []
        await ground.tell(api, "userDataStream.subscribe.signature", signed=True)
        ground.exchange.set_rights("alice", KeyPermissions(reading=False))
        assert [(it["subscriptionId"], it["event"]["e"]) for it in await ground.frames()] == [(1, "eventStreamTerminated")]
        assert (await ground.tell(api, "session.subscriptions"))["result"] == []

    run(scene())


def test_one_connection_tells_of_several_accounts() -> None:
    """Each by its own number, and nobody hears of another's."""

    async def scene() -> None:
        ground = await Ground().begin()
        ground.exchange.open_account("bob", {"USDT": 10**12}, key="bobkey000001", secret="alicesecret")
        api, other = ground.api(), ground.api()
        assert (await ground.tell(api, "userDataStream.subscribe.signature", signed=True))["result"]["subscriptionId"] == 0
        await ground.tell(other, "userDataStream.subscribe.signature", signed=True, apiKey="bobkey000001")
        answer = await ground.tell(api, "userDataStream.subscribe.signature", signed=True, apiKey="bobkey000001")
        assert answer["result"] == {"subscriptionId": 1}
        await ground.order()
        assert {it["subscriptionId"] for it in await ground.frames()} == {0}
        api.stop()
        assert KEY != "bobkey000001"
        await ground.order()
        assert await ground.frames() == []

    run(scene())
