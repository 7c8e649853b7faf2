"""A reference to an unknown item of the checklist, stage, baseline or rollback target."""

from collections.abc import Iterator

from fairway.launch.plan.day import Rollback
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.launch.plan.model import Plan
from fairway.texts.nearest import nearest

CONTROL = "control"
"""Instead of a baseline: the old release beside the new one."""
PREVIOUS = "previous"
"""The release that ran before this one."""


def look(draft: Draft) -> Iterator[RuleFinding]:
    yield from _of_the_day(draft.plan)
    yield from _of_gates(draft)
    rollback = draft.plan.rollback
    if rollback is not None:
        yield from _target(draft.plan, rollback)


def _of_the_day(plan: Plan) -> Iterator[RuleFinding]:
    items = [item.id for item in plan.checklist]
    for index, step in enumerate(plan.timeline):
        for at, needed in enumerate(step.needs):
            if needed not in items:
                mend = nearest(needed, items) or "an item with that id"
                yield RuleFinding(("timeline", index, "needs", at), f"{needed!r} is no item of the checklist", mend)
        if step.raises and plan.stage(step.raises) is None:
            meant = nearest(step.raises, plan.stage_names)
            mend = f"raises: {meant}" if meant else "track/stage, or the stage's name"
            yield RuleFinding(("timeline", index, "raises"), f"{step.raises!r} is no stage of this plan", mend)
    for index, baseline in enumerate(plan.baselines):
        if plan.stage(baseline.stage) is None:
            meant = nearest(baseline.stage, plan.stage_names)
            mend = f"stage: {meant}" if meant else "a stage that comes before"
            yield RuleFinding(("baselines", index, "stage"), f"{baseline.stage!r} is no stage of this plan", mend)


def _of_gates(draft: Draft) -> Iterator[RuleFinding]:
    """Those before the first stage, too."""
    items = [item.id for item in draft.plan.checklist]
    baselines = [baseline.name for baseline in draft.plan.baselines]
    for path, entry in draft.gates:
        against, drill, listed = entry.text("against"), entry.text("drill"), entry.own.get("items")
        if against and against not in {*baselines, CONTROL}:
            meant = nearest(against, [*baselines, CONTROL])
            mend = f"against: {meant}" if meant else "baselines: one with that name"
            yield RuleFinding((*path, "against"), f"{against!r} is no baseline of this plan", mend)
        wanted = [(item, ("items", n)) for n, item in enumerate(listed if isinstance(listed, list) else ())]
        for item, place in [*wanted, *([(drill, ("drill",))] if drill else [])]:
            if item not in items:
                mend = nearest(item, items) or f"checklist: one with id: {item}"
                yield RuleFinding((*path, *place), f"{item!r} is no item of the checklist", mend)


def _target(plan: Plan, rollback: Rollback) -> Iterator[RuleFinding]:
    """What is gone back to is the release before, a stage of this plan, or a release that the steps say how to start."""
    target = rollback.target
    named = any(f" {target} " in f" {step} " for step in rollback.software)
    if target == PREVIOUS or plan.stage(target) is not None:
        return
    meant = nearest(target, [PREVIOUS, *plan.stage_names])
    if named and target == plan.release.tag:
        what = f"{target!r} is the release that is launched, and no way back from it"
        yield RuleFinding(("rollback", "target"), what, f"target: {PREVIOUS}")
    elif not named:
        what = f"{target!r} is neither `{PREVIOUS}` nor a stage of this plan, and no step of the way back's software names it"
        mend = f"target: {meant}" if meant else f"target: {PREVIOUS}, or software: [start {target}, check {target}]"
        yield RuleFinding(("rollback", "target"), what, mend)


RULE = Rule(
    "unknown-item",
    Severity.REFUSE,
    "What a plan refers to and does not have is asked for on the day itself.",
    look,
    names=("checklist", "checklist.id", "baselines", "baselines.name"),
    yields_to=("to-be-defined",),
)
