"""A name that leads nowhere: an item of the checklist, a stage, a baseline."""

from collections.abc import Iterator

from fairway.launch.lint.draft import Draft
from fairway.launch.lint.port import Found, Rule, Severity

CONTROL = "control"
"""Instead of a baseline: the old release beside the new one."""


def look(draft: Draft) -> Iterator[Found]:
    plan = draft.plan
    items = {item.id for item in plan.checklist}
    for index, step in enumerate(plan.timeline):
        for at, needed in enumerate(step.needs):
            if needed not in items:
                yield Found(("timeline", index, "needs", at), f"{needed!r} is no item of the checklist", "an item with that id")
        if step.raises and plan.stage(step.raises) is None:
            yield Found(
                ("timeline", index, "raises"), f"{step.raises!r} is no stage of this plan", "track/stage, or the stage's name"
            )
    baselines = {baseline.name: baseline for baseline in plan.baselines}
    for index, baseline in enumerate(plan.baselines):
        if plan.stage(baseline.stage) is None:
            yield Found(
                ("baselines", index, "stage"), f"{baseline.stage!r} is no stage of this plan", "a stage that comes before"
            )
    for asked in draft.asked:
        name = asked.entry.text("against")
        if name and name not in {*baselines, CONTROL}:
            yield Found((*asked.path, "against"), f"{name!r} is no baseline of this plan", "baselines: one with that name")
        wanted = (*getattr(asked.settings, "items", ()), *filter(None, [asked.entry.text("drill")]))
        for item in wanted:
            if item not in items:
                yield Found(asked.path, f"{item!r} is no item of the checklist", f"checklist: one with id: {item}")


RULE = Rule(
    "unknown-item",
    Severity.REFUSE,
    "What a plan refers to and does not have is asked for on the day itself.",
    look,
)
