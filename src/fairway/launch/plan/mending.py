"""A plan of which some places could not be read, with something readable in them, so that the other places are looked at, too.

What is put there decides nothing: such a plan is never launched, and whatever is found in or beside those places is not told.
"""

from collections.abc import Sequence
from copy import deepcopy
from typing import Final

import yaml
from pydantic import ValidationError

from fairway.launch.plan.model import Plan
from fairway.texts.located_yaml import Composed, Path, Tree
from fairway.texts.problems import Problem
from fairway.texts.validation_errors import field_at, problems_of

PASSES: Final = 8
"""What stands behind a mistake shows only once that is out of the way."""
_NAMES: Final = ("stages", "stages.name", "tracks", "tracks.stages", "tracks.stages.name")
"""While one of these cannot be read, references to it from other places cannot be checked."""


def mended(error: ValidationError, composed: Composed) -> tuple[list[Problem], Plan | None, list[Path]]:
    """All problems, the plan with something readable in their places, and these places; no plan where that cannot be done."""
    told = problems_of(error, composed, Plan)
    found, tree, replaced = told, deepcopy(composed.tree), list[Path]()
    for _ in range(PASSES):
        places = [_replace(tree, problem) for problem in found]
        if None in places:
            return told, None, replaced
        replaced += [place for place in places if place is not None]
        if any(bare(place) in _NAMES for place in replaced):
            return told, None, replaced
        try:
            return list(dict.fromkeys(told)), Plan.model_validate(tree), replaced
        except ValidationError as more:
            found = problems_of(more, composed, Plan)
            told += [each for each in found if not is_beside(each.path, replaced)]
    return told, None, replaced


def bare(path: Path) -> str:
    """A path without its numbers, and without the names of tracks: `stages.name`."""
    words = [part for part in path if isinstance(part, str)]
    if words[:1] == ["tracks"] and len(words) > 2:
        del words[1]
    return ".".join(words)


def is_beside(path: Path, replaced: Sequence[Path]) -> bool:
    """Whether it is in a place that was replaced, or in one section with it."""
    return any(path[: len(place)] == place or (path[:-1] and place[: len(path) - 1] == path[:-1]) for place in replaced)


def _replace(tree: Tree, problem: Problem) -> Path | None:
    """Puts something readable in a problem's place, and says where; None where nothing can be put there.

    What may be left out is left out. A gate goes as a whole, for its keys belong together.
    """
    path = _place(problem.path)
    parent = tree
    for part in path[:-1]:
        match parent, part:
            case (dict(), str()) if part in parent:
                parent = parent[part]
            case (list(), int()) if part < len(parent):
                parent = parent[part]
            case _:
                return None
    name = path[-1] if path else 0
    if isinstance(parent, list) and isinstance(name, int):
        parent[name] = {"name": f"unread {name}", "gate": "unread"}
        return path
    if not isinstance(parent, dict) or not isinstance(name, str):
        return None
    field, is_inner = field_at(Plan, path)
    if field is None and len(path) == 1:
        return None  # a section with a misspelt name: what it holds is missing everywhere else
    example = _value(problem.example, name)
    may_go = field is None or is_inner or not field.is_required()
    if example is not None and (is_inner or not may_go or name not in parent):
        parent[name] = example
    elif name in parent and may_go:
        del parent[name]
    else:
        return None
    return path[:1] if field is None and path[0] == "approvals" else path


def _place(path: Path) -> Path:
    """The gate that a path leads into, else the last key that has a name: of one thing in a list the whole list."""
    for at in range(1, len(path)):
        if isinstance(path[at], int) and (path[at - 1] == "gates" or path[:at] == ("entry",)):
            return path[: at + 1]
    while path and isinstance(path[-1], int):
        path = path[:-1]
    return path


def _value(example: str, name: str) -> Tree | None:
    """What an example such as `author: ann` writes behind a name."""
    try:
        told = yaml.load(example, Loader=yaml.BaseLoader)
    except yaml.YAMLError:
        return None
    return told.get(name) if isinstance(told, dict) else None
