"""Parameters are refused with the exchange's own codes and words."""

from typing import Any

import pytest
from tests.pure.exchange.wire_ground import Ground, code_of, run

MARKET = {"type": "MARKET", "price": None, "timeInForce": None}
NUMBER, CLIENT_ID = r"^([0-9]{1,20})(\.[0-9]{1,20})?$", r"^[\.A-Z\:/a-z0-9_-]{1,36}$"
ILLEGAL = "Illegal characters found in parameter '{}'; legal range is '{}'."
INVALID = "Data sent for parameter '{}' is not valid."
EXTRA = "Parameter '{}' sent when not required."
NEITHER = "Param 'quantity' or 'quoteOrderQty' must be sent, but both were empty/null!"
UNREAD = "Not all sent parameters were read; read '8' parameter(s) but was sent '9'."
MISSING = "Mandatory parameter '{}' was not sent, was empty/null, or malformed."

REFUSED: list[tuple[str, dict[str, Any], int, str]] = [
    ("no symbol", {"symbol": None}, -1102, MISSING.format("symbol")),
    ("no side", {"side": None}, -1102, MISSING.format("side")),
    ("no type", {"type": None}, -1102, MISSING.format("type")),
    ("no price", {"price": None}, -1102, MISSING.format("price")),
    ("no quantity", {"quantity": None}, -1102, MISSING.format("quantity")),
    ("no time in force", {"timeInForce": None}, -1102, MISSING.format("timeInForce")),
    ("empty price", {"price": ""}, -1105, "Parameter 'price' was empty."),
    ("unknown symbol", {"symbol": "NOSUCH"}, -1121, "Invalid symbol."),
    ("unknown side", {"side": "HOLD"}, -1117, "Invalid side."),
    ("unknown type", {"type": "ICEBERG"}, -1116, "Invalid orderType."),
    ("unknown time in force", {"timeInForce": "DAY"}, -1115, "Invalid timeInForce."),
    ("unknown self-trade mode", {"selfTradePreventionMode": "NEVER"}, -1130, INVALID.format("selfTradePreventionMode")),
    ("unknown answer", {"newOrderRespType": "ALL"}, -1130, INVALID.format("newOrderRespType")),
    ("letters in a number", {"price": "abc"}, -1100, ILLEGAL.format("price", NUMBER)),
    ("a negative number", {"quantity": "-1"}, -1100, ILLEGAL.format("quantity", NUMBER)),
    ("an exponent", {"quantity": "1e-3"}, -1100, ILLEGAL.format("quantity", NUMBER)),
    ("a small symbol", {"symbol": "btcusdt"}, -1100, ILLEGAL.format("symbol", "^[A-Z0-9-_.]{1,20}$")),
    ("a client id with spaces", {"newClientOrderId": "a b"}, -1100, ILLEGAL.format("newClientOrderId", CLIENT_ID)),
    ("a client id that ends a line", {"newClientOrderId": "a\n"}, -1100, ILLEGAL.format("newClientOrderId", CLIENT_ID)),
    ("a long client id", {"newClientOrderId": "a" * 37}, -1100, ILLEGAL.format("newClientOrderId", CLIENT_ID)),
    ("nine decimals", {"price": "1.123456789"}, -1111, "Parameter 'price' has too much precision."),
    ("a huge number", {"quantity": "9" * 19}, -1108, "Parameter 'quantity' overflowed."),
    ("zero quantity", {"quantity": "0"}, -1013, "Invalid quantity."),
    ("zero price", {"price": "0.0"}, -1013, "Invalid price."),
    ("a stop price for a limit order", {"stopPrice": "1"}, -1106, EXTRA.format("stopPrice")),
    ("a price for a market order", {"type": "MARKET", "timeInForce": None}, -1106, EXTRA.format("price")),
    ("a time in force for a market order", {"type": "MARKET", "price": None}, -1106, EXTRA.format("timeInForce")),
    ("a quote quantity for a limit order", {"quoteOrderQty": "10"}, -1106, EXTRA.format("quoteOrderQty")),
    ("both quantities", MARKET | {"quoteOrderQty": "10"}, -1128, "Combination of optional parameters invalid."),
    ("no quantity of either kind", MARKET | {"quantity": None}, -1102, NEITHER),
    ("no trigger", {"type": "STOP_LOSS", "price": None, "timeInForce": None}, -1102, MISSING.format("stopPrice")),
    ("an unknown parameter", {"colour": "red"}, -1104, UNREAD),
    ("an iceberg", {"icebergQty": "0.001"}, -1020, "This operation is not supported."),
    ("a trailing stop", {"trailingDelta": "100"}, -1020, "This operation is not supported."),
]  # fmt: skip


