"""The guards of a stage: each at its very limit, from the beginning of the stage on, and what a new beginning forgives."""

import pytest
from msgspec.structs import replace
from tests.pure.risk.guard_ground import LOOK, Ground, usdt

from fairway.money.fraction import Fraction
from fairway.risk.breakers import TOTAL_LOSS
from fairway.risk.escalation import Level
from fairway.risk.guards.port import Begun, Moved
from fairway.risk.guards.roster import Roster
from fairway.risk.guards.rules import NO_GUARDS
from fairway.risk.limits import NO_LIMITS, Limits
from fairway.world.clock import DAY, HOUR

TWENTY = Limits(loss=usdt("20"))
FIVE_PERCENT = Limits(drawdown=Fraction.parse("5 %"))
TWO_PERCENT_A_DAY = Limits(daily_loss=Fraction.parse("2 %"))


class Staged(Ground):
    """An account of 1,000 whose stage began with that."""

    def __init__(self, limits: Limits) -> None:
        super().__init__()
        self.limits = limits
        self.mark("1000")
        self.begin("first", "1000")

    def begin(self, stage: str, worth: str) -> None:
        self.roster.observe(Begun(stage, usdt(worth), self.now))

    def look(self, **seen: object) -> list[tuple[str, Level]]:
        return super().look(**({"limits": self.limits} | seen))


def test_a_stage_may_lose_less_than_its_limit() -> None:
    """To the smallest part: at 20 it has been reached."""
    ground = Staged(TWENTY)
    assert ground.worth("980.00000001") == []
    assert ground.worth("980") == [("stage loss", Level.CRITICAL)]


def test_a_loss_that_was_won_back_lifts_nothing() -> None:
    """Only a person does; from then on it is counted from the worth that the journal states then."""
    ground = Staged(TWENTY)
    ground.worth("980")
    assert ground.worth("1000") == []
    ground.lift("stage loss", Level.CRITICAL)
    assert ground.worth("900") == [], "nothing is counted before its new beginning"
    ground.begin("first", "981")
    assert ground.worth("961.01") == []
    assert ground.worth("961") == [("stage loss", Level.CRITICAL)]


def test_one_price_alone_revokes_no_lease() -> None:
    """What only a person lifts waits for a newer price, as in every guard of losses."""
    ground = Staged(TWENTY)
    assert ground.worth("980", marked_at=ground.now) == []
    ground.wait(1)
    assert ground.worth("980", marked_at=ground.now) == [("stage loss", Level.CRITICAL)]


def test_a_new_stage_restarts_the_count_and_the_same_one_does_not() -> None:
    """A lease is renewed every minute, and the losses of its stage stay."""
    ground = Staged(TWENTY)
    assert ground.worth("985") == []
    ground.begin("second", "985")
    assert ground.worth("966") == []
    assert ground.worth("965") == [("stage loss", Level.CRITICAL)]


def test_money_that_is_paid_in_or_out_is_no_gain_and_no_loss() -> None:
    """Paying in does not make room, and taking out trips nothing."""
    ground = Staged(TWENTY)
    ground.roster.observe(Moved(usdt("500"), ground.now))
    assert ground.worth("1481") == []
    assert ground.worth("1480") == [("stage loss", Level.CRITICAL)]
    other = Staged(TWENTY)
    other.roster.observe(Moved(usdt("-500"), other.now))
    assert other.worth("481") == []


def test_a_stage_that_may_lose_nothing_opens_nothing() -> None:
    assert Staged(Limits(loss=usdt("0"))).worth("1000") == [("stage loss", Level.CRITICAL)]
    assert Staged(Limits(loss=usdt("0"))).worth("1000.01") == []


def test_the_day_of_a_stage_is_the_guards_own_and_its_limit_the_tighter() -> None:
    """Rolling and by the calendar: 1,000 a day ago, 990 at midnight. Warned from 70 % of 2 % on, stopped beyond 2 %."""
    ground = Staged(TWO_PERCENT_A_DAY)
    ground.now += 23 * HOUR
    ground.mark("990")
    ground.now += HOUR
    assert ground.worth("986") == []
    assert ground.worth("985.99") == [("stage daily loss", Level.WARNING)]
    assert ground.worth("980") == []
    assert ground.worth("979.99") == [("stage daily loss", Level.CRITICAL)]
    ground.now += DAY
    assert ground.worth("990") == [], "midnight lifts nothing"


