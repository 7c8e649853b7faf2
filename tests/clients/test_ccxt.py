"""An unmodified ccxt.pro client trades on a served practice exchange: only its base addresses and keys are changed."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from decimal import Decimal
from itertools import pairwise
from typing import Any

import ccxt.pro
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from tests.clients.served import Account, Served

BTC = "BTC/USDT"
Scene = Callable[[Any], Coroutine[Any, Any, None]]


@asynccontextmanager
async def client(served: Served, account: Account | None, **options: Any) -> AsyncIterator[Any]:
    settings: dict[str, Any] = {"enableRateLimit": False, "options": {"fetchMarkets": {"types": ["spot"]}, **options}}
    if account is not None:
        settings |= {"apiKey": account.key, "secret": account.secret}
    exchange = ccxt.pro.binance(settings)
    addresses = exchange.urls["api"]
    addresses["public"] = addresses["private"] = f"{served.url}/api/v3"
    addresses["sapi"], addresses["sapiV3"] = f"{served.url}/sapi/v1", f"{served.url}/sapi/v3"
    addresses["ws"]["spot"] = f"{served.ws}/ws"
    addresses["ws"]["ws-api"]["spot"] = served.ws_api
    try:
        yield exchange
    finally:
        await exchange.close()


def play(served: Served, account: Account | None, scene: Scene, **options: Any) -> None:
    """Run a scene with one client; nothing in it may take longer than 20 seconds."""

    async def main() -> None:
        async with asyncio.timeout(20), client(served, account, **options) as exchange:
            await scene(exchange)

    asyncio.run(main())


async def far_prices(exchange: Any) -> tuple[float, float]:
    """A price well below the market, and one well above."""
    last = (await exchange.fetch_ticker(BTC))["last"]
    return round(last * 0.8, 2), round(last * 1.2, 2)


def test_markets_are_loaded_with_margins_and_currencies(served: Served) -> None:
    """Everything ccxt asks for by default when it loads markets is there: also the three sapi endpoints."""

    async def scene(exchange: Any) -> None:
        markets = await exchange.load_markets()
        assert set(markets) == {"BTC/USDT", "ETH/USDT", "SOL/USDT"}
        market = markets[BTC]
        assert (market["precision"], market["limits"]["cost"]["min"]) == (
            {**market["precision"], "price": 0.01, "amount": 1e-05},
            5,
        )
        assert market["spot"]
        assert market["active"]
        assert not market["margin"]
        assert {"BTC", "USDT"} <= set(await exchange.fetch_currencies())

    play(served, served.account(), scene, fetchMargins=True)


def test_market_data_is_read(served: Served) -> None:
    """Tickers, book, trades, candles, averages, server time and status, without a key."""

    async def scene(exchange: Any) -> None:
        await exchange.load_markets()
        tickers = await exchange.fetch_tickers()
        assert set(tickers) == {"BTC/USDT", "ETH/USDT", "SOL/USDT"}
        ticker = await exchange.fetch_ticker(BTC)
        assert ticker["low"] <= ticker["last"] <= ticker["high"]
        assert ticker["bid"] < ticker["ask"]
        assert (await exchange.fetch_bids_asks([BTC]))[BTC]["bid"] > 0
        assert (await exchange.fetch_last_prices([BTC]))[BTC]["price"] > 0
        book = await exchange.fetch_order_book(BTC, 10)
        assert book["bids"][0][0] < book["asks"][0][0]
        trades = await exchange.fetch_trades(BTC, limit=50)
        assert len(trades) == 50
        assert [int(it["id"]) for it in trades] == sorted(int(it["id"]) for it in trades)
        candles = await exchange.fetch_ohlcv(BTC, "1m", limit=5)
        assert [later[0] - earlier[0] for earlier, later in pairwise(candles)] == [60_000] * 4
        assert abs(await exchange.fetch_time() - exchange.milliseconds()) < 5_000
        assert Decimal((await exchange.public_get_avgprice({"symbol": "BTCUSDT"}))["price"]) > 0
        assert len(await exchange.public_get_ticker({"symbols": '["BTCUSDT","ETHUSDT"]', "windowSize": "1h"})) == 2
        assert (await exchange.fetch_trading_fees())[BTC]["taker"] == 0.001
        assert (await exchange.fetch_status())["status"] == "ok"

    play(served, served.account(), scene)


def test_deposits_and_transfers_of_practice_are_fetched(served: Served) -> None:
    """As deposits and withdrawals; what went to another account is an internal transfer. Assets and status come with them."""
    account, other = served.account(), served.account()
    served.practice("POST", f"/accounts/{account.name}/deposits", {"asset": "USDT", "amount": "7.5"})
    served.practice("POST", f"/accounts/{account.name}/deposits", {"asset": "BTC", "amount": "-0.5"})
    served.practice("POST", f"/accounts/{account.name}/transfers", {"to": other.name, "asset": "USDT", "amount": "100"})

    async def scene(exchange: Any) -> None:
        await exchange.load_markets()
        (came,) = await exchange.fetch_deposits()
        assert (came["amount"], came["currency"], came["status"], came["internal"]) == (7.5, "USDT", "ok", False)
        gone, sent = sorted(await exchange.fetch_withdrawals(), key=lambda it: it["amount"])
        assert (gone["amount"], gone["currency"], gone["status"], gone["type"]) == (0.5, "BTC", "ok", "withdrawal")
        assert (sent["amount"], sent["internal"], sent["addressTo"]) == (100, True, other.name)
        assert await exchange.fetch_transfers() == []
        assert (await exchange.sapi_get_account_status())["data"] == "Normal"
        assets = await exchange.sapiv3_post_asset_getuserasset()
        assert [it["asset"] for it in assets] == ["USDT", "BTC"]

    play(served, account, scene)


def test_an_entry_triggers_its_stop_and_target(served: Served) -> None:
    """An OTOCO whose entry is filled at once; its pair is then open. Before that the entry is amended, which ccxt has raw."""

    async def scene(exchange: Any) -> None:
        await exchange.load_markets()
        low, high = await far_prices(exchange)
        order = await exchange.create_order(BTC, "limit", "buy", 0.02, low)
        smaller = {"symbol": "BTCUSDT", "orderId": order["id"], "newQty": "0.01"}
        amended = await exchange.request("order/amend/keepPriority", ["private"], "PUT", smaller)
        assert float(amended["amendedOrder"]["qty"]) == 0.01
        entry = {"symbol": "BTCUSDT", "workingType": "LIMIT", "workingSide": "BUY", "workingTimeInForce": "IOC"}
        entry |= {"workingPrice": str(high), "workingQuantity": "0.01", "pendingSide": "SELL", "pendingQuantity": "0.01"}
        pair = {"pendingAboveType": "LIMIT_MAKER", "pendingAbovePrice": str(high), "pendingBelowType": "STOP_LOSS"}
        placed = await exchange.private_post_orderlist_otoco({**entry, **pair, "pendingBelowStopPrice": low})
        assert [it["status"] for it in placed["orderReports"]] == ["FILLED", "PENDING_NEW", "PENDING_NEW"]
        orders = {it["type"]: it["status"] for it in await exchange.fetch_open_orders(BTC) if it["side"] == "sell"}
        assert len(orders) == 2
        assert set(orders.values()) == {"open"}
        old = {"symbol": "BTCUSDT", "side": "SELL", "quantity": "0.01", "price": high, "stopPrice": low}
        assert (await exchange.private_post_order_oco(old))["contingencyType"] == "OCO"

    play(served, served.account(), scene)


def test_windows_and_time_zones_are_there(served: Served) -> None:
    """Rolling windows and candles of another time zone, as streams and by REST."""

    async def scene(exchange: Any) -> None:
        await exchange.load_markets()
        rolling, candles = await asyncio.gather(
            exchange.watch_tickers([BTC], {"name": "ticker_1h"}),
            exchange.watch_ohlcv(BTC, "1d", None, None, {"timezone": "+08:00"}),
        )
        assert rolling[BTC]["info"]["e"] == "1hTicker"
        assert rolling[BTC]["low"] <= rolling[BTC]["last"] <= rolling[BTC]["high"]
        assert candles[-1][0] % 86_400_000 == 16 * 3_600_000
        by_rest = await exchange.fetch_ohlcv(BTC, "1d", params={"timeZone": "8"})
        assert by_rest[-1][0] == candles[-1][0]
        day = await exchange.public_get_ticker_tradingday({"symbol": "BTCUSDT", "timeZone": "8"})
        assert int(day["openTime"]) == candles[-1][0]

    play(served, None, scene)


def test_books_trades_candles_and_tickers_are_streamed(served: Served) -> None:
    """The streams that trading programs watch, joined with REST snapshots by ccxt's own rules."""

    async def scene(exchange: Any) -> None:
        await exchange.load_markets()
        book, trades, best, ticker, candles = await asyncio.gather(
            exchange.watch_order_book(BTC),
            exchange.watch_trades(BTC),
            exchange.watch_bids_asks([BTC]),
            exchange.watch_ticker(BTC),
            exchange.watch_ohlcv(BTC, "1m"),
        )
        first = book["nonce"]
        while book["nonce"] == first:
            book = await exchange.watch_order_book(BTC)
        assert book["bids"][0][0] < book["asks"][0][0]
        assert trades[-1]["side"] in ("buy", "sell")
        assert best[BTC]["bid"] > 0
        assert ticker["last"] > 0
        assert candles[-1][4] > 0
        await exchange.un_watch_trades(BTC)

    play(served, None, scene)


