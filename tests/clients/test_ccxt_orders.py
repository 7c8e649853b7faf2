"""An unmodified ccxt.pro client places, replaces and cancels orders on a served practice exchange, and hears of its account."""

import asyncio
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import ccxt.pro
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from tests.clients.ccxt_client import BTC, client, far_prices, play
from tests.clients.served import Account, Served

LOW_AND_HIGH: dict[str, tuple[str, str, Callable[[float, float], dict[str, Any]]]] = {
    # type, side, and the price or trigger by (low, high)
    "LIMIT": ("limit", "buy", lambda low, high: {"price": low}),
    "LIMIT_MAKER": ("limit", "sell", lambda low, high: {"price": high, "postOnly": True}),
    "STOP_LOSS": ("market", "sell", lambda low, high: {"stopLossPrice": low}),
    "STOP_LOSS_LIMIT": ("limit", "buy", lambda low, high: {"price": high, "stopLossPrice": high}),
    "TAKE_PROFIT": ("market", "sell", lambda low, high: {"takeProfitPrice": high}),
    "TAKE_PROFIT_LIMIT": ("limit", "buy", lambda low, high: {"price": low, "takeProfitPrice": low}),
}


@pytest.mark.parametrize("kind", LOW_AND_HIGH)
def test_an_order_of_each_type_is_placed_queried_and_cancelled(served: Served, kind: str) -> None:
    """It rests, is found by id and by client id and among the open orders, and gives its hold back when it is cancelled."""
    type_, side, terms = LOW_AND_HIGH[kind]

    async def scene(exchange: Any) -> None:
        await exchange.load_markets()
        before = await exchange.fetch_balance()
        more = terms(*await far_prices(exchange))
        price = more.pop("price", None)
        placed = await exchange.create_order(BTC, type_, side, 0.01, price, {"clientOrderId": f"my-{kind}", **more})
        assert placed["info"]["orderId"]
        found = await exchange.fetch_order(placed["id"], BTC)
        assert (found["info"]["type"], found["status"], found["amount"]) == (kind, "open", 0.01)
        assert (await exchange.fetch_order(None, BTC, {"clientOrderId": f"my-{kind}"}))["id"] == placed["id"]
        assert [it["id"] for it in await exchange.fetch_open_orders(BTC)] == [placed["id"]]
        held = await exchange.fetch_balance()
        asset = "USDT" if side == "buy" else "BTC"
        assert held[asset]["used"] > 0
        gone = await exchange.cancel_order(placed["id"], BTC)
        assert gone["status"] == "canceled"
        assert (await exchange.fetch_order(placed["id"], BTC))["status"] == "canceled"
        assert await exchange.fetch_open_orders(BTC) == []
        assert (await exchange.fetch_balance())["total"] == before["total"]
        assert (await exchange.fetch_balance())[asset]["used"] == 0

    play(served, served.account(), scene)


@pytest.mark.parametrize("time_in_force", ["IOC", "FOK"])
def test_an_order_that_cannot_wait_expires(served: Served, time_in_force: str) -> None:
    """IOC and FOK that meet nobody expire at once."""

    async def scene(exchange: Any) -> None:
        await exchange.load_markets()
        low, _ = await far_prices(exchange)
        placed = await exchange.create_order(BTC, "limit", "buy", 0.01, low, {"timeInForce": time_in_force})
        assert placed["status"] == "expired"
        assert placed["filled"] == 0

    play(served, served.account(), scene)


def test_market_orders_move_balances_to_the_last_digit(served: Served) -> None:
    """Bought by quantity and sold by cost: fills, commissions in the asset received, and balances tie out exactly."""

    async def scene(exchange: Any) -> None:
        await exchange.load_markets()
        bought = await exchange.create_order(BTC, "market", "buy", 0.5)
        sold = await exchange.create_order(BTC, "market", "sell", None, None, {"quoteOrderQty": 10_000})
        assert (bought["status"], sold["status"]) == ("closed", "closed")
        trades = await exchange.private_get_mytrades({"symbol": "BTCUSDT"})
        btc, usdt = Decimal(2), Decimal(100_000)
        for trade in trades:
            sign = 1 if trade["isBuyer"] else -1
            btc += sign * Decimal(trade["qty"])
            usdt -= sign * Decimal(trade["quoteQty"])
            taken = trade["qty"] if trade["isBuyer"] else trade["quoteQty"]
            assert trade["commissionAsset"] == ("BTC" if trade["isBuyer"] else "USDT")
            assert abs(Decimal(trade["commission"]) - Decimal(taken) / 1000) < Decimal("0.00000001")
            if trade["isBuyer"]:
                btc -= Decimal(trade["commission"])
            else:
                usdt -= Decimal(trade["commission"])
        balances = {it["asset"]: Decimal(it["free"]) for it in (await exchange.private_get_account())["balances"]}
        assert (balances["BTC"], balances["USDT"]) == (btc, usdt)

    play(served, served.account(), scene)


