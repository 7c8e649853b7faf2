"""The linter looks at whatever can be read as a plan, and never fails on it."""

from hypothesis import given, settings
from hypothesis import strategies as some

from fairway.launch.plan import shipped
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.linter import Finding, lint
from fairway.launch.plan.lint.names_of_damaged_plans import with_names
from fairway.launch.plan.load import PlanError, parse

PLANS = [shipped.text(name).splitlines() for name in shipped.names()]
WORDS = ("0 %", "100 %", "99.9999 %", "0s", "1ms", "9999w", "-1 R", "all", "[]", "{}", "0", "1", "7d", "live", "T", "?", "uptime")


@settings(max_examples=60, deadline=None)
@given(some.sampled_from(PLANS), some.data())
def test_a_changed_plan_is_told_or_linted(plan: list[str], data: some.DataObject) -> None:
    """Values are put where others stood, and lines are lost."""
    lines = list(plan)
    for _ in range(data.draw(some.integers(1, 5))):
        at = data.draw(some.integers(0, len(lines) - 1))
        key, colon, _ = lines[at].partition(": ")
        lines[at] = f"{key}{colon}{data.draw(some.sampled_from(WORDS))}" if colon and data.draw(some.booleans()) else ""
    text = "\n".join(lines)
    try:
        written = parse(text)
    except PlanError as error:
        refused = error
    else:
        found = lint(Draft(written))
        assert all(isinstance(each, Finding) and each.what and each.mend for each in found)
        return
    told = with_names(refused).problems
    assert set(refused.problems) <= set(told)
    assert all(each.what for each in told)
