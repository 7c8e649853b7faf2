"""How much of each objective's budget is spent, and when it would be spent at the pace so far."""

from dataclasses import dataclass

from fairway.launch.control.objectives import ObjectiveStatus, standings
from fairway.launch.plan.watching import Objective
from fairway.launch.views.status_text import LaunchStatus, led_capital


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetOutlook:
    """standing: of the objective. spent_in_ns: until all of it is spent at the pace so far, 0 where it is.

    None where it is not known, or where it is not spent within the objective's window at that pace.
    """

    objective: Objective
    standing: ObjectiveStatus
    spent_in_ns: int | None


def budget_outlooks(status: LaunchStatus) -> tuple[BudgetOutlook, ...]:
    """In the order of the plan."""
    observed, objectives = status.observation, status.plan.objectives
    found = standings(objectives, observed.series, observed.now, led_capital(status))
    gone_by = observed.now - status.launch.began_at if status.launch.began_at else 0
    return tuple(
        BudgetOutlook(objective=each, standing=its, spent_in_ns=spent_in(each, its, gone_by))
        for each, its in zip(objectives, found, strict=True)
    )


def spent_in(objective: Objective, standing: ObjectiveStatus, gone_by: int) -> int | None:
    """gone_by: for how long (ns) the launch has run. What is spent was spent in that time, or in the window if shorter."""
    if standing.unknown or objective.mean is not None:
        return None
    if standing.spent >= 1:
        return 0
    counted = min(gone_by, objective.within)
    if counted <= 0 or standing.spent <= 0:
        return None
    left = round(counted * (1 - standing.spent) / standing.spent)
    return left if counted + left <= objective.within else None
