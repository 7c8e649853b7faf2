"""Values of a configuration that come from the environment: `FAIRWAY__RISK__PER_TRADE` is the key `per_trade` of `risk`.

They are checked like those of the file, and a mistake names its variable. Keys that say which bot this is, where it trades and
where its kill latch belongs stay with the file: a `fairway kill` in another terminal must find the same ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import yaml
from pydantic import BaseModel

from fairway.settings.model import Settings
from fairway.texts.located_yaml import Tree, dotted
from fairway.texts.problems import Problem

PREFIX: Final = "FAIRWAY__"
BETWEEN: Final = "__"
OF_THE_FILE: Final = frozenset({"mode", "account", "symbols", "people", "journal", "latch", "beside"})
OF_THE_VENUE: Final = frozenset({"kind", "exchange", "url", "sandbox"})
_HIDDEN: Final = frozenset({("venue", "key"), ("venue", "secret")})


@dataclass(frozen=True, slots=True)
class Override:
    """One variable, and the key that it stands for."""

    variable: str
    path: tuple[str, ...]
    value: str

    @property
    def key(self) -> str:
        return dotted(self.path)

    def __str__(self) -> str:
        shown = "(not shown)" if self.path in _HIDDEN and not self.value.startswith(("env:", "file:")) else self.value
        return f"{self.key} is {shown}, by {self.variable}"


def overrides(environ: Mapping[str, str]) -> list[Override]:
    """Those that the environment has, in the order of their names."""
    return [
        Override(name, tuple(name.removeprefix(PREFIX).lower().split(BETWEEN)), value)
        for name, value in sorted(environ.items())
        if name.startswith(PREFIX)
    ]


def put(tree: dict[str, Tree], found: Sequence[Override]) -> list[Problem]:
    """Puts values into a configuration's tree; what may not come from the environment, or has no place there, is told."""
    return [problem for each in found for problem in _put(tree, each)]


def _put(tree: dict[str, Tree], override: Override) -> list[Problem]:
    first, *rest = override.path
    if first in OF_THE_FILE or (first == "venue" and OF_THE_VENUE & set(rest[:1])):
        what = (
            f"{override.key} says which bot this is or where it trades, and `fairway kill` must find that without the environment"
        )
        return [Problem(key=override.variable, what=f"{what}; write it into the file")]
    if rest and first not in _sections():
        return [Problem(key=override.variable, what=f"{first} is no section; there are {', '.join(_sections())}")]
    here = tree
    for part in override.path[:-1]:
        inner = here.setdefault(part, {})
        if not isinstance(inner, dict):
            return [Problem(key=override.variable, what=f"{override.key} has no place: {part} is no section")]
        here = inner
    here[override.path[-1]] = _value(override.value)
    return []


def _sections() -> list[str]:
    fields = Settings.model_fields.items()
    return [name for name, field in fields if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)]


def _value(text: str) -> Tree:
    """A list where it is written as one, else the text as it stands."""
    if not text.startswith("["):
        return text
    try:
        found = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506: this loader makes texts and nothing else
    except yaml.YAMLError:
        return text
    return [each if isinstance(each, str) else str(each) for each in found] if isinstance(found, list) else text


def named(problem: Problem, found: Sequence[Override]) -> Problem:
    """A mistake in a value of the environment, told at its variable; any other as it is."""
    for each in found:
        if problem.key == each.key or problem.key.startswith(f"{each.key}."):
            _, _, right = problem.example.partition(": ")
            example = f"{each.variable}='{right}'" if right else ""
            return replace(problem, line=0, column=0, key=each.variable, example=example)
    return problem
