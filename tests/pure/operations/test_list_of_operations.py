"""Every module of operations that holds some is in the registry by itself."""

import ast
from pathlib import Path

import pytest

import fairway.operations
from fairway.operations.refusal import Refusal
from fairway.operations.registry import all_operations, operation_named

ROOM = Path(fairway.operations.__file__).parent


def test_each_operation_that_a_file_makes_is_listed() -> None:
    """Also one whose file forgot to name it in OPERATIONS."""
    made = [
        next(word.value.value for word in call.keywords if word.arg == "name" and isinstance(word.value, ast.Constant))
        for file in ROOM.rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text()))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Operation"
    ]
    assert sorted(map(str, made)) == list(all_operations())


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    assert operation_named("kill").name == "kill"
    with pytest.raises(Refusal, match=r"no operation is called 'explode'; there are .*kill"):
        operation_named("explode")


@pytest.mark.parametrize("file", sorted(ROOM.rglob("*.py")), ids=lambda file: str(file.relative_to(ROOM)))
def test_no_operation_prints_asks_or_ends_the_process(file: Path) -> None:
    banned = {"print", "input", "exit", "quit"}
    tree = ast.parse(file.read_text())
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    imported |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    assert not called & banned
    assert not {name.partition(".")[0] for name in imported} & {"rich", "cyclopts", "sys", "getpass"}
    assert not [name for name in imported if name.startswith("fairway.cli")]
