"""Two tracks that both split capital: each account would be in both, and has one writer."""

from collections.abc import Iterator

from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity


def look(draft: Draft) -> Iterator[RuleFinding]:
    first, *others = draft.plan.leading or ("",)
    for name in others:
        what = f"{name} splits capital, and so does {first}: each account of the launch would be in both"
        yield RuleFinding(
            ("tracks", name), what, f"the stages of {name} at the end of {first}, or splits: http_weight for requests"
        )


RULE = Rule(
    "two-writers",
    Severity.REFUSE,
    "The accounts of a launch follow one track; with two, each account would have two sets of limits.",
    look,
    may_stay=False,
)
