"""The code speaks the field's words, and no file, function, constructor or class is too long to be read at once."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "fairway"
OLD_MODULES = {
    "trading": (
        "desk seen board clerk steward porter scribe vigil obedience memory terms moving selling facts guarding pairs pace "
        "everyone precautions standing"
    ),
    "launch": (
        "course charting sight lookout looking onlooker noting notes moving judging disposing authority way_back outlook "
        "unguarded unheard happened plain words beside companions flawless spoiled asking made tallies"
    ),
    "launch/rehearsal": "purse wishes pulse happenings crew",
    "journal": "pen hold hearing telling leave",
    "exchange": "mischief seats floor purse crowd",
    "exchange/wire": "desk gate",
    "world": "knock footprint crew",
    "texts": "misfits composed gaps",
    "proving": "knob cast hunt aftermath troubles stage",
    "reports": "ascent chronicle mishap canvas",
    "watch": "shelf growing",
}
"""By room, names of modules that only their author could decode. Each has a plain name now."""
PLAIN_AGAIN = {
    "launch/evidence/importers/checklist/words.py",  # the words of checklists, which is what it holds
}
VAGUE = re.compile(r"\b(whoever|nobody|somebody|anew|befalls)\b", re.IGNORECASE)
VAGUE_LINES_MAX = 60
"""Some are values of plans and names of rules, such as `tells: nobody`."""
FILE_LINES_MAX, FUNCTION_LINES_MAX, PARAMETERS_MAX, METHODS_MAX = 400, 60, 8, 25
WHY = re.compile(r"\s*# size: .{10,}")
"""The comment, on the line above, that says why something is longer."""
FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef


@pytest.mark.parametrize("room", OLD_MODULES)
def test_no_module_has_a_name_that_only_its_author_could_decode(room: str) -> None:
    old = set(OLD_MODULES[room].split())
    modules = (SRC / room).rglob("*.py") if room == "launch" else (SRC / room).glob("*.py")
    found = {str(path.relative_to(SRC)) for path in modules if path.stem in old}
    assert not found - PLAIN_AGAIN, "see the glossary for the term of the field"


def test_few_lines_leave_open_who_acts() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in sorted(SRC.rglob("*.py"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if VAGUE.search(line)
    ]
    assert len(found) <= VAGUE_LINES_MAX, "name the actor:\n" + "\n".join(found)


@cache
def files() -> tuple[Path, ...]:
    return tuple(sorted(path for folder in ("src", "tests") for path in (ROOT / folder).rglob("*.py")))


def _long(path: Path) -> Iterator[str]:
    """What is too long in a file, and has no comment that says why."""
    text = path.read_text()
    lines = text.splitlines()
    name = path.relative_to(ROOT)
    if len(lines) > FILE_LINES_MAX and not WHY.fullmatch(lines[0]):
        yield f"{name}: {len(lines)} lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, FUNCTIONS | ast.ClassDef) and not _is_explained(node, lines):
            yield from (f"{name}:{node.lineno}: {node.name} has {what}" for what in _sizes(node))


def _is_explained(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, lines: list[str]) -> bool:
    first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
    return first > 1 and WHY.fullmatch(lines[first - 2]) is not None


def _sizes(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Iterator[str]:
    if isinstance(node, ast.ClassDef):
        methods = sum(isinstance(each, FUNCTIONS) for each in node.body)
        if methods > METHODS_MAX:
            yield f"{methods} methods"
        return
    length = (node.end_lineno or node.lineno) - node.lineno + 1
    if length > FUNCTION_LINES_MAX:
        yield f"{length} lines"
    given = node.args
    parameters = len(given.posonlyargs) + len(given.args) + len(given.kwonlyargs) - 1
    if node.name == "__init__" and parameters > PARAMETERS_MAX:
        yield f"{parameters} parameters"


def test_nothing_is_too_long_to_be_read_at_once() -> None:
    """Fields of values (structs and dataclasses) are no parameters here: they are named where they are given."""
    found = [line for path in files() for line in _long(path)]
    assert not found, "split it by subject, or say why above it (# size: …):\n" + "\n".join(found)
