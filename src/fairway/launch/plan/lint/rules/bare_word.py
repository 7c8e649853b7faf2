"""An item of the checklist that is met by a person's word alone."""

from collections.abc import Iterator

from fairway.launch.evidence.model import Rank
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity


def look(draft: Draft) -> Iterator[RuleFinding]:
    for index, item in enumerate(draft.plan.checklist):
        if item.need is Rank.BARE_WORD:
            yield RuleFinding(("checklist", index), f"{item.id} is met by anybody's bare word", "need: attested file, or better")


RULE = Rule("bare-word", Severity.WARN, "A tick says only that a person wanted the item to be done.", look)