def test_a_stage_falls_from_the_peak_that_it_saw_itself() -> None:
    """What the account was worth before it began is forgiven; 5 % below the highest since are allowed, and not a bit more."""
    ground = Staged(FIVE_PERCENT)
    ground.mark("1100")
    ground.begin("second", "1000")
    assert ground.worth("966") == []
    ground.mark("1040")
    assert ground.worth("1000") == [("stage drawdown", Level.WARNING)]
    assert ground.worth("988") == []
    assert ground.worth("987.99") == [("stage drawdown", Level.CRITICAL)]


def test_a_loss_that_was_lifted_leaves_the_peak_where_it_was() -> None:
    """The stage begins once more for its loss alone: each cap is lifted by itself."""
    ground = Staged(TWENTY & FIVE_PERCENT)
    ground.worth("980")
    ground.lift("stage loss", Level.CRITICAL)
    ground.begin("first", "980")
    assert ground.worth("964.99") == [("stage drawdown", Level.WARNING)]


@pytest.mark.parametrize("limits", [TWENTY, FIVE_PERCENT, TWO_PERCENT_A_DAY])
def test_an_unknown_worth_changes_nothing(limits: Limits) -> None:
    """Neither trips nor clears; each entry is refused meanwhile by its check."""
    assert Staged(limits).look(worth=None) == []


def test_without_a_stage_its_guards_are_not_asked() -> None:
    """An account without limits pays nothing for these guards."""
    assert not Roster(NO_GUARDS, "USDT").is_watching
    assert Staged(NO_LIMITS).worth("1") == []


def test_a_daily_loss_that_was_lifted_counts_from_there() -> None:
    """2 % of what the account was worth when a person had looked, and not of the day before."""
    ground = Staged(TWO_PERCENT_A_DAY)
    assert ground.worth("979") == [("stage daily loss", Level.CRITICAL)]
    ground.mark("979", ground.now)
    ground.wait(minutes=1)
    ground.lift("stage daily loss", Level.CRITICAL)
    assert ground.worth("966") == []
    assert ground.worth("959.41") == [("stage daily loss", Level.CRITICAL)]


def test_a_drawdown_that_was_lifted_counts_from_what_the_account_is_worth() -> None:
    """Its peak is the newest mark."""
    ground = Staged(FIVE_PERCENT)
    assert ground.worth("949") == [("stage drawdown", Level.CRITICAL)]
    ground.mark("949")
    ground.lift("stage drawdown", Level.CRITICAL)
    assert ground.worth("920") == []
    assert ground.worth("901") == [("stage drawdown", Level.CRITICAL)]


def test_the_codes_of_a_stage_name_what_was_lost_and_its_limit() -> None:
    """Money with its asset, shares short."""
    ground = Staged(TWENTY & FIVE_PERCENT)
    look = replace(LOOK, now=ground.now, worth=usdt("940.123456789"), limits=ground.limits)
    assert [verdict.code for verdict in ground.roster.verdicts(look)] == [
        "GUARD_STAGE_LOSS: lost=59.876543 limit=20 USDT",
        "GUARD_STAGE_DRAWDOWN: below_peak=0.059877 limit=0.05",
    ]


def test_the_loss_of_all_accounts_counts_from_the_lifting_of_its_cap() -> None:
    """The guards that wait for something to happen look again, too."""
    ground = Staged(TWENTY)
    ground.look()
    ground.roster.lifted(TOTAL_LOSS, ground.now)
    assert ground.roster.has_news
    assert ground.roster.stage_loss.stage is None


def test_money_that_came_before_the_stage_is_in_its_beginning() -> None:
    ground = Staged(TWENTY)
    ground.roster.observe(Moved(usdt("500"), ground.now))
    ground.begin("second", "1500")
    assert ground.worth("1481") == []
    assert ground.worth("1480") == [("stage loss", Level.CRITICAL)]


@pytest.mark.parametrize(("limits", "guard"), [(FIVE_PERCENT, "stage drawdown"), (TWO_PERCENT_A_DAY, "stage daily loss")])
def test_one_price_alone_revokes_no_lease_by_any_guard(limits: Limits, guard: str) -> None:
    ground = Staged(limits)
    assert ground.worth("940", marked_at=ground.now) == []
    ground.wait(1)
    assert ground.worth("940", marked_at=ground.now) == [(guard, Level.CRITICAL)]


def test_a_stage_s_shares_are_of_the_capital_that_may_be_used() -> None:
    ground = Staged(FIVE_PERCENT & TWO_PERCENT_A_DAY)
    look = replace(LOOK, now=ground.now, worth=usdt("994"), capital=usdt("100"), limits=ground.limits)
    assert [verdict.code for verdict in ground.roster.verdicts(look)] == [
        "GUARD_STAGE_DAILY_LOSS: lost_24h=0.06 limit=0.02",
        "GUARD_STAGE_DRAWDOWN: below_peak=0.06 limit=0.05",
    ]
