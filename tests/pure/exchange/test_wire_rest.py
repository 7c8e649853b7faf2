"""REST answers: every endpoint, the exchange's field names and order, number strings, and the errors of orders."""

from typing import Any

import pytest
from tests.pure.exchange.wire_ground import Ground, code_of, read, run

from fairway.exchange.faults.port import FaultScope
from fairway.exchange.faults.registry import make
from fairway.exchange.wire.rest import ROUTES
from fairway.world.chance import Chance

QUERIED = (
    "symbol orderId orderListId clientOrderId price origQty executedQty cummulativeQuoteQty status "
    "timeInForce type side stopPrice icebergQty time updateTime isWorking workingTime origQuoteOrderQty "
    "selfTradePreventionMode"
)


LISTED = "orderListId contingencyType listStatusType listOrderStatus listClientOrderId transactionTime symbol orders orderReports"


PUBLIC = "ping time exchangeInfo depth trades historicalTrades aggTrades klines uiKlines avgPrice ticker/24hr ticker/price "


PUBLIC += "ticker/bookTicker ticker ticker/tradingDay"


SIGNED = "GET order,DELETE order,POST order,POST order/test,POST order/cancelReplace,GET openOrders,DELETE openOrders,"


SIGNED += "GET allOrders,POST orderList/oco,GET orderList,DELETE orderList,GET openOrderList,GET allOrderList,GET account,"


SIGNED += "GET myTrades,GET rateLimit/order,GET account/commission,GET myPreventedMatches,GET myAllocations,GET myFilters,"


SIGNED += "POST order/oco,PUT order/amend/keepPriority,GET order/amendments,POST orderList/oto,POST orderList/otoco"


SAPI = "capital/config/getall margin/allPairs margin/isolated/allPairs asset/tradeFee account/apiRestrictions system/status "


SAPI += "account/status capital/deposit/hisrec capital/withdraw/history asset/transfer"


def test_every_endpoint_of_the_wire_page_is_there() -> None:
    """Public, signed, sapi, and the listenKey that answers 410."""
    wanted = {("GET", f"/api/v3/{path}") for path in PUBLIC.split()}
    wanted |= {(method, f"/api/v3/{path}") for method, path in (it.split() for it in SIGNED.split(","))}
    wanted |= {("GET", f"/sapi/v1/{path}") for path in SAPI.split()}
    wanted |= {(method, "/api/v3/userDataStream") for method in ("POST", "PUT", "DELETE")}
    assert set(ROUTES) == wanted | {("POST", "/sapi/v3/asset/getUserAsset")}


def test_the_listen_key_is_gone_and_strange_paths_are_not_found() -> None:
    """410, 404 and 405."""

    async def scene() -> None:
        ground = await Ground().begin()
        for method in ("POST", "PUT", "DELETE"):
            assert (await ground.send(method, "/api/v3/userDataStream")).status == 410
        nothing, wrong = await ground.send("GET", "/api/v3/nothing"), await ground.send("DELETE", "/api/v3/depth")
        assert (nothing.status, wrong.status) == (404, 405)
        words = "This operation is not supported: the practice exchange has no GET /api/v3/nothing."
        assert read(nothing) == {"code": -1020, "msg": words}
        assert read(wrong)["code"] == -1020

    run(scene())


PLACED = "symbol orderId orderListId clientOrderId transactTime price origQty executedQty origQuoteOrderQty cummulativeQuoteQty "


PLACED += "status timeInForce type side workingTime"


def test_an_order_is_answered_as_shortly_as_asked() -> None:
    """ACK, RESULT and FULL; limit and market orders are answered in full, the others shortly."""

    async def scene() -> None:
        ground = await Ground().begin()
        assert list(await ground.order(newOrderRespType="ACK")) == PLACED.split()[:5]
        assert list(await ground.order(newOrderRespType="RESULT")) == [*PLACED.split(), "selfTradePreventionMode"]
        full = await ground.order(type="MARKET", price=None, timeInForce=None)
        assert list(full) == [*PLACED.split(), "fills", "selfTradePreventionMode"]
        assert full["fills"] == [
            {
                "price": "50001.00000000",
                "qty": "0.01000000",
                "commission": "0.00001000",
                "commissionAsset": "BTC",
                "tradeId": 2,
            }
        ]
        stop = await ground.order(type="STOP_LOSS", price=None, timeInForce=None, stopPrice="60000")
        assert list(stop) == PLACED.split()[:5]

    run(scene())


