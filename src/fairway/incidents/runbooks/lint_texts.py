"""Whether the texts of a runbook can be followed: known placeholders, no gaps, and commands that the command line accepts."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from fairway.incidents.runbooks.filling import EXAMPLE_VALUES, PLACEHOLDERS, filled_text, placeholders_in
from fairway.incidents.runbooks.library import WrittenRunbook
from fairway.texts.located_yaml import Path, Tree
from fairway.texts.placeholders import gap_in
from fairway.texts.problems import Problem

_SHOWN_COMMAND: Final = re.compile(r"`(fairway [^`]+)`")
_COMMAND_KEYS: Final = ("run",)


def text_problems(written: WrittenRunbook, command_trouble: Callable[[str], str]) -> Iterator[Problem]:
    """command_trouble: what is wrong with a command line, "" for a right one."""
    for path, text in _texts(written.composed.tree, ()):
        unknown = [name for name in placeholders_in(text) if name not in PLACEHOLDERS]
        if unknown:
            right = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
            yield written.problem(path, f"{{{unknown[0]}}} is no placeholder; there are {right}")
            continue
        if gap := gap_in(text):
            yield written.problem(path, f"{gap!r} stands where something is still to be written")
        for command in [text] if path[-1] in _COMMAND_KEYS else _SHOWN_COMMAND.findall(text):
            if trouble := command_trouble(filled_text(command, EXAMPLE_VALUES)):
                yield written.problem(path, f"{command!r} would be refused: {trouble}")


def _texts(tree: Tree, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(tree, str):
        yield path, tree
    elif isinstance(tree, Mapping):
        for key, value in tree.items():
            yield from _texts(value, (*path, key))
    elif isinstance(tree, Sequence):
        for index, value in enumerate(tree):
            yield from _texts(value, (*path, index))
