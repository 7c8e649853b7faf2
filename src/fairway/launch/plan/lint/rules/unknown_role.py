"""A role that stands in one place alone: mostly a typing error, and every person may take it and let a stage be entered."""

from collections.abc import Iterator

from fairway.launch.gates.kinds.approval import GATE
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.texts.located_yaml import Path
from fairway.texts.nearest import nearest

APPROVAL = GATE.name


def look(draft: Draft) -> Iterator[RuleFinding]:
    approvals = draft.plan.approvals
    known = list(dict.fromkeys([*approvals.need, *approvals.who]))
    for path, role, form in _asked(draft):
        if role not in known:
            meant = nearest(role, known)
            right = form.format(meant) if meant else f"approvals.who: {{{role}: [their names]}}, or one of {', '.join(known)}"
            yield RuleFinding(path, f"{role!r} is no role of approvals: no person is named or needed as {role} there", right)


def _asked(draft: Draft) -> Iterator[tuple[Path, str, str]]:
    """Each role that is asked for elsewhere, with its place, and the form in which it is written.

    Where a plan says who is who, short-roster reports roles without people.
    """
    approvals = draft.plan.approvals
    if "by" in approvals.waivers.model_fields_set:
        for index, role in enumerate(approvals.waivers.by):
            yield ("approvals", "waivers", "by", index), role, "by: [{}]"
    if approvals.who:
        return
    for _, stage, path in draft.plan.walk():
        for role, number in (stage.approve or {}).items():
            yield (*path, "approve", role), role, f"approve: {{{{{{}}: {number}}}}}"
    for path, entry in draft.gates:
        need = entry.own.get("need")
        if entry.gate == APPROVAL and isinstance(need, dict):
            for role, number in need.items():
                yield (*path, "need", role), role, f"need: {{{{{{}}: {number}}}}}"


RULE = Rule(
    "unknown-role",
    Severity.REFUSE,
    "If a role's name has a typing error, no person has the role and the stage waits for ever, or every person may take it.",
    look,
    names=("approvals", "approvals.need", "approvals.who"),
)
