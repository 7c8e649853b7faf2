"""An unmodified python-binance client trades on a served practice exchange: only its base addresses are changed."""

import asyncio
import warnings
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import pytest
from tests.clients.served import Account, Served

with warnings.catch_warnings():
    # python-binance 1.0.37 imports a name that websockets has deprecated.
    warnings.simplefilter("ignore", DeprecationWarning)
    from binance import AsyncClient, BinanceAPIException, BinanceSocketManager

Scene = Callable[[Any, Any], Coroutine[Any, Any, None]]


@asynccontextmanager
async def client(served: Served, account: Account) -> AsyncIterator[tuple[Any, Any]]:
    """A client and its sockets."""

    class Client(AsyncClient):  # type: ignore[misc]
        API_URL = f"{served.url}/api"
        MARGIN_API_URL = f"{served.url}/sapi"
        WS_API_URL = served.ws_api

    class Sockets(BinanceSocketManager):  # type: ignore[misc]
        STREAM_URL = f"{served.ws}/"

    trader = await Client.create(account.key, account.secret)
    # Only how long its reader waits for a message before it looks whether it was closed meanwhile.
    trader.ws_api.TIMEOUT = 0.5
    try:
        yield trader, Sockets(trader)
    finally:
        await trader.close_connection()


def play(served: Served, scene: Scene) -> None:
    """Run a scene with one client and a new account; nothing in it may take longer than 20 seconds."""
    account = served.account()

    async def main() -> None:
        async with asyncio.timeout(20), client(served, account) as (trader, sockets):
            await scene(trader, sockets)

    asyncio.run(main())


async def far_prices(trader: Any) -> tuple[str, str]:
    last = Decimal((await trader.get_symbol_ticker(symbol="BTCUSDT"))["price"])
    return f"{last * 8 / 10:.2f}", f"{last * 12 / 10:.2f}"


def test_market_data_is_read(served: Served) -> None:
    """Symbols, filters, book, trades, candles, averages and tickers."""

    async def scene(trader: Any, sockets: Any) -> None:
        info = await trader.get_symbol_info("BTCUSDT")
        assert {it["filterType"] for it in info["filters"]} >= {"PRICE_FILTER", "LOT_SIZE", "NOTIONAL", "MAX_NUM_ALGO_ORDERS"}
        book = await trader.get_order_book(symbol="BTCUSDT", limit=5)
        assert Decimal(book["bids"][0][0]) < Decimal(book["asks"][0][0])
        assert len(await trader.get_recent_trades(symbol="BTCUSDT", limit=7)) == 7
        assert len(await trader.get_aggregate_trades(symbol="BTCUSDT", limit=7)) == 7
        assert (await trader.get_klines(symbol="BTCUSDT", interval="1m", limit=3))[-1][8] >= 0
        assert (await trader.get_avg_price(symbol="BTCUSDT"))["mins"] == 5
        assert (await trader.get_ticker(symbol="BTCUSDT"))["symbol"] == "BTCUSDT"
        assert len(await trader.get_all_tickers()) == 3
        assert len(await trader.get_orderbook_tickers()) == 3
        assert (await trader.get_system_status())["status"] == 0
        assert (await trader.get_account_api_permissions())["enableWithdrawals"] is False
        assert (await trader.get_trade_fee(symbol="BTCUSDT"))[0]["takerCommission"] == "0.001"

    play(served, scene)


def test_market_streams_are_read(served: Served) -> None:
    """Trades, candles, tickers and partial depth by raw streams; several at once by a combined one."""

    async def scene(trader: Any, sockets: Any) -> None:
        async with (
            sockets.trade_socket("BTCUSDT") as trades,
            sockets.kline_socket("BTCUSDT", "1m") as candles,
            sockets.depth_socket("BTCUSDT", depth="5", interval=100) as depth,
            sockets.symbol_book_ticker_socket("BTCUSDT") as best,
            sockets.multiplex_socket(["ethusdt@aggTrade", "solusdt@miniTicker"]) as several,
        ):
            served.practice("POST", "/advance", {"seconds": 5})
            assert (await trades.recv())["e"] == "trade"
            assert (await candles.recv())["k"]["i"] == "1m"
            assert len((await depth.recv())["bids"]) == 5
            assert (await best.recv())["s"] == "BTCUSDT"
            heard = {(await several.recv())["stream"] for _ in range(8)}
            assert heard == {"ethusdt@aggTrade", "solusdt@miniTicker"}

    play(served, scene)


