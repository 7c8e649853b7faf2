"""Shows an answer as lines for people: one for each value, one for each item of a list. What is too long is cut."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from itertools import islice
from typing import Final

from msgspec import Struct

LINES_MAX: Final = 40
TEXT_MAX: Final = 120


def answer_lines(document: object) -> tuple[str, ...]:
    """At most 40 lines. What is no plain value, list or record is left out, so that no configuration is shown."""
    return tuple(islice(_lines(document), LINES_MAX))


def _lines(document: object) -> Iterator[str]:
    for name, value in _members(document):
        if _is_plain(value):
            if value not in ("", None):
                yield f"{name}: {_text(value)}"
        elif isinstance(value, Sequence | Mapping):
            yield from (f"{name}: {line}" for line in _items(value))


def _items(value: "Sequence[object] | Mapping[object, object]") -> Iterator[str]:
    named = value.items() if isinstance(value, Mapping) else (("", each) for each in value)
    for name, each in named:
        if isinstance(each, Sequence) and not isinstance(each, str | bytes):
            yield from (f"{name}: {line}".removeprefix(": ") for line in _items(each))
            continue
        shown = _text(each) if _is_plain(each) else ", ".join(_pairs(each))
        if shown:
            yield f"{name}: {shown}".removeprefix(": ")


def _pairs(record: object) -> Iterator[str]:
    """The plain values of a record, and of records in it."""
    for name, value in _members(record):
        if _is_plain(value):
            if value not in ("", None):
                yield f"{name}={_text(value)}"
        elif not isinstance(value, Sequence):
            yield from _pairs(value)


def _members(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping):
        yield from ((str(name), each) for name, each in value.items())
    elif is_dataclass(value) and not isinstance(value, type):
        yield from ((field.name, getattr(value, field.name)) for field in fields(value) if field.name not in ("is_done", "lines"))
    elif isinstance(value, Struct):
        yield from ((name, getattr(value, name)) for name in value.__struct_fields__)


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | Enum) or type(value).__name__ in ("Decimal", "Amount", "Price")


def _text(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= TEXT_MAX else f"{text[:TEXT_MAX]}…"
