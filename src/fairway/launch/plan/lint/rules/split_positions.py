"""Positions split by percentage, or an account that changes its trader without a rule for the handover."""

from collections.abc import Iterator

from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.launch.plan.stage import Split

MONEY = ("capital", "per_symbol", "loss", "order_value", "positions")
HANDOVER = ("quiesce", "reconcile", "transfer", "adopt", "verify")


def look(draft: Draft) -> Iterator[RuleFinding]:
    for track, stage, path in draft.plan.walk():
        row = draft.plan.rows[track]
        if row.splits is Split.CAPITAL and stage.limits.http_weight is not None:
            what = f"{stage.name} gives {stage.limits.http_weight} of something to a release that holds positions"
            yield RuleFinding((*path, "limits", "http_weight"), what, "a track of its own with splits: http_weight")
        if row.splits is Split.HTTP_WEIGHT:
            for key in MONEY:
                if getattr(stage.limits, key) is not None:
                    what = f"{stage.name} splits requests, and bounds {key}, which belongs to an account with one writer"
                    yield RuleFinding((*path, "limits", key), what, "a track of its own with splits: capital")
    for name, row in draft.plan.tracks.items():
        if row.splits is Split.CAPITAL and row.after and row.handover != HANDOVER:
            what = (
                f"{name} takes accounts over from another release, and its handover is {', '.join(row.handover) or 'not there'}"
            )
            yield RuleFinding(("tracks", name, "handover"), what, f"handover: [{', '.join(HANDOVER)}]")


RULE = Rule(
    "split-positions",
    Severity.REFUSE,
    "Requests can be split by percentage, positions cannot: two writers of one account undo each other's orders.",
    look,
)
