"""A gate whose observations come at an unknown rate, so that it may never have enough of them."""

from collections.abc import Iterator

from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity


def look(draft: Draft) -> Iterator[RuleFinding]:
    told: set[str] = set()
    for asked in draft.asked:
        if asked.gate is None or not asked.gate.needs_rate or asked.of in told:
            continue
        if asked.indicator is None or asked.expected is not None:
            continue
        told.add(asked.of)
        what = f"{asked.entry.name} waits for {asked.of}, which comes with trading, and the plan does not say how often"
        yield RuleFinding(asked.path, what, f"expects: {{{asked.of}: 40/d}}")


RULE = Rule(
    "rate-unknown",
    Severity.WARN,
    "Without an expected rate the linter cannot say whether a gate is decided in a day or in a year.",
    look,
)
