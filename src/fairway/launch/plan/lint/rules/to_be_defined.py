"""A placeholder that was never replaced by a value."""

from collections.abc import Iterator

from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.texts.located_yaml import Path, Tree
from fairway.texts.placeholders import gap_in


def look(draft: Draft) -> Iterator[RuleFinding]:
    for path, text in _texts(draft.written.composed.tree, ()):
        if path[0] != "accept" and gap_in(text):
            yield RuleFinding(path, f"{text!r} is a gap", "the answer, before the launch")


def _texts(tree: Tree, path: Path) -> Iterator[tuple[Path, str]]:
    match tree:
        case dict():
            for key, value in tree.items():
                yield from _texts(value, (*path, key))
        case list():
            for index, value in enumerate(tree):
                yield from _texts(value, (*path, index))
        case str():
            yield path, tree


RULE = Rule(
    "to-be-defined",
    Severity.REFUSE,
    "If a value is to be defined on the day, it is defined in haste, by a person who may have no right to.",
    look,
    may_stay=False,
)
