"""A rollback whose steps are in an order that loses money, or that leads to something that is not running."""

from collections.abc import Iterator

from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity

LAW = ("contain", "cancel", "verify", "dispose", "notify", "software")
ROUTES = ("route", "switch", "shift", "point")
STARTS = ("start", "restart", "deploy", "run")


def look(draft: Draft) -> Iterator[RuleFinding]:
    rollback = draft.plan.rollback
    if rollback is None:
        return
    if rollback.order != LAW:
        what = f"its order is {', '.join(rollback.order)}"
        yield RuleFinding(("rollback", "order"), what, f"order: [{', '.join(LAW)}], or leave it out")
    steps = [step.lower().split() for step in rollback.software]
    for index, words in enumerate(steps):
        if words and words[0] in ROUTES:
            late = [n for n, other in enumerate(steps) if n > index and other and other[0] in STARTS and other[-1] == words[-1]]
            if late:
                what = f"{rollback.software[index]!r} is step {index + 1}, and {rollback.software[late[0]]!r} step {late[0] + 1}"
                yield RuleFinding(("rollback", "software", index), what, f"put {rollback.software[late[0]]!r} before it")


RULE = Rule(
    "rollback-order",
    Severity.REFUSE,
    "Positions come before software, as Knight's loss of 2012 showed; and traffic that is sent to what does not run is an outage "
    "of its own.",
    look,
)
