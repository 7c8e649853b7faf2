"""An objective of a launch as a bar shows it: how much of its budget is spent, and when all of it would be."""

from collections.abc import Iterator
from dataclasses import dataclass

from fairway.launch.views.budgets import BudgetOutlook
from fairway.panel.state_marks import Mark
from fairway.texts.display import count_text
from fairway.texts.durations import duration_words


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetFacts:
    """One objective of the launch, with its budget."""

    name: str
    target: str
    words: str
    share: float | None
    pace: str
    mark: Mark


def budget_facts(found: BudgetOutlook) -> BudgetFacts:
    """Of one objective."""
    objective, its = found.objective, found.standing
    return BudgetFacts(
        name=objective.name,
        target=_target(found),
        words=f"unknown: {its.unknown}" if its.unknown else _spent(found),
        share=None if its.unknown else min(1.0, its.spent),
        pace=_pace(found),
        mark=Mark.UNKNOWN if its.unknown else Mark.BAD if not its.is_kept else Mark.HELD if its.burning else Mark.GOOD,
    )


def _target(found: BudgetOutlook) -> str:
    objective = found.objective
    window = duration_words(objective.within)
    if objective.loss is not None:
        return f"at most {objective.loss} of the capital lost in {window}"
    parts = list(_bounds(found))
    return f"{objective.of.replace('_', ' ')} {', '.join(parts)} over {window}"


def _bounds(found: BudgetOutlook) -> Iterator[str]:
    objective = found.objective
    if objective.at_least is not None:
        yield f"good in at least {objective.at_least}"
    if objective.at_most is not None:
        yield f"at most {objective.at_most}{f' in {objective.share} of them' if objective.share is not None else ''}"
    if objective.mean is not None:
        yield f"at most {objective.mean} on average"


def _spent(found: BudgetOutlook) -> str:
    its = found.standing
    share = f"{min(its.spent, 99.99) * 100:.0f} % of it spent"
    if found.objective.loss is not None:
        return f"{share}: {its.bad:,.2f} of {its.allowed:,.2f} lost, {count_text(its.n, 'trade')}"
    return f"{share}, {count_text(its.n, 'observation')}"


def _pace(found: BudgetOutlook) -> str:
    its = found.standing
    if its.unknown:
        return ""
    fast = f"TOO FAST: more than {' and '.join(str(burn.spent) for burn in its.burning)} in a short time; " if its.burning else ""
    if found.spent_in_ns is None:
        return f"{fast}at this pace it lasts for its window"
    if found.spent_in_ns == 0:
        return f"{fast}all of it is spent"
    return f"{fast}at this pace it would be spent in {duration_words(found.spent_in_ns)}"
