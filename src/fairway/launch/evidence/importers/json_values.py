"""Reads JSON of strangers: numbers stay exact, and what has another form than it should gives nothing instead of a traceback."""

import json
from decimal import Decimal, InvalidOperation
from typing import Any

from fairway.launch.evidence.importers.port import SourceFile


def looks_like(source: SourceFile, *words: str) -> bool:
    """Whether it looks like JSON with these words in it; cheap, and never fails."""
    data = source.data.removeprefix(b"\xef\xbb\xbf").lstrip()
    return data[:1] in (b"{", b"[") and all(word.encode() in data for word in words)


def values(source: SourceFile) -> Any:
    """The whole of it. Raises ImportFailed."""
    try:
        return json.loads(source.text, parse_float=Decimal, parse_constant=_refused)
    except json.JSONDecodeError as error:
        raise source.broken(f"is no JSON: {error.msg}", line=error.lineno, column=error.colno) from None
    except (ValueError, RecursionError) as error:
        raise source.broken(f"is no JSON that can be read: {str(error)[:100]}") from None


def _refused(word: str) -> None:
    raise ValueError(f"{word} is no number")


def at(value: Any, *keys: str) -> Any:
    """What is at a path of keys; None where it is not there."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def listed(value: Any, *keys: str) -> list[Any]:
    """The list at a path; an empty one where there is none."""
    found = at(value, *keys)
    return found if isinstance(found, list) else []


def word(value: Any, *keys: str) -> str:
    """The text at a path; "" where there is none."""
    found = at(value, *keys)
    return found if isinstance(found, str) else ""


def number(value: Any) -> Decimal | None:
    """A finite number, of a number or of a text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    try:
        found = Decimal(value)
    except (InvalidOperation, ValueError):
        return None
    return found if found.is_finite() else None
