"""Risk as its page shows it: what is unknown is never shown as calm."""

from dataclasses import replace
from decimal import Decimal

from fairway.launch.control.objectives import ObjectiveStatus
from fairway.launch.plan.watching import Objective
from fairway.launch.views.budgets import BudgetOutlook
from fairway.money.fraction import Fraction
from fairway.operations.trader.guard_figures import NOT_JOURNALED, GuardFigure
from fairway.panel.facts.budgets import budget_facts
from fairway.panel.facts.guards import guard_facts
from fairway.panel.state_marks import Mark
from fairway.risk.escalation import Level
from fairway.world.clock import DAY, HOUR

LOSSES = GuardFigure(
    guard="losses in a row",
    symbol="",
    measures="closed round trips with a result below zero",
    unit="losses",
    value=Decimal(2),
    unknown="",
    bounds={Level.WARNING: Decimal(3), Level.CRITICAL: Decimal(4)},
    bounds_text="",
    level=Level.NORMAL,
    trips=1,
    person_from=Level.CRITICAL,
)


def test_a_guard_is_measured_against_the_threshold_that_it_would_reach_next() -> None:
    found = guard_facts("main", LOSSES)
    assert (found.figure, found.next, found.distance) == ("2 losses", "warning at 3 losses", "1 loss")
    assert found.share == 2 / 3
    assert found.mark is Mark.GOOD
    warned = guard_facts("main", replace(LOSSES, value=Decimal(3), level=Level.WARNING))
    assert (warned.next, warned.share, warned.mark) == ("critical at 4 losses", 0.75, Mark.HELD)


def test_a_guard_whose_last_threshold_is_reached_is_full() -> None:
    found = guard_facts("main", replace(LOSSES, value=Decimal(5), level=Level.CRITICAL))
    assert (found.next, found.share, found.distance) == ("its last threshold is reached", 1.0, "—")


def test_a_guard_of_unknown_figure_says_so_and_why() -> None:
    found = guard_facts("main", replace(LOSSES, value=None, unknown=NOT_JOURNALED))
    assert (found.figure, found.share, found.mark, found.why) == ("unknown", None, Mark.UNKNOWN, NOT_JOURNALED)
    alarmed = guard_facts("main", replace(LOSSES, value=None, unknown=NOT_JOURNALED, level=Level.EMERGENCY))
    assert alarmed.mark is Mark.BAD


def test_shares_are_shown_in_percent() -> None:
    found = guard_facts("main", replace(LOSSES, unit="%", value=Decimal("0.01"), bounds={Level.CRITICAL: Decimal("0.03")}))
    assert (found.figure, found.next, found.distance) == ("1.00 %", "critical at 3.00 %", "2.00 %")


BUDGET = BudgetOutlook(
    objective=Objective(name="loss budget", loss=Fraction.parse("20 %"), within=2 * DAY),
    standing=ObjectiveStatus("loss budget", n=4, bad=5.0, allowed=20.0),
    spent_in_ns=3 * HOUR,
)


def test_a_budget_is_told_with_its_pace() -> None:
    found = budget_facts(BUDGET)
    assert found.words == "25 % of it spent: 5.00 of 20.00 lost, 4 trades"
    assert found.pace == "at this pace it would be spent in 3 h"
    assert (found.target, found.mark) == ("at most 20 % of the capital lost in 2 d", Mark.GOOD)


def test_a_budget_that_is_spent_or_unknown_does_not_look_calm() -> None:
    spent = replace(BUDGET, standing=ObjectiveStatus("loss budget", n=4, bad=25.0, allowed=20.0), spent_in_ns=0)
    assert (budget_facts(spent).mark, budget_facts(spent).share) == (Mark.BAD, 1.0)
    unknown = replace(BUDGET, standing=ObjectiveStatus("loss budget", unknown="nothing measures it"), spent_in_ns=None)
    assert (budget_facts(unknown).mark, budget_facts(unknown).share) == (Mark.UNKNOWN, None)
