"""A roster by which a stage can never be approved: too few are named, the author alone is, or one person in two roles."""

from collections.abc import Iterator
from itertools import combinations

from fairway.launch.gates.kinds.approval import ApprovalSettings
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.launch.plan.people import Need
from fairway.texts.located_yaml import Path
from fairway.texts.nearest import nearest


def look(draft: Draft) -> Iterator[RuleFinding]:
    if not draft.plan.approvals.who:
        return
    for path, need in _needs(draft):
        yield from _few(draft, path, need)
        if draft.plan.approvals.alone is None:
            yield from _twice(draft, need)


def _needs(draft: Draft) -> Iterator[tuple[Path, Need]]:
    """Everywhere that a plan asks for people."""
    yield ("approvals", "need"), draft.plan.approvals.need
    for _, stage, path in draft.plan.walk():
        if stage.approve is not None:
            yield (*path, "approve"), stage.approve
    for asked in draft.asked:
        if isinstance(asked.settings, ApprovalSettings):
            yield asked.path, asked.settings.need


def _few(draft: Draft, path: Path, need: Need) -> Iterator[RuleFinding]:
    approvals, author = draft.plan.approvals, draft.plan.author
    for role, asked in need.items():
        named = approvals.who.get(role, ())
        may = [each for each in named if approvals.alone is not None or each != author]
        number = 1 if approvals.alone is not None else asked
        if named and not may:
            what = f"of {role} it names {author} alone, who wrote the plan and approves nothing"
        elif len(may) < number:
            told = ", ".join(may) or "no person"
            what = f"it asks for {asked} as {role}, and names {told}"
        else:
            continue
        meant = nearest(role, approvals.who) if not named else ""
        hint = f"{meant} in both places, or " if meant else ""
        yield RuleFinding(path, what, f"{hint}approvals.who.{role}: {number} people at least, none of them the author")


def _twice(draft: Draft, need: Need) -> Iterator[RuleFinding]:
    """One person does not count in two roles that are both needed."""
    who = draft.plan.approvals.who
    for one, other in combinations(need, 2):
        for person in sorted({*who.get(one, ())} & {*who.get(other, ())}):
            what = f"{person} is named as {one} and as {other}, and both are needed: one person counts in one role only"
            yield RuleFinding(("approvals", "who", other), what, f"another person as {other}")


RULE = Rule(
    "short-roster",
    Severity.REFUSE,
    "If the named people are too few, the launch finds this out on the day itself, and then another person approves.",
    look,
    may_stay=False,
    names=("approvals", "approvals.need", "approvals.who", "author"),
)
