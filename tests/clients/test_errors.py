"""Each documented error is provoked through an unmodified ccxt, and reaches its caller as ccxt's own exception."""

import asyncio
import json
from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import ccxt
import pytest
from tests.clients.ccxt_client import BTC, client, play
from tests.clients.served import Account, Served, serving
from tests.pure.cli.programs import PATIENCE_S

ORDER = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.01", "price": "50000"}
MARKET = {"symbol": "BTCUSDT", "side": "BUY", "type": "MARKET", "quantity": "0.01"}

REFUSALS: list[tuple[str, dict[str, str], int, type[Exception]]] = [
    # what is sent, the code, and ccxt's class
    ("privatePostOrder", {**ORDER, "price": "50000.001"}, -1013, ccxt.InvalidOrder),
    ("privatePostOrder", {**ORDER, "quantity": "0.000001"}, -1013, ccxt.InvalidOrder),
    ("privatePostOrder", {**ORDER, "quantity": "0.00001"}, -1013, ccxt.BadRequest),
    ("privatePostOrder", {**ORDER, "price": "1"}, -1013, ccxt.InvalidOrder),
    ("privatePostOrder", {**MARKET, "quantity": "9001"}, -1013, ccxt.InvalidOrder),
    ("privatePostOrder", {**ORDER, "timestamp": "1"}, -1021, ccxt.InvalidNonce),
    ("privatePostOrder", {**ORDER, "timestamp": "9999999999999"}, -1021, ccxt.InvalidNonce),
    ("privatePostOrder", {**ORDER, "recvWindow": "60001"}, -1131, ccxt.ExchangeError),
    ("privatePostOrder", {**ORDER, "quantity": "one"}, -1100, ccxt.BadRequest),
    ("privatePostOrder", {**ORDER, "side": ""}, -1105, ccxt.BadRequest),
    ("privatePostOrder", {**ORDER, "colour": "red"}, -1104, ccxt.BadRequest),
    ("privatePostOrder", {**ORDER, "stopPrice": "1"}, -1106, ccxt.BadRequest),
    ("privatePostOrder", {**ORDER, "price": "0.123456789"}, -1111, ccxt.BadRequest),
    ("privatePostOrder", {**ORDER, "timeInForce": "DAY"}, -1115, ccxt.BadRequest),
    ("privatePostOrder", {**ORDER, "type": "ICEBERG"}, -1116, ccxt.BadRequest),
    ("privatePostOrder", {**ORDER, "side": "HOLD"}, -1117, ccxt.BadRequest),
    ("privatePostOrder", {**MARKET, "quoteOrderQty": "10"}, -1128, ccxt.BadRequest),
    ("privatePostOrder", {**ORDER, "newOrderRespType": "ALL"}, -1130, ccxt.BadRequest),
    ("privatePostOrder", {"symbol": "BTCUSDT"}, -1102, ccxt.BadRequest),
    ("privatePostOrder", {**ORDER, "symbol": "NOSUCH"}, -1121, ccxt.BadSymbol),
    ("privatePostOrder", {**ORDER, "quantity": "50"}, -2010, ccxt.InsufficientFunds),
    ("privatePostOrder", {**MARKET, "type": "STOP_LOSS", "stopPrice": "1000"}, -2010, ccxt.OrderImmediatelyFillable),
    ("privatePostOrder", {**ORDER, "type": "LIMIT_MAKER", "price": "70000", "timeInForce": ""}, -1106, ccxt.BadRequest),
    ("privateDeleteOrder", {"symbol": "BTCUSDT", "orderId": "999999"}, -2011, ccxt.OrderNotFound),
    ("privateGetOrder", {"symbol": "BTCUSDT", "orderId": "999999"}, -2013, ccxt.OrderNotFound),
    ("privateGetOrder", {"symbol": "BTCUSDT"}, -1102, ccxt.BadRequest),
    ("privateGetMyTrades", {"symbol": "BTCUSDT", "startTime": "1", "endTime": "99999999"}, -1127, ccxt.BadRequest),
    ("publicGetKlines", {"symbol": "BTCUSDT", "interval": "7m"}, -1120, ccxt.BadRequest),
    ("sapiGetAssetDribblet", {}, -1020, ccxt.BadRequest),  # a path that is not there, and no outage of the exchange
]


def test_each_refusal_has_its_code_and_its_exception(served: Served) -> None:
    """The raw request is refused, and ccxt sorts it as it sorts the real exchange's refusals."""

    async def scene(exchange: Any) -> None:
        for call, parameters, code, kind in REFUSALS:
            with pytest.raises(kind) as error:
                await getattr(exchange, call)(parameters)
            # Where ccxt knows a refusal by its words, it hands on only them.
            assert f'"code":{code},' in str(error.value) or code in (-1013, -1021, -2010), (call, parameters)
        assert await exchange.privateGetAllOrders({"symbol": "BTCUSDT"}) == []

    play(served, served.account(), scene)


