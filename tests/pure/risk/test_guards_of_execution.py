"""Guards of markets, execution and the process: anomalies halve the size, and end by themselves below 80 % of their limit."""

from decimal import Decimal

import pytest
from msgspec.structs import replace
from tests.pure.risk.guard_ground import LOOK, Ground, usdt

from fairway.money.amount import Amount, Price
from fairway.money.fraction import Fraction
from fairway.risk.caps import CapSource, Lifting
from fairway.risk.escalation import Level
from fairway.risk.guards.port import Bought, Failed, MarketActivity, Measured, OrderAnswered, Planned, Sent
from fairway.risk.guards.roster import GuardVerdict
from fairway.world.clock import DAY, HOUR, MILLISECOND, MINUTE, SECOND

W, C, N = Level.WARNING, Level.CRITICAL, Level.NORMAL


def price(value: str) -> Price:
    return Price.of(value, "BTC", "USDT")


def answered(ground: Ground, milliseconds: int, times: int = 30) -> None:
    for _ in range(times):
        ground.roster.observe(OrderAnswered(milliseconds * MILLISECOND, ground.now))


def test_slow_answers_halve_the_size_until_they_are_a_fifth_faster() -> None:
    """The mean of the last thirty above 1,000 ms, and back at 800."""
    ground = Ground(latency_ns=SECOND)
    answered(ground, 1000)
    assert ground.look() == []
    answered(ground, 1001)
    assert ground.look() == [("latency", W)]
    assert ground.roster.cap_of(GuardVerdict("latency", "", W, ""), 1).lifting is Lifting.ITSELF
    answered(ground, 801)
    assert ground.look() == []
    answered(ground, 799)
    assert ground.look() == [("latency", N)]


def test_twice_too_slow_stops_entries_and_eases_step_by_step() -> None:
    """Critical above 2,000 ms; below 1,600 it is a warning again."""
    ground = Ground(latency_ns=SECOND)
    answered(ground, 2001)
    assert ground.look() == [("latency", C)]
    answered(ground, 1600)
    assert ground.look() == []
    answered(ground, 1599)
    assert ground.look() == [("latency", N), ("latency", W)]


def test_few_samples_and_old_ones_say_nothing() -> None:
    """Nine are too few, ten are enough; an hour later all are forgotten."""
    ground = Ground(latency_ns=SECOND)
    answered(ground, 5000, times=9)
    assert ground.look() == []
    answered(ground, 5000, times=1)
    assert ground.look() == [("latency", C)]
    ground.now += HOUR
    assert ground.look() == [("latency", N)]


@pytest.mark.parametrize(("paid", "level"), [("100.35", None), ("100.36", W), ("100.71", C), ("99", None)])
def test_slippage_is_what_is_paid_above_the_price_that_was_sized_at(paid: str, level: Level | None) -> None:
    """35 basis points in the mean; a better price is none."""
    ground = Ground(slippage=Fraction.parse("0.35 %"))
    ground.roster.observe(Planned("BTC/USDT", price("100"), price("98"), price("104"), ground.now))
    for _ in range(10):
        ground.roster.observe(Bought("BTC/USDT", price(paid), ground.now))
    assert ground.look() == ([("slippage", level)] if level else [])


def test_a_plan_of_before_prices_were_kept_says_nothing_of_slippage() -> None:
    """Old journals replay."""
    ground = Ground(slippage=Fraction.parse("0.35 %"))
    ground.roster.observe(Planned("BTC/USDT", None, price("98"), price("104"), ground.now))
    ground.roster.observe(Bought("BTC/USDT", price("200"), ground.now))
    assert ground.look() == []


@pytest.mark.parametrize(("move", "trips"), [("0.05", False), ("0.050001", True)])
def test_a_bar_that_moves_too_far_stops_its_symbol_alone(move: str, trips: bool) -> None:
    """Beyond 5 %; the account is not alarmed by one symbol."""
    ground = Ground(outlier_bar=Fraction.parse("5 %"))
    assert ground.market(move=move) == ([("outlier bar BTC/USDT", C)] if trips else [])
    assert ground.roster.account_level() is N
    assert ground.look() == []
    assert ground.market(move="0.041") == []
    assert ground.market(move="0.039") == ([("outlier bar BTC/USDT", N)] if trips else [])


