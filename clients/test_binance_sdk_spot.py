"""binance-sdk-spot, the exchange's own client, trades on the served practice exchange: only addresses and keys are changed."""

import asyncio
import subprocess
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from binance_common.configuration import ConfigurationRestAPI, ConfigurationWebSocketAPI, ConfigurationWebSocketStreams
from binance_common.errors import BadRequestError, NotFoundError
from binance_sdk_spot.spot import Spot
from pages import program

from conftest import PATIENCE_S, Account, KeyPair, Served

LIMIT: dict[str, Any] = {"symbol": "BTCUSDT", "type": "LIMIT", "time_in_force": "GTC"}


def spot(served: Served, account: Account, *, private_key: str | None = None) -> Spot:
    keys = {"api_key": account.key, "api_secret": None if private_key else account.secret, "private_key": private_key}
    return Spot(
        config_rest_api=ConfigurationRestAPI(base_path=served.url, timeout=10_000, **keys),
        config_ws_api=ConfigurationWebSocketAPI(stream_url=served.ws_api, **keys),
        config_ws_streams=ConfigurationWebSocketStreams(stream_url=served.ws),
    )


def play(scene: Coroutine[Any, Any, None]) -> None:
    async def main() -> None:
        async with asyncio.timeout(60):
            await scene

    asyncio.run(main())


@pytest.fixture
def rest(served: Served) -> Any:
    return spot(served, served.account()).rest_api


def last(rest: Any) -> float:
    return float(rest.ticker_price(symbol="BTCUSDT").data().actual_instance.price)


def test_the_program_of_its_page_runs(served: Served, tmp_path: Path) -> None:
    """As it stands there, with the address and the keys put in."""
    account = served.account()
    script = tmp_path / "program.py"
    script.write_text(program("binance-sdk-spot", "python", served.url, account.key, account.secret))
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["placed", "cancelled"], done.stdout + done.stderr


def test_market_data_is_read(rest: Any) -> None:
    """Into the client's own models: symbols and filters, book, trades, candles, and each ticker."""
    (btc,) = rest.exchange_info(symbol="BTCUSDT").data().symbols
    assert (btc.base_asset, btc.oto_allowed, btc.amend_allowed) == ("BTC", True, True)
    assert len(btc.filters) == 8
    assert rest.time().data().server_time > 0
    book = rest.depth(symbol="BTCUSDT", limit=5).data()
    assert float(book.bids[0][0]) < float(book.asks[0][0])
    assert len(rest.get_trades(symbol="BTCUSDT", limit=7).data()) == 7
    assert len(rest.agg_trades(symbol="BTCUSDT", limit=7).data()) == 7
    assert len(rest.klines(symbol="BTCUSDT", interval="1m", limit=5).data()) == 5
    assert len(rest.ui_klines(symbol="BTCUSDT", interval="1d", time_zone="8").data()) >= 1
    assert float(rest.avg_price(symbol="BTCUSDT").data().price) > 0
    for ticker in (rest.ticker24hr, rest.ticker, rest.ticker_trading_day):
        assert float(ticker(symbol="BTCUSDT").data().actual_instance.last_price) > 0
    assert float(rest.ticker_book_ticker(symbol="BTCUSDT").data().actual_instance.bid_price) > 0


def test_an_order_is_placed_amended_queried_and_cancelled(rest: Any) -> None:
    """And seen in the lists of orders and of amendments."""
    price = round(last(rest) * 0.8, 2)
    placed = rest.new_order(side="BUY", quantity=0.02, price=price, **LIMIT).data()
    assert placed.status == "NEW"
    smaller = rest.order_amend_keep_priority(symbol="BTCUSDT", order_id=placed.order_id, new_qty=0.01).data()
    assert float(smaller.amended_order.qty) == 0.01
    assert len(rest.order_amendments(symbol="BTCUSDT", order_id=placed.order_id).data()) == 1
    assert rest.get_order(symbol="BTCUSDT", order_id=placed.order_id).data().orig_qty == "0.01000000"
    assert [it.order_id for it in rest.get_open_orders(symbol="BTCUSDT").data()] == [placed.order_id]
    replaced = rest.order_cancel_replace(
        side="BUY", quantity=0.01, price=price, cancel_replace_mode="STOP_ON_FAILURE", cancel_order_id=placed.order_id, **LIMIT
    ).data()
    assert replaced.new_order_result == "SUCCESS"
    gone = rest.delete_open_orders(symbol="BTCUSDT").data()
    assert len(gone) == 1
    assert len(rest.all_orders(symbol="BTCUSDT").data()) == 2


def test_a_market_order_fills_and_is_in_the_trades(rest: Any) -> None:
    """With commissions; balances follow."""
    filled = rest.new_order(symbol="BTCUSDT", side="BUY", type="MARKET", quantity=0.01).data()
    assert (filled.status, float(filled.executed_qty)) == ("FILLED", 0.01)
    trades = rest.my_trades(symbol="BTCUSDT").data()
    assert sum(float(it.qty) for it in trades) == pytest.approx(0.01)
    balances = {it.asset: float(it.free) for it in rest.get_account(omit_zero_balances=True).data().balances}
    assert balances["BTC"] == pytest.approx(2.01, abs=0.001)
    assert rest.rate_limit_order().data()[0].count == 1
    assert float(rest.account_commission(symbol="BTCUSDT").data().standard_commission.taker) == 0.001


