"""Selling as the answer to a cause in which a sale cannot work, or would be a guess."""

from collections.abc import Iterator

from fairway.launch.lint.draft import Draft
from fairway.launch.lint.port import Found, Rule, Severity
from fairway.launch.plan.watching import NEVER_SELLS, Cause
from fairway.texts.composed import Path

WHY = {
    Cause.CANNOT_PLACE: "an order that closes is an order, too: it is refused like the others, and its stop was cancelled for it",
    Cause.MISMATCH: "how much is held is not known, so the sale is a guess and may open a position",
    Cause.BLIND: "the price is not known, so anything may be sold at any price",
    Cause.DATABASE: "the sale could not be written down; stops at the venue hold without it",
    Cause.MAINTENANCE: "the venue takes no orders, and the stops are with it",
}


def look(draft: Draft) -> Iterator[Found]:
    for cause, answer in draft.plan.causes.items():
        if cause in NEVER_SELLS and answer.sells:
            yield _found(("causes", str(cause)), cause, answer)
    for index, alarm in enumerate(draft.plan.alarms):
        if alarm.cause in NEVER_SELLS and alarm.does.sells:
            yield _found(("alarms", index), alarm.cause, alarm.does)


def _found(path: Path, cause: Cause, answer: str) -> Found:
    return Found(path, f"the answer to {cause!s} is {answer!s}: {WHY[cause]}", "reduce only: stops and targets stay at the venue")


RULE = Rule(
    "blind-sale",
    Severity.REFUSE,
    "Where orders do not arrive, or nobody knows what is held, selling everything takes the stops away and nothing else.",
    look,
)
