"""The one place where a command's answer is a value: it is printed as text for people, or as one JSON document with `--json`.

A command that shows something returns a `CommandOutput` and is marked `@shows`, which gives it the option. Keys are listed in
docs/reference/json.md.

Amounts, prices and shares are texts, exact to the last digit; instants are texts in UTC; "" and null say that there
is none.
"""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Annotated

from cyclopts import Parameter

from fairway.cli.exits import ExitCode
from fairway.cli.printing import say

JSON = Annotated[bool, Parameter(negative=(), help="One JSON document instead of text; its keys are in docs/reference/json.md.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandOutput:
    """value: what is shown, of dicts, lists, structs and plain values.

    text: the same for people, as lines or as a function that prints them.
    """

    value: object
    text: Iterable[str] | Callable[[], None]
    code: ExitCode = ExitCode.OK


def shows(command: Callable[..., CommandOutput]) -> Callable[..., int]:
    """The command, with the option --json."""

    @wraps(command)
    def shown(*args: object, json: bool = False, **options: object) -> int:
        answer = command(*args, **options)
        if json:
            say(document(answer.value))
        elif callable(answer.text):
            answer.text()
        else:
            for line in answer.text:
                say(line)
        return answer.code

    its = inspect.signature(command)
    option = inspect.Parameter("json", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=JSON)
    shown.__signature__ = its.replace(parameters=[*its.parameters.values(), option], return_annotation=int)  # type: ignore[attr-defined]
    shown.__annotations__ = {**command.__annotations__, "json": JSON, "return": int}
    return shown


def document(value: object) -> str:
    """One line of JSON. Decimals are texts; a value that JSON does not know is its own text."""
    import msgspec

    return msgspec.json.encode(value, enc_hook=str).decode()


def instant(at: int) -> str:
    """An instant (ns) as text in UTC; "" for none."""
    from fairway.world.clock import text_of

    return text_of(at) if at else ""
