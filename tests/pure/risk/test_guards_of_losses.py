"""Guards of losses: over a day, from the peak, in a row, with one position; each at its very edge."""

import pytest
from tests.pure.risk.guard_ground import MIDNIGHT, Ground, usdt

from fairway.money.amount import Amount
from fairway.money.fraction import Fraction
from fairway.risk.caps import CapSource, Lifting
from fairway.risk.escalation import Level
from fairway.risk.guards.port import AccountMarked, Moved, PositionValue
from fairway.risk.guards.roster import GuardVerdict
from fairway.world.clock import DAY, HOUR, MINUTE, SECOND

W, C, E, N = Level.WARNING, Level.CRITICAL, Level.EMERGENCY, Level.NORMAL


def days(daily: str = "2 %", breaker: str = "5 %") -> Ground:
    return Ground(daily_loss=Fraction.parse(daily), breaker_loss=Fraction.parse(breaker))


@pytest.mark.parametrize(
    ("worth", "level"),
    [("986.01", None), ("986", None), ("985.99", W), ("980", W), ("979.99", C), ("950", C), ("949.99", E), ("500", E)],
)
def test_a_daily_loss_escalates_beyond_each_bound(worth: str, level: Level | None) -> None:
    """Of 1,000: a warning beyond 1.4 %, nothing new beyond 2 %, all sold beyond 5 %; at a bound nothing yet."""
    ground = days()
    ground.mark("1000")
    assert ground.worth(worth) == ([("daily loss", level)] if level else [])


def test_a_loss_before_midnight_and_one_after_it_count_together() -> None:
    """3 % at 23:59 and 3 % at 00:01: neither day lost 5 %, and the breaker trips all the same."""
    ground = days(daily="100 %")
    ground.mark("1000", MIDNIGHT - 10 * HOUR)
    ground.mark("970", MIDNIGHT - MINUTE)
    ground.now = MIDNIGHT + MINUTE
    assert ground.worth("940.9") == [("daily loss", E)]


def test_a_loss_is_forgotten_when_a_day_has_passed_over_it_and_not_at_midnight() -> None:
    """The window rolls, in steps of fifteen minutes; a warning that was given ends with it, by itself."""
    ground = days()
    for hours, worth in ((0, "1000"), (2, "984"), (12, "984"), (23, "984")):
        ground.mark(worth, MIDNIGHT - DAY + 20 * HOUR + hours * HOUR)
    ground.now = MIDNIGHT + 3 * HOUR
    assert ground.worth("984") == [("daily loss", W)]
    ground.now = MIDNIGHT + 22 * HOUR - SECOND
    assert ground.worth("984") == []
    ground.now = MIDNIGHT + 22 * HOUR
    assert ground.worth("984") == [("daily loss", N)]


def test_what_needs_a_person_is_lifted_by_no_midnight_and_no_recovery() -> None:
    """A critical loss stays, however well the account does afterwards."""
    ground = days()
    ground.mark("1000")
    assert ground.worth("975") == [("daily loss", C)]
    for _ in range(3):
        ground.now += DAY
        ground.mark("1100")
        assert ground.worth("1100") == []
    cap = ground.roster.cap_of(GuardVerdict("daily loss", "", C, "lost"), ground.now)
    assert (cap.lifting, cap.source) == (Lifting.PERSON, CapSource.LOSS_BUDGET)


def test_when_a_person_lifts_it_the_loss_counts_from_there() -> None:
    """Or the cap would come back at once; a further loss beyond the bound trips it again."""
    ground = days()
    ground.mark("1000")
    ground.worth("975")
    ground.mark("975", ground.now + MINUTE)
    ground.wait(minutes=5)
    ground.lift("daily loss", C)
    assert ground.worth("962") == []
    assert ground.worth("955.49") == [("daily loss", C)]
    assert ground.roster.trips == {"daily loss": 2}


def test_money_that_is_paid_in_or_out_is_neither_gain_nor_loss() -> None:
    """In quote, or in a coin at the price of the last mark."""
    ground = days()
    ground.mark("1000")
    ground.roster.observe(Moved(usdt("-300"), ground.now))
    assert ground.worth("700") == []
    ground.roster.observe(Moved(Amount.of(2, "BTC"), ground.now))
    assert ground.worth("900") == []
    assert ground.worth("869") == [("daily loss", C)]


