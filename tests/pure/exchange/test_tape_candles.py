"""The tape: prints, candles of every interval against a naive reckoning, the day's figures, and their bounds."""

from datetime import UTC, datetime
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pure.exchange.small_backend import START, SYMBOL, Floor, done, u

from fairway.exchange.candles import WIDTH
from fairway.exchange.intervals import INTERVALS, next_opening, opening
from fairway.exchange.market_data import Candle, MarketUpdate, Print
from fairway.exchange.tape import MINUTES_KEPT, PRINTS_KEPT, SECONDS_KEPT, Tape
from fairway.world.clock import DAY, HOUR, MINUTE, SECOND

NEW_YEAR: Final = int(datetime(2022, 1, 1, tzinfo=UTC).timestamp()) * SECOND


def record(tape: Tape, at: int, price: int, quantity: int = 1, trades: int = 1) -> Print:
    """One print of buyers."""
    quote = price * quantity
    made = Print(SYMBOL, tape.next_id, price, quantity, quote, at, False, trades, quantity, quote)
    tape.record(made)
    return made


def naive(prints: list[Print], interval: str, now: int) -> list[Candle]:
    """Candles as one would reckon them by hand: group the prints, then walk the openings and fill the gaps flat."""
    if not prints:
        return []
    groups: dict[int, list[Print]] = {}
    for made in prints:
        groups.setdefault(opening(interval, made.at), []).append(made)
    candles: list[Candle] = []
    opened = opening(interval, prints[0].at)
    while opened <= max(now, prints[-1].at):
        closed = next_opening(interval, opened)
        group = groups.get(opened, [])
        prices = [made.price for made in group] or [candles[-1].close]
        candles.append(
            Candle(
                SYMBOL,
                opened,
                closed - 1,
                prices[0],
                max(prices),
                min(prices),
                prices[-1],
                sum(made.quantity for made in group),
                sum(made.quote for made in group),
                sum(made.trades for made in group),
                sum(made.taker_buy_quantity for made in group),
                sum(made.taker_buy_quote for made in group),
                group[0].trade_id if group else -1,
                group[-1].trade_id + group[-1].trades - 1 if group else -1,
            )
        )
        opened = closed
    return candles


