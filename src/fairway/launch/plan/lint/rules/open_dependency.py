"""A plan that depends on work that is not done."""

from collections.abc import Iterator

from fairway.launch.plan.day import State
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.texts.nearest import nearest


def look(draft: Draft) -> Iterator[RuleFinding]:
    phases = draft.plan.requires
    open_ones = [phase for phase in phases if phase.state is not State.DONE]
    items = {item.id for item in draft.plan.checklist}
    for index, phase in enumerate(phases):
        if phase.state is not State.DONE:
            what = f"{phase.phase} is {phase.state}: {len(open_ones)} of {len(phases)} that this plan builds on are not done"
            yield RuleFinding(("requires", index), what, "do it first; a launch with it is NO-GO")
        elif phase.evidence and phase.evidence not in items:
            what = f"{phase.phase} is shown by {phase.evidence!r}, which is no item of the checklist"
            meant = nearest(phase.evidence, items)
            yield RuleFinding(
                ("requires", index), what, f"evidence: {meant}" if meant else "an item with that id, or another evidence"
            )


RULE = Rule(
    "open-dependency",
    Severity.REFUSE,
    "A plan is as ready as the least ready thing that it builds on, whatever its title says.",
    look,
    may_stay=False,
    names=("checklist", "checklist.id"),
)
