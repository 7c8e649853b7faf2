"""Order lists and amendments on the wire: the exchange's parameters and fields, by REST and by the WebSocket API."""

from typing import Any

import pytest
from tests.pure.exchange.wire_ground import START, Ground, code_of, crowd, read, run

from fairway.world.clock import SECOND

WORKING = {
    "symbol": "BTCUSDT",
    "workingType": "LIMIT",
    "workingSide": "BUY",
    "workingPrice": "49000",
    "workingQuantity": "0.5",
    "workingTimeInForce": "GTC",
    "pendingSide": "SELL",
    "pendingQuantity": "0.5",
}
OTO = WORKING | {"pendingType": "LIMIT", "pendingPrice": "55000", "pendingTimeInForce": "GTC"}
OTOCO = WORKING | {
    "pendingAboveType": "LIMIT_MAKER",
    "pendingAbovePrice": "55000",
    "pendingBelowType": "STOP_LOSS_LIMIT",
    "pendingBelowPrice": "44000",
    "pendingBelowStopPrice": "45000",
    "pendingBelowTimeInForce": "GTC",
}
OLD = {"symbol": "BTCUSDT", "side": "SELL", "quantity": "0.5", "price": "55000", "stopPrice": "45000"}
LISTED = "orderListId contingencyType listStatusType listOrderStatus listClientOrderId transactionTime symbol orders orderReports"
AMENDED = (
    "symbol orderId orderListId origClientOrderId clientOrderId price qty executedQty preventedQty quoteOrderQty "
    "cumulativeQuoteQty status timeInForce type side workingTime selfTradePreventionMode"
)


async def post(ground: Ground, path: str, **terms: Any) -> Any:
    return read(await ground.ask("POST", path, **terms))


