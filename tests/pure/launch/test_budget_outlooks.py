"""When a budget would be spent at the pace so far."""

from fairway.launch.control.objectives import ObjectiveStatus
from fairway.launch.plan.watching import Objective
from fairway.launch.views.budgets import spent_in
from fairway.money.fraction import Fraction
from fairway.world.clock import DAY, HOUR

LOSS = Objective(name="loss budget", loss=Fraction.parse("20 %"), within=2 * DAY)


def lost(money: float) -> ObjectiveStatus:
    return ObjectiveStatus("loss budget", n=4, bad=money, allowed=20.0)


def test_a_fifth_spent_in_an_hour_lasts_for_four_more() -> None:
    assert spent_in(LOSS, lost(4), HOUR) == 4 * HOUR


def test_what_lasts_longer_than_the_window_ends_at_no_instant() -> None:
    assert spent_in(LOSS, lost(0.1), HOUR) is None
    assert spent_in(LOSS, lost(0), HOUR) is None


def test_what_is_spent_is_spent_now() -> None:
    assert spent_in(LOSS, lost(25), HOUR) == 0


def test_of_a_budget_that_is_unknown_nothing_is_said() -> None:
    assert spent_in(LOSS, ObjectiveStatus("loss budget", unknown="nothing measures it"), HOUR) is None
    assert spent_in(LOSS, lost(4), 0) is None
