"""A limit that the plan says the venue enforces, and that it cannot."""

from collections.abc import Iterator
from typing import Final

from fairway.launch.plan.limits import StageLimits
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity

ENFORCED: Final[dict[str, frozenset[str]]] = {"binance": frozenset({"symbols"})}
"""What a venue's own key or account settings can hold; spot venues know no limit on losses, hours or users. Binance: the list of
pairs that a key may trade. Elsewhere: nothing that is known."""


def look(draft: Draft) -> Iterator[RuleFinding]:
    for name, account in draft.plan.accounts.items():
        can = ENFORCED.get(account.venue, frozenset())
        for index, limit in enumerate(account.enforces):
            if limit in can:
                continue
            word = "is no limit of a stage" if limit not in StageLimits.model_fields else "is enforced by our own trader alone"
            told = f"{account.venue} can hold {', '.join(sorted(can)) or 'none of them'}"
            yield RuleFinding(("accounts", name, "enforces", index), f"{limit} {word}; {told}", "leave it out")
    for _, stage, path in draft.plan.walk():
        if stage.limits.leverage is not None and stage.limits.leverage > 1:
            what = f"leverage {stage.limits.leverage} at a spot venue, where nothing can be borrowed"
            yield RuleFinding((*path, "limits", "leverage"), what, "leverage: 1")


RULE = Rule(
    "unenforceable",
    Severity.REFUSE,
    "A second line of defence that does not exist is worse than none, because the operator relies on it.",
    look,
)