def test_a_resting_order_pays_the_makers_fee(served: Served) -> None:
    """Two accounts with fees of their own trade with each other; each pays its own rate."""
    maker = served.account(maker_fee="0.0002", taker_fee="0.0005")
    taker = served.account(maker_fee="0.0002", taker_fee="0.0005")

    async def main() -> None:
        async with client(served, maker) as first, client(served, taker) as second:
            await first.load_markets()
            await second.load_markets()
            with served.still_market():
                book = await first.fetch_order_book(BTC, 5)
                price = round(book["asks"][0][0] - 0.01, 2)
                resting = await first.create_order(BTC, "limit", "sell", 0.01, price)
                await second.create_order(BTC, "limit", "buy", 0.01, price)
                mine = (await first.fetch_order_trades(resting["id"], BTC))[0]
                other = (await second.fetch_my_trades(BTC))[0]
            assert (mine["takerOrMaker"], other["takerOrMaker"]) == ("maker", "taker")
            assert Decimal(other["info"]["commission"]) == Decimal("0.01") * Decimal("0.0005")
            assert abs(Decimal(mine["info"]["commission"]) - Decimal(mine["info"]["quoteQty"]) * 2 / 10_000) < Decimal("1e-8")

    asyncio.run(main())


def test_a_pair_of_orders_protects_a_position(served: Served) -> None:
    """An OCO is placed, listed, found, and cancelled as one; what it held comes back."""

    async def scene(exchange: Any) -> None:
        await exchange.load_markets()
        low, high = await far_prices(exchange)
        placed = await exchange.private_post_orderlist_oco(_pair(low, high))
        assert (placed["listStatusType"], placed["listOrderStatus"]) == ("EXEC_STARTED", "EXECUTING")
        assert {it["type"] for it in placed["orderReports"]} == {"TAKE_PROFIT_LIMIT", "STOP_LOSS_LIMIT"}
        number = placed["orderListId"]
        assert [it["orderListId"] for it in await exchange.private_get_openorderlist()] == [number]
        assert (await exchange.private_get_orderlist({"orderListId": number}))["listClientOrderId"] == "my-pair"
        assert len(await exchange.fetch_open_orders(BTC)) == 2
        gone = await exchange.private_delete_orderlist({"symbol": "BTCUSDT", "orderListId": number})
        assert {it["status"] for it in gone["orderReports"]} == {"CANCELED"}
        assert (await exchange.private_get_allorderlist())[-1]["listOrderStatus"] == "ALL_DONE"
        assert (await exchange.fetch_balance())["BTC"]["used"] == 0

    play(served, served.account(), scene)


def _pair(low: float, high: float) -> dict[str, Any]:
    return {
        "symbol": "BTCUSDT",
        "side": "SELL",
        "quantity": "0.01",
        "listClientOrderId": "my-pair",
        "aboveType": "TAKE_PROFIT_LIMIT",
        "abovePrice": str(high),
        "aboveStopPrice": str(high),
        "aboveTimeInForce": "GTC",
        "belowType": "STOP_LOSS_LIMIT",
        "belowPrice": str(low),
        "belowStopPrice": str(low),
        "belowTimeInForce": "GTC",
    }


def test_an_account_hears_of_its_orders_fills_and_balances(served: Served) -> None:
    """watch_orders, watch_my_trades and watch_balance tell of an order from its acceptance to its fill."""

    async def scene(exchange: Any) -> None:
        await exchange.load_markets()
        low, _ = await far_prices(exchange)
        orders = asyncio.create_task(exchange.watch_orders(BTC))
        trades = asyncio.create_task(exchange.watch_my_trades(BTC))
        balance = asyncio.create_task(exchange.watch_balance())
        await _subscribed(exchange)
        placed = await exchange.create_order(BTC, "limit", "buy", 0.01, low)
        assert [(it["id"], it["status"]) for it in await orders] == [(placed["id"], "open")]
        assert (await balance)["USDT"]["used"] == pytest.approx(0.01 * low)
        cancelled = asyncio.create_task(exchange.watch_orders(BTC))
        await asyncio.sleep(0)
        await exchange.cancel_order(placed["id"], BTC)
        assert (await cancelled)[-1]["status"] == "canceled"
        bought = await exchange.create_order(BTC, "market", "buy", 0.01)
        fill = (await trades)[-1]
        assert (fill["order"], fill["side"], fill["takerOrMaker"]) == (bought["id"], "buy", "taker")
        assert fill["fee"]["currency"] == "BTC"

    play(served, served.account(), scene)


