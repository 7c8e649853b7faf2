"""Faults of the market: what a gap and a halt make of a price."""

from itertools import pairwise

from fairway.proving.injected_fault import InjectedFault
from fairway.proving.market_faults import halting, swung
from fairway.proving.scenario_script import MarketPace, market, price_at
from fairway.world.clock import SECOND
from fairway.world.loop import EPOCH_NS

PRICES = {"BTC/USDT": {0: "100", 50: "110"}, "ETH/USDT": {0: "10"}}


def fault(kind: str, since: float, until: float, symbol: str = "", **options: object) -> InjectedFault:
    return InjectedFault(kind, since, until, options=options, symbol=symbol)


def test_a_gap_moves_every_price_from_then_on() -> None:
    """Also those that come later, and of all symbols where none is named."""
    moved = swung(PRICES, [fault("gap", 20.5, 40, percent=-20, stays=True)])
    assert moved == {"BTC/USDT": {0: "100", 21: "80.00", 50: "88.00"}, "ETH/USDT": {0: "10", 21: "8.00"}}


def test_a_gap_that_does_not_stay_ends() -> None:
    """At the price of that time, and at least a second later."""
    moved = swung(PRICES, [fault("gap", 20, 60, "BTC/USDT", percent=40, stays=False)])
    assert moved["BTC/USDT"] == {0: "100", 20: "140.00", 50: "154.00", 60: "110.00"}
    assert moved["ETH/USDT"] == PRICES["ETH/USDT"]
    assert swung(PRICES, [fault("gap", 20, 20.002, percent=5, stays=False)])["ETH/USDT"] == {0: "10", 20: "10.50", 21: "10.00"}


def test_gaps_come_on_top_of_each_other() -> None:
    """The second leaps from where the first has left the price."""
    gaps = [fault("gap", at, at, "ETH/USDT", percent=-40, stays=True) for at in (10, 20)]
    assert swung(PRICES, gaps)["ETH/USDT"] == {0: "10", 10: "6.00", 20: "3.60"}


def test_a_halted_symbol_does_not_trade_and_goes_on_elsewhere() -> None:
    """The market tells nothing of it meanwhile, and the exchange says that it is halted."""
    halt = fault("halt", 2, 4, "BTC/USDT", percent=-12)
    moved = swung(PRICES, [halt])
    assert moved["BTC/USDT"] == {0: "100", 2: "", 4: "88.00", 50: "96.80"}
    updates = [it for it in market(moved, 6) if it.at >= EPOCH_NS and it.symbol == "BTCUSDT"]
    assert [(it.at - EPOCH_NS) // SECOND for it in updates] == [0, 1, 4, 5]
    assert price_at(moved["BTC/USDT"], 3) == 100
    exchange_fault = halting(halt)
    assert (exchange_fault.kind, exchange_fault.options, exchange_fault.scope().symbol) == (
        "delisting",
        {"status": "HALT"},
        "BTCUSDT",
    )


def test_a_market_is_told_seldom_before_it_is_heard_and_as_often_as_wanted_after() -> None:
    """And each time with a book that differs, so that it is told as news."""
    updates = list(market({"ETH/USDT": {0: "10", 62: "9"}}, 70, telling=MarketPace(60, 3, "4")))
    seconds = [(it.at - EPOCH_NS) // SECOND for it in updates if it.at >= EPOCH_NS]
    assert seconds == [0, 15, 30, *range(45, 70, 3)]
    assert updates[-1].prints[0].price == 9 * 10**8
    assert all(one.bids != other.bids for one, other in pairwise(updates))
