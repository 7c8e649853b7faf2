"""What a chart of candles is told: the first time all of it, and then what is new."""

from dataclasses import replace
from decimal import Decimal

from fairway.market.candles import Candle
from fairway.operations.trader.candles import CandlesOutcome
from fairway.panel.facts.candle_pictures import CandlePicture, PriceKind, PriceLine, Traded, changes, drawn
from fairway.world.clock import MINUTE

STOP = PriceLine("main stop", PriceKind.STOP, 90.0, "stop")


def candle(number: int, close: str = "100") -> Candle:
    price = Decimal(close)
    at = number * MINUTE
    return Candle(
        symbol="BTC/USDT", open_at=at, close_at=at + MINUTE, open=price, high=price, low=price, close=price, volume=Decimal(1)
    )


def outcome(*numbers: int) -> CandlesOutcome:
    candles = tuple(candle(number) for number in numbers)
    return CandlesOutcome(symbol="BTC/USDT", interval="1m", tick=Decimal("0.01"), candles=candles)


def bought(minute: int) -> Traded:
    at = minute * MINUTE + MINUTE // 2
    return Traded(key=f"trade {minute}", at=at, kind=PriceKind.ENTRY, is_buy=True, words="bought")


def picture(*numbers: int, fills: tuple[Traded, ...] = (), lines: tuple[PriceLine, ...] = ()) -> CandlePicture:
    return drawn(outcome(*numbers), MINUTE, fills, lines)


def test_a_fill_is_marked_at_its_candle_and_one_before_the_first_candle_is_not() -> None:
    found = picture(3, 4, 5, fills=(bought(4), bought(1)))
    assert [(mark.key, mark.at) for mark in found.marks] == [("trade 4", 4 * 60)]


def test_the_picture_is_told_in_words_too() -> None:
    found = picture(3, 4, fills=(bought(3),), lines=(STOP,))
    assert found.sentence == "BTC/USDT, candles of 1m, last 100.00: 1 entry and no exits in sight; stop 90.00."


def test_candles_outside_of_a_span_are_left_out() -> None:
    found = drawn(outcome(1, 2, 3, 4, 5), MINUTE, (), (), since=2 * MINUTE, until=4 * MINUTE)
    assert [each[0] // 60 for each in found.candles] == [2, 3, 4]


def test_where_the_venue_has_none_it_is_said() -> None:
    assert picture().trouble == "The venue has no candles of 1m for that time."


def test_the_first_picture_is_told_whole() -> None:
    found = changes(None, picture(1, 2, lines=(STOP,)))
    assert (found.is_whole, len(found.candles), found.lines) == (True, 2, (STOP,))


def test_only_candles_that_follow_are_told() -> None:
    found = changes(picture(1, 2, 3), picture(2, 3, 4))
    assert not found.is_whole
    assert [each[0] // 60 for each in found.candles] == [4]
    assert not any((found.marks, found.lines, found.marks_gone, found.lines_gone))


def test_a_moved_line_is_told_and_one_that_is_gone() -> None:
    moved = replace(STOP, price=95.0)
    before, after = picture(1, lines=(STOP, replace(STOP, key="main target"))), picture(1, lines=(moved,))
    found = changes(before, after)
    assert (found.lines, found.lines_gone) == ((moved,), ("main target",))


def test_after_a_gap_all_of_it_is_told_again() -> None:
    assert changes(picture(1, 2), picture(7, 8)).is_whole
    assert changes(picture(1, 2), replace(picture(2, 3), symbol="ETH/USDT")).is_whole