def test_a_loss_is_a_share_of_the_capital_that_may_be_used() -> None:
    """Who may use 100 of 10,000 has lost 6 % of it with 6."""
    ground = days()
    ground.mark("10000")
    ground.capital = usdt("100")
    assert ground.worth("9994") == [("daily loss", E)]


def test_an_account_without_a_history_is_allowed() -> None:
    """New, and nothing marked, traded or lost yet: no guard is alarmed (B14)."""
    every = Ground(
        daily_loss=Fraction.parse("2 %"),
        breaker_loss=Fraction.parse("5 %"),
        drawdown=Fraction.parse("15 %"),
        losses_in_a_row=3,
        position_loss=usdt("50"),
        orders_a_minute=30,
        errors=Fraction.parse("5 %"),
        latency_ns=SECOND,
        slippage=Fraction.parse("0.35 %"),
        fees=Fraction.parse("50 %"),
        memory_a_day=Fraction.parse("2 %"),
        skew_ns=SECOND,
        edge=True,
    )
    assert every.worth("1000") == []
    assert every.look() == []


def test_an_unknown_worth_clears_nothing_and_stops_entries_after_ten_seconds() -> None:
    """Something held has no price: no loss can be told, so nothing may be opened; with a price it is over."""
    ground = days()
    ground.mark("1000")
    assert ground.worth("985") == [("daily loss", W)]
    assert ground.look() == []
    ground.wait(9)
    assert ground.look() == []
    ground.wait(1)
    assert ground.look() == [("unknown worth", C)]
    assert ground.worth("985") == [("unknown worth", N)]


@pytest.mark.parametrize(("worth", "level"), [("895", None), ("894.99", W), ("850", W), ("849.99", E)])
def test_a_drawdown_counts_from_the_highest_worth(worth: str, level: Level | None) -> None:
    """Days ago or not: 15 % below 1,000 is 850, and a warning comes at 70 % of that."""
    ground = Ground(drawdown=Fraction.parse("15 %"))
    ground.mark("900")
    ground.mark("1000")
    ground.now += 30 * DAY
    ground.mark("960")
    assert ground.worth(worth) == ([("drawdown", level)] if level else [])


def test_a_warning_that_the_configuration_knows_no_more_is_over() -> None:
    """Its guard is gone, so no reading would ever clear it."""
    ground = Ground(breaker_loss=Fraction.parse("5 %"))
    ground.mark("1000")
    ground.roster.tripped("daily loss", "", W)
    assert ground.worth("970") == [("daily loss", N)]


def test_one_absurd_mark_makes_no_peak() -> None:
    """Only what two marks agree on was the account's worth."""
    ground = Ground(drawdown=Fraction.parse("15 %"))
    ground.mark("1000")
    ground.roster.observe(AccountMarked(usdt("9000"), {}, ground.now))
    ground.roster.observe(AccountMarked(usdt("1000"), {}, ground.now))
    assert ground.worth("900") == []


@pytest.mark.parametrize(("result", "acts"), [("-49.99", False), ("-50", False), ("-50.01", True)])
def test_a_position_may_lose_fifty_and_not_a_cent_more(result: str, acts: bool) -> None:
    """At -49.99 nothing happens; at -50.01 it is to be sold, and its symbol held until a person has looked."""
    ground = Ground(position_loss=usdt("50"))
    assert ground.position(result) == ([("position loss BTC/USDT", E)] if acts else [])
    cap = ground.roster.cap_of(GuardVerdict("position loss", "BTC/USDT", E, "lost"), ground.now)
    assert (cap.symbol, cap.lifting, cap.source) == ("BTC/USDT", Lifting.PERSON, CapSource.LOSS_BUDGET)


def test_a_sale_waits_for_a_second_newer_price() -> None:
    """The same price seen again confirms nothing; one that does not agree ends the suspicion (E2)."""
    ground = Ground(position_loss=usdt("50"))
    assert ground.position("-60", seen_at=ground.now) == []
    ground.wait(1)
    assert ground.position("-60", seen_at=ground.now - SECOND) == []
    assert ground.position("-10", seen_at=ground.now) == []
    ground.wait(1)
    assert ground.position("-60", seen_at=ground.now) == []
    ground.wait(1)
    assert ground.position("-60", seen_at=ground.now) == [("position loss BTC/USDT", E)]


