"""A step that destroys the rollback's target while stages are still to come."""

import re
from collections.abc import Iterator

from fairway.launch.plan.day import Step, moment_text
from fairway.launch.plan.limits import Mode
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity

_DESTROYS = re.compile(r"\b(prune|purge|rmi|remove|delete|destroy|decommission|tear down|discard|drop)\b", re.IGNORECASE)
_BACK = re.compile(r"\b(image|images|release|version|container|containers|previous|old)\b", re.IGNORECASE)


def look(draft: Draft) -> Iterator[RuleFinding]:
    target = draft.plan.rollback.target if draft.plan.rollback else ""
    steps = list(enumerate(draft.plan.timeline))
    for index, step in steps:
        if not _destroys(step, target):
            continue
        later = min((each.at for _, each in steps if each.raises and each.at >= step.at), default=None)
        if later is not None:
            risk = next(each.raises for _, each in steps if each.raises and each.at == later)
            what = (
                f"{step.do!r} at {moment_text(step.at)} destroys the way back, and {risk} raises the risk at {moment_text(later)}"
            )
        else:
            what = (
                f"{step.do!r} at {moment_text(step.at)} destroys the way back, while the launch's stages are still to be lived in"
            )
        yield RuleFinding(("timeline", index), what, "leave the step out; rollback.keep says how long the way back stays")
    yield from _short(draft)


def _destroys(step: Step, target: str) -> bool:
    if step.destroys:
        return step.destroys == target or bool(_BACK.search(step.destroys))
    words = f"{step.do} {step.run}"
    about_target = bool(target) and re.search(rf"\b{re.escape(target)}\b", words, re.IGNORECASE) is not None
    return bool(_DESTROYS.search(words)) and (about_target or bool(_BACK.search(words)))


def _short(draft: Draft) -> Iterator[RuleFinding]:
    """A live launch without a way back, or with one that ends at once."""
    is_live = any(stage.limits.mode is Mode.LIVE for _, stage, _ in draft.plan.walk())
    if is_live and draft.plan.rollback is None:
        yield RuleFinding(("rollback",), "there are live stages, and no rollback", "rollback: {target: previous, keep: 7d}")
    elif is_live and draft.plan.rollback is not None and not draft.plan.rollback.keep:
        yield RuleFinding(("rollback", "keep"), "the way back ends with the last stage", "keep: 7d")


RULE = Rule(
    "rollback-destroyed",
    Severity.REFUSE,
    "What went wrong shows after the risk was raised, and then there must still be something to go back to.",
    look,
)
