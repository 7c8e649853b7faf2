"""A stage with real money that is entered without a person's approval."""

from collections.abc import Iterator

from fairway.launch.plan.limits import Mode
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity


def look(draft: Draft) -> Iterator[RuleFinding]:
    for _, stage, path in draft.plan.walk():
        if stage.limits.mode is Mode.LIVE and stage.approve == {}:
            what = f"{stage.name} trades real money, and is entered without a person's approval"
            mend = ", ".join(f"{role}: {number}" for role, number in draft.plan.approvals.need.items())
            yield RuleFinding((*path, "approve"), what, f"approve: {{{mend}}}")


RULE = Rule(
    "no-approval",
    Severity.REFUSE,
    "Raising exposure needs proof and people: gates look at what was measured, and a person at everything else.",
    look,
)
