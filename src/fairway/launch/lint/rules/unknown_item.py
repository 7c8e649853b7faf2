"""A name that leads nowhere: an item of the checklist, a stage, a baseline."""

from collections.abc import Iterator

from fairway.launch.lint.draft import Draft
from fairway.launch.lint.port import Found, Rule, Severity


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
        name = asked.entry.text("baseline")
        if name and name not in baselines:
            yield Found((*asked.path, "baseline"), f"{name!r} is no baseline of this plan", "baselines: one with that name")


RULE = Rule(
    "unknown-item",
    Severity.REFUSE,
    "What a plan refers to and does not have is asked for on the day itself.",
    look,
)
