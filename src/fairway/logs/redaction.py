"""Makes values safe and plain for a log line: secrets are replaced by their type and by their text, however deep they are."""

import dataclasses
from collections.abc import Collection, Mapping
from decimal import Decimal
from enum import Enum
from typing import Any, Final

import msgspec

from fairway.money.amount import Amount, Price
from fairway.world.confidential import Confidential

HIDDEN: Final = "(secret)"
DEPTH_MAX: Final = 8
"""A value that is nested deeper is written as its type's name."""


class Redaction:
    """Knows the texts that no line may contain, such as the key of a venue, which may stand in the error of a failed request."""

    def __init__(self, secrets: Collection[str] = ()) -> None:
        self._secrets = sorted(filter(None, secrets), key=len, reverse=True)

    def hide(self, *secrets: str) -> None:
        """From now on these texts are hidden too."""
        self._secrets = sorted(filter(None, {*self._secrets, *secrets}), key=len, reverse=True)

    def of(self, value: Any, depth: int = 0) -> Any:
        """The value as text, numbers, lists and mappings, without secrets."""
        if isinstance(value, Confidential):
            return HIDDEN
        if value is None or isinstance(value, bool | int | float):
            return value
        if depth > DEPTH_MAX:
            return type(value).__name__
        if isinstance(value, BaseException):
            return {"type": type(value).__name__, "text": self._text(str(value)), "args": self.of(list(value.args), depth + 1)}
        fields = _fields(value)
        if fields is not None:
            return {self._text(str(name)): self.of(each, depth + 1) for name, each in fields.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self.of(each, depth + 1) for each in value]
        return self._text(_plain(value))

    def _text(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return text


def _fields(value: Any) -> Mapping[Any, Any] | None:
    if isinstance(value, Amount | Price):
        return None
    if isinstance(value, msgspec.Struct):
        return {name: getattr(value, name) for name in value.__struct_fields__}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    return value if isinstance(value, Mapping) else None


def _plain(value: Any) -> str:
    match value:
        case Enum():
            return str(value.value)
        case Decimal():
            return f"{value:f}"
        case bytes():
            return f"{len(value)} bytes"
        case _:
            return str(value)