def test_order_lists_of_each_kind(rest: Any) -> None:
    """OCO in both forms, OTO and OTOCO; listed, and cancelled."""
    low, high = round(last(rest) * 0.8, 2), round(last(rest) * 1.2, 2)
    rest.order_oco(symbol="BTCUSDT", side="SELL", quantity=0.01, price=high, stop_price=low)
    pair = {"above_type": "LIMIT_MAKER", "above_price": high, "below_type": "STOP_LOSS", "below_stop_price": low}
    oco = rest.order_list_oco(symbol="BTCUSDT", side="SELL", quantity=0.01, **pair).data()
    entry = {"symbol": "BTCUSDT", "working_type": "LIMIT", "working_side": "BUY", "working_price": low, "working_quantity": 0.01}
    entry |= {"working_time_in_force": "GTC", "pending_side": "SELL", "pending_quantity": 0.01}
    oto = rest.order_list_oto(**entry, pending_type="MARKET").data()
    assert [it.status for it in oto.order_reports] == ["NEW", "PENDING_NEW"]
    otoco = rest.order_list_otoco(**entry, **{f"pending_{name}": value for name, value in pair.items()}).data()
    assert (otoco.contingency_type, len(otoco.orders)) == ("OTO", 3)
    assert len(rest.open_order_list().data()) == 4
    assert rest.get_order_list(order_list_id=oco.order_list_id).data().list_order_status == "EXECUTING"
    rest.delete_order_list(symbol="BTCUSDT", order_list_id=oco.order_list_id)
    assert len(rest.open_order_list().data()) == 3
    assert len(rest.all_order_list().data()) == 4


def test_what_an_account_asks_besides(rest: Any) -> None:
    """Prevented matches, allocations and filters."""
    assert rest.my_allocations(symbol="BTCUSDT").data() == []
    assert rest.my_prevented_matches(symbol="BTCUSDT", order_id=1).data() == []
    assert len(rest.my_filters(symbol="BTCUSDT").data().symbol_filters) == 8


def test_refusals_are_the_clients_own_errors(rest: Any) -> None:
    """With the exchange's words; a path that is not there is no outage."""
    with pytest.raises(BadRequestError, match="insufficient balance"):
        rest.new_order(symbol="BTCUSDT", side="SELL", type="MARKET", quantity=50)
    with pytest.raises(BadRequestError, match="Invalid symbol"):
        rest.klines(symbol="NOSUCH", interval="1m")
    with pytest.raises(NotFoundError, match="not supported"):
        rest.sor_order(symbol="BTCUSDT", side="SELL", type="MARKET", quantity=0.01)


def test_streams(served: Served) -> None:
    """One frame of each kind that the market sends."""

    async def scene() -> None:
        client = spot(served, served.account())
        connection = await client.websocket_streams.create_connection()
        streams: dict[str, Any] = {
            "trade": connection.trade(symbol="btcusdt"),
            "aggTrade": connection.agg_trade(symbol="btcusdt"),
            "kline": connection.kline(symbol="btcusdt", interval="1m"),
            "kline offset": connection.kline_offset(symbol="btcusdt", interval="1d"),
        }
        await _one_frame_each(streams)
        await connection.close_connection()

    play(scene())


def test_tickers_and_books_are_streamed(served: Served) -> None:
    """Rolling windows and average prices among them. A second connection, for five messages a second are allowed."""

    async def scene() -> None:
        client = spot(served, served.account())
        connection = await client.websocket_streams.create_connection()
        await _one_frame_each(
            {
                "ticker": connection.ticker(symbol="btcusdt"),
                "ticker_1h": connection.rolling_window_ticker(symbol="btcusdt", window_size="1h"),
                "bookTicker": connection.book_ticker(symbol="btcusdt"),
                "depth": connection.diff_book_depth(symbol="btcusdt", update_speed="100ms"),
            }
        )
        await connection.close_connection()

    play(scene())


async def _one_frame_each(streams: dict[str, Any]) -> None:
    heard: dict[str, asyncio.Event] = {name: asyncio.Event() for name in streams}
    for name, asked in streams.items():
        handle = await asked
        handle.on("message", lambda data, name=name: heard[name].set())
    await asyncio.gather(*(it.wait() for it in heard.values()))


def test_the_websocket_api_trades_and_tells_of_it(served: Served) -> None:
    """Orders, queries and the account's events over one connection, signed with the secret."""
    account = served.account()
    play(_trades_by_websocket(served, spot(served, account), logs_on=False))


def test_the_websocket_api_takes_an_ed25519_session(served: Served, ed25519: KeyPair) -> None:
    """session.logon with a private key, as the exchange allows it for that kind of key alone."""
    account = served.account(public_key=ed25519.public)
    play(_trades_by_websocket(served, spot(served, account, private_key=ed25519.private), logs_on=True))


async def _trades_by_websocket(served: Served, client: Spot, *, logs_on: bool) -> None:
    connection = await client.websocket_api.create_connection()
    if logs_on:
        assert (await connection.session_logon()).data().result.api_key
    subscribed = await (connection.user_data_stream_subscribe if logs_on else connection.user_data_stream_subscribe_signature)()
    reports: asyncio.Queue[Any] = asyncio.Queue()
    subscribed.stream.on("message", reports.put_nowait)
    price = float((await connection.ticker_price(symbol="BTCUSDT")).data().actual_instance.result.price)
    placed = (await connection.order_place(side="BUY", quantity=0.01, price=round(price * 0.8, 2), **LIMIT)).data().result
    report = (await reports.get()).actual_instance
    assert report.i == placed.order_id
    status = (await connection.order_status(symbol="BTCUSDT", order_id=placed.order_id)).data().result
    assert status.status == "NEW"
    gone = (await connection.order_cancel(symbol="BTCUSDT", order_id=placed.order_id)).data().result
    assert gone.status == "CANCELED"
    assert float((await connection.ticker_trading_day(symbol="BTCUSDT")).data().actual_instance.result.last_price) > 0
    await connection.close_connection()