@pytest.mark.parametrize(("traded", "trips"), [("50000", False), ("49999.9", True), ("0", True)])
def test_a_market_that_hardly_trades_is_left_alone(traded: str, trips: bool) -> None:
    """Below 50,000 a day, until it trades a quarter more than that."""
    ground = Ground(volume_a_day=usdt("50000"))
    assert ground.market(traded=traded) == ([("low volume BTC/USDT", C)] if trips else [])
    assert ground.market(traded="62500") == []
    assert ground.market(traded="62501") == ([("low volume BTC/USDT", N)] if trips else [])


def sent(ground: Ground, times: int = 1, *, fails: int = 0) -> None:
    for number in range(times):
        ground.roster.observe(Sent("BTC/USDT", Amount.of(1, "BTC"), False, ground.now))
        if number < fails:
            ground.roster.observe(Failed(ground.now))


def test_orders_in_a_loop_stop_entries_until_a_person_has_looked() -> None:
    """Of all kinds, in any minute: the thirtieth is allowed, the next is not."""
    ground = Ground(orders_a_minute=30)
    sent(ground, 29)
    ground.wait(60)
    sent(ground, 30)
    assert ground.look() == []
    sent(ground)
    assert ground.look() == [("runaway rate", C)]
    cap = ground.roster.cap_of(GuardVerdict("runaway rate", "", C, ""), 1)
    assert (cap.lifting, cap.source) == (Lifting.PERSON, CapSource.GUARD)
    ground.wait(minutes=60)
    assert ground.look() == []


def test_failing_orders_warn_and_then_stop() -> None:
    """More than 5 % of twenty or more in fifteen minutes, and more than 10 %; later they are forgotten."""
    ground = Ground(errors=Fraction.parse("5 %"))
    sent(ground, 19, fails=19)
    assert ground.look() == []
    ground.wait(minutes=15)
    sent(ground, 20, fails=1)
    assert ground.look() == []
    sent(ground, 1, fails=1)
    assert ground.look() == [("errors", W)]
    sent(ground, 1, fails=1)
    assert ground.look() == [("errors", C)]
    ground.wait(minutes=15)
    assert ground.look() == [("errors", N)]


def test_fees_that_eat_what_trades_move() -> None:
    """Ten round trips of which half of the movement went into fees are fine; one cent more is not."""
    ground = Ground(fees=Fraction.parse("50 %"))
    for _ in range(9):
        ground.close("5", gross="10")
    assert ground.look() == []
    ground.close("4.99", gross="10")
    assert ground.look() == [("fee churn", W)]
    ground.now += DAY
    assert ground.look() == [("fee churn", N)]


@pytest.mark.parametrize(("milliseconds", "level"), [(250, None), (251, W), (-251, W), (500, W), (501, C), (-501, C)])
def test_a_clock_that_is_off_warns_and_then_stops(milliseconds: int, level: Level | None) -> None:
    """In either direction; unmeasured it says nothing."""
    ground = Ground(skew_ns=500 * MILLISECOND)
    ground.roster.observe(Measured(None, None, ground.now))
    assert ground.look() == []
    ground.roster.observe(Measured(milliseconds * MILLISECOND, None, ground.now))
    assert ground.look() == ([("clock skew", level)] if level else [])


def grow(ground: Ground, *, hours: int, start: int, mebibytes_an_hour: float) -> None:
    for minute in range(0, hours * 60 + 1, 5):
        memory = start + int(mebibytes_an_hour * 2**20 * minute / 60)
        ground.roster.observe(Measured(None, memory, ground.now + minute * MINUTE))
    ground.now += hours * HOUR


@pytest.mark.parametrize(
    ("start_mb", "an_hour", "level"), [(1000, 0.8, None), (1000, 0.9, W), (10, 0.3, None), (100, 5.5, C), (100, 0, None)]
)
def test_memory_that_grows_is_told(start_mb: int, an_hour: float, level: Level | None) -> None:
    """2 % a day of 1,000 MiB are 0.83 MiB an hour; 5 % an hour are critical; less than 2 MiB in all is noise."""
    ground = Ground(memory_a_day=Fraction.parse("2 %"))
    grow(ground, hours=7, start=start_mb * 2**20, mebibytes_an_hour=an_hour)
    assert ground.look() == ([("memory", level)] if level else [])


def test_the_first_hour_of_a_process_is_no_leak() -> None:
    """It fills its caches."""
    ground = Ground(memory_a_day=Fraction.parse("2 %"))
    grow(ground, hours=1, start=2**27, mebibytes_an_hour=300)
    grow(ground, hours=3, start=2**27 + 300 * 2**20, mebibytes_an_hour=0)
    assert ground.look() == []


