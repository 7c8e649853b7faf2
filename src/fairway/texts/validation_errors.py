"""Turns what pydantic finds wrong into problems with a place, the value as it was written, and a right example."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticCustomError

from fairway.money.amount import text_of
from fairway.texts.located_yaml import Composed, Path, Tree, dotted
from fairway.texts.nearest import nearest
from fairway.texts.problems import Problem

_HIDDEN = ("key", "secret", "password", "token", "webhook")


def misfit(key: str, what: str, example: str | None = None) -> PydanticCustomError:
    """A mistake that shows only when several keys are seen together, reported at the key that should change.

    key: from the section whose validator raises it, such as `venue.url` or `stages.0.name`. example: None for the field's own.
    """
    context: dict[str, Any] = {"key": key, "what": what, "example": example}
    return PydanticCustomError("misfit", "{what}", context)


def problems_of(error: ValidationError, composed: Composed, model: type[BaseModel], prefix: Path = ()) -> list[Problem]:
    """One for each mistake: pydantic counts only the right items of a list, and so may call it too short as well.

    prefix: where in the file the section is that was checked by model.
    """
    found = error.errors(include_url=False)
    inner = {each["loc"][:-1] for each in found}
    return [_problem(each, composed, model, prefix) for each in found if each["type"] != "too_short" or each["loc"] not in inner]


def _problem(error: ErrorDetails, composed: Composed, model: type[BaseModel], prefix: Path) -> Problem:
    context = error.get("ctx", {})
    path: Path = error["loc"]
    if error["type"] == "misfit":
        path = (*path, *(int(part) if part.isdecimal() else part for part in context["key"].split(".") if part))
    is_key = path[-1:] == ("[key]",)  # how pydantic names the key of a mapping
    if is_key:
        path = path[:-1]
    field, siblings, is_inner = _field(model, path)
    example = context.get("example")
    if example is None:
        example = _example(path, field, is_inner=is_inner)
    path = (*prefix, *path)
    what = f"{path[-1]!r} {_reason(error, is_share=False)}" if is_key else _what(error, composed, path, siblings)
    if error["type"] == "extra_forbidden":
        example = ""
    if error["type"] in ("literal_error", "enum"):
        example = _meant(context["expected"], composed.tree, path, is_key=is_key) or example
    line, column = composed.place(path)
    return Problem(line=line, column=column, key=dotted(path), what=what, example=example, path=path)


def _meant(expected: str, tree: Tree, path: Path, *, is_key: bool) -> str:
    """The one of the words that may stand there which was probably meant; "" where none is near, or in a list."""
    value = _at(tree, path)
    name = path[-1]
    if not isinstance(value, str) or not isinstance(name, str):
        return ""
    meant = nearest(name if is_key else value, re.findall(r"'([^']*)'", expected))
    return (f"{meant}: {value}" if is_key else f"{name}: {meant}") if meant else ""


def field_at(model: type[BaseModel], path: Path) -> tuple[FieldInfo | None, bool]:
    """The field at a path, and whether the path ends in a name of the mapping that it is."""
    field, _, is_inner = _field(model, path)
    return field, is_inner


def _field(model: type[BaseModel], path: Path) -> tuple[FieldInfo | None, list[str], bool]:
    """The field at a path, the keys that may stand where it stands, and whether a name of its mapping is meant."""
    field: FieldInfo | None = None
    siblings: list[str] = []
    here: type[BaseModel] | None = model
    is_free = is_inner = False
    for part in path:
        if isinstance(part, int):
            continue
        if is_free:  # a name in a mapping, not a key of a section
            is_free, is_inner = False, True
            continue
        is_inner = False
        if here is None:
            break
        fields = {each.alias or key: each for key, each in here.model_fields.items()}
        siblings = [key for key in fields if key != "own"]
        field = fields.get(part)
        if field is None:
            break
        is_free = any(get_origin(each) is dict for each in _parts(field.annotation))
        here = next((each for each in _parts(field.annotation) if isinstance(each, type) and issubclass(each, BaseModel)), None)
    return field, siblings, is_inner


def _parts(annotation: Any) -> Iterator[Any]:
    """A type and all that it is made of: `tuple[Stage, ...] | None` holds Stage."""
    yield annotation
    for each in get_args(annotation):
        yield from _parts(each)


def _example(path: Path, field: FieldInfo | None, *, is_inner: bool) -> str:
    name = next((part for part in reversed(path) if isinstance(part, str)), "")
    example = next(iter(_examples(field)), None)
    if is_inner and example is not None:
        example = _first_of(str(example))
    return f"{name}: {example}" if example is not None else ""


def _first_of(mapping: str) -> str | None:
    """What stands behind the first name of a mapping: `1` of `{owner: 1, risk: 1}`."""
    node = yaml.compose(mapping, Loader=yaml.BaseLoader)
    if not isinstance(node, yaml.MappingNode) or not node.value:
        return None
    value = node.value[0][1]
    return mapping[value.start_mark.index : value.end_mark.index].strip()


def _examples(field: FieldInfo | None) -> Iterator[Any]:
    """The field's own, else those of the quantity that it is."""
    if field is None:
        return
    yield from field.examples or ()
    for part in _parts(field.annotation):
        if get_origin(part) is Annotated:
            for known in get_args(part)[1:]:
                yield from (known.examples or ()) if isinstance(known, FieldInfo) else ()


def _what(error: ErrorDetails, composed: Composed, path: Path, siblings: list[str]) -> str:
    kind = error["type"]
    if kind == "misfit":
        return str(error["ctx"]["what"])
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        meant = nearest(str(path[-1]), siblings)
        hint = f"; did you mean {meant}?" if meant else ""
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
        case "literal_error" | "enum":
            return f"is not one of {context['expected'].replace(chr(39), '')}"
        case "int_parsing" | "int_type" | "int_from_float" | "int_parsing_size":
            return "is no whole number"
        case "decimal_parsing" | "decimal_type":
            return "is no number"
        case "tuple_type" | "list_type":
            return "is no list"
        case "string_type":
            return "is no text"
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


def _shown(tree: Tree, path: Path) -> str:
    """The value as it was written, short, and hidden where it could be a secret."""
    tree = _at(tree, path)
    if not isinstance(tree, str):
        return ""
    if any(word in str(path[-1]).lower() for word in _HIDDEN):
        return "its value"
    return f"{tree[:60]!r}" if tree else "it has no value, and"


def _at(tree: Tree, path: Path) -> Tree:
    """What is written at a path; "" where nothing is."""
    for part in path:
        match tree, part:
            case dict(), str() if part in tree:
                tree = tree[part]
            case list(), int() if part < len(tree):
                tree = tree[part]
            case _:
                return ""
    return tree
