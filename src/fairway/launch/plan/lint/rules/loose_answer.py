"""An answer of a plan's `causes` without effect: milder than the table's own, or for a cause that nothing reports."""

from collections.abc import Iterator

from fairway.launch.control.causes import is_looser, known_causes
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.launch.plan.stage import FailureAction
from fairway.risk.causes import Cause, CauseCategory


def look(draft: Draft) -> Iterator[RuleFinding]:
    named = {alarm.cause for alarm in draft.plan.alarms}
    for sign, answer in draft.plan.causes.items():
        rows = [each for each in known_causes() if each.category is sign]
        graver = next((each for each in rows if is_looser(answer, each.effect)), None)
        if graver is not None:
            yield RuleFinding(("causes", str(sign)), _milder(sign, answer, graver), "leave it out, or write a graver one")
        elif not rows and sign not in named:
            what = f"nothing reports {sign!s}: no guard of the trader does, and no alarm of this plan has it as its cause"
            yield RuleFinding(("causes", str(sign)), what, f"an alarm with  cause: {sign!s}")


def _milder(sign: CauseCategory, answer: FailureAction, row: Cause) -> str:
    return f"the answer to {sign!s} is {answer!s}, and where {row.what}, what follows is graver: {row.effect!s}"


RULE = Rule(
    "loose-answer",
    Severity.REFUSE,
    "A plan can make the effect of a cause more severe, not milder; and an operator would rely on an entry without effect.",
    look,
)
