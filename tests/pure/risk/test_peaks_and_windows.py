"""What the account's worth is compared with: its highest, its worth of a day ago, and neither with money that was paid in."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace
from tests.pure.risk.guard_ground import LOOK, Ground, usdt

from fairway.money.fraction import Fraction
from fairway.risk.escalation import Level
from fairway.risk.guards.port import Begun, Moved
from fairway.risk.limits import NO_LIMITS, Limits
from fairway.world.clock import DAY, HOUR, MINUTE

Make = Callable[[], Ground]
TEN: dict[str, Any] = {"drawdown": Fraction.parse("10 %")}
FIVE_OF_STAGE = Limits(drawdown=Fraction.parse("5 %"))
W, N = Level.WARNING, Level.NORMAL


def marked(*, stage: str = "", **rules: object) -> Ground:
    """An account of 1,000, in a stage of a name."""
    ground = Ground(**rules)
    ground.mark("1000")
    if stage:
        ground.roster.observe(Begun(stage, usdt("1000"), ground.now))
    return ground


@pytest.mark.parametrize(
    ("ground", "limits", "highest"),
    [
        (lambda: marked(**TEN), NO_LIMITS, "1010"),
        (lambda: marked(stage="first"), FIVE_OF_STAGE, "1005"),
        (lambda: marked(stage="first", **TEN), FIVE_OF_STAGE, "1005"),
        (lambda: marked(stage="first", **TEN), Limits(drawdown=Fraction.parse("20 %")), "1010"),
        (lambda: marked(**TEN), FIVE_OF_STAGE, "1010"),
    ],
)
def test_a_worth_is_a_new_high_a_tenth_of_the_limit_above_the_peak(ground: Make, limits: Limits, highest: str) -> None:
    """Of the guard's drawdown or of the stage's, whichever is nearer; with 500 more that were paid in it is 500 higher."""
    for paid_in in ("0", "500"):
        there = ground()
        there.roster.observe(Moved(usdt(paid_in), there.now))
        worth = usdt(highest) + usdt(paid_in)
        assert not there.roster.is_new_high(worth, limits)
        assert there.roster.is_new_high(worth + usdt("0.01"), limits)


@pytest.mark.parametrize(
    ("ground", "limits"),
    [
        (lambda: Ground(**TEN), NO_LIMITS),
        (marked, NO_LIMITS),
        (marked, FIVE_OF_STAGE),
        (lambda: marked(stage="first"), NO_LIMITS),
    ],
)
def test_nothing_is_a_new_high_where_no_peak_is_counted_from(ground: Make, limits: Limits) -> None:
    """Before the first mark, without a limit, and before a stage."""
    assert not ground().roster.is_new_high(usdt("1000000"), limits)


@pytest.mark.parametrize(
    ("worth", "capital", "share"), [("900", None, "0.1"), ("900", "500", "0.2"), ("1000", None, "0"), ("1100", None, "0")]
)
def test_sizing_is_told_how_far_the_account_is_below_its_peak(worth: str, capital: str | None, share: str) -> None:
    """As a share of the capital that may be used; never below zero."""
    told = marked(**TEN).roster.drawdown(usdt(worth), usdt(capital) if capital else None)
    assert told == Fraction(Decimal(share))


@pytest.mark.parametrize("ground", [marked, lambda: Ground(**TEN)])
def test_sizing_sees_no_drawdown_where_the_peak_is_unknown(ground: Make) -> None:
    """No guard keeps it, or the account is new."""
    assert ground().roster.drawdown(usdt("1"), None) == Fraction.of(0)


@pytest.mark.parametrize("stage", ["", "second"])
def test_money_that_was_paid_in_before_a_mark_raises_no_peak(stage: str) -> None:
    """1,000 of its own, and 500 that came: 1,450 are 5 % below, and 1,449 a little more."""
    ground = marked(drawdown=Fraction.parse("5 %")) if not stage else marked()
    ground.roster.observe(Moved(usdt("500"), ground.now))
    if stage:
        ground.roster.observe(Begun(stage, usdt("1500"), ground.now))
    ground.mark("1500")
    limits = FIVE_OF_STAGE if stage else NO_LIMITS
    guard = "stage drawdown" if stage else "drawdown"
    assert ground.look(worth=usdt("1500"), limits=limits) == []
    assert ground.look(worth=usdt("1440"), limits=limits) == [(guard, W)]


@pytest.mark.parametrize(("minutes", "changed"), [(14, [("daily loss", Level.CRITICAL)]), (15, [])])
def test_a_window_of_a_day_begins_with_a_mark_in_fifteen_minutes(minutes: int, changed: list[tuple[str, Level]]) -> None:
    """A mark that follows within fifteen minutes is not kept, so the loss is counted from the one before it."""
    ground = Ground(daily_loss=Fraction.parse("2 %"))
    begins = ground.now + HOUR
    ground.mark("1000", begins)
    ground.mark("985", begins + minutes * MINUTE)
    ground.now = begins + DAY + minutes * MINUTE
    assert [each for each in ground.worth("979") if each[1] is Level.CRITICAL] == changed


def test_what_was_lost_since_midnight_is_of_the_capital_that_may_be_used() -> None:
    """From 980 a day ago to 1,000 at midnight, and to a little less than 998 now: 2 % of 100."""
    ground = Ground(daily_loss=Fraction.parse("2 %"))
    ground.mark("980", ground.now - 20 * HOUR)
    ground.mark("1000", ground.now - HOUR)
    ground.mark("1000")
    ground.wait(minutes=60)
    ground.capital = usdt("100")
    assert ground.worth("998.01") == [("daily loss", W)]
    assert ground.worth("997.99") == [("daily loss", Level.CRITICAL)]


def test_no_loss_is_over_while_a_price_is_missing() -> None:
    """And what is no loss may end: the clock is right again, whatever is held."""
    ground = marked(drawdown=Fraction.parse("10 %"), fees=Fraction.parse("50 %"))
    for _ in range(10):
        ground.close("4.99", gross="10")
    assert ground.worth("925") == [("drawdown", W), ("fee churn", W)]
    ground.now += DAY
    partly = replace(LOOK, now=ground.now, worth=usdt("1000"), is_whole=False)
    assert [(it.guard, it.level) for it in ground.roster.verdicts(partly)] == [("fee churn", N)]
    whole = replace(partly, is_whole=True)
    assert [(it.guard, it.level) for it in ground.roster.verdicts(whole) if it.guard == "drawdown"] == [("drawdown", N)]


def test_fees_of_fewer_than_ten_round_trips_say_nothing() -> None:
    """However much they were."""
    ground = Ground(fees=Fraction.parse("50 %"))
    for _ in range(9):
        ground.close("-90", gross="10")
    assert ground.look() == []
    ground.close("-90", gross="10")
    assert ground.look() == [("fee churn", Level.CRITICAL)]


def test_an_unknown_plan_is_none() -> None:
    """A position of before the journal was kept closes without one."""
    assert Ground().roster.take_plan("BTC/USDT") is None
