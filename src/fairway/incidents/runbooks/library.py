"""Reads runbooks, those that come with Fairway and those of a person's own folder; a file's mistakes are reported at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path as File
from types import MappingProxyType
from typing import Final

from pydantic import ValidationError

from fairway.incidents.runbooks.runbook import Runbook
from fairway.texts.located_yaml import Composed, Path, compose, dotted
from fairway.texts.nearest import nearest
from fairway.texts.problems import FileError, Problem
from fairway.texts.reading import read_text
from fairway.texts.validation_errors import problems_of

_PLACE: Final = files("fairway") / "incidents" / "runbooks"
_EMPTY: Final = Problem(what="holds no runbook", example="one that `fairway runbook show orders-failing --yaml` prints")
OWN_MAX: Final = 500
"""Files of a folder that are read."""


@dataclass(frozen=True, slots=True)
class WrittenRunbook:
    """A runbook with the text that it was read from, so that everything in it can be told with its line."""

    runbook: Runbook
    composed: Composed
    file: str
    text: str

    @property
    def digest(self) -> str:
        """Of the text: which edition was executed."""
        return sha256(self.text.encode()).hexdigest()

    def problem(self, path: Path, what: str, example: str = "") -> Problem:
        """A mistake at its place in the file."""
        line, column = self.composed.place(path)
        return Problem(line=line, column=column, key=dotted(path), what=what, example=example, path=path)


class RunbookError(FileError):
    """All the mistakes of one runbook, in the order of its lines."""


class UnknownRunbook(KeyError):
    """There is no runbook of this name. Its text is a sentence."""

    def __init__(self, name: str, known: list[str]) -> None:
        meant = nearest(name, known)
        hint = f"; did you mean {meant}?" if meant else ""
        self.sentence = f"there is no runbook {name!r}{hint}; `fairway runbook list` shows those that there are"
        super().__init__(self.sentence)

    def __str__(self) -> str:
        return self.sentence


def names() -> list[str]:
    """Of those that come with Fairway, by the alphabet."""
    return sorted(each.name.removesuffix(".yaml") for each in _PLACE.iterdir() if each.name.endswith(".yaml"))


@lru_cache(maxsize=1)
def shipped_runbooks() -> Mapping[str, WrittenRunbook]:
    """Those that come with Fairway, by name."""
    found = {}
    for name in names():
        text = (_PLACE / f"{name}.yaml").read_text(encoding="utf-8")
        found[name] = parse_runbook(text, file=f"{name}.yaml")
    return MappingProxyType(found)


def all_runbooks(own: File | None = None) -> dict[str, WrittenRunbook]:
    """By name. own: a folder with a person's own; one of the name of a shipped one stands in its place. Raises RunbookError."""
    found = {**shipped_runbooks(), **(own_runbooks(own) if own is not None else {})}
    return dict(sorted(found.items()))


def own_runbooks(folder: File) -> dict[str, WrittenRunbook]:
    """Of a folder's files that end with .yaml. Raises RunbookError."""
    if not folder.is_dir():
        raise RunbookError(str(folder), [Problem(what="there is no such directory")])
    places = sorted(folder.glob("*.yaml"))
    if len(places) > OWN_MAX:
        raise RunbookError(str(folder), [Problem(what=f"holds {len(places)} runbooks; at most {OWN_MAX} are read")])
    written = [read_runbook(place) for place in places]
    return {each.runbook.runbook: each for each in written}


def runbook_named(name: str, own: File | None = None) -> WrittenRunbook:
    """Raises UnknownRunbook, RunbookError."""
    known = all_runbooks(own)
    if name not in known:
        raise UnknownRunbook(name, list(known))
    return known[name]


def read_runbook(file: File) -> WrittenRunbook:
    """Raises RunbookError with every mistake in its form; `lint_runbook` finds the others."""
    return parse_runbook(read_text(file, error=RunbookError), file=str(file))


def parse_runbook(text: str, *, file: str = "runbook.yaml") -> WrittenRunbook:
    """Raises RunbookError with every mistake in its form."""
    composed = compose(text, kind="runbook", empty=_EMPTY)
    if composed.problems:
        raise RunbookError(file, composed.problems)
    try:
        runbook = Runbook.model_validate(composed.tree)
    except ValidationError as error:
        raise RunbookError(file, problems_of(error, composed, Runbook)) from None
    written = WrittenRunbook(runbook, composed, file, text)
    stem = File(file).stem
    if stem != runbook.runbook:
        what = f"{runbook.runbook!r} is not the name of the file"
        raise RunbookError(file, [written.problem(("runbook",), what, f"runbook: {stem}")])
    return written
