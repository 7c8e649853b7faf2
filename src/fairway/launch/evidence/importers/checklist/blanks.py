"""Finds blanks that a person still has to fill in: TBD, `<name>`, an empty line to sign on, a missing contact."""

import re
from typing import Final

from fairway.texts.placeholders import gap_in

_PLACE = re.compile(
    r"<(?!-|=)[A-Za-z][^<>@/:=]{0,60}>|\{\{?[^{}]{1,60}\}?\}|_{3,}|\[\s*_+\s*\]"
    r"|\[(?:[^\[\]]*\b)?(?:insert|your|name|date|owner|who|link|number|phone|e-?mail|contact|team|person|title|value|amount|tbd|fill)\b"
    r"[^\[\]]{0,40}\](?![(\[:])",
    re.IGNORECASE,
)
_NOUN_USE = re.compile(r"\b(?:the|a|an|our|this|that|every|each|my|any|no)\s+$", re.IGNORECASE)
_SUBJECT = re.compile(r"^\s+\w+\s+(?:of\b|is\b|are\b|was\b|were\b|has\b|have\b|must\b|will\b|in\b)", re.IGNORECASE)
_ID = re.compile(r"\b[A-Z][A-Z0-9]*-\d+\b|\b\w+_\w+\b|`[^`]+`")
_NOTHING: Final = frozenset(
    ["", "-", "--", "–", "—", "?", "??", "…", "...", ".", "x", "n/a", "na", "nil", "none", "nobody", "no one", "nothing",
    "not assigned", "not applicable", "unassigned", "vacant", "open", "missing", "unknown", "empty"]
)  # fmt: skip
_PEOPLE = re.compile(
    r"\b(?:contacts?|on.?call|owners?|responsible|emergency|phone|hotline|escalations?|committee|leads?|manager|assignee|"
    r"assigned to|approvers?|approved by|signed by|sign.?off|signature|signatory|reviewers?|pager|who|deputy|commander|rota|"
    r"chair|person in charge)\b",
    re.IGNORECASE,
)


def blank_in(text: str) -> str:
    """The words that show a gap; "" where there is none. Numbers of tickets, code, and `todo` as a noun are none."""
    if place := _PLACE.search(re.sub(r"`[^`]+`", "", text)):
        return place[0]
    masked = _ID.sub("thing", text) if text.strip("` ") != gap_in(text) else text
    words = gap_in(masked)
    at = masked.find(words)
    is_noun = _NOUN_USE.search(masked[:at]) or _SUBJECT.match(masked[at + len(words) :])
    return "" if words.lower() == "todo" and is_noun else words


def is_nothing(text: str) -> bool:
    """Whether a value says that there is none."""
    return text.strip(" .`*").lower() in _NOTHING


def names_people(text: str) -> bool:
    """Whether a key or a column asks for a person."""
    return bool(_PEOPLE.search(text))
