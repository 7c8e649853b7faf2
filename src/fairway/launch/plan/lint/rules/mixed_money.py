"""Amounts of several currencies in one plan."""

from collections import Counter
from collections.abc import Iterator

from fairway.launch.plan.limits import as_counted
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.money.amount import Amount
from fairway.texts.located_yaml import Path


def look(draft: Draft) -> Iterator[RuleFinding]:
    amounts = list(_amounts(draft))
    counts = Counter(as_counted(amount).asset for _, amount in amounts)
    if len(counts) < 2:
        return
    usual = counts.most_common(1)[0][0]
    for path, amount in amounts:
        if as_counted(amount).asset != usual:
            what = f"{path[-1]} is {amount}, and the plan's other amounts are in {usual}: no limit adds them up"
            yield RuleFinding(path, what, f"{path[-1]}: so much in {usual}")


def _amounts(draft: Draft) -> Iterator[tuple[Path, Amount]]:
    for _, stage, path in draft.plan.walk():
        for section, prefix in ((stage.limits, ("limits",)), (stage.limits.capital_per_user, ("limits", "capital_per_user"))):
            for key in type(section).model_fields:
                amount = getattr(section, key)
                if isinstance(amount, Amount):
                    yield (*path, *prefix, key), amount
    if draft.plan.approvals.alone is not None:
        yield ("approvals", "alone", "capital"), draft.plan.approvals.alone.capital


RULE = Rule(
    "mixed-money",
    Severity.REFUSE,
    "The accounts of a launch are counted in one currency, and an amount in another one bounds none of them.",
    look,
    may_stay=False,
)
