"""Replayed candles come back from the exchange as they went in, to the last digit."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import islice, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from tests.pure.exchange.market_backends import check_well_formed, exchange, feed
from tests.shared_data import BTC_MINUTES, ETH_FIVES, LTC_FIVES, needs_shared_data

from fairway.exchange.market_data import Candle as Kline
from fairway.exchange.market_data import MarketUpdate
from fairway.exchange.markets import candle_replay, rules_for
from fairway.exchange.units import text
from fairway.market.candles import Candle
from fairway.market.files import CandleFile, read_candles
from fairway.market.files.klines import least_trades
from fairway.money.amount import text_of
from fairway.world.chance import Chance
from fairway.world.clock import MINUTE, parse_instant

START = parse_instant("2022-01-01T00:00:00Z")


def file_of(candles: Sequence[Candle], symbol: str = "BTC/USDT", interval_ns: int = MINUTE) -> CandleFile:
    return CandleFile(
        file="x", symbol=symbol, interval="1m", interval_ns=interval_ns, candles=tuple(candles), problems=(), digest=""
    )


def candle(minute: int, prices: str, volume: str, **known: str) -> Candle:
    opened, high, low, close = map(Decimal, prices.split())
    numbers = {name: Decimal(number) for name, number in known.items() if name != "count"}
    at = START + minute * MINUTE
    return Candle(
        symbol="BTC/USDT",
        open_at=at,
        close_at=at + MINUTE,
        open=opened,
        high=high,
        low=low,
        close=close,
        volume=Decimal(volume),
        count=int(known.get("count", "0")),
        **numbers,
    )


def columns(fed: Candle, *, knows_takers: bool) -> list[str]:
    """A fed candle as texts, leaving out what its source did not know."""
    numbers = [fed.open, fed.high, fed.low, fed.close, fed.volume, fed.quote_volume]
    numbers += [fed.taker_buy_volume, fed.taker_buy_quote] if knows_takers else []
    return [str(fed.open_at), *map(text_of, numbers), *([str(fed.count)] if fed.count else [])]


def served(kline: Kline, like: Candle, *, knows_takers: bool) -> list[str]:
    numbers = [kline.open, kline.high, kline.low, kline.close, kline.volume, kline.quote_volume]
    numbers += [kline.taker_buy_volume, kline.taker_buy_quote] if knows_takers else []
    texts = [text_of(Decimal(text(number))) for number in numbers]
    return [str(kline.open_at), *texts, *([str(kline.trades)] if like.count else [])]


def check_comes_back(file: CandleFile, seed: int = 1) -> None:
    """Feeds a file through the exchange and compares every candle with a volume, digit for digit."""
    rules = rules_for(file)
    backend, clock = exchange([rules])
    for _ in feed(backend, clock, candle_replay([file], Chance(seed))):
        pass
    found = {
        kline.open_at: kline
        for kline in backend.market.tape(rules.symbol).candles(file.interval, file.candles[0].open_at, 0, 10**6, clock.at)
    }
    known = any(each.taker_buy_volume for each in file.candles)
    traded = [each for each in file.candles if each.volume]
    assert [served(found[each.open_at], each, knows_takers=known) for each in traded] == [
        columns(each, knows_takers=known) for each in traded
    ]
    assert sum(kline.volume > 0 for kline in found.values()) == len(traded)


@some.composite
def candles(draw: some.DrawFn, minute: int, *, knows_takers: bool) -> Candle:
    """Any candle that can be, down to the smallest numbers."""
    low = draw(some.integers(1, 10**9))
    span = draw(some.integers(0, low * 8))
    opened, close = (low + draw(some.integers(0, span)) for _ in range(2))
    at = START + minute * MINUTE
    volume = draw(some.integers(4, 10**14))
    quote = max(4, volume * (low + span // 2) // 10**8)
    bare = Candle(
        symbol="BTC/USDT",
        open_at=at,
        close_at=at + MINUTE,
        open=Decimal(opened).scaleb(-8),
        high=Decimal(low + span).scaleb(-8),
        low=Decimal(low).scaleb(-8),
        close=Decimal(close).scaleb(-8),
        volume=Decimal(volume).scaleb(-8),
        quote_volume=Decimal(quote).scaleb(-8),
    )
    taken = draw(some.integers(0, volume)) if knows_takers else 0
    return Candle(
        **{name: getattr(bare, name) for name in ("symbol", "open_at", "close_at", "open", "high", "low", "close")},
        volume=bare.volume,
        quote_volume=bare.quote_volume,
        count=draw(some.sampled_from([0, least_trades(bare), 4, 1000])) if least_trades(bare) <= 4 else 0,
        taker_buy_volume=Decimal(taken).scaleb(-8),
        taker_buy_quote=Decimal(quote * taken // volume).scaleb(-8),
    )


files = some.booleans().flatmap(
    lambda known: some.lists(some.integers(0, 9), unique=True, min_size=1, max_size=6).flatmap(
        lambda minutes: some.tuples(*(candles(minute, knows_takers=known) for minute in sorted(minutes)))
    )
)


@settings(max_examples=80, deadline=None)
@given(files.map(file_of), some.integers(0, 5))
def test_any_candles_come_back_to_the_digit(file: CandleFile, seed: int) -> None:
    """All columns that the source knew, with gaps between, under any seed; and what the crowd shows is well formed."""
    check_comes_back(file, seed)
    check_well_formed(candle_replay([file], Chance(seed)), rules_for(file))


def test_prints_begin_with_the_candle_and_end_before_the_next() -> None:
    """The first at the opening instant, the last a millisecond before the end, and the low first in a rising candle."""
    updates = list(candle_replay([file_of([candle(0, "100 103 99 102", "8", quote_volume="808")])], Chance(1)))
    assert [trade.price // 10**8 for update in updates for trade in update.prints] == [100, 99, 103, 102]
    assert updates[0].at == START
    assert updates[-1].at == START + MINUTE - 1_000_000
    assert all(first.at < second.at for first, second in pairwise(updates))


def test_a_candle_without_volume_and_a_gap_say_nothing() -> None:
    """No print, and the depth stays as it was."""
    traded, flat = candle(0, "100 100 100 100", "1", quote_volume="100"), candle(1, "100 100 100 100", "0")
    with_flat = list(candle_replay([file_of([traded, flat, candle(5, "101 101 101 101", "1", quote_volume="101")])], Chance(1)))
    assert [update.at for update in with_flat] == [START, START + 5 * MINUTE]


def test_the_book_does_not_tell_the_future() -> None:
    """A wild candle changes nothing that is shown before its first print is over; what it teaches is shown afterwards."""
    calm = [candle(minute, "100 101 99 100", "10", quote_volume="1000") for minute in range(3)]
    wild = candle(3, "100 200 50 150", "1000", quote_volume="120000")
    quiet = candle(3, "100 101 99 100", "10", quote_volume="1000")

    def opening(last: Candle) -> MarketUpdate:
        updates = candle_replay([file_of([*calm, last])], Chance(1))
        return next(update for update in updates if update.at == last.open_at)

    assert [level.price for level in opening(wild).bids or ()] == [level.price for level in opening(quiet).bids or ()]


def test_a_large_order_moves_through_ten_levels_a_side() -> None:
    """Depth lies around the last price on both sides."""
    calm = [candle(minute, "100 101 99 100.5", "10", quote_volume="1000") for minute in range(20)]
    last = list(candle_replay([file_of(calm)], Chance(1)))[-1]
    bids, asks = last.bids or (), last.asks or ()
    assert (len(bids), len(asks)) == (10, 10)
    assert last.prints[0].price in (bids[0].price, asks[0].price)
    assert asks[-1].price - bids[-1].price > 10**8


def test_days_are_counted_from_the_earliest_candle() -> None:
    """Whole candles only, and all files end together."""
    rows = [candle(minute * 720, "100 100 100 100", "1", quote_volume="100") for minute in range(6)]
    updates = list(candle_replay([file_of(rows), file_of(rows[2:], "ETH/USDT")], Chance(1), days=2))
    assert [(update.symbol, (update.at - START) // (720 * MINUTE)) for update in updates] == [
        ("BTCUSDT", 0),
        ("BTCUSDT", 1),
        ("BTCUSDT", 2),
        ("ETHUSDT", 2),
        ("BTCUSDT", 3),
        ("ETHUSDT", 3),
    ]


def test_a_pair_replays_the_same_whoever_is_beside_it() -> None:
    """Under one seed; another seed gives other sizes."""
    one = file_of([candle(minute, "100 101 99 100.5", "10", quote_volume="1000") for minute in range(5)])
    other = file_of(one.candles, "ETH/USDT")
    alone = list(candle_replay([one], Chance(1)))
    together = [update for update in candle_replay([other, one], Chance(1)) if update.symbol == "BTCUSDT"]
    assert together == alone
    assert list(candle_replay([one], Chance(2))) != alone


def test_two_files_of_one_pair_are_refused() -> None:
    """They would contradict each other."""
    one = file_of([candle(0, "100 100 100 100", "1", quote_volume="100")])
    with pytest.raises(ValueError, match="a pair of its own"):
        candle_replay([one, one], Chance(1))


def test_the_grid_of_known_pairs_is_the_real_one_unless_the_data_is_finer() -> None:
    """BTCUSDT has ticks of 0.01 and lots of 0.00001, until a price or a volume shows more digits."""
    plain = rules_for(file_of([candle(0, "46319 46320 46318 46319.5", "1.5", quote_volume="1")]))
    assert (plain.symbol, plain.base, plain.quote) == ("BTCUSDT", "BTC", "USDT")
    assert (text(plain.tick), text(plain.lot), text(plain.notional_min)) == ("0.01000000", "0.00001000", "5.00000000")
    fine = rules_for(file_of([candle(0, "46319 46320 46318.001 46319.5", "1.500001", quote_volume="1")]))
    assert (text(fine.tick), text(fine.lot)) == ("0.00100000", "0.00000100")
    unknown = rules_for(file_of([candle(0, "0.0991 0.0992 0.099 0.0991", "15", quote_volume="1")], "NEW/BTC"))
    assert (text(unknown.tick), text(unknown.lot), text(unknown.notional_min)) == ("0.00010000", "1.00000000", "0.00010000")


@needs_shared_data
@pytest.mark.parametrize(("path", "count"), [(BTC_MINUTES, 2 * 1440), (ETH_FIVES, 5760), (LTC_FIVES, 5760)])
def test_real_candles_come_back_to_the_digit(path: Path, count: int) -> None:
    """Two days of BTC minutes, twenty days of two pairs in BTC: every candle, every column that the source knew."""
    whole = read_candles(path)
    part = CandleFile(
        file=whole.file,
        symbol=whole.symbol,
        interval=whole.interval,
        interval_ns=whole.interval_ns,
        candles=whole.candles[:count],
        problems=whole.problems,
        digest=whole.digest,
    )
    check_comes_back(part)
    check_well_formed(islice(candle_replay([part], Chance(1)), 2_000), rules_for(part))
