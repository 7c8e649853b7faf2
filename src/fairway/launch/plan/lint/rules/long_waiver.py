"""Waivers that last longer than a week, or that waive an item that must not be waived."""

from collections.abc import Iterator
from typing import Final

from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.texts.durations import as_setting
from fairway.world.clock import DAY

LONGEST: Final = 7 * DAY
NEVER: Final = ("kill-drill", "reconciled", "key-no-withdraw", "fleet-attested", "rollback-target", "gates-proven")
"""Items that nothing makes up for."""


def look(draft: Draft) -> Iterator[RuleFinding]:
    at_most = draft.plan.approvals.waivers.at_most
    if at_most > LONGEST:
        weeks = at_most / LONGEST
        what = f"a waiver holds for {as_setting(at_most)}: for {weeks:.1f} weeks the claim is not checked"
        yield RuleFinding(("approvals", "waivers", "at_most"), what, "at_most: 7d")
    for index, item in enumerate(draft.plan.checklist):
        if item.waivable and item.id in NEVER:
            yield RuleFinding(("checklist", index), f"{item.id} may be waived, and nothing makes up for it", "waivable: false")


RULE = Rule(
    "long-waiver",
    Severity.REFUSE,
    "An exception that does not end is the rule.",
    look,
)
