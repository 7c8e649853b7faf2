"""Finds in a configuration where its kill latch belongs, also where the rest of the file is broken.

It reads the keys `journal`, `latch`, `account`, `people` and `symbols`. It loads no strategy and checks no other value. A file
that is no YAML is read line by line.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fairway.orders.ids import ACCOUNT_FORM
from fairway.settings.model import Settings
from fairway.texts.located_yaml import Tree, compose
from fairway.texts.problems import Problem

_LINE: Final = re.compile(r"^\s*(journal|latch|account|people)\s*:\s+(\S.*?)\s*(?:\s#.*)?$")
_TOP: Final = re.compile(r"^([A-Za-z_]\w*)\s*:(?:\s|$)")
_NO_KEY: Final = re.compile(r"^(?:\s|#|-|\]|\}|\.\.\.|$)")
"""A line at whose beginning no key of the configuration can stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LatchPlace:
    """What a configuration tells of its kill latch."""

    folders: tuple[Path, ...]
    """Where the latch belongs; all directories where it may belong, where the file does not tell it for sure."""
    is_certain: bool
    """Whether `folders` is the one directory that the trader reads."""
    account: str
    """The trader's own account; "" where the file does not tell it."""
    has_many: bool | None
    """Whether the trader carries a registry's accounts; None where the file does not tell it."""
    symbols: tuple[str, ...]
    """Empty where the file does not tell them."""


@dataclass(frozen=True, slots=True)
class _Said:
    """values: by key. is_whole: whether a key that is not among them certainly does not stand in the file."""

    values: Mapping[str, Tree]
    is_whole: bool

    def text(self, key: str, default: str | None) -> str | None:
        """The value of a key; default where it certainly does not stand there; None where it cannot be told."""
        value = self.values.get(key, default if self.is_whole else None)
        return value if isinstance(value, str) and value else None


def latch_place(file: Path) -> LatchPlace:
    """Raises nothing: a file that cannot be read tells nothing."""
    try:
        home = file.resolve().parent
        said = _said(file.read_bytes().decode(errors="replace"))
    except (OSError, ValueError, RuntimeError):  # RuntimeError: links that lead in a circle
        home, said = file.absolute().parent, _Said({}, is_whole=False)
    folders, is_certain = _folders(said, home)
    account = said.text("account", "main") or ""
    symbols = said.values.get("symbols")
    return LatchPlace(
        folders=folders,
        is_certain=is_certain,
        account=account if ACCOUNT_FORM.fullmatch(account) else "",
        has_many=True if "people" in said.values else False if said.is_whole else None,
        symbols=tuple(each for each in symbols if isinstance(each, str)) if isinstance(symbols, list) else (),
    )


def place_of(settings: Settings) -> LatchPlace:
    """The same of a configuration that is sound."""
    return LatchPlace(
        folders=(settings.latch_folder,),
        is_certain=True,
        account=settings.account,
        has_many=settings.people is not None,
        symbols=settings.symbols,
    )


def near(file: Path) -> tuple[Path, ...]:
    """The directory of a configuration, and those in it that hold a journal: where its latch most likely belongs."""
    home = file.absolute().parent
    try:
        below = {journal.parent for journal in home.glob("*/*.journal")}
    except OSError:
        below = set()
    return (home, *sorted(below))


def _folders(said: _Said, home: Path) -> tuple[tuple[Path, ...], bool]:
    """The directories of the latch, and whether the first is certainly the one that the trader reads."""
    if (latch := _path(said.text("latch", None), home)) is not None:
        return (latch,), True
    journal = said.text("journal", "fairway.journal")
    place = _path(journal, home) if journal is not None and "://" not in journal else None
    if place is None:
        return (), False
    return (place.parent,), said.is_whole and "latch" not in said.values


def _path(text: str | None, home: Path) -> Path | None:
    try:
        return home / Path(text).expanduser() if text is not None else None
    except RuntimeError:  # no home directory is known
        return None


def _said(text: str) -> _Said:
    """By the rules of YAML where the text obeys them, else line by line."""
    try:
        composed = compose(text, kind="configuration", empty=Problem(what="is empty"))
    except RecursionError:
        return _by_lines(text)
    if not isinstance(composed.tree, dict) or not composed.tree:
        return _by_lines(text)
    doubtful = {problem.key for problem in composed.problems} & {"journal", "latch", "account", "people"}
    values = {key: value for key, value in composed.tree.items() if key not in doubtful}
    return _Said(values, is_whole=not doubtful and set(values) <= set(Settings.model_fields))


def _by_lines(text: str) -> _Said:
    """A key that stands there twice, with two values, is not told."""
    values: dict[str, Tree] = {}
    doubtful: set[str] = set()
    for line in text.splitlines():
        if found := _LINE.match(line):
            key, value = found[1], found[2].strip("\"'")
            if values.setdefault(key, value) != value:
                doubtful.add(key)
    tops = [_TOP.match(line) for line in text.splitlines() if not _NO_KEY.match(line)]
    is_whole = bool(tops) and not doubtful and all(top is not None and top[1] in Settings.model_fields for top in tops)
    return _Said({key: value for key, value in values.items() if key not in doubtful}, is_whole=is_whole)
