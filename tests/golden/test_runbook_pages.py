"""The pages of runbooks are written from the files that are executed, and the example of the how-to works."""

import re
from pathlib import Path

import pytest
from scripts.runbook_pages import FOLDER, is_current

from fairway.cli import run
from fairway.incidents.runbooks.library import names

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-runbook.md"


def test_the_pages_of_runbooks_are_current() -> None:
    assert is_current(), "run .venv/bin/python -m scripts.runbook_pages"
    assert {place.stem for place in FOLDER.glob("*.md")} == {*names(), "README"}


def test_the_example_of_the_how_to_has_no_mistakes_and_its_mistake_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, mistakes = re.findall(r"```(?:yaml)?\n(.*?)```", HOW_TO.read_text(), re.DOTALL)[:2]
    file = tmp_path / "coins-held.yaml"
    file.write_text(text)
    assert run(["runbook", "lint", str(file)]) == 0
    file.write_text(text.replace("timeout: 30s", "timeout: 30h", 1).replace("operation: pause", "operation: paws", 1))
    assert run(["runbook", "lint", str(file)]) == 1
    assert _found(capsys.readouterr().out) == _found(mistakes)


def _found(text: str) -> list[str]:
    """The lines about the file, without the folder that it is in."""
    return [line.partition("coins-held.yaml:")[2] for line in text.splitlines() if "coins-held.yaml:" in line]
