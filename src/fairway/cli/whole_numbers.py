"""Whole numbers on the command line. cyclopts rounds what is none, so that `--days 1.5` would trade something else than asked."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cyclopts import Parameter

if TYPE_CHECKING:
    from cyclopts import Token


def whole(example: int) -> Parameter:
    """How an option that is a whole number is read; the example stands in the sentence about a wrong one."""

    def read(kind: object, tokens: "Sequence[Token]") -> int:
        text = tokens[0].value
        try:
            return int(text)
        except ValueError:
            raise ValueError(f"{text!r} is no whole number; a right one is {example}") from None

    return Parameter(converter=read)
