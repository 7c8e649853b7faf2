"""The page of failure cases leaves none out, and each scene that it names is there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "docs" / "reference" / "failure-cases.md"
NUMBERS = {
    "A": (1, 2, 3, 4, 5, 6, 7, 9, 10),
    "B": (1, 2, 4, 5, 6, 7, 9, 10, 11, 14, 15, 16),
    "C": (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 13),
    "D": (1, 2, 4, 5, 7, 8, 9, 10),
    "E": (1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13),
    "F": (1, 2, 3, 5, 6, 7, 9),
    "G": (1, 2, 3, 4, 5),
    "H": (1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12),
    "L": tuple(range(1, 31)),
}
"""Those that were collected, by group."""
CASES = [f"{group}{number}" for group, numbers in NUMBERS.items() for number in numbers]
ROW = re.compile(r"^\| ([A-HL]\d+) \| (.+?) \| (.+?) \| (.+) \|$", re.MULTILINE)
SCENE = re.compile(r"`([a-z_/]+\.py)::(test_\w+)`")
REASON = re.compile(r"not (yet|here): .{20,}")


@cache
def functions(file: str) -> frozenset[str]:
    """The tests of a file."""
    tree = ast.parse((TESTS / file).read_text())
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def rows() -> list[tuple[str, str, str, str]]:
    return ROW.findall(PAGE.read_text())


def test_every_case_has_one_row() -> None:
    """In the order in which they were collected."""
    assert [case for case, *_ in rows()] == CASES


@pytest.mark.parametrize(("case", "scenes"), [(case, scenes) for case, _, _, scenes in rows()])
def test_a_row_names_scenes_that_are_there_or_says_why_it_has_none(case: str, scenes: str) -> None:
    """Nothing but names of tests, or a reason of some words."""
    named = SCENE.findall(scenes)
    if not named:
        assert REASON.fullmatch(scenes), case
        return
    assert scenes == "<br>".join(f"`{file}::{function}`" for file, function in named), case
    for file, function in named:
        assert function in functions(file), f"{case}: there is no {function} in {file}"
