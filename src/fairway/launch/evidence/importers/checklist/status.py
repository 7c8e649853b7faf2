"""Tells from a sentence of a plan whether its matter is done or stands open; most sentences say neither.

A word counts where it is a predicate: `the audit is pending`, `audit: pending`, `audit (pending)`. Where it only describes
another word (`pending orders are cancelled`), follows `when` or `if`, is denied (`nothing is pending`) or is past (`was pending,
is done now`), it does not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from fairway.launch.evidence.importers.checklist.words import (
    ACHIEVED,
    BETWEEN,
    DENIED,
    EVENTS,
    FOLLOWS,
    LACKING,
    MODIFIED,
    NOT_ACHIEVED,
    PAST,
    PERFECT,
    STATES,
    UNLESS,
    VALUES,
    VERBS,
    WEAK,
    phrase,
)


@dataclass(frozen=True, slots=True)
class ItemStatus:
    """open: the words that show that something stands open, "" for none. is_done: whether it says that it is done."""

    open: str = ""
    is_done: bool = False


class _Kind(IntEnum):
    """How much a word is worth. PAST: it was so once. EVENT: it happened, and may be mended since. STATE: it is so."""

    PAST = 0
    EVENT = 1
    STATE = 2


@dataclass(frozen=True, slots=True)
class _Said:
    at: int
    words: str
    kind: _Kind
    is_open: bool


@dataclass(frozen=True, slots=True)
class _Clause:
    """A part of a sentence. is_value: what follows a colon, a dash or an opening parenthesis, or fills a cell."""

    text: str
    is_value: bool


_SEPARATOR = re.compile(
    r"(?P<value>:\s+|\s+[-–—]+\s+|\s*\.{3,}\s*|\s*…\s*|\s*\(|\s<-+\s|(?:\s*(?:→|=>|->)\s*))"
    r"|(?P<end>[.!?](?=\s|$)|[;)]|,\s+(?:but|and|though|however|while|then)?\s*|\s+(?:but|however|though|although)\s+"
    r"|\s+and\s+(?=(?:is|are|was|were|has|have|had|then|now|failed|passed|still|not)\b)"
    r"|\s+(?=(?:except|apart from|save for|other than)\b))",
    re.IGNORECASE,
)
_ID = re.compile(r"\b[A-Z][A-Z0-9]*-\d+\b|\b[A-Z]+_[A-Z_]+\b|`[^`]*`")
_CODED_VALUE = re.compile(r"^(?P<key>[^`:]{1,60}:\s+)?`(?P<value>[^`]+)`\s*$")
_QUOTED = re.compile(r"[\"“][^\"“”]{1,60}[\"”]")
_NOUN: Final = "thing"
"""What stands for a ticket's number, a name in quotation marks, a piece of code: their letters say nothing."""


def status_of(text: str, *, is_value: bool = False, is_ticked: bool = False) -> ItemStatus:
    """is_value: a cell, or what follows a colon. is_ticked: what a ticked box says is the task, only its tail is a status."""
    clauses = list(_clauses(_masked(text), is_value=is_value))
    said: list[_Said] = []
    for index, clause in enumerate(clauses):
        is_task = is_ticked and index == 0
        said += sorted(_said_in(clause, is_task=is_task), key=lambda each: each.at)
    return _together(said)


def _masked(text: str) -> str:
    if value := _CODED_VALUE.match(text):
        return f"{value['key'] or ''}{value['value'].replace('_', ' ')}"
    masked = _ID.sub(_NOUN, text)
    return masked if _QUOTED.fullmatch(masked.strip()) else _QUOTED.sub(_NOUN, masked)


def _clauses(text: str, *, is_value: bool) -> Iterator[_Clause]:
    start, is_next_value = 0, is_value
    for match in _SEPARATOR.finditer(text):
        if text[start : match.start()].strip():
            yield _Clause(text[start : match.start()].strip(), is_next_value)
            is_next_value = False
        is_next_value = is_next_value or match["value"] is not None
        start = match.end()
    if text[start:].strip():
        yield _Clause(text[start:].strip(), is_next_value)


def _together(said: list[_Said]) -> ItemStatus:
    """What is so now counts before what happened, of that the last, and what was so once counts where nothing came after."""
    is_done = any(not each.is_open for each in said)
    states = [each for each in said if each.is_open and each.kind is _Kind.STATE]
    if states:
        return ItemStatus(states[0].words, is_done)
    last = said[-1] if said else None
    if last is not None and last.is_open and (last.kind is _Kind.EVENT or not is_done):
        return ItemStatus(last.words, is_done)
    return ItemStatus("", is_done)


def _said_in(clause: _Clause, *, is_task: bool) -> Iterator[_Said]:
    text = clause.text
    for match in LACKING.finditer(text):
        if not is_task or match["strong"]:
            yield from _open(text, match, _Kind.STATE)
    if not is_task:
        yield from _bad_news(clause)
        yield from _good_news(clause)


def _bad_news(clause: _Clause) -> Iterator[_Said]:
    text = clause.text
    for match in NOT_ACHIEVED.finditer(text):
        yield from _open(text, match, _Kind.PAST if match["past"] else _Kind.EVENT if match["event"] else _Kind.STATE)
    value = VALUES.match(text) if clause.is_value else None
    if value and (not WEAK.match(value[0]) or FOLLOWS.match(text[value.end() :])):
        yield _Said(value.start(), value[0], _Kind.STATE, is_open=True)
    for match in STATES.finditer(text):
        if _is_predicate(clause, match):
            yield from _open(text, match, _Kind.STATE)
    for match in EVENTS.finditer(text):
        if FOLLOWS.match(text[match.end() :]) or not match[0].lower().endswith("failed"):
            yield from _open(text, match, _Kind.EVENT)


def _good_news(clause: _Clause) -> Iterator[_Said]:
    text = clause.text
    denied = [match.span() for match in NOT_ACHIEVED.finditer(text)]
    for match in ACHIEVED.finditer(text):
        is_denied = any(start <= match.start() < end for start, end in denied) or DENIED.search(text[: match.start()])
        if not is_denied and _is_predicate(clause, match) and not _is_unsure(text, match):
            yield _Said(match.start(), match[0], _Kind.STATE, is_open=False)


def _open(text: str, match: "re.Match[str]", kind: _Kind) -> Iterator[_Said]:
    before = text[: match.start()]
    if _is_unsure(text, match):
        return
    if DENIED.search(before):
        yield _Said(match.start(), match[0], kind, is_open=False)
    else:
        its = _Kind.PAST if PAST.search(before) else kind
        yield _Said(match.start(), phrase(match[0]), its, is_open=True)


def _is_unsure(text: str, match: "re.Match[str]") -> bool:
    """Whether it is only said of a case that may come."""
    return bool(UNLESS.search(text[: match.start()]))


def _is_deed(match: "re.Match[str]", before: str, after: str) -> bool:
    """`works since Monday`, `has approved the text`."""
    return bool(VERBS.match(match[0]) and FOLLOWS.match(after)) or bool(match.re is ACHIEVED and PERFECT.search(before))


def _is_predicate(clause: _Clause, match: "re.Match[str]") -> bool:
    """By its neighbours: it says something of the subject, and describes no other word."""
    before, after = clause.text[: match.start()], clause.text[match.end() :]
    if not before.strip():
        return clause.is_value or bool(FOLLOWS.match(after))
    if MODIFIED.search(before):
        return False
    if _is_deed(match, before, after):
        return True
    is_end = not after.strip(" .,!")
    return is_end or bool(BETWEEN.search(before) and (FOLLOWS.match(after) or after.startswith(" and ")))