def test_a_catastrophe_waits_for_nothing() -> None:
    """Twice the limit, of a position that has fallen by a tenth."""
    ground = Ground(position_loss=usdt("50"))
    assert ground.position("-99.99", seen_at=ground.now) == []
    assert ground.position("-100", seen_at=ground.now) == [("position loss BTC/USDT", E)]


@pytest.mark.parametrize(("cost", "acts"), [("1000", True), ("1000.01", False), ("20000", False)])
def test_a_small_move_of_a_large_position_is_no_catastrophe(cost: str, acts: bool) -> None:
    """100 of 20,000 are half a percent: one wide spread makes it, so a newer price is waited for (E2)."""
    ground = Ground(position_loss=usdt("50"))
    assert ground.position("-100", cost=cost, seen_at=ground.now) == ([("position loss BTC/USDT", E)] if acts else [])
    if not acts:
        ground.wait(1)
        assert ground.position("-100", cost=cost, seen_at=ground.now) == [("position loss BTC/USDT", E)]


@pytest.mark.parametrize(("brings", "acts"), [("900", True), ("900.01", False)])
def test_an_accounts_catastrophe_is_one_of_what_it_holds_too(brings: str, acts: bool) -> None:
    """Twice the breaker's 5 %, most of it lost before: only what the prices of now say of what is held can be wrong."""
    ground = days(daily="100 %")
    ground.mark("1000")
    held = {"BTC/USDT": PositionValue(usdt("0"), usdt("1000"), usdt(brings), ground.now)}
    told = ground.look(worth=usdt("900"), marked_at=ground.now, held=held)
    assert told == ([("daily loss", E)] if acts else [])


def test_losses_in_a_row_end_with_a_gain() -> None:
    """Three of four are a warning, the fourth needs a person; a result of nothing is no loss."""
    ground = Ground(losses_in_a_row=4)
    for result in ("-1", "-1", "0", "-1", "-1"):
        ground.close(result)
        assert ground.look() == []
    ground.close("-1")
    assert ground.look() == [("losses in a row", W)]
    ground.close("-1")
    assert ground.look() == [("losses in a row", C)]
    ground.close("5")
    assert ground.look() == []
    ground.lift("losses in a row", C)
    ground.close("-1")
    assert ground.look() == []


def test_when_a_person_lifts_a_drawdown_the_peak_is_what_the_account_is_worth() -> None:
    """Not nothing: the next fall counts from there."""
    ground = Ground(drawdown=Fraction.parse("15 %"))
    ground.mark("1000")
    assert ground.worth("840") == [("drawdown", E)]
    ground.mark("840")
    ground.lift("drawdown", E)
    assert ground.worth("720") == [("drawdown", W)]


def test_when_a_person_lifts_a_row_of_losses_it_begins_at_none() -> None:
    """Three more are allowed, and the third is a warning."""
    ground = Ground(losses_in_a_row=4)
    for _ in range(4):
        ground.close("-1")
    assert ground.look() == [("losses in a row", C)]
    ground.lift("losses in a row", C)
    for warned in ([], [], [("losses in a row", W)]):
        ground.close("-1")
        assert ground.look() == warned


def test_after_a_lift_the_guards_that_wait_for_something_to_happen_look_again() -> None:
    """Or what is still wrong would stay unseen until the next order."""
    ground = Ground(losses_in_a_row=4)
    assert ground.look() == []
    assert not ground.roster.has_news
    ground.roster.tripped("losses in a row", "", C)
    ground.lift("losses in a row", C)
    assert ground.roster.has_news


def test_what_is_lifted_or_cleared_without_an_alarm_changes_nothing() -> None:
    """The time of an unknown worth is counted from there."""
    ground = days()
    ground.mark("1000")
    ground.roster.cleared("daily loss", "")
    assert ground.look() == []
    ground.roster.tripped("unknown worth", "", C)
    ground.lift("unknown worth", C)
    assert ground.roster.alarms == {}
    assert ground.look() == []
