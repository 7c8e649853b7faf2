"""Bars: what closed candles tell, exactly."""

from decimal import Decimal

from fairway.market.candles import Candle
from fairway.risk.bars import correlation, largest_move, returns, traded_a_day
from fairway.world.clock import MINUTE


def bars(*closes: str, low: str = "", quote_volume: str = "0") -> list[Candle]:
    prices = [Decimal(close) for close in closes]
    return [
        Candle(
            symbol="BTC/USDT",
            open_at=number * MINUTE,
            close_at=(number + 1) * MINUTE,
            open=price,
            high=price,
            low=Decimal(low) if low and number == len(prices) - 1 else price,
            close=price,
            volume=Decimal(2),
            quote_volume=Decimal(quote_volume),
        )
        for number, price in enumerate(prices)
    ]


def test_the_largest_move_is_from_the_close_before_and_within_three_bars() -> None:
    """A jump counts for three bars; a low that recovers counts too; one bar alone has not moved."""
    assert largest_move(bars("100")) == 0
    assert largest_move(bars("100", "106")) == Decimal("0.06")
    assert largest_move(bars("100", "106", "106", "106")) == Decimal("0.06")
    assert largest_move(bars("100", "106", "106", "106", "106")) == 0
    assert largest_move(bars("100", "100", low="93")) == Decimal("0.07")


def test_what_is_traded_a_day_goes_by_the_pace_of_the_last_bars() -> None:
    """In quote as the source tells it, or else base at the close."""
    assert traded_a_day(bars("100", "100", quote_volume="50")) == 50 * 60 * 24
    assert traded_a_day(bars("100", "100")) == 200 * 60 * 24
    assert traded_a_day([]) == 0


UP_DOWN = [100 + (number * 7) % 5 for number in range(40)]


def test_symbols_that_move_alike_and_against_each_other() -> None:
    """Exactly one, and nearly minus one; with fewer than thirty returns in common, or no movement, it is not known."""
    one = returns(bars(*[str(price) for price in UP_DOWN]))
    double = returns(bars(*[str(price * 2) for price in UP_DOWN]))
    mirror = returns(bars(*[str(Decimal(10_000) / price) for price in UP_DOWN]))
    assert correlation(one, double) == 1
    against = correlation(one, mirror)
    assert against is not None
    assert against < Decimal("-0.99")
    assert correlation(one, dict(list(double.items())[10:])) is None
    assert correlation(one, returns(bars(*["100"] * 40))) is None


def test_a_missing_bar_is_no_return() -> None:
    """What happened over the gap is no move of one bar."""
    whole = bars("100", "101", "102", "103")
    assert set(returns([*whole[:1], *whole[2:]])) == {3 * MINUTE}


def test_a_return_is_the_close_against_the_one_before_in_billionths() -> None:
    """Of the last sixty bars, each at the instant at which it opened."""
    assert returns(bars("100", "101", "50.5")) == {MINUTE: 10_000_000, 2 * MINUTE: -500_000_000}
    many = returns(bars(*["100"] * 70))
    assert (len(many), min(many), max(many)) == (60, 10 * MINUTE, 69 * MINUTE)


def test_thirty_bars_in_common_are_enough_to_say_how_alike_they_move() -> None:
    """To six digits."""
    one = {number * MINUTE: number % 4 for number in range(30)}
    other = {number * MINUTE: number % 7 for number in range(30)}
    assert correlation(one, other) == Decimal("0.075852")
    assert correlation(one, dict(list(other.items())[1:])) is None
