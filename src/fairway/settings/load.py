"""Loads a configuration file: reads its text, checks every key, and collects all that is wrong before it says no."""

from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from fairway.money.amount import text_of
from fairway.settings.model import Settings, StrategyChoice
from fairway.settings.problems import Problem, SettingsError
from fairway.settings.text import Composed, Tree, compose, dotted
from fairway.settings.text import Path as KeyPath
from fairway.strategies.api import BrokenStrategy, StrategySettings, UnknownStrategy, strategy

_HIDDEN = ("key", "secret", "password", "token")


def load(file: Path) -> Settings:
    """The settings of a file. Raises SettingsError with every mistake in it."""
    return parse(_text(file), name=str(file), folder=file.resolve().parent)


def parse(text: str, *, name: str = "settings", folder: Path | None = None) -> Settings:
    """The settings of a text; relative paths start at folder. Raises SettingsError."""
    composed = compose(text)
    if composed.problems:
        raise SettingsError(name, composed.problems)
    assert isinstance(composed.tree, dict)
    values: dict[str, Any] = dict(composed.tree)
    problems = _decode_strategy(values, composed)
    try:
        settings = Settings.model_validate(values, context={"folder": folder or Path()})
    except ValidationError as error:
        raise SettingsError(name, [*problems, *_problems(error, composed, Settings, ())]) from None
    if problems:
        raise SettingsError(name, problems)
    return settings


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SettingsError(str(file), [Problem(what="there is no such file; `fairway init` writes one")]) from None
    except OSError as error:
        raise SettingsError(str(file), [Problem(what=f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError as error:
        raise SettingsError(str(file), [Problem(what=f"is no text in UTF-8: byte {error.start} is not")]) from None


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
        return _problems(error, composed, plugin.settings, path)
    return []


def _problems(error: ValidationError, composed: Composed, model: type[BaseModel], prefix: KeyPath) -> list[Problem]:
    """One for each mistake: pydantic counts only the right items of a list, and so may call it too short as well."""
    found = error.errors(include_url=False)
    inner = {each["loc"][:-1] for each in found}
    return [_problem(each, composed, model, prefix) for each in found if each["type"] != "too_short" or each["loc"] not in inner]


def _problem(error: ErrorDetails, composed: Composed, model: type[BaseModel], prefix: KeyPath) -> Problem:
    context = error.get("ctx", {})
    path: KeyPath = tuple(context["key"].split(".")) if error["type"] == "misfit" else error["loc"]
    field, siblings = _field(model, path)
    example = context.get("example")
    if example is None:
        example = _example(path, field)
    path = (*prefix, *path)
    what = _what(error, composed, path, siblings)
    if error["type"] == "extra_forbidden":
        example = ""
    line, column = composed.place(path)
    return Problem(line=line, column=column, key=dotted(path), what=what, example=example)


def _field(model: type[BaseModel], path: KeyPath) -> tuple[FieldInfo | None, list[str]]:
    """The field at a path, and the keys that may stand where it stands."""
    field: FieldInfo | None = None
    siblings: list[str] = []
    for part in path:
        if isinstance(part, int):
            continue
        siblings = [key for key in model.model_fields if key != "own"]
        field = model.model_fields.get(part)
        if field is None:
            break
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            model = field.annotation
    return field, siblings


def _example(path: KeyPath, field: FieldInfo | None) -> str:
    name = next((part for part in reversed(path) if isinstance(part, str)), "")
    return f"{name}: {field.examples[0]}" if field is not None and field.examples else ""


def _what(error: ErrorDetails, composed: Composed, path: KeyPath, siblings: list[str]) -> str:
    kind = error["type"]
    if kind == "misfit":
        return str(error["ctx"]["what"])
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        meant = get_close_matches(str(path[-1]), siblings, n=1)
        hint = f"; did you mean {meant[0]}?" if meant else ""
        return f"is no key here{hint}; there are {', '.join(siblings)}"
    value = _shown(composed.tree, path)
    is_share = value.endswith("%'")
    return f"{value} {_reason(error, is_share=is_share)}".strip()


def _reason(error: ErrorDetails, *, is_share: bool) -> str:
    """Why a value is refused, in words that continue a sentence."""
    context = error.get("ctx", {})
    match error["type"]:
        case "value_error":
            return str(context["error"])
        case "literal_error":
            return f"is not one of {context['expected'].replace(chr(39), '')}"
        case "int_parsing" | "int_type" | "int_from_float":
            return "is no whole number"
        case "decimal_parsing" | "decimal_type":
            return "is no number"
        case "tuple_type":
            return "is no list"
        case "model_type" | "model_attributes_type" | "dict_type":
            return "is no section with keys of its own"
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal":
            return _bound(error["type"], next(iter(context.values())), is_share=is_share)
        case "too_short":
            return "is empty"
    message = error["msg"]
    return message[:1].lower() + message[1:]


def _bound(kind: str, bound: Any, *, is_share: bool) -> str:
    words = {"greater_than": "above", "greater_than_equal": "at least", "less_than": "below", "less_than_equal": "at most"}
    return f"must be {words[kind]} {text_of(Decimal(bound) * 100) + ' %' if is_share else bound}"


def _shown(tree: Tree, path: KeyPath) -> str:
    """The value as it was written, short, and hidden where it could be a secret."""
    for part in path:
        match tree, part:
            case dict(), str() if part in tree:
                tree = tree[part]
            case list(), int() if part < len(tree):
                tree = tree[part]
            case _:
                return ""
    if not isinstance(tree, str):
        return ""
    if any(word in str(path[-1]).lower() for word in _HIDDEN):
        return "its value"
    return f"{tree[:60]!r}" if tree else "it has no value, and"
