"""Instants with their day, for lists that reach back further than today."""

from fairway.panel.elements import Tag
from fairway.world.clock import text_of

SECONDS = 19
"""Characters of an instant's text up to its seconds; four more have the milliseconds."""


def dated(at: int, *, length: int = SECONDS) -> Tag:
    """An instant (ns) in UTC with its day; the local time is shown on hover."""
    return Tag("time", dated_words(at, length=length), datetime=text_of(at) if at else "")


def dated_words(at: int, *, length: int = SECONDS) -> str:
    """`2026-11-25 14:05:09`, UTC; "" for none."""
    return text_of(at)[:length].replace("T", " ") if at else ""
