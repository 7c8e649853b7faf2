"""An unmodified ccxt.pro client reads and streams the market of a served practice exchange."""

import asyncio
from decimal import Decimal
from itertools import pairwise
from typing import Any

import ccxt.pro
from tests.clients.ccxt_client import BTC, far_prices, play
from tests.clients.served import Served


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