def test_when_a_person_lifts_a_cap_its_guard_counts_from_there() -> None:
    """It was looked at: what led to it must not raise it again at once."""
    ground = Ground(latency_ns=SECOND, errors=Fraction.parse("5 %"), fees=Fraction.parse("50 %"), orders_a_minute=30)
    answered(ground, 5000)
    sent(ground, 31, fails=31)
    for _ in range(10):
        ground.close("-5", gross="5")
    assert ground.look() == [("runaway rate", C), ("errors", C), ("latency", C), ("fee churn", C)]
    for guard in ("runaway rate", "errors", "latency", "fee churn"):
        ground.lift(guard, C)
    assert ground.look() == []
    sent(ground, 31)
    assert ground.look() == [("runaway rate", C)]


def test_a_record_without_edge_stops_the_strategy_until_a_person_has_looked() -> None:
    """Twenty trades of which Kelly would bet nothing; after a person has lifted it the record starts empty."""
    ground = Ground(edge=True)
    for number in range(20):
        assert ground.look() == []
        ground.close("1", risks="1" if number % 2 else "-1")
    assert ground.look() == [("edge health", C)]
    ground.lift("edge health", C)
    assert ground.look() == []
    assert ground.roster.record is not None
    assert ground.roster.record.trades == 0


def test_a_cold_edge_stops_although_it_may_be_luck_that_it_loses() -> None:
    """Fifty trades with more gain than loss, and a lower bound below zero: forty-nine were too few to say."""
    ground = Ground(edge=True)
    for number in range(49):
        ground.close("1", risks="1.1" if number % 2 else "-1")
        if number % 2:
            assert ground.look() == []
    ground.close("1", risks="1.1")
    assert ground.look() == [("edge health", C)]


def test_when_a_person_lifts_slippage_and_memory_they_count_from_there() -> None:
    """As the others do; and they go on counting."""
    ground = Ground(slippage=Fraction.parse("0.35 %"), memory_a_day=Fraction.parse("2 %"))
    ground.roster.observe(Planned("BTC/USDT", price("100"), price("98"), price("104"), ground.now))

    def buy(times: int) -> None:
        for _ in range(times):
            ground.roster.observe(Bought("BTC/USDT", price("101"), ground.now))

    buy(10)
    assert ground.look() == [("slippage", C)]
    ground.lift("slippage", C)
    buy(9)
    assert ground.look() == []
    buy(1)
    assert ground.look() == [("slippage", C)]


def test_memory_is_sampled_each_five_minutes_from_the_end_of_the_first_hour() -> None:
    """Six hours of samples are kept, however often it is measured; growth before them is forgotten."""
    ground = Ground(memory_a_day=Fraction.parse("2 %"))
    for second in range(0, 3601, 30):
        ground.roster.observe(Measured(None, 2**27 + (2**27 if second >= 3600 else 0), ground.now + second * SECOND))
    ground.now += HOUR
    for minute in range(1, 61):
        ground.roster.observe(Measured(None, 2**28, ground.now + minute * MINUTE))
    ground.now += HOUR
    assert ground.look() == [], "the sample at the hour itself is the first"
    ground.roster.observe(Measured(None, 2**28 + 2**24, ground.now + 5 * MINUTE))
    ground.now += 5 * MINUTE
    assert ground.look() == [("memory", C)]
    for minute in range(5, 361, 5):
        ground.roster.observe(Measured(None, 2**28 + 2**24, ground.now + minute * MINUTE))
    ground.now += 6 * HOUR
    assert ground.look() == [("memory", N)]


@pytest.mark.parametrize(
    ("rules", "seen", "code"),
    [
        ({"outlier_bar": Fraction.parse("5 %")}, {"move": "0.06"}, "GUARD_OUTLIER_BAR: move=0.06 limit=0.05 symbol=BTC/USDT"),
        ({"volume_a_day": usdt("50000")}, {"traded": "0"}, "GUARD_LOW_VOLUME: too_little=100 limit=1 symbol=BTC/USDT"),
    ],
)
def test_a_guard_of_a_market_names_what_it_saw(rules: dict[str, object], seen: dict[str, str], code: str) -> None:
    """Nothing at all is a hundred times too little."""
    ground = Ground(**rules)
    market = MarketActivity(Decimal(seen.get("move", "0")), usdt(seen.get("traded", "1000000")))
    look = replace(LOOK, now=ground.now, markets={"BTC/USDT": market})
    assert [verdict.code for verdict in ground.roster.verdicts(look)] == [code]
