"""What a record of a journal says, as pairs of a name and a value that people can read."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import msgspec

from fairway.journal.port import Record
from fairway.texts.display import exact_clock_text, number
from fairway.world.clock import MILLISECOND

PAIRS_MAX: Final = 60
_INSTANTS: Final = frozenset({"at", "created_at", "updated_at", "since", "until"})


def record_pairs(record: Record) -> tuple[tuple[str, str], ...]:
    """In the order of the record; amounts with their unit, and what is nothing left out."""
    try:
        body = msgspec.json.decode(record.body)
    except msgspec.MsgspecError:
        return (("body", "cannot be read"),)
    return tuple(_pairs(body, ""))[:PAIRS_MAX]


def _pairs(body: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(body, dict) and "value" in body:
        yield name, f"{_number(body['value'])} {body.get('asset') or body.get('quote', '')}".rstrip()
    elif isinstance(body, dict):
        for key, value in body.items():
            yield from _pairs(value, f"{name} {key}".strip().replace("_", " "))
    elif isinstance(body, list):
        yield name, ", ".join(_text(name, each) for each in body) or "none"
    elif body not in ("", None):
        yield name, _text(name, body)


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and name.endswith(" ns"):
        return f"{number(Decimal(value) / MILLISECOND, 3)} ms"
    if isinstance(value, int) and name.rpartition(" ")[2] in {each.rpartition("_")[2] for each in _INSTANTS} and value:
        return exact_clock_text(value)
    return str(value)


def _number(text: str) -> str:
    try:
        return number(Decimal(text))
    except InvalidOperation:
        return text
