"""mutmut as it is used here. What it cannot be told by its settings is changed in this file, each thing in a function of its own.

* Of strings only words are changed: codes, names, keys. Sentences and formatted strings are for people to read.
* Properties are changed too; mutmut leaves out all that has a decorator.
* Answers that a function keeps (`lru_cache`) are forgotten before the tests of a mutant: its process begins as a copy of one
  that has asked already.
* A mutant that mypy refuses is not run, because `make check` refuses it too; the few rules that complain of what mutmut adds to
  a file are off. Which function a complaint is about is read from mutmut's index of lines: to parse the files takes minutes.
"""

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import libcst as cst
from mutmut.configuration import config
from mutmut.mutation import file_mutation, mutators
from mutmut.mutation.data import LineSpan, MutantLineSpans
from mutmut.runners.harness import PytestRunner
from mutmut.type_checking import TypeCheckingError, run_type_checker
from mutmut.utils.file_utils import change_cwd
from mutmut.utils.format_utils import get_mutant_name

_WORD = re.compile(r"""[rb]?(["'])[\w.:/%-]+\1""")
_OF_THE_COPIES = ("no-redef", "has-type", "var-annotated", "no-any-return")
"""Rules of mypy that each copy of a function breaks, whatever was changed in it."""


def install() -> None:
    """Once, before mutmut runs."""
    _change_words_alone()
    _leave_formatted_strings()
    _change_properties()
    _forget_kept_answers()


def _change_words_alone() -> None:
    operators: Any = mutators.mutation_operators
    operators[:] = [(kind, _words if change is mutators.operator_string else change) for kind, change in operators]


def _words(node: cst.BaseString) -> Iterable[cst.BaseString]:
    if isinstance(node, cst.SimpleString) and _WORD.fullmatch(node.value):
        yield next(iter(mutators.operator_string(node)))


def _leave_formatted_strings() -> None:
    leave_others = _skips()

    def leave(self: file_mutation.MutationVisitor, node: cst.CSTNode) -> bool:
        return isinstance(node, cst.FormattedString) or leave_others(self, node)

    _set_skips(leave)


def _change_properties() -> None:
    leave_others, arrange_others = _skips(), file_mutation.function_trampoline_arrangement

    def leave(self: file_mutation.MutationVisitor, node: cst.CSTNode) -> bool:
        return not _is_property(node) and leave_others(self, node)

    def arrange(function: cst.FunctionDef, mutants: Iterable[Any], class_name: str | None) -> Any:
        if not _is_property(function):
            return arrange_others(function, mutants, class_name)
        bare = function.with_changes(decorators=[])
        arranged: Any = arrange_others(bare, mutants, class_name)
        declared, (chooser, *copies), assigned, names = arranged
        chooser = chooser.with_changes(decorators=[*function.decorators, *chooser.decorators])
        return declared, [chooser, *copies], assigned, names

    _set_skips(leave)
    file_mutation.function_trampoline_arrangement = arrange


def _is_property(node: cst.CSTNode) -> bool:
    if not isinstance(node, cst.FunctionDef) or len(node.decorators) != 1:
        return False
    decorator = node.decorators[0].decorator
    return isinstance(decorator, cst.Name) and decorator.value in ("property", "cached_property")


def _skips() -> Callable[[file_mutation.MutationVisitor, cst.CSTNode], bool]:
    return file_mutation.MutationVisitor._skip_node_and_children


def _set_skips(leave: Callable[[file_mutation.MutationVisitor, cst.CSTNode], bool]) -> None:
    visitor: Any = file_mutation.MutationVisitor
    visitor._skip_node_and_children = leave


def _forget_kept_answers() -> None:
    runner: Any = PytestRunner
    run_tests = runner.run_tests

    def run_with_none_kept(self: PytestRunner, **asked: Any) -> Any:
        for name, module in tuple(sys.modules.items()):
            for value in vars(module).values() if name.startswith("fairway.") else ():
                if hasattr(value, "cache_clear"):
                    value.cache_clear()
        return run_tests(self, **asked)

    runner.run_tests = run_with_none_kept


def _mypy() -> Sequence[str]:
    allowed = [word for code in _OF_THE_COPIES for word in ("--disable-error-code", code)]
    places = [pattern.removesuffix("/*") for pattern in config().only_mutate]
    return [sys.executable, "-m", "mypy", "-O", "json", "--no-warn-unused-ignores", *allowed, *places]


def refused_by_mypy() -> dict[str, str]:
    """Why, by the name of the mutant."""
    with change_cwd("mutants"):
        errors = run_type_checker(list(_mypy()))
    return {_mutant_at(error): error.error_description for error in errors}


def _mutant_at(error: TypeCheckingError) -> str:
    path = error.file_path.relative_to(Path("mutants").absolute())
    for function, (start, end) in _lines(path):
        if start <= error.line_number <= end:
            return get_mutant_name(path, function)
    raise ValueError(f"{path}:{error.line_number}: mypy complains outside of every mutant: {error.error_description}")


@cache
def _lines(path: Path) -> Sequence[tuple[str, tuple[int, int]]]:
    """Of each function that mutmut wrote into a file."""
    index = MutantLineSpans.load(path)
    spans: Iterable[tuple[str, LineSpan]] = index.span_by_function_name.items() if index else ()
    return [(function, (span.start, span.end)) for function, span in spans]
