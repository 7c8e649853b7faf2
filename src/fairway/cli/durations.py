"""Durations on the command line: `30s`, `90m`, `12h`, `7d`, wherever an option is a length of time."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from cyclopts import Parameter

if TYPE_CHECKING:
    from cyclopts import Token


def duration(example: str, most: str, *, least: int = 1, bare: str = "", names: Sequence[str] = ()) -> Parameter:
    """How an option is read that is a length of time, into ns.

    example, most: as they are written. least: in ns. bare: the unit of a number that stands alone, such as `h`, for options that
    took such numbers before there were units; "" where it is refused. names: how it is called, where not as its parameter.
    """

    def read(kind: object, tokens: "Sequence[Token]") -> int:
        from fairway.texts.durations import duration_of

        text = tokens[0].value
        try:
            length = _bare(text, bare) if bare else None
            length = duration_of(text) if length is None else length
        except ValueError:
            length = -1
        if not least <= length <= duration_of(most):
            raise ValueError(f"{text!r} is no duration of up to {most}; a right one is {example}, and there are s, m, h, d and w")
        return length

    return Parameter(name=names or None, converter=read, show_default=_written)


def _bare(text: str, unit: str) -> int | None:
    """None for what is no number without a unit. Raises ValueError for one that is not finite."""
    from fairway.texts.durations import LENGTHS

    try:
        return int(Decimal(text) * LENGTHS[unit])
    except InvalidOperation:
        return None
    except OverflowError:
        raise ValueError from None


def _written(length: int | None) -> str | None:
    from fairway.texts.durations import as_setting

    return as_setting(length) if length else None
