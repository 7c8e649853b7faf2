"""A gate that asks only for `not disproven`, of so few observations that hardly anything would disprove it."""

from collections.abc import Iterator

from fairway.launch.gates.statistics.betting import ENOUGH, against_at_least
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.launch.plan.lint.rules.undecidable import proven_share

TIMES = 10
"""A gate that sees only a failure so many times as frequent as it allows is blunt."""


def look(draft: Draft) -> Iterator[RuleFinding]:
    for asked in draft.asked:
        share, n = proven_share(asked.entry), asked.expected
        if share is None or not n or asked.entry.text("strength") != "not_disproven":
            continue
        bad = _fewest_bad(share, n)
        if bad is not None and bad / n <= TIMES * (1 - share):
            continue
        seen = f"{bad} bad ones ({bad / n:.1%})" if bad is not None else "nothing at all"
        yield RuleFinding(
            asked.path,
            f"{asked.entry.name} allows {1 - share:.2%} bad ones; of the {n:,} observations that come in {asked.lasts} it takes "
            f"{seen} to disprove it",
            "a longer stay, or a bar that so few observations can speak about",
        )


def _fewest_bad(share: float, n: int) -> int | None:
    """How many bad ones of n disprove a share; None where not even all of them do."""
    bets, low, high = against_at_least(share), 0, n
    if bets.wealth(0, n) < ENOUGH:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if bets.wealth(n - middle, middle) >= ENOUGH else (middle, high)
    return high


RULE = Rule(
    "blunt-gate",
    Severity.WARN,
    "What is only not disproven passes a bot that is many times worse than the bar, so it is the bound on loss that protects.",
    look,
)
