"""An item of the checklist that no gate asks for."""

from collections.abc import Iterator

from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.launch.plan.lint.wanted_evidence import unnamed


def look(draft: Draft) -> Iterator[RuleFinding]:
    if len(draft.written.gates) < len(list(draft.gates)):
        return  # a gate that cannot be read may ask for the item
    names = unnamed(draft)
    for index, item in enumerate(draft.plan.checklist):
        if item.id in names:
            what = f"no gate asks for {item.id}, so it counts from before the first stage on"
            yield RuleFinding(("checklist", index), what, f"entry: [{{name: ready, gate: checklist, items: [{item.id}]}}]")


RULE = Rule("unasked-item", Severity.WARN, "The reader of a plan must see when each item of its checklist counts.", look)
