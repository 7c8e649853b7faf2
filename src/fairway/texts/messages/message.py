"""What a message is made of: a key, typed arguments, and a template for each of its parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from fairway.money.amount import Amount, Price


class MessageKey(Enum):
    """The base of each subject's keys. Keys of two subjects differ, also where they have the same name."""


@dataclass(frozen=True, slots=True)
class Template:
    """What happened, what Fairway did about it, and what a person can do; the last two may be `""`.

    Each is a Jinja template: `{{ name }}` stands for an argument, which the medium formats and escapes.
    """

    what: str
    did: str = ""
    can: str = ""

    @property
    def parts(self) -> tuple[str, str, str]:
        return self.what, self.did, self.can


class Precision(Enum):
    """How much of an instant is shown, in characters of its ISO text."""

    MINUTE = 16
    SECOND = 19
    MILLISECOND = 24


@dataclass(frozen=True, slots=True)
class InstantValue:
    """An instant in ns since 1970 UTC. 0 is no instant: a template's `{% if %}` skips it."""

    at: int
    precision: Precision = Precision.MILLISECOND

    def __bool__(self) -> bool:
        return bool(self.at)


@dataclass(frozen=True, slots=True)
class DurationValue:
    """A length of time in ns."""

    ns: int


@dataclass(frozen=True, slots=True)
class NumberValue:
    """A number with so many decimals; None shows every digit. is_signed shows a plus above zero."""

    value: Decimal
    places: int | None = None
    is_signed: bool = False


@dataclass(frozen=True, slots=True)
class KeyedMessage:
    """A key with the arguments that its template names. An argument may be a message itself, such as the name of an order."""

    key: MessageKey
    arguments: "Mapping[str, Argument]"


Plain = str | int | Decimal | Amount | Price | InstantValue | DurationValue | NumberValue
Argument = Plain | KeyedMessage | Sequence["Argument"] | None


def message(key: MessageKey, **arguments: Argument) -> KeyedMessage:
    return KeyedMessage(key, arguments)


@dataclass(frozen=True, slots=True)
class MessageText:
    """A message as text of one medium."""

    what: str
    did: str = ""
    can: str = ""

    @property
    def sentence(self) -> str:
        """All parts in one line."""
        return "; ".join(part for part in (self.what, self.did, self.can) if part)