@pytest.mark.parametrize(("what", "terms", "code", "message"), REFUSED, ids=[it[0] for it in REFUSED])
def test_an_order_with_a_mistake_is_refused_with_its_code(what: str, terms: dict[str, Any], code: int, message: str) -> None:
    """Nothing is placed, and the words are the exchange's."""

    async def scene() -> None:
        ground = await Ground().begin()
        assert await ground.order(**terms) == {"code": code, "msg": message}
        assert await ground.exchange.backend.open_orders("alice", None) == []

    run(scene())


QUERIES: list[tuple[str, dict[str, Any], int]] = [
    ("klines", {"symbol": "BTCUSDT"}, -1102),
    ("klines", {"symbol": "BTCUSDT", "interval": "7m"}, -1120),
    ("klines", {"symbol": "BTCUSDT", "interval": "1m", "limit": "0"}, -1130),
    ("klines", {"symbol": "BTCUSDT", "interval": "1m", "timeZone": "15"}, -1130),
    ("depth", {"symbol": "BTCUSDT", "limit": "ten"}, -1100),
    ("depth", {}, -1102),
    ("ticker/24hr", {"symbol": "BTCUSDT", "symbols": '["BTCUSDT"]'}, -1128),
    ("ticker/24hr", {"symbols": "BTCUSDT"}, -1100),
    ("ticker/24hr", {"symbol": "BTCUSDT", "type": "TINY"}, -1130),
    ("ticker", {}, -1102),
    ("ticker", {"symbol": "BTCUSDT", "windowSize": "8d"}, -1130),
    ("ticker/price", {"symbol": "NOSUCH"}, -1121),
    ("aggTrades", {"symbol": "BTCUSDT", "fromId": "1", "startTime": "1"}, -1128),
    ("exchangeInfo", {"symbol": "NOSUCH"}, -1121),
]


@pytest.mark.parametrize(("path", "parameters", "code"), QUERIES)
def test_a_query_with_a_mistake_is_refused_with_its_code(path: str, parameters: dict[str, Any], code: int) -> None:
    """Public queries are checked like orders."""

    async def scene() -> None:
        ground = await Ground().begin()
        assert code_of(await ground.get(path, **parameters)) == code

    run(scene())


def test_a_parameter_sent_twice_is_refused() -> None:
    """-1101, in the query and in the body; where query and body both name one, the query counts."""

    async def scene() -> None:
        ground = await Ground().begin()
        twice = await ground.send("GET", "/api/v3/depth", "symbol=BTCUSDT&symbol=BTCUSDT")
        assert (twice.status, twice.body) == (400, b'{"code":-1101,"msg":"Duplicate values for a parameter detected."}')

    run(scene())


def test_a_query_of_more_than_a_day_is_refused() -> None:
    """allOrders and myTrades reach at most 24 hours at a time (-1127)."""

    async def scene() -> None:
        ground = await Ground().begin()
        for path in ("allOrders", "myTrades"):
            answer = await ground.ask("GET", path, symbol="BTCUSDT", startTime=1, endTime=86_400_002)
            assert b'"code":-1127' in answer.body

    run(scene())


BELOW = {"belowType": "LIMIT_MAKER", "belowPrice": "1", "belowStopPrice": None}
PAIRS: list[tuple[str, dict[str, Any], int]] = [
    ("a limit order in a pair", {"aboveType": "LIMIT"}, -1158),
    ("two makers", {"belowType": "LIMIT_MAKER", "belowStopPrice": None, "belowPrice": "45000"}, -1168),
    ("a sell with its limit below", {"aboveType": "TAKE_PROFIT", "abovePrice": None, "aboveStopPrice": "1"} | BELOW, -1166),
    ("a sell with its stop loss above", {"aboveType": "STOP_LOSS", "abovePrice": None, "aboveStopPrice": "60000"}, -1197),
    ("a sell with its profit below", {"belowType": "TAKE_PROFIT"}, -1199),
    ("a buy with its limit above", {"side": "BUY"}, -1165),
]  # fmt: skip


@pytest.mark.parametrize(("what", "terms", "code"), PAIRS, ids=[it[0] for it in PAIRS])
def test_a_pair_of_the_wrong_kinds_is_refused(what: str, terms: dict[str, Any], code: int) -> None:
    """Each wrong combination of legs has its own code."""
    usual = {
        "symbol": "BTCUSDT",
        "side": "SELL",
        "quantity": "0.01",
        "aboveType": "LIMIT_MAKER",
        "abovePrice": "60000",
        "belowType": "STOP_LOSS",
        "belowStopPrice": "45000",
    }

    async def scene() -> None:
        ground = await Ground().begin()
        wanted = {name: value for name, value in (usual | terms).items() if value is not None}
        answer = await ground.ask("POST", "orderList/oco", **wanted)
        assert f'"code":{code}'.encode() in answer.body

    run(scene())
