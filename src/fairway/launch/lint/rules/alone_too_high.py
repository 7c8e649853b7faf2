"""A stage that one person alone may never let be entered, or that an author would let in."""

from collections.abc import Iterator

from fairway.launch.lint.draft import Draft
from fairway.launch.lint.port import Found, Rule, Severity
from fairway.launch.plan.limits import Mode
from fairway.world.clock import HOUR

TWELVE = 12 * HOUR


def look(draft: Draft) -> Iterator[Found]:
    approvals = draft.plan.approvals
    if approvals.alone is None:
        return
    if approvals.alone.after < TWELVE:
        what = (
            f"one person alone confirms after {approvals.alone.after / HOUR:g} hours: that is the same evening and the same mood"
        )
        yield Found(("approvals", "alone", "after"), what, "after: 12h")
    for _, stage, path in draft.plan.walk():
        capital = stage.limits.capital
        if stage.limits.mode is Mode.LIVE and capital is not None and capital.asset == approvals.alone.capital.asset:
            if capital > approvals.alone.capital:
                what = f"{stage.name} puts {capital} to work, and one person alone may approve {approvals.alone.capital}"
                yield Found((*path, "limits", "capital"), what, "a second person for this stage, or less capital")


RULE = Rule(
    "alone-too-high",
    Severity.WARN,
    "Where one person is alone, time is the second one, and only up to a ceiling.",
    look,
)