async def _subscribed(exchange: Any) -> None:
    """Wait until the client's user stream is confirmed."""
    api = exchange.client(exchange.urls["api"]["ws"]["ws-api"]["spot"])
    while "spot" not in api.subscriptions or api.futures.get("authenticate:signature:spot"):
        await asyncio.sleep(0.01)


def test_a_triggered_pair_tells_both_ends(served: Served) -> None:
    """Another account buys through the book: the limit leg fills, the stop expires, and the list is done."""
    rich = served.account({"USDT": "900000000"})

    async def scene(exchange: Any) -> None:
        await exchange.load_markets()
        async with client(served, rich) as mover:
            await mover.load_markets()
            with served.still_market():
                book = await exchange.fetch_order_book(BTC, 5)
                target, low = round(book["asks"][0][0] + 0.01, 2), round(book["bids"][0][0] * 0.9, 2)
                terms = _pair(low, target) | {"aboveType": "LIMIT_MAKER"}
                del terms["aboveStopPrice"], terms["aboveTimeInForce"]
                placed = await exchange.private_post_orderlist_oco(terms)
                volume = sum(level[1] for level in book["asks"] if level[0] <= target) + 0.01
                await mover.create_order(BTC, "limit", "buy", round(volume, 5), target)
                legs = {it["clientOrderId"]: it["orderId"] for it in placed["orders"]}
                states = [(await exchange.fetch_order(number, BTC))["info"] for number in legs.values()]
            assert {(it["type"], it["status"]) for it in states} == {("LIMIT_MAKER", "FILLED"), ("STOP_LOSS_LIMIT", "EXPIRED")}
            assert await exchange.private_get_openorderlist() == []

    play(served, served.account(), scene)


def test_orders_are_placed_and_cancelled_over_the_websocket_api(served: Served) -> None:
    """createOrderWs, fetchOrderWs, fetchOpenOrdersWs, cancelOrderWs, cancelAllOrdersWs and fetchBalanceWs."""

    async def scene(exchange: Any) -> None:
        await exchange.load_markets()
        low, high = await far_prices(exchange)
        placed = await exchange.create_order_ws(BTC, "limit", "buy", 0.01, low)
        assert placed["status"] == "open"
        assert (await exchange.fetch_order_ws(placed["id"], BTC))["price"] == low
        assert [it["id"] for it in await exchange.fetch_open_orders_ws(BTC)] == [placed["id"]]
        assert (await exchange.cancel_order_ws(placed["id"], BTC))["status"] == "canceled"
        await exchange.create_order_ws(BTC, "limit", "sell", 0.01, high)
        assert [it["status"] for it in await exchange.cancel_all_orders_ws(BTC)] == ["canceled"]
        assert (await exchange.create_order_ws(BTC, "market", "buy", 0.01))["status"] == "closed"
        # ccxt 4.5.90 does not parse this answer, it only hands it on.
        balances = (await exchange.fetch_balance_ws())["info"]["balances"]
        assert next(it["free"] for it in balances if it["asset"] == "BTC") == "2.00999000"
        with pytest.raises(ccxt.InsufficientFunds):
            await exchange.create_order_ws(BTC, "limit", "buy", 100, low)

    play(served, served.account(), scene)


def test_an_order_is_replaced_by_another(served: Served) -> None:
    """editOrder cancels and places in one request; a cancel that fails places nothing."""

    async def scene(exchange: Any) -> None:
        await exchange.load_markets()
        low, _ = await far_prices(exchange)
        placed = await exchange.create_order(BTC, "limit", "buy", 0.01, low)
        changed = await exchange.edit_order(placed["id"], BTC, "limit", "buy", 0.02, low)
        assert (changed["amount"], changed["status"]) == (0.02, "open")
        assert (await exchange.fetch_order(placed["id"], BTC))["status"] == "canceled"
        with pytest.raises(ccxt.ExchangeError) as error:
            await exchange.edit_order(placed["id"], BTC, "limit", "buy", 0.02, low)
        assert "-2022" in str(error.value)
        assert len(await exchange.cancel_all_orders(BTC)) == 1

    play(served, served.account(), scene)


def test_a_client_with_an_ed25519_key_trades(served: Served) -> None:
    """The exchange knows only the public half; REST and the WebSocket API take its signatures."""
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    opened = served.account(public_key=public)
    assert opened.secret == ""

    async def scene(exchange: Any) -> None:
        await exchange.load_markets()
        low, _ = await far_prices(exchange)
        assert (await exchange.create_order(BTC, "limit", "buy", 0.01, low))["status"] == "open"
        assert (await exchange.create_order_ws(BTC, "limit", "buy", 0.02, low))["status"] == "open"

    play(served, Account(opened.name, opened.key, pem), scene)