PRINTS = st.lists(
    st.tuples(
        st.sampled_from([0, 1, SECOND // 3, SECOND, 20 * SECOND, MINUTE, 7 * MINUTE, 3 * HOUR, DAY]),
        st.integers(1, 10**15),
        st.integers(1, 2**70),
        st.integers(1, 40),
        st.booleans(),
    ),
    max_size=20,
)


@settings(deadline=None, max_examples=60)
@given(PRINTS, st.sampled_from([name for name in INTERVALS if name != "1s"]), st.sampled_from([0, SECOND, HOUR, 3 * DAY]))
def test_candles_are_what_one_would_reckon_by_hand(
    prints: list[tuple[int, int, int, int, bool]], interval: str, later: int
) -> None:
    """Sums to the digit, beyond 64 bits too; gaps flat; the forming candle last."""
    tape, at = Tape(SYMBOL), NEW_YEAR
    made = []
    for wait, price, quantity, trades, buyer_is_maker in prints:
        at += wait
        bought = 0 if buyer_is_maker else quantity // 3
        quote, bought_quote = quantity * 7, bought * 7
        print_ = Print(SYMBOL, tape.next_id, price, quantity, quote, at, buyer_is_maker, trades, bought, bought_quote)
        tape.record(print_)
        made.append(print_)
    now = at + later
    expected = naive(made, interval, now)
    assert tape.candles(interval, 0, 0, 10_000, now) == expected[-10_000:]
    for limit in (1, 3):
        assert tape.candles(interval, 0, 0, limit, now) == expected[-limit:]
    if expected:
        since, until = expected[len(expected) // 3].open_at, expected[-1].open_at
        within = [each for each in expected if since <= each.open_at <= until]
        assert tape.candles(interval, since, until, 5, now) == within[:5]
        assert tape.candles(interval, since + 1, 0, 500, now) == [each for each in expected if each.open_at > since][:500]
        assert tape.candles(interval, 0, until - 1, 2, now) == [each for each in expected if each.open_at < until][-2:]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.sampled_from([0, SECOND // 2, SECOND, 40 * SECOND]), st.integers(1, 100)), min_size=1, max_size=40))
def test_candles_of_seconds_are_reckoned_from_every_print(prints: list[tuple[int, int]]) -> None:
    """Within the hour that is kept."""
    tape, at, made = Tape(SYMBOL), NEW_YEAR, []
    for wait, price in prints:
        at += wait
        made.append(record(tape, at, price))
    assert tape.candles("1s", 0, 0, 5_000, at) == naive(made, "1s", at)


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        ("1w", datetime(2021, 12, 27, tzinfo=UTC)),
        ("1M", datetime(2022, 1, 1, tzinfo=UTC)),
        ("1d", datetime(2022, 1, 2, tzinfo=UTC)),
        ("8h", datetime(2022, 1, 2, 8, tzinfo=UTC)),
    ],
)
def test_weeks_begin_on_mondays_and_months_on_their_first(interval: str, expected: datetime) -> None:
    """Days and hours at midnight UTC."""
    at = NEW_YEAR + DAY + 15 * HOUR
    assert opening(interval, at) == int(expected.timestamp()) * SECOND


def test_december_ends_with_the_year() -> None:
    """The month after it is January of the next."""
    december = int(datetime(2021, 12, 1, tzinfo=UTC).timestamp()) * SECOND
    assert next_opening("1M", december) == NEW_YEAR


def test_an_unknown_interval_is_an_error_that_names_those_there_are() -> None:
    """The session refuses it before; a caller that does not is told."""
    with pytest.raises(ValueError, match="no interval '7m'; there are 1s, 1m"):
        Tape(SYMBOL).candles("7m", 0, 0, 1, NEW_YEAR)


def test_minutes_are_kept_for_thirty_days() -> None:
    """Of 32 days the last 30 are there, a little more at most; an interval cut in its middle is left out."""
    tape = Tape(SYMBOL)
    for minute in range(0, 32 * 1440, 10):
        record(tape, NEW_YEAR + minute * MINUTE, minute + 1)
    now = NEW_YEAR + 32 * DAY - MINUTE
    kept = tape.candles("1m", 0, 0, 100_000, now)
    assert MINUTES_KEPT <= len(kept) <= MINUTES_KEPT * 61 // 60 + 10
    assert kept[-1].open_at == now
    assert len(tape.minutes.rows) * tape.minutes.rows.itemsize // len(kept) < 100
    assert tape.candles("1d", 0, 0, 100, now)[0].open == 1440 * 2 + 1
    assert tape.candles("1d", NEW_YEAR, 0, 100, now)[0].trades == 144


def test_a_silence_longer_than_the_memory_leaves_only_flat_candles_behind() -> None:
    """Forty days later the old ones are gone, and the new begins at its own price after flat ones."""
    tape = Tape(SYMBOL)
    record(tape, NEW_YEAR, 5)
    record(tape, NEW_YEAR + 40 * DAY, 7)
    found = tape.candles("1m", 0, 0, 100_000, NEW_YEAR + 40 * DAY)
    assert len(found) == MINUTES_KEPT + 1
    assert {(each.open, each.close, each.trades) for each in found[:-1]} == {(5, 5, 0)}
    assert (found[-1].open, found[-1].trades) == (7, 1)
    assert len(tape.seconds.rows) // WIDTH == SECONDS_KEPT


def test_a_trade_told_late_counts_for_the_forming_candle() -> None:
    """Closed candles never change."""
    tape = Tape(SYMBOL)
    record(tape, NEW_YEAR, 5)
    record(tape, NEW_YEAR + MINUTE, 6)
    record(tape, NEW_YEAR + MINUTE - 1, 9)
    first, second = tape.candles("1m", 0, 0, 10, NEW_YEAR + MINUTE)
    assert (first.high, first.trades, second.high, second.close, second.trades) == (5, 1, 9, 9, 2)


def test_an_absurd_volume_is_an_error_and_not_a_wrong_candle() -> None:
    """The row has room for 2^78 units a minute."""
    tape = Tape(SYMBOL)
    record(tape, NEW_YEAR, 1, 2**78)
    with pytest.raises(OverflowError, match="volume"):
        record(tape, NEW_YEAR + MINUTE, 1)


def test_prints_are_remembered_up_to_their_bound() -> None:
    """The newest are given, or those from an id on."""
    tape = Tape(SYMBOL)
    for number in range(PRINTS_KEPT + 10):
        record(tape, NEW_YEAR, number + 1)
    assert len(tape.prints) == PRINTS_KEPT
    assert [made.price for made in tape.recent(-1, 2)] == [PRINTS_KEPT + 9, PRINTS_KEPT + 10]
    assert [made.trade_id for made in tape.recent(1, 2)] == [11, 12]
    assert tape.recent(-1, 0) == []


def test_a_print_that_stands_for_several_trades_takes_as_many_ids() -> None:
    """It shows the first of them, and the candle counts them all."""
    tape = Tape(SYMBOL)
    first, second = record(tape, NEW_YEAR, 5, trades=7), record(tape, NEW_YEAR, 6)
    assert (first.trade_id, second.trade_id) == (1, 8)
    (candle,) = tape.candles("1m", 0, 0, 10, NEW_YEAR)
    assert (candle.trades, candle.first_trade_id, candle.last_trade_id) == (8, 1, 8)


def test_a_replayed_print_keeps_its_own_figures() -> None:
    """Quote and taker figures are not worked out anew; where none are given, a buyer who took bought it all."""
    floor = Floor()
    at = floor.clock.at
    replayed = Print(SYMBOL, 0, u("100"), u("3"), u("299.99999999"), at, True, 5, u("1.25"), u("124.99999998"))
    plain = Print(SYMBOL, 0, u("100"), u("1"), 0, at, False)
    floor.exchange.apply(MarketUpdate(SYMBOL, at, [replayed, plain]))
    (candle,) = done(floor.exchange.candles(SYMBOL, "1m"))
    assert (candle.volume, candle.quote_volume, candle.trades) == (u("4"), u("399.99999999"), 6)
    assert (candle.taker_buy_volume, candle.taker_buy_quote) == (u("2.25"), u("224.99999998"))
    assert (candle.open_at, candle.close_at) == (START, START + MINUTE - 1)


def test_trades_of_accounts_are_in_the_candles() -> None:
    """With the taker's side."""
    floor = Floor()
    floor.place("bob", "SELL", "LIMIT", "1", "100")
    floor.place("ann", "BUY", "LIMIT", "1", "100")
    floor.place("bob", "BUY", "LIMIT", "2", "99")
    floor.place("ann", "SELL", "LIMIT", "2", "99")
    (candle,) = done(floor.exchange.candles(SYMBOL, "1m"))
    assert (candle.volume, candle.taker_buy_volume, candle.trades) == (u("3"), u("1"), 2)
    assert [made.buyer_is_maker for made in done(floor.exchange.trades(SYMBOL))] == [False, True]


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(st.sampled_from([0, SECOND, 50 * MINUTE, 5 * HOUR, 30 * HOUR]), st.integers(1, 99)), min_size=1, max_size=20
    ),
    st.sampled_from([0, HOUR, 23 * HOUR, 3 * DAY]),
)
def test_the_days_figures_are_those_of_its_minutes(prints: list[tuple[int, int]], later: int) -> None:
    """The forming minute and the 1,439 before it, reckoned from the candles; asked along the way, so nothing stale is told."""
    tape, at = Tape(SYMBOL), NEW_YEAR
    for wait, price in prints:
        at += wait
        record(tape, at, price, 3)
        tape.day(at)
    now = at + later
    day = tape.day(now)
    minutes = tape.candles("1m", 0, 0, 1440, now)
    minutes = [each for each in minutes if each.trades] or minutes
    volume = sum(each.volume for each in minutes)
    assert (day.open, day.last) == (minutes[0].open, minutes[-1].close)
    assert (day.high, day.low) == (max(each.high for each in minutes), min(each.low for each in minutes))
    assert (day.volume, day.trades) == (volume, sum(each.trades for each in minutes))
    quote = sum(each.quote_volume for each in minutes)
    assert day.quote_volume == quote
    assert day.weighted_average == (quote * 10**8 // volume if volume else day.last)


def test_before_the_first_trade_there_is_nothing_to_tell() -> None:
    """No candle, no average, no figures."""
    floor = Floor()
    assert done(floor.exchange.candles(SYMBOL, "1m")) == []
    assert floor.exchange.market.average_price(SYMBOL) == 0
    assert floor.exchange.market.day(SYMBOL).last == 0
