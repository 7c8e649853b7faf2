"""The page of numbers names tests that there are, and gates and guards that there are."""

import re
from pathlib import Path

from fairway.launch.gates.registry import installed
from fairway.risk.guards.registry import guards as installed_guards
from fairway.risk.limits import FIELDS as LIMITS

GUARDS = {guard.name for guard in installed_guards()}
HERE = Path(__file__).parents[1]
PAGE = (HERE.parent / "docs" / "reference" / "demanded-numbers.md").read_text()
ROWS = re.findall(r"^\| (.*) \| [0-9, ]+ \| (.*) \| `(.*?)` \|$", PAGE, re.MULTILINE)


def test_each_number_has_a_test_at_its_edge() -> None:
    assert len(ROWS) == len(re.findall(r"^\| .*::", PAGE, re.MULTILINE)) > 30
    for demanded, _, test in ROWS:
        file, _, name = test.partition("::")
        assert f"def {name}(" in (HERE / "pure" / file).read_text(), demanded


def test_each_rule_is_a_gate_or_a_limit_or_a_guard() -> None:
    """And each guard that Fairway has is on the page."""
    for demanded, rule, _ in ROWS:
        named = set(re.findall(r"`([a-z_ ]+)`", rule))
        assert named & (installed().plugins.keys() | GUARDS | set(LIMITS)), demanded
    guards = {guard for _, rule, _ in ROWS for guard in re.findall(r"guard `([a-z ]+)`", rule)}
    assert guards == GUARDS - {"fee churn"}
