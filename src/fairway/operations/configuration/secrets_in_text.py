"""Finds secrets that stand in a configuration's text itself, and hides them where the text is shown."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

MASK: Final = "********"
_VALUE: Final = r"(?:\"[^\"\n]*\"|'[^'\n]*'|[^,}\]\s#][^,}\]\n#]*)"
_KEYED: Final = re.compile(
    rf"(?P<key>[\w-]*(?:key|secret|token|password|webhook))[\"']?[ \t]*:[ \t]+(?P<value>{_VALUE})", re.IGNORECASE
)
"""A key that holds a secret, and its value, in block style or within braces."""
_HEARTBEAT: Final = re.compile(rf"heartbeat:\s*\{{?\s*(?P<key>url):[ \t]+(?P<value>{_VALUE})")
_IN_URL: Final = re.compile(r"(?P<key>\w+)://[^\s:/@]+:(?P<value>[^\s@/]+)@")
_PLACES: Final = ("env:", "file:")
_NAMES_A_PLACE: Final = frozenset({"master_key"})
"""A key whose value always is a place."""


class SecretInText(NamedTuple):
    """Where a secret stands. line: from 1. start, end: of its letters in the text."""

    key: str
    line: int
    start: int
    end: int


def secrets_in(text: str) -> tuple[SecretInText, ...]:
    """All of them, in their order; not those in comments. A value that names a place, such as `file:key`, is none."""
    return tuple(each for each in _all(text) if "#" not in text[text.rfind("\n", 0, each.start) + 1 : each.start])


def masked(text: str) -> str:
    """The text with a mask in place of each secret, also in comments."""
    parts, at = [], 0
    for each in _all(text):
        if each.start < at:
            continue
        parts += [text[at : each.start], MASK]
        at = each.end
    return "".join([*parts, text[at:]])


def _all(text: str) -> list[SecretInText]:
    found = {each.start: each for pattern in (_KEYED, _HEARTBEAT, _IN_URL) for each in _found(pattern, text)}
    return [found[start] for start in sorted(found)]


def _found(pattern: re.Pattern[str], text: str) -> Iterator[SecretInText]:
    for match in pattern.finditer(text):
        written = match["value"].rstrip()
        value, key = written.strip("\"'"), match["key"]
        if not value or value.startswith(_PLACES) or key.lower() in _NAMES_A_PLACE:
            continue
        start = match.start("value")
        yield SecretInText(key, text.count("\n", 0, start) + 1, start, start + len(written))