def test_the_book_of_the_stream_is_the_book_of_the_exchange(served: Served) -> None:
    """After many changes the book that ccxt keeps from the stream equals the one that REST shows, level by level."""

    async def scene(exchange: Any) -> None:
        await exchange.load_markets()
        await exchange.watch_order_book(BTC)
        served.practice("POST", "/advance", {"seconds": 30})
        with served.still_market():
            shown = await exchange.fetch_order_book(BTC, 1000)
            book = exchange.orderbooks[BTC]
            while book["nonce"] < shown["nonce"]:
                book = await exchange.watch_order_book(BTC)
            for side in ("bids", "asks"):
                assert [list(level) for level in book[side]] == [list(level) for level in shown[side]]

    play(served, None, scene)


def test_each_candle_is_streamed_when_it_closes(served: Served) -> None:
    """Sent two minutes ahead, the market closes two candles, and the stream's equal those of REST."""

    async def scene(exchange: Any) -> None:
        await exchange.load_markets()
        await exchange.watch_ohlcv(BTC, "1m")
        served.practice("POST", "/advance", {"seconds": 150})
        streamed: dict[int, list[float]] = {}
        while len(streamed) < 3:
            streamed |= {row[0]: list(row) for row in await exchange.watch_ohlcv(BTC, "1m")}
        shown = {row[0]: row for row in await exchange.fetch_ohlcv(BTC, "1m", limit=10)}
        for opened in sorted(streamed)[:2]:
            assert streamed[opened] == shown[opened]

    play(served, None, scene)


def test_addresses_may_be_given_as_settings(served: Served) -> None:
    """As freqtrade hands its `ccxt_config` on: the exchange is one more dictionary, nothing is set afterwards."""
    account = served.account()
    rest, ws = f"{served.url}/api/v3", {"spot": f"{served.ws}/ws", "ws-api": {"spot": served.ws_api}}
    addresses = {"public": rest, "private": rest, "sapi": f"{served.url}/sapi/v1", "ws": ws}
    settings = {
        "apiKey": account.key,
        "secret": account.secret,
        "urls": {"api": addresses},
        "options": {"fetchMarkets": {"types": ["spot"]}},
    }

    async def main() -> None:
        exchange = ccxt.pro.binance(settings)
        try:
            await exchange.load_markets()
            assert (await exchange.fetch_balance())["BTC"]["free"] == 2
            assert (await exchange.watch_trades(BTC))[-1]["price"] > 0
        finally:
            await exchange.close()

    asyncio.run(main())


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
