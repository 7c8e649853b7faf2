"""Finds placeholders that an author meant to fill later: TBD, to be defined, and their like."""

import re
from typing import Final

_GAP: Final = re.compile(
    r"\b(TBD|TBA|TBC|TODO|FIXME|XXX)\b|\bto be (defined|decided|determined|done|announced|confirmed|agreed|filled in)\b|\?{3,}"
    r"|^\s*\?+\s*$",
    re.IGNORECASE,
)


def gap_in(text: str) -> str:
    """The words that show it; "" where there is none."""
    match = _GAP.search(text)
    return match[0].strip() if match else ""
