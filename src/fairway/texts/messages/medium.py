"""How a medium writes the values of a message: terminal, HTML page, Telegram. It formats and escapes them; templates do not."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from html import escape
from typing import Any, Final

from fairway.money.amount import Amount, Price
from fairway.texts.display import amount, number, signed
from fairway.texts.durations import duration_words
from fairway.texts.messages.message import DurationValue, InstantValue, NumberValue
from fairway.world.clock import text_of


@dataclass(frozen=True, slots=True)
class Medium:
    """escape makes a text harmless there; instant writes an instant, given as ISO text."""

    name: str
    escape: Callable[[str], str]
    instant: Callable[[str], str]

    def text(self, value: Any) -> str:
        """The value as this medium shows it. Raises TypeError for a type that no medium knows."""
        match value:
            case InstantValue():
                return self.instant(text_of(value.at)[: value.precision.value])
            case tuple():
                return ", ".join(map(self.text, value))
            case _:
                return self.escape(_plain(value))


def _plain(value: Any) -> str:
    match value:
        case str() | Enum():
            return str(value)
        case DurationValue():
            return duration_words(value.ns)
        case NumberValue():
            return (signed if value.is_signed else number)(value.value, value.places)
        case Amount():
            return amount(value)
        case Price():
            return number(value.value)
        case int() | Decimal():
            return number(Decimal(value))
        case _:
            raise TypeError(f"a message cannot show {type(value).__name__}")


def _same(text: str) -> str:
    return text


TERMINAL: Final = Medium("terminal", _same, _same)
HTML: Final = Medium("html", escape, lambda iso: f'<time datetime="{iso}">{iso}</time>')
TELEGRAM: Final = Medium("telegram", lambda text: escape(text, quote=False), _same)
"""Telegram's HTML mode: only `<`, `>` and `&` are escaped, and it knows no `<time>`."""
MEDIA: Final = (TERMINAL, HTML, TELEGRAM)
