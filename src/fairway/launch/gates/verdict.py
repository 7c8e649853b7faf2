"""Verdicts of gates. An unknown result is never a pass, and of several results the worst one counts."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from msgspec import Struct


class Result(StrEnum):
    """Worst first, as they combine: any FAIL is FAIL, else any unknown is unknown, else PASS."""

    FAIL = "FAIL"
    ERROR = "ERROR"
    """The gate cannot be evaluated: no source measures its indicator, or its settings do not fit."""
    STALE = "STALE"
    """The newest observation or evidence is too old, or the source has been silent for too long."""
    INSUFFICIENT = "INSUFFICIENT"
    """Too few observations, approvals or evidence yet."""
    PASS = "PASS"

    @property
    def is_unknown(self) -> bool:
        return self in (Result.ERROR, Result.STALE, Result.INSUFFICIENT)


_ORDER: Final = tuple(Result)


class Verdict(Struct, frozen=True, kw_only=True):
    """gate: its name in the plan. reason: a code in the style `CATEGORY_CONDITION: key=value`.

    numbers: what it was judged by, as text. since and until: the window (ns). digest: of all inputs; the same inputs give the
    same verdict. missing: for an unknown one, how many more observations it takes at best; None where that is not known.
    """

    gate: str
    result: Result
    reason: str
    numbers: dict[str, str] = {}
    since: int = 0
    until: int = 0
    digest: str = ""
    missing: int | None = None


def combined(results: Iterable[Result]) -> Result:
    """Of all; PASS where there is none."""
    return min(results, key=_ORDER.index, default=Result.PASS)
