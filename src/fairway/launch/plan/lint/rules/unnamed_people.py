"""Roles without named people: the plan says how many people approve, and not who they are."""

from collections.abc import Iterator

from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity


def look(draft: Draft) -> Iterator[RuleFinding]:
    """A plan for one person alone needs no names."""
    approvals = draft.plan.approvals
    if approvals.who or approvals.alone is not None:
        return
    roles = ", ".join(approvals.need)
    example = ", ".join(f"{role}: [their names]" for role in approvals.need)
    yield RuleFinding(("approvals",), f"no person is named as {roles}: every person may claim the role", f"who: {{{example}}}")


RULE = Rule(
    "unnamed-people",
    Severity.WARN,
    "A role that every person may take separates no duties: the second person may be the first one under another name.",
    look,
)
