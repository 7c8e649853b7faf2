"""Faults with what the market shows and does: frozen, crossed, absurd, thin."""

from typing import Any

import msgspec
import pytest
from tests.pure.exchange.fault_values import AT, act, fault

from fairway.exchange.answers import ExchangeRefusal
from fairway.exchange.faults.active import ActiveFaults
from fairway.exchange.faults.port import AfterRequest, AltersFrames, FaultScope
from fairway.exchange.market_data import BookLevel, MarketUpdate, Print
from fairway.exchange.units import ONE

TOP = b'{"u":1,"s":"BTCUSDT","b":"100.00000000","B":"2.00000000","a":"101.00000000","A":"3.00000000"}'
LATER = b'{"u":2,"s":"BTCUSDT","b":"200.00000000","B":"2.00000000","a":"201.00000000","A":"3.00000000"}'
DIFF = b'{"e":"depthUpdate","s":"BTCUSDT","U":2,"u":3,"b":[["100","1"]],"a":[["101","2"]]}'
TRADE = b'{"e":"trade","s":"BTCUSDT","t":5,"p":"100.50000000","q":"1.00000000"}'
KLINE = b'{"e":"kline","s":"BTCUSDT","k":{"t":1,"s":"BTCUSDT","o":"1","c":"2","h":"3","l":"1","v":"9","x":true}}'


def framed(it: AltersFrames, stream: str, frame: bytes) -> Any:
    """What the listeners get: JSON, or None for nothing."""
    shown = it.alter_frame("BTCUSDT", stream, frame, AT)
    return None if shown is None else msgspec.json.decode(shown)


def answered(it: AfterRequest, endpoint: str, answer: object) -> Any:
    effect = it.after_request(act(endpoint, account=""), answer)
    return answer if effect is None else effect.answer


def test_a_frozen_book_repeats_what_it_showed_first() -> None:
    """Book streams and questions alike; trades go on."""
    it = fault("frozen_book")
    assert framed(it, "bookTicker", TOP)["b"] == "100.00000000"
    assert framed(it, "bookTicker", LATER)["b"] == "100.00000000"
    assert framed(it, "depth", DIFF) is None
    assert framed(it, "trade", TRADE)["t"] == 5
    assert answered(it, "ticker.book", {"bidPrice": "1"}) == {"bidPrice": "1"}
    assert answered(it, "ticker.book", {"bidPrice": "2"}) == {"bidPrice": "1"}
    assert answered(it, "ticker.price", {"price": "2"}) == {"price": "2"}


def test_a_frozen_book_can_fall_silent() -> None:
    """No frame at all, while pings and trades go on."""
    it = fault("frozen_book", repeats=False)
    assert framed(it, "bookTicker", TOP) is None
    assert framed(it, "trade", TRADE)["t"] == 5


def test_a_frozen_book_thaws_with_its_time() -> None:
    """After the scope's end the truth is shown."""
    it = fault("frozen_book", FaultScope(until=AT + 1))
    framed(it, "bookTicker", TOP)
    assert it.alter_frame("BTCUSDT", "bookTicker", LATER, AT + 1) == LATER


def test_a_crossed_book_changes_its_sides() -> None:
    """The best bid is above the best ask, on streams and when asked; once, if told so."""
    it = fault("crossed_book", times=3)
    top = framed(it, "bookTicker", TOP)
    assert (top["b"], top["B"], top["a"], top["A"], top["u"]) == ("101.00000000", "3.00000000", "100.00000000", "2.00000000", 1)
    assert framed(it, "depth", DIFF)["b"] == [["101", "2"]]
    book = {"lastUpdateId": 1, "bids": [("100", "1")], "asks": [("101", "2")]}
    assert answered(it, "depth", book) == {"lastUpdateId": 1, "bids": [("101", "2")], "asks": [("100", "1")]}
    assert framed(it, "bookTicker", TOP)["b"] == "100.00000000"


def test_a_crossed_book_when_all_tickers_are_asked_for() -> None:
    """A list of books is crossed one by one."""
    tops = [{"symbol": "BTCUSDT", "bidPrice": "1", "bidQty": "5", "askPrice": "2", "askQty": "6"}]
    assert answered(fault("crossed_book"), "ticker.book", tops) == [
        {"symbol": "BTCUSDT", "bidPrice": "2", "bidQty": "6", "askPrice": "1", "askQty": "5"}
    ]


@pytest.mark.parametrize("price", ["NaN", "0.00000000"])
def test_absurd_prices_stand_in_every_price(price: str) -> None:
    """And nowhere else: quantities and times stay as they are."""
    it = fault("absurd_prices", price=price)
    assert framed(it, "bookTicker", TOP) | {"b": "", "a": ""} == msgspec.json.decode(TOP) | {"b": "", "a": ""}
    assert framed(it, "bookTicker", TOP)["b"] == framed(it, "bookTicker", TOP)["a"] == price
    assert framed(it, "trade", TRADE) == msgspec.json.decode(TRADE) | {"p": price}
    candle = framed(it, "kline", KLINE)["k"]
    assert (candle["o"], candle["c"], candle["h"], candle["l"], candle["v"], candle["t"]) == (price, price, price, price, "9", 1)
    assert answered(it, "klines", [(1, "1", "3", "1", "2", "9", 2)]) == [[1, price, price, price, price, "9", 2]]
    assert answered(it, "ticker.price", [{"symbol": "X", "price": "3"}]) == [{"symbol": "X", "price": price}]


def test_absurd_prices_leave_orders_and_refusals_alone() -> None:
    """Only what the market shows is absurd."""
    it = fault("absurd_prices")
    assert answered(it, "order.status", {"price": "3"}) == {"price": "3"}
    refused = ExchangeRefusal(-1121, "Invalid symbol.")
    assert answered(it, "klines", refused) == refused


def test_partial_fills_come_from_a_thin_book() -> None:
    """Few levels, each with little in it; a side that was not told stays untold."""
    it = fault("partial_fills", quantity="0.01", levels=2)
    bids = [BookLevel(price * ONE, ONE) for price in (100, 99, 98)]
    tape = (Print("BTCUSDT", 0, 100 * ONE, ONE, 100 * ONE, AT, False),)
    thin = it.alter_market(MarketUpdate("BTCUSDT", AT, tape, bids=bids))
    assert thin is not None
    assert thin.bids == [BookLevel(100 * ONE, ONE // 100), BookLevel(99 * ONE, ONE // 100)]
    assert thin.asks is None
    assert thin.prints == tape


def test_partial_fills_spare_other_symbols() -> None:
    """Whatever accounts and endpoints the scope names, only symbol and time are asked."""
    it = fault("partial_fills", FaultScope(account="alice", symbol="ETHUSDT", endpoints=("order.place",)))
    update = MarketUpdate("BTCUSDT", AT, bids=[BookLevel(ONE, ONE)])
    assert it.alter_market(update) is update
    thin = it.alter_market(update._replace(symbol="ETHUSDT"))
    assert thin is not None
    assert thin.bids == [BookLevel(ONE, ONE // 100)]


def test_market_faults_add_up() -> None:
    """Two at once work one after the other."""
    active = ActiveFaults()
    active.add(fault("crossed_book"))
    active.add(fault("absurd_prices", FaultScope(endpoints=("trade",))))
    frame = active.alter_frame("BTCUSDT", "bookTicker", TOP, AT)
    assert frame is not None
    assert b'"b":"101.00000000"' in frame
