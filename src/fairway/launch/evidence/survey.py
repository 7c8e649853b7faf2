"""A survey: what users answered, as rows of a file that a person brings. Who gave an answer is not kept, but a digest of its id.

Columns: `id`, another one for each answer; `at`, when it was given; `positive`, yes or no; `severity`, which may be left out:
none, mild or severe. Other columns, such as a user's comment, are not read.
"""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct

from fairway.texts.problems import FileError, Problem
from fairway.world.clock import parse_instant

ANSWERS_MAX: Final = 5_000
"""Of one file; more come in several."""
NEEDED: Final = ("id", "at", "positive")
WORDS: Final = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
SEVERITIES: Final = ("none", "mild", "severe")
EXAMPLE: Final = "id,at,positive,severity"


class SurveyError(FileError):
    """All the mistakes of a file of answers."""


class UserAnswer(Struct, frozen=True, kw_only=True, array_like=True):
    """key: identifies the answer, and not the user who gave it. at: ns. severity: of the complaint."""

    key: str
    at: int
    is_positive: bool
    severity: str = "none"


def answers_of(text: str, *, file: str, now: int) -> tuple[UserAnswer, ...]:
    """The answers of a file, oldest first. Raises SurveyError, which tells all that is wrong."""
    problems: list[Problem] = []
    answers = list(_read(text, now, problems))
    if not answers and not problems:
        problems.append(_problem(2, what="holds no answer", example="17,2026-11-28T10:00Z,yes,none"))
    if problems:
        raise SurveyError(file, problems)
    return tuple(sorted(answers, key=lambda each: (each.at, each.key)))


def unknown(answers: Iterable[UserAnswer], known: Iterable[UserAnswer]) -> tuple[UserAnswer, ...]:
    """Those that were not brought before: the first word of each stands."""
    keys = {each.key for each in known}
    return tuple(each for each in answers if each.key not in keys)


def _read(text: str, now: int, problems: list[Problem]) -> Iterator[UserAnswer]:
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    lines: dict[str, int] = {}
    try:
        missing = [name for name in NEEDED if name not in (rows.fieldnames or ())]
        if missing:
            problems.append(_problem(1, what=f"has no column {', '.join(missing)}", example=EXAMPLE))
            return
        for count, row in enumerate(rows, 1):
            if count > ANSWERS_MAX:
                what = f"is answer {count}, and a file has at most {ANSWERS_MAX}; bring several"
                problems.append(_problem(rows.line_num, what))
                return
            yield from _answer(row, rows.line_num, now, lines, problems)
    except csv.Error as error:
        problems.append(_problem(rows.line_num, what=f"is no row of a table: {error}", example=EXAMPLE))


def _answer(
    row: Mapping[str, str | None], line: int, now: int, lines: dict[str, int], problems: list[Problem]
) -> Iterator[UserAnswer]:
    cells = {name: (row.get(name) or "").strip() for name in (*NEEDED, "severity")}
    severity = cells["severity"].casefold() or "none"
    found = len(problems)
    if not cells["id"] or cells["id"] in lines:
        what = f"{cells['id'][:60]!r} is the id of line {lines[cells['id']]}, too" if cells["id"] else "is empty"
        problems.append(_problem(line, key="id", what=what, example="id: another one for each answer"))
    if cells["positive"].casefold() not in WORDS:
        problems.append(_problem(line, key="positive", what=f"{cells['positive'][:60]!r} is neither yes nor no", example="yes"))
    if severity not in SEVERITIES:
        what = f"{cells['severity'][:60]!r} is not one of {', '.join(SEVERITIES)}"
        problems.append(_problem(line, key="severity", what=what, example="severe"))
    at = _instant(cells["at"], line, now, problems)
    if len(problems) == found:
        lines[cells["id"]] = line
        key = hashlib.sha256(cells["id"].encode()).hexdigest()[:16]
        yield UserAnswer(key=key, at=at, is_positive=WORDS[cells["positive"].casefold()], severity=severity)


def _problem(line: int, what: str, *, key: str = "", example: str = "") -> Problem:
    return Problem(line=line, column=1, key=key, what=what, example=example)


def _instant(text: str, line: int, now: int, problems: list[Problem]) -> int:
    try:
        at = parse_instant(text)
    except (ValueError, OverflowError):
        problems.append(_problem(line, key="at", what=f"{text[:60]!r} is no instant", example="2026-11-28T10:00Z"))
        return 0
    if not 0 < at <= now:
        problems.append(
            _problem(line, key="at", what=f"{text[:60]!r} is yet to come, or before 1970", example="when it was given")
        )
    return at