def test_an_order_is_queried_and_cancelled_by_either_id() -> None:
    """By the exchange's id or the client's; a cancel has a name of its own."""

    async def scene() -> None:
        ground = await Ground().begin()
        placed = await ground.order(newClientOrderId="mine")
        found = read(await ground.ask("GET", "order", symbol="BTCUSDT", origClientOrderId="mine"))
        assert list(found) == QUERIED.split()
        assert found["orderId"] == placed["orderId"]
        assert read(await ground.ask("GET", "openOrders")) == [found]
        gone = read(await ground.ask("DELETE", "order", symbol="BTCUSDT", orderId=placed["orderId"], newClientOrderId="bye"))
        assert (gone["origClientOrderId"], gone["clientOrderId"], gone["status"]) == ("mine", "bye", "CANCELED")
        again = await ground.ask("DELETE", "order", symbol="BTCUSDT", orderId=placed["orderId"])
        assert (code_of(read(again)), again.status) == (-2011, 400)
        assert code_of(read(await ground.ask("GET", "order", symbol="BTCUSDT", orderId=99))) == -2013
        assert code_of(read(await ground.ask("GET", "order", symbol="BTCUSDT"))) == -1102
        assert [it["orderId"] for it in read(await ground.ask("GET", "allOrders", symbol="BTCUSDT"))] == [placed["orderId"]]

    run(scene())


REJECTED: list[tuple[str, dict[str, Any], int, str]] = [
    ("too little money", {"quantity": "3"}, -2010, "Account has insufficient balance for requested action."),
    ("a maker that would take", {"type": "LIMIT_MAKER", "timeInForce": None, "price": "50001"}, -2010,
     "Order would immediately match and take."),
    ("a stop that is reached already", {"type": "STOP_LOSS", "price": None, "timeInForce": None, "stopPrice": "49000"}, -2010,
     "Stop price would trigger immediately."),
    ("a price off the tick", {"price": "40000.001"}, -1013, "Filter failure: PRICE_FILTER"),
    ("a price far from the market", {"price": "9000"}, -1013, "Filter failure: PERCENT_PRICE_BY_SIDE"),
    ("a quantity off the lot", {"quantity": "0.010001"}, -1013, "Filter failure: LOT_SIZE"),
    ("too little worth", {"quantity": "0.0001"}, -1013, "Filter failure: NOTIONAL"),
    ("a market order too large", {"type": "MARKET", "price": None, "timeInForce": None, "quantity": "101"}, -1013,
     "Filter failure: MARKET_LOT_SIZE"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "terms", "code", "message"), REJECTED, ids=[it[0] for it in REJECTED])
def test_an_order_that_breaks_a_rule_is_rejected(what: str, terms: dict[str, Any], code: int, message: str) -> None:
    """With the rule's own code and words; a test order hears the same of filters, and the balance stays whole."""

    async def scene() -> None:
        ground = await Ground().begin()
        assert await ground.order(**terms) == {"code": code, "msg": message}
        account = read(await ground.ask("GET", "account"))
        assert {it["asset"]: it["free"] for it in account["balances"]} == {"USDT": "100000.00000000", "BTC": "2.00000000"}

    run(scene())


def test_a_client_id_in_use_is_a_duplicate() -> None:
    """-2010 while the first is open; free again when it is gone."""

    async def scene() -> None:
        ground = await Ground().begin()
        await ground.order(newClientOrderId="one")
        assert await ground.order(newClientOrderId="one") == {"code": -2010, "msg": "Duplicate order sent."}
        await ground.ask("DELETE", "order", symbol="BTCUSDT", origClientOrderId="one")
        assert (await ground.order(newClientOrderId="one"))["status"] == "NEW"

    run(scene())


def test_too_many_waiting_orders_are_refused() -> None:
    """MAX_NUM_ALGO_ORDERS: five stops, not six."""

    async def scene() -> None:
        ground = await Ground().begin()
        stop = {"type": "STOP_LOSS", "side": "SELL", "price": None, "timeInForce": None, "stopPrice": "45000"}
        answers = [await ground.order(**stop) for _ in range(6)]
        assert all("orderId" in it for it in answers[:5])
        assert answers[5] == {"code": -1013, "msg": "Filter failure: MAX_NUM_ALGO_ORDERS"}

    run(scene())


def test_a_closed_market_takes_no_orders() -> None:
    """-2010; exchangeInfo shows BREAK. What rests may be taken back."""

    async def scene() -> None:
        ground = await Ground().begin()
        resting = await ground.order()
        ground.exchange.context.faults.add(make("delisting", FaultScope(), {}, Chance(1)), "delisting")
        assert await ground.order() == {"code": -2010, "msg": "Market is closed."}
        assert (await ground.get("exchangeInfo"))["symbols"][0]["status"] == "BREAK"
        gone = read(await ground.ask("DELETE", "order", symbol="BTCUSDT", orderId=resting["orderId"]))
        assert gone["status"] == "CANCELED"

    run(scene())


REPLACING = {"cancelReplaceMode": "STOP_ON_FAILURE", "cancelOrigClientOrderId": "old", "symbol": "BTCUSDT", "side": "BUY"}


REPLACING |= {"type": "LIMIT", "timeInForce": "GTC", "quantity": "0.01", "price": "41000"}