def test_a_maker_that_would_take_is_rejected(served: Served) -> None:
    """-2010, and a duplicate client id too."""

    async def scene(exchange: Any) -> None:
        await exchange.load_markets()
        last = (await exchange.fetch_ticker(BTC))["last"]
        with pytest.raises(ccxt.OrderImmediatelyFillable):
            await exchange.create_order(BTC, "limit", "buy", 0.01, round(last * 1.05, 2), {"postOnly": True})
        low = round(last * 0.8, 2)
        await exchange.create_order(BTC, "limit", "buy", 0.01, low, {"clientOrderId": "same"})
        with pytest.raises(ccxt.InvalidOrder, match="Duplicate order sent"):
            await exchange.create_order(BTC, "limit", "buy", 0.01, low, {"clientOrderId": "same"})

    play(served, served.account(), scene)


@pytest.mark.parametrize(
    ("change", "code", "kind"),
    [
        (lambda it: Account(it.name, "short", it.secret), -2014, ccxt.AuthenticationError),
        (lambda it: Account(it.name, "unknownkey0000", it.secret), -2015, ccxt.AuthenticationError),
        (lambda it: Account(it.name, it.key, "wrong"), -1022, ccxt.AuthenticationError),
    ],
)
def test_a_wrong_key_or_signature_is_refused(
    served: Served, change: Callable[[Account], Account], code: int, kind: type[Exception]
) -> None:
    """As an authentication error."""

    async def scene(exchange: Any) -> None:
        with pytest.raises(kind) as error:
            await exchange.fetch_balance()
        assert str(code) in str(error.value)

    play(served, change(served.account()), scene)


@pytest.mark.parametrize("rights", [{"spot_trading": False}, {"addresses": ["10.9.9.9"]}, {"expires_at": 1}])
def test_a_key_without_the_right_is_refused(served: Served, rights: dict[str, Any]) -> None:
    """-2015 for the right to trade, the address, and the expiry."""

    async def scene(exchange: Any) -> None:
        with pytest.raises(ccxt.AuthenticationError) as error:
            await exchange.privatePostOrder(ORDER)
        assert "-2015" in str(error.value)

    play(served, served.account(rights=rights), scene)


FAULTS: list[tuple[str, dict[str, Any], type[Exception], bool]] = [
    # faults, its options, ccxt's exception, and whether the order is alive all the same
    ("status_unknown", {}, ccxt.RequestTimeout, True),
    ("error_after", {}, ccxt.OperationFailed, True),
    ("error_after", {"code": -1008, "message": "Server is currently overloaded with other requests."}, ccxt.ExchangeError, True),
    ("reset_before", {}, ccxt.NetworkError, False),
    ("reset_after", {}, ccxt.NetworkError, True),
    ("key_revoked", {}, ccxt.AuthenticationError, False),
]


@pytest.mark.parametrize(("name", "options", "kind", "lives"), FAULTS)
def test_fault_reaches_the_client_as_its_exception(
    served: Served, name: str, options: dict[str, Any], kind: type[Exception], lives: bool
) -> None:
    """-1007, 5xx, cut connections and a revoked key; and whether the order was accepted meanwhile."""
    account = served.account()

    async def scene(exchange: Any) -> None:
        await exchange.load_markets()
        with served.faults(name, scope={"account": account.name}, options=options), pytest.raises(kind):
            await exchange.privatePostOrder(ORDER)
        assert bool(await exchange.fetch_open_orders(BTC)) is lives

    play(served, account, scene)


def test_maintenance_is_told(served: Served) -> None:
    """503 for everything, and the system status says why."""

    async def scene(exchange: Any) -> None:
        await exchange.load_markets()
        with served.faults("maintenance"):
            with pytest.raises(ccxt.ExchangeError):
                await exchange.fetch_ticker(BTC)
            assert (await exchange.fetch_status())["status"] == "maintenance"

    play(served, None, scene)


def test_too_many_orders_are_refused(served: Served) -> None:
    """-1015 with 429 after a hundred in ten seconds; the next ten seconds are free again."""

    async def scene(exchange: Any) -> None:
        await exchange.load_markets()
        terms = ORDER | {"timeInForce": "IOC"}
        # Should the ten seconds end in between, the second hundred is refused.
        answers = await asyncio.gather(*(exchange.privatePostOrder(terms) for _ in range(205)), return_exceptions=True)
        refused = [it for it in answers if isinstance(it, Exception)]
        assert refused
        assert {type(it) for it in refused} == {ccxt.DDoSProtection}
        assert all("429" in str(it) and "-1015" in str(it) for it in refused)

    play(served, served.account(), scene)


def test_too_many_requests_are_refused_and_then_banned() -> None:
    """429 with Retry-After, then 418; on an exchange of its own, for the ban is for the whole address."""

    def ask(it: Served) -> tuple[int, int, int]:
        try:
            with urlopen(f"{it.url}/api/v3/depth?symbol=BTCUSDT&limit=5000", timeout=PATIENCE_S) as answer:
                return answer.status, 0, int(answer.headers["X-MBX-USED-WEIGHT-1M"])
        except HTTPError as error:
            with error:
                return error.code, json.loads(error.read())["code"], int(error.headers["Retry-After"])

    with serving("--history", "0.05") as it:
        assert ask(it) == (200, 0, 250)
        # Should the minute end in between, the second one is long enough.
        answers = [ask(it) for _ in range(75)]
        assert (429, -1003) in {answer[:2] for answer in answers}
        assert answers[-1][:2] == (418, -1003)
        assert 0 < answers[-1][2] <= 120

        async def main() -> None:
            async with client(it, None) as exchange:
                with pytest.raises(ccxt.DDoSProtection):
                    await exchange.load_markets()

        asyncio.run(main())
