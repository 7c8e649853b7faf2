"""An item of the checklist that no gate, no step of the day and no phase asks for."""

from collections.abc import Iterator

from fairway.launch.lint.draft import Draft
from fairway.launch.lint.items import items_asked
from fairway.launch.lint.port import Found, Rule, Severity


def look(draft: Draft) -> Iterator[Found]:
    if len(draft.written.gates) < len(list(draft.gates)):
        return  # of a gate that cannot be read nobody knows what it asks for
    asked = items_asked(draft)
    for index, item in enumerate(draft.plan.checklist):
        if item.id not in asked:
            what = f"no gate, no step of the timeline and no phase asks for {item.id}, so no stage waits for it"
            mend = f"entry: [{{name: ready, gate: checklist, items: [{item.id}]}}], or leave the item out"
            yield Found(("checklist", index), what, mend)


RULE = Rule(
    "unasked-item",
    Severity.WARN,
    "An item in a checklist is read as a condition, and one that no stage waits for is open on the day itself.",
    look,
)
