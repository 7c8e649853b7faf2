"""Roles that anybody may take: a plan that says how many people agree, and not who they are."""

from collections.abc import Iterator

from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity


def look(draft: Draft) -> Iterator[RuleFinding]:
    """Where one person is alone there is nobody to tell apart."""
    approvals = draft.plan.approvals
    if approvals.who or approvals.alone is not None:
        return
    roles = ", ".join(approvals.need)
    example = ", ".join(f"{role}: [their names]" for role in approvals.need)
    yield RuleFinding(("approvals",), f"nobody is named as {roles}: whoever says so of himself is it", f"who: {{{example}}}")


RULE = Rule(
    "unnamed-people",
    Severity.WARN,
    "A role that anybody may take separates no duties: the second person may be the first one under another name.",
    look,
)
