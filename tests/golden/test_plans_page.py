"""The page of plans says what the code does, and its example is a sound plan."""

import re

from scripts.plans_table import PAGE, page

from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.linter import lint
from fairway.launch.plan.load import parse


def test_the_tables_of_plans_are_current() -> None:
    """A key, a rule or a shipped plan that changed without its row fails here; the script writes the tables anew."""
    text = PAGE.read_text()
    assert page(text) == text, "run .venv/bin/python -m scripts.plans_table"


def test_the_plan_on_the_page_has_no_findings() -> None:
    """Whoever copies it begins with a sound one."""
    example = re.search(r"```yaml\n(plan: .*?)```", PAGE.read_text(), re.DOTALL)
    assert example is not None
    assert [finding.name for finding in lint(Draft(parse(example[1])))] == []
