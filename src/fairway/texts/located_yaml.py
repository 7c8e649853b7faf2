"""Reads YAML as text with places: each value keeps its own letters, its line and its column.

YAML's own guesses are left out: `0.10` is the text `0.10` and not a float, `no` is the text `no`. A key that stands twice, an
alias, a value without a key's text: each is reported as a mistake.
"""

from dataclasses import dataclass, field

import yaml

from fairway.texts.problems import Problem

SIZE_MAX = 1_000_000
"""Longest file, in characters."""
DEPTH_MAX = 20

Tree = dict[str, "Tree"] | list["Tree"] | str
Path = tuple[str | int, ...]


@dataclass(slots=True)
class Composed:
    """tree: nested dicts, lists and texts. places: line and column, from 1, of each value by its path; of keys in key_places."""

    tree: Tree = ""
    places: dict[Path, tuple[int, int]] = field(default_factory=dict)
    key_places: dict[Path, tuple[int, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def place(self, path: Path) -> tuple[int, int]:
        """Where a path is, or the nearest part of it that is there."""
        while path and path not in self.places:
            path = path[:-1]
        return self.key_places.get(path) or self.places.get(path, (0, 0))


def compose(text: str, *, kind: str, empty: Problem) -> Composed:
    """Reads a whole file; what is wrong with its form is in `problems`, and then the tree is not to be used.

    kind: what the file should be, such as `configuration`. empty: what is wrong where it holds no keys at all.
    """
    composed = Composed()
    if len(text) > SIZE_MAX:
        composed.problems.append(Problem(what=f"is longer than {SIZE_MAX:,} characters, so it is no {kind}"))
        return composed
    try:
        root = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        composed.problems.append(_syntax(error))
        return composed
    except yaml.reader.ReaderError as error:
        composed.problems.append(_unprintable(text, error.position))
        return composed
    except yaml.YAMLError as error:
        composed.problems.append(Problem(what=f"is no readable text: {str(error).splitlines()[0]}"))
        return composed
    if isinstance(root, yaml.MappingNode):
        composed.tree = _Reader(composed).read(root, ())
    else:
        composed.problems.append(empty)
    return composed


def _syntax(error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    what = " ".join(part for part in (error.context, error.problem) if part)
    if "\\t" in what:
        what = "a tab; indent with spaces"
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    return Problem(line=line, column=column, what=f"cannot be read as YAML: {what}")


def _unprintable(text: str, at: int) -> Problem:
    """A character that no text file has, such as one of a file that is no text at all."""
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    what = f"the character U+{ord(text[at]):04X} stands here, which belongs in no text; leave it out"
    return Problem(line=line, column=column, what=what)


class _Reader:
    def __init__(self, composed: Composed) -> None:
        self._composed = composed
        self._seen: dict[int, None] = {}

    def read(self, node: yaml.Node, path: Path) -> Tree:
        if not isinstance(node, yaml.ScalarNode):
            if id(node) in self._seen:
                return self._wrong(
                    self._composed.key_places.get(path, _mark(node)), path, "an alias stands here; write the value itself"
                )
            self._seen[id(node)] = None
        if len(path) > DEPTH_MAX:
            return self._wrong(_mark(node), path, f"is nested deeper than {DEPTH_MAX} levels")
        self._composed.places[path] = _mark(node)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*path, index)) for index, item in enumerate(node.value)]
        assert isinstance(node, yaml.ScalarNode)
        return str(node.value)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> Tree:
        tree: dict[str, Tree] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._wrong(_mark(key), path, "a key must be one word", "mode: practice")
                continue
            here = (*path, key.value)
            if key.value in tree:
                first = self._composed.key_places[here][0]
                self._wrong(_mark(key), here, f"stands twice; the first is in line {first}")
                continue
            self._composed.key_places[here] = _mark(key)
            tree[key.value] = self.read(value, here)
        return tree

    def _wrong(self, place: tuple[int, int], path: Path, what: str, example: str = "") -> str:
        self._composed.problems.append(Problem(line=place[0], column=place[1], key=dotted(path), what=what, example=example))
        return ""


def dotted(path: Path) -> str:
    """A path as people write it: `symbols[1]`, `risk.per_trade`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _mark(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1
