"""Recorded trades without a book are told exactly, with depth made up around them."""

from decimal import Decimal

from tests.pure.exchange.market_backends import check_well_formed, exchange, feed

from fairway.exchange.markets import rules_for, trade_replay
from fairway.market.candles import Trade
from fairway.market.files import TradeFile
from fairway.world.chance import Chance
from fairway.world.clock import SECOND, parse_instant

START = parse_instant("2024-08-08T00:00:00Z")


def file_of(*trades: tuple[int, str, str, bool]) -> TradeFile:
    """Trades as (second, price, quantity, buyer is maker)."""
    made = tuple(
        Trade("BTC/USDT", str(number), START + second * SECOND, Decimal(price), Decimal(quantity), maker)
        for number, (second, price, quantity, maker) in enumerate(trades, start=1)
    )
    return TradeFile(file="x", symbol="BTC/USDT", trades=made, problems=(), digest="")


def test_every_trade_is_on_the_tape_in_its_order() -> None:
    """Trades of one instant are told together; the exchange numbers them one by one."""
    file = file_of((0, "100", "1", True), (0, "99", "2", True), (3, "101", "0.5", False))
    rules = rules_for(file)
    backend, clock = exchange([rules])
    updates = list(feed(backend, clock, trade_replay([file], Chance(1))))
    assert [len(update.prints) for update in updates] == [2, 1]
    tape = backend.market.tape("BTCUSDT").recent(0, 10)
    assert [(made.trade_id, made.price // 10**8, made.buyer_is_maker) for made in tape] == [
        (1, 100, True),
        (2, 99, True),
        (3, 101, False),
    ]
    check_well_formed(updates, rules)


def test_the_touch_is_where_it_was_traded() -> None:
    """After a sale the price is the best bid, after a buy the best ask."""
    sale, buy = trade_replay([file_of((0, "100", "1", True), (1, "101", "1", False))], Chance(1))
    assert sale.bids is not None
    assert sale.bids[0].price == 100 * 10**8
    assert buy.asks is not None
    assert buy.asks[0].price == 101 * 10**8


def test_depth_is_as_wide_as_the_minutes_before() -> None:
    """A minute that moved much is followed by levels that lie far apart."""
    calm = file_of((0, "100", "5", True), (10, "100.1", "5", False), (70, "100", "5", True))
    wild = file_of((0, "100", "5", True), (10, "120", "5", False), (70, "100", "5", True))

    def width(file: TradeFile) -> int:
        last = list(trade_replay([file], Chance(1)))[-1]
        assert last.bids is not None
        assert last.asks is not None
        return last.asks[-1].price - last.bids[-1].price

    assert width(wild) > 10 * width(calm)