def test_orders_of_each_type_are_placed_queried_and_cancelled(served: Served) -> None:
    """The client's own helpers for each type; every order is found, open, and then cancelled."""

    async def scene(trader: Any, sockets: Any) -> None:
        low, high = await far_prices(trader)
        terms: dict[str, dict[str, str]] = {
            "LIMIT": {"side": "BUY", "price": low, "timeInForce": "GTC"},
            "LIMIT_MAKER": {"side": "SELL", "price": high},
            "STOP_LOSS": {"side": "SELL", "stopPrice": low},
            "STOP_LOSS_LIMIT": {"side": "SELL", "stopPrice": low, "price": low, "timeInForce": "GTC"},
            "TAKE_PROFIT": {"side": "SELL", "stopPrice": high},
            "TAKE_PROFIT_LIMIT": {"side": "SELL", "stopPrice": high, "price": high, "timeInForce": "GTC"},
        }
        for kind, more in terms.items():
            placed = await trader.create_order(symbol="BTCUSDT", type=kind, quantity="0.01", **more)
            found = await trader.get_order(symbol="BTCUSDT", orderId=placed["orderId"])
            assert (found["type"], found["status"]) == (kind, "NEW")
            gone = await trader.cancel_order(symbol="BTCUSDT", orderId=placed["orderId"])
            assert (gone["status"], gone["origClientOrderId"]) == ("CANCELED", placed["clientOrderId"])
        assert await trader.get_open_orders(symbol="BTCUSDT") == []
        assert len(await trader.get_all_orders(symbol="BTCUSDT")) == len(terms)
        await trader.create_test_order(symbol="BTCUSDT", side="BUY", type="MARKET", quantity="0.01")
        filled = await trader.order_market_buy(symbol="BTCUSDT", quoteOrderQty="1000")
        assert filled["status"] == "FILLED"
        commission = sum(Decimal(it["commission"]) for it in filled["fills"])
        balance = await trader.get_asset_balance("BTC")
        assert Decimal(balance["free"]) == 2 + Decimal(filled["executedQty"]) - commission
        assert len(await trader.get_my_trades(symbol="BTCUSDT")) == len(filled["fills"])

    play(served, scene)


def test_a_pair_of_orders_is_placed_and_cancelled(served: Served) -> None:
    """An OCO over REST, cancelled by one of its legs."""

    async def scene(trader: Any, sockets: Any) -> None:
        low, high = await far_prices(trader)
        placed = await trader.create_oco_order(
            symbol="BTCUSDT",
            side="SELL",
            quantity="0.01",
            aboveType="LIMIT_MAKER",
            abovePrice=high,
            belowType="STOP_LOSS",
            belowStopPrice=low,
        )
        assert placed["listOrderStatus"] == "EXECUTING"
        await trader.cancel_order(symbol="BTCUSDT", orderId=placed["orders"][0]["orderId"])
        assert await trader.get_open_orders(symbol="BTCUSDT") == []

    play(served, scene)


def test_a_user_socket_tells_of_orders_and_balances_and_ends(served: Served) -> None:
    """The user socket subscribes by signature over the WebSocket API, and unsubscribes when it is left."""

    async def scene(trader: Any, sockets: Any) -> None:
        low, _ = await far_prices(trader)
        async with sockets.user_socket() as events:
            placed = await trader.order_limit_buy(symbol="BTCUSDT", quantity="0.01", price=low)
            first, second = await events.recv(), await events.recv()
            assert (first["e"], first["x"], first["i"]) == ("executionReport", "NEW", placed["orderId"])
            assert second["e"] == "outboundAccountPosition"
            assert {it["a"]: Decimal(it["l"]) for it in second["B"]}["USDT"] == Decimal(low) / 100
            await trader.cancel_order(symbol="BTCUSDT", orderId=placed["orderId"])
            gone = await events.recv()
            assert (gone["x"], gone["C"]) == ("CANCELED", placed["clientOrderId"])
            name = next(it for it in served.practice("GET", "")["accounts"][::-1])
            served.practice("POST", f"/accounts/{name}/deposits", {"asset": "USDT", "amount": "-5"})
            while (event := await events.recv())["e"] != "balanceUpdate":
                pass
            assert (event["a"], event["d"]) == ("USDT", "-5.00000000")

    play(served, scene)


def test_the_websocket_api_answers_like_rest(served: Served) -> None:
    """Orders, lists, market data and account over the WebSocket API."""

    async def scene(trader: Any, sockets: Any) -> None:
        low, high = await far_prices(trader)
        assert await trader.ws_ping() == {}
        assert (await trader.ws_get_time())["serverTime"] > 0
        assert len((await trader.ws_get_exchange_info(symbol="BTCUSDT"))["symbols"]) == 1
        assert len((await trader.ws_get_order_book(symbol="BTCUSDT", limit=5))["bids"]) == 5
        placed = await trader.ws_create_order(
            symbol="BTCUSDT", side="BUY", type="LIMIT", timeInForce="GTC", quantity="0.01", price=low
        )
        assert (await trader.ws_get_order(symbol="BTCUSDT", orderId=placed["orderId"]))["status"] == "NEW"
        assert len(await trader.ws_get_open_orders(symbol="BTCUSDT")) == 1
        assert len(await trader.ws_cancel_all_open_orders(symbol="BTCUSDT")) == 1
        placed = await trader.ws_create_oco_order(
            symbol="BTCUSDT",
            side="SELL",
            quantity="0.01",
            aboveType="LIMIT_MAKER",
            abovePrice=high,
            belowType="STOP_LOSS_LIMIT",
            belowPrice=low,
            belowStopPrice=low,
            belowTimeInForce="GTC",
        )
        assert len(placed["orderReports"]) == 2
        balances = (await trader.ws_get_account())["balances"]
        assert next(it["locked"] for it in balances if it["asset"] == "BTC") == "0.01000000"
        with pytest.raises(BinanceAPIException) as error:
            await trader.ws_get_order(symbol="BTCUSDT", orderId=987654321)
        assert error.value.code == -2013

    play(served, scene)


def test_the_old_listen_key_is_gone(served: Served) -> None:
    """It was switched off for spot on 2026-02-20: 410."""

    async def scene(trader: Any, sockets: Any) -> None:
        with pytest.raises(BinanceAPIException) as error:
            await trader.stream_get_listen_key()
        assert error.value.status_code == 410

    play(served, scene)
