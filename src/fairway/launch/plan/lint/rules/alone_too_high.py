"""A stage that one person alone may never let be entered, or that an author would let in."""

from collections.abc import Iterator

from fairway.launch.plan.limits import Mode
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.world.clock import HOUR

TWELVE = 12 * HOUR


def look(draft: Draft) -> Iterator[RuleFinding]:
    approvals = draft.plan.approvals
    if approvals.alone is None:
        return
    if approvals.alone.after < TWELVE:
        what = (
            f"one person alone confirms after {approvals.alone.after / HOUR:g} hours: that is the same evening and the same mood"
        )
        yield RuleFinding(("approvals", "alone", "after"), what, "after: 12h")
    for _, stage, path in draft.plan.walk():
        capital, most = stage.limits.capital, approvals.alone.capital
        is_live = stage.limits.mode is Mode.LIVE
        if is_live and capital is not None and capital.asset == most.asset and capital > most:
            what = f"{stage.name} puts {capital} to work, and one person alone may approve {most}"
            yield RuleFinding((*path, "limits", "capital"), what, "a second person for this stage, or less capital")


RULE = Rule(
    "alone-too-high",
    Severity.WARN,
    "Where one person is alone, time is the second one, and only up to a ceiling.",
    look,
)