def test_a_working_order_and_what_it_triggers_have_the_exchanges_shape() -> None:
    """Both kinds, and the same by the WebSocket API; two or three orders are counted."""

    async def scene() -> None:
        ground = await Ground().begin()
        one = await post(ground, "orderList/oto", listClientOrderId="first", **OTO)
        assert (" ".join(one), one["contingencyType"], one["listStatusType"]) == (LISTED, "OTO", "EXEC_STARTED")
        shown = [(it["type"], it["status"], it["workingTime"]) for it in one["orderReports"]]
        assert shown == [("LIMIT", "NEW", START // 1_000_000), ("LIMIT", "PENDING_NEW", -1)]
        two = await post(ground, "orderList/otoco", **OTOCO)
        assert [it["type"] for it in two["orderReports"]] == ["LIMIT", "STOP_LOSS_LIMIT", "LIMIT_MAKER"]
        assert [it["count"] for it in read(await ground.ask("GET", "rateLimit/order"))] == [5, 5]
        by_socket = await ground.tell(ground.api(), "orderList.place.otoco", signed=True, **OTOCO)
        assert by_socket["result"]["contingencyType"] == "OTO"
        assert read(await ground.ask("GET", "orderList", origClientOrderId="first"))["contingencyType"] == "OTO"
        assert (await ground.get("exchangeInfo"))["symbols"][0]["otoAllowed"] is True

    run(scene())


def test_the_account_is_told_of_what_was_triggered() -> None:
    """PENDING_NEW first, NEW when the working order is filled; the list with its kind."""

    async def scene() -> None:
        ground = await Ground([crowd(START, 50_000), crowd(START + SECOND, 48_000)]).begin()
        api = ground.api()
        await ground.tell(api, "userDataStream.subscribe.signature", signed=True)
        await post(ground, "orderList/oto", **OTO)
        told = [it["event"] for it in await ground.pass_time(START + SECOND) if "event" in it]
        orders = [(it["x"], it["X"], it["w"]) for it in told if it["e"] == "executionReport"]
        assert orders == [("NEW", "NEW", True), ("NEW", "PENDING_NEW", False), ("TRADE", "FILLED", True), ("NEW", "NEW", True)]
        assert [(it["c"], it["l"]) for it in told if it["e"] == "listStatus"] == [("OTO", "EXEC_STARTED")]

    run(scene())


@pytest.mark.parametrize(
    ("path", "terms", "code"),
    [
        ("oto", {"workingType": "MARKET"}, -1106),
        ("oto", {"workingType": "TAKE_PROFIT_LIMIT"}, -1102),
        ("oto", {"workingType": "COLOUR"}, -1116),
        ("oto", {"pendingSide": "HOLD"}, -1117),
        ("oto", {"pendingQuantity": "0"}, -1013),
        ("oto", {"pendingTrailingDelta": "10"}, -1020),
        ("oto", {"pendingAboveType": "LIMIT_MAKER"}, -1104),
        ("otoco", {"pendingAboveType": "LIMIT", "pendingAboveTimeInForce": "GTC"}, -1158),
        ("otoco", {"pendingSide": "BUY"}, -1165),
    ],
)
def test_lists_that_cannot_be_are_refused(path: str, terms: dict[str, str], code: int) -> None:
    """Each part is read as an order is."""

    async def scene() -> None:
        ground = await Ground().begin()
        usual: dict[str, str] = OTO if path == "oto" else OTOCO
        assert code_of(await post(ground, f"orderList/{path}", **(usual | terms))) == code
        assert await ground.exchange.backend.open_orders("alice", None) == []

    run(scene())


def test_the_older_form_of_a_pair_makes_the_same_pair() -> None:
    """With a limit behind the stop or without one; a purchase has its stop above."""

    async def scene() -> None:
        ground = await Ground().begin()
        sale = await post(ground, "order/oco", limitClientOrderId="target", stopClientOrderId="stop", **OLD)
        assert (" ".join(sale), sale["contingencyType"]) == (LISTED, "OCO")
        shapes = [(it["type"], it["clientOrderId"], it["price"], it.get("stopPrice")) for it in sale["orderReports"]]
        assert shapes == [
            ("STOP_LOSS", "stop", "0.00000000", "45000.00000000"),
            ("LIMIT_MAKER", "target", "55000.00000000", None),
        ]
        buy = {"side": "BUY", "price": "45000", "stopPrice": "55000", "stopLimitPrice": "55100", "stopLimitTimeInForce": "GTC"}
        purchase = await ground.tell(ground.api(), "orderList.place", signed=True, **(OLD | buy))
        assert [it["type"] for it in purchase["result"]["orderReports"]] == ["STOP_LOSS_LIMIT", "LIMIT_MAKER"]
        assert code_of(await post(ground, "order/oco", **(OLD | {"stopLimitPrice": "44900"}))) == -1102
        assert code_of(await post(ground, "order/oco", **(OLD | {"trailingDelta": "10"}))) == -1020
        assert code_of(await post(ground, "order/oco", **(OLD | {"stopPrice": "56000"}))) == -2010

    run(scene())


def test_an_amendment_has_the_exchanges_shape() -> None:
    """The answer, the event, the list of amendments; an order of a list tells of the list as well."""

    async def scene() -> None:
        ground = await Ground().begin()
        api = ground.api()
        await ground.tell(api, "userDataStream.subscribe.signature", signed=True)
        order = await ground.order(newClientOrderId="mine", quantity="0.05")
        await ground.frames()
        smaller = {"symbol": "BTCUSDT", "origClientOrderId": "mine", "newQty": "0.04", "newClientOrderId": "less"}
        made = read(await ground.ask("PUT", "order/amend/keepPriority", **smaller))
        assert list(made) == ["transactTime", "executionId", "amendedOrder"]
        assert " ".join(made["amendedOrder"]) == AMENDED
        assert (made["amendedOrder"]["qty"], made["amendedOrder"]["clientOrderId"]) == ("0.04000000", "less")
        report = next(it["event"] for it in await ground.frames() if it.get("event", {}).get("x") == "REPLACED")
        assert (report["c"], report["C"], report["q"], report["X"]) == ("less", "mine", "0.04000000", "NEW")
        (one,) = read(await ground.ask("GET", "order/amendments", symbol="BTCUSDT", orderId=order["orderId"]))
        assert one == {
            "symbol": "BTCUSDT",
            "orderId": order["orderId"],
            "executionId": made["executionId"],
            "origClientOrderId": "mine",
            "newClientOrderId": "less",
            "origQty": "0.05000000",
            "newQty": "0.04000000",
            "time": START // 1_000_000,
        }
        again = await ground.tell(
            api, "order.amend.keepPriority", signed=True, symbol="BTCUSDT", orderId=order["orderId"], newQty="0.03"
        )
        assert again["result"]["executionId"] > made["executionId"]
        later = await ground.ask("GET", "order/amendments", symbol="BTCUSDT", orderId=order["orderId"], fromExecutionId=2)
        assert [it["newQty"] for it in read(later)] == ["0.03000000"]
        more = await ground.ask("PUT", "order/amend/keepPriority", symbol="BTCUSDT", orderId=order["orderId"], newQty="1")
        assert code_of(read(more)) == -2038
        assert code_of(read(await ground.ask("GET", "order/amendments", symbol="BTCUSDT", orderId=99))) == -2013
        listed = await post(ground, "orderList/oto", **OTO)
        pending = listed["orders"][1]["orderId"]
        answer = read(await ground.ask("PUT", "order/amend/keepPriority", symbol="BTCUSDT", orderId=pending, newQty="0.4"))
        assert (answer["amendedOrder"]["status"], "workingTime" in answer["amendedOrder"]) == ("PENDING_NEW", False)
        assert answer["listStatus"]["orders"][1]["clientOrderId"] == answer["amendedOrder"]["clientOrderId"]
        assert (await ground.get("exchangeInfo"))["symbols"][0]["amendAllowed"] is True

    run(scene())