def test_an_order_is_replaced_in_each_way_it_can_go() -> None:
    """Both succeed; both fail (-2022, 400); one of them fails (-2021, 409); the mode decides whether the second is tried."""

    async def scene() -> None:
        ground = await Ground().begin()
        await ground.order(newClientOrderId="old")
        done = await ground.ask("POST", "order/cancelReplace", **REPLACING)
        answer = read(done)
        assert (done.status, answer["cancelResult"], answer["newOrderResult"]) == (200, "SUCCESS", "SUCCESS")
        assert answer["cancelResponse"]["origClientOrderId"] == "old"
        assert answer["newOrderResponse"]["price"] == "41000.00000000"

        stopped = await ground.ask("POST", "order/cancelReplace", **REPLACING)
        assert (stopped.status, code_of(read(stopped))) == (400, -2022)
        assert read(stopped)["data"] == {
            "cancelResult": "FAILURE",
            "newOrderResult": "NOT_ATTEMPTED",
            "cancelResponse": {"code": -2011, "msg": "Unknown order sent."},
            "newOrderResponse": None,
        }
        went_on = await ground.ask("POST", "order/cancelReplace", **REPLACING | {"cancelReplaceMode": "ALLOW_FAILURE"})
        assert (went_on.status, code_of(read(went_on))) == (409, -2021)
        assert read(went_on)["data"]["newOrderResult"] == "SUCCESS"

        await ground.order(newClientOrderId="old")
        too_much = await ground.ask("POST", "order/cancelReplace", **REPLACING | {"quantity": "50"})
        assert (too_much.status, code_of(read(too_much))) == (409, -2021)
        assert read(too_much)["data"]["newOrderResponse"]["code"] == -2010
        assert code_of(read(await ground.ask("GET", "order", symbol="BTCUSDT", origClientOrderId="nobody"))) == -2013

    run(scene())


def test_a_cancel_may_be_restricted() -> None:
    """ONLY_PARTIALLY_FILLED leaves a new order alone."""

    async def scene() -> None:
        ground = await Ground().begin()
        await ground.order(newClientOrderId="one")
        only = {"symbol": "BTCUSDT", "origClientOrderId": "one"}
        kept = read(await ground.ask("DELETE", "order", cancelRestrictions="ONLY_PARTIALLY_FILLED", **only))
        assert kept == {"code": -2011, "msg": "Order was not canceled due to cancel restrictions."}
        assert read(await ground.ask("DELETE", "order", cancelRestrictions="ONLY_NEW", **only))["status"] == "CANCELED"
        assert code_of(read(await ground.ask("DELETE", "order", cancelRestrictions="ALL", **only))) == -1145

    run(scene())


def test_a_pair_of_orders_lives_and_ends_as_one() -> None:
    """Placed, listed, found by either id, cancelled with all else on the symbol."""

    async def scene() -> None:
        ground = await Ground().begin()
        pair = {"symbol": "BTCUSDT", "side": "SELL", "quantity": "1", "listClientOrderId": "pair"}
        pair |= {"aboveType": "LIMIT_MAKER", "abovePrice": "60000", "belowType": "STOP_LOSS", "belowStopPrice": "45000"}
        placed = read(await ground.ask("POST", "orderList/oco", **pair))
        assert list(placed) == LISTED.split()
        shown = {name: value for name, value in placed.items() if name != "orderReports"}
        assert read(await ground.ask("GET", "orderList", origClientOrderId="pair")) == shown
        assert read(await ground.ask("GET", "openOrderList")) == [shown]
        await ground.order()
        gone = read(await ground.ask("DELETE", "openOrders", symbol="BTCUSDT"))
        assert sorted("orderReports" in it for it in gone) == [False, True]
        assert read(await ground.ask("GET", "allOrderList"))[0]["listOrderStatus"] == "ALL_DONE"
        assert code_of(read(await ground.ask("DELETE", "orderList", symbol="BTCUSDT", orderListId=77))) == -2011

    run(scene())


def test_an_account_shows_balances_fees_trades_and_counts() -> None:
    """account, account/commission, myTrades, rateLimit/order and the sapi lists."""

    async def scene() -> None:
        ground = await Ground().begin()
        await ground.order(type="MARKET", price=None, timeInForce=None)
        account = read(await ground.ask("GET", "account", omitZeroBalances="true"))
        assert account["commissionRates"] == {
            "maker": "0.00100000",
            "taker": "0.00100000",
            "buyer": "0.00000000",
            "seller": "0.00000000",
        }
        assert (account["makerCommission"], account["canTrade"], account["accountType"]) == (10, True, "SPOT")
        (trade,) = read(await ground.ask("GET", "myTrades", symbol="BTCUSDT"))
        assert (trade["id"], trade["orderId"], trade["orderListId"], trade["isMaker"]) == (2, 1, -1, False)
        rates = read(await ground.ask("GET", "account/commission", symbol="BTCUSDT"))
        assert rates["standardCommission"]["taker"] == "0.00100000"
        assert [it["count"] for it in read(await ground.ask("GET", "rateLimit/order"))] == [1, 1]
        coins = {it["coin"]: it["free"] for it in read(await ground.ask("GET", "/sapi/v1/capital/config/getall"))}
        assert coins == {"BTC": "2.00999000", "USDT": "99499.99000000"}
        assert read(await ground.ask("GET", "/sapi/v1/margin/isolated/allPairs")) == []

    run(scene())
