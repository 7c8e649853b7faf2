"""The page of launch control says what the code does, and names tests that are there."""

import re
from pathlib import Path

import pytest
from scripts.launch_tables import HOLDS, PAGE, RANKS, page

from fairway.launch.control.hold_kinds import HOLD_KINDS
from fairway.launch.evidence.model import Rank

ROOT = Path(__file__).parents[2]


def test_the_tables_of_launch_control_are_current() -> None:
    text = PAGE.read_text()
    assert page(text) == text, "run .venv/bin/python -m scripts.launch_tables"
    assert set(RANKS) == set(Rank)
    assert set(HOLDS) == set(HOLD_KINDS)


@pytest.mark.parametrize("name", ["explanation/launch", "explanation/laws"])
def test_every_test_that_a_page_names_is_there(name: str) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", (ROOT / "docs" / f"{name}.md").read_text())
    assert len(named) > 10
    for file, test in named:
        assert f"def {test}" in (ROOT / file).read_text(), (file, test)
