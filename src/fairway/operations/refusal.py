"""Why an operation was not performed: a code for programs, a sentence for people, and a right example."""

import re
from enum import StrEnum
from typing import Final

_CODE: Final = re.compile(r"[A-Z]+(?:_[A-Z]+)+(?:: .+)?", re.DOTALL)


class Ground(StrEnum):
    """What kind of reason a refusal has. A shell chooses its exit code or HTTP status by it."""

    INPUT = "input"
    """What was asked for is not well formed, or names something that does not exist."""
    RULE = "rule"
    """A rule or the present state forbids it."""
    PERMISSION = "permission"
    """The actor's role does not allow it."""
    CONFIGURATION = "configuration"
    """The configuration has mistakes."""
    IN_USE = "in use"
    """Another process writes the journal."""
    KEY_REFUSED = "key refused"
    """The venue refuses the API key."""
    VENUE_UNREACHABLE = "venue unreachable"
    """The venue does not answer."""


class Refusal(Exception):
    """An operation that was not performed.

    code: `CATEGORY_CONDITION` or `CATEGORY_CONDITION: key=value`. field: the field of the request that is wrong, "" where it is
    none. message: what is wrong and what the person can do; after a field's name it reads as one sentence. example: a right value
    of the field.
    """

    def __init__(self, code: str, message: str, ground: Ground, *, field: str = "", example: str = "") -> None:
        assert _CODE.fullmatch(code), code
        super().__init__(message)
        self.code, self.message, self.ground = code, message, ground
        self.field, self.example = field, example
        self.cause: BaseException | None = None
        """The error of a room below, where that is why. A shell may choose its exit code by it."""

    def sentence(self, field_name: str | None = None) -> str:
        """The message for people. field_name: what the shell calls the field, such as `--reason`."""
        name = self.field if field_name is None else field_name
        head = f"{name} {self.message}" if self.field else self.message
        return f"{head}; a right one is {name} {self.example}" if self.field and self.example else head

    def __str__(self) -> str:
        return self.sentence()


def wrong_input(code: str, message: str, *, field: str = "", example: str = "") -> Refusal:
    """A refusal of a request that is not well formed."""
    return Refusal(code, message, Ground.INPUT, field=field, example=example)


def against_rule(code: str, message: str) -> Refusal:
    """A refusal by a rule or by the present state."""
    return Refusal(code, message, Ground.RULE)


def reason_given(reason: str, example: str) -> str:
    """The reason without spaces at its ends. Raises Refusal where it is empty, for a later reader needs one."""
    if not reason.strip():
        raise wrong_input("REASON_EMPTY: field=reason", "is empty", field="reason", example=f'"{example}"')
    return reason.strip()
