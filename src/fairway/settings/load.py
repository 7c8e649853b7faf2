"""Loads a configuration file: reads its text, checks every key, and collects all that is wrong before it says no."""

import os
from collections.abc import Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from fairway.settings.environment import Override, named, overrides, put
from fairway.settings.model import Settings, StrategyChoice
from fairway.settings.notify import decode_channels
from fairway.settings.problems import SettingsError
from fairway.strategies.api import BrokenStrategy, StrategySettings, UnknownStrategy, strategy
from fairway.texts.located_yaml import Composed, compose
from fairway.texts.problems import Problem
from fairway.texts.reading import read_text
from fairway.texts.validation_errors import problems_of

_MISSING: Final = "there is no such file; `fairway init` writes one"
_EMPTY: Final = Problem(what="holds no settings", example="a file that `fairway init` wrote")


def load(file: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of a file. Raises SettingsError with every mistake in it.

    environ: where values may come from that count instead of the file's; this process's environment where it is None. It is
    empty for the configuration of another trader: what is set here is meant for this one.
    """
    text = read_text(file, error=SettingsError, missing=_MISSING)
    found = overrides(os.environ if environ is None else environ)
    return parse(text, name=str(file), folder=file.resolve().parent, found=found)


def parse(text: str, *, name: str = "settings", folder: Path | None = None, found: Sequence[Override] = ()) -> Settings:
    """The settings of a text; relative paths start at folder. found: what counts instead of it. Raises SettingsError."""
    composed = compose(text, kind="configuration", empty=_EMPTY)
    if composed.problems:
        raise SettingsError(name, composed.problems)
    assert isinstance(composed.tree, dict)
    if "plan" in composed.tree and "venue" not in composed.tree:
        what = "is a launch's plan, and here the configuration of its trader belongs"
        raise SettingsError(name, [Problem(what=what, example="fairway.yaml, as `fairway init` writes it")])
    values: dict[str, Any] = deepcopy(composed.tree)
    problems = put(values, found)
    composed.tree = deepcopy(values)  # what is told of a value is what was taken
    problems += _decode_strategy(values, composed)
    problems += decode_channels(values, composed, folder or Path())
    try:
        settings = Settings.model_validate(values, context={"folder": folder or Path()})
    except ValidationError as error:
        problems += problems_of(error, composed, Settings)
        raise SettingsError(name, [named(each, found) for each in problems]) from None
    if problems:
        raise SettingsError(name, [named(each, found) for each in problems])
    return settings


def _decode_strategy(values: dict[str, Any], composed: Composed) -> list[Problem]:
    """Puts the strategy's section, checked by its plug-in, into values; where it is wrong a stand-in, to check all else."""
    section = values.get("strategy")
    if not isinstance(section, dict):
        return []  # missing, or of the wrong form: told by the model
    if not isinstance(section.get("name"), str):
        values["strategy"] = StrategyChoice(name="", own=StrategySettings())
        line, column = composed.place(("strategy",))
        return [Problem(line=line, column=column, key="strategy.name", what="is missing", example="name: trend")]
    own = {key: value for key, value in section.items() if key != "name"}
    name, path = section["name"], ("strategy",)
    values["strategy"] = StrategyChoice(name=name, own=StrategySettings())
    try:
        plugin = strategy(name)
        values["strategy"] = StrategyChoice(name=name, own=plugin.settings.model_validate(own))
    except (UnknownStrategy, BrokenStrategy) as error:
        line, column = composed.place((*path, "name"))
        return [Problem(line=line, column=column, key="strategy.name", what=str(error), example="name: trend")]
    except ValidationError as error:
        return problems_of(error, composed, plugin.settings, path)
    return []
