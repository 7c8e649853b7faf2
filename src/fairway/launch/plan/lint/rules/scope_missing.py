"""An amount of money without a word on what it adds up over."""

from collections.abc import Iterator

from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.risk.profiles import DOLLARS
from fairway.texts.quantities import Quantity

PARTS = 5


def look(draft: Draft) -> Iterator[RuleFinding]:
    for index, alarm in enumerate(draft.plan.alarms):
        bound = alarm.above or alarm.below
        if alarm.each is not None or bound is None or bound.unit not in {*DOLLARS, "R"}:
            continue
        what = (
            f"{alarm.name} says {bound} and not of what: of each position, {PARTS} positions may lose "
            f"{Quantity(bound.value * PARTS, bound.unit)} without an alarm; of all users, one loses it alone"
        )
        yield RuleFinding(("alarms", index), what, "each: position (or account, user, all)")


RULE = Rule(
    "scope-missing",
    Severity.REFUSE,
    "A loss of 50 dollars is a different bound for a position, an account and all users together.",
    look,
)
