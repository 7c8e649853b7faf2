"""Instants in UTC, each with its day; the local time is shown on hover, and an age is counted by the browser."""

from collections.abc import Callable
from enum import Enum
from typing import Any

from fairway.panel.elements import Tag
from fairway.panel.live import Live
from fairway.texts.display import moment_text
from fairway.world.clock import MILLISECOND, text_of


class InstantPrecision(Enum):
    """How much of an instant is shown, in characters of its ISO text; of a minute, as it is said in a sentence."""

    DAY = 10
    MINUTE = 0
    SECOND = 19
    MILLISECOND = 23


def moment_words(at: int, precision: InstantPrecision = InstantPrecision.SECOND, nothing: str = "") -> str:
    """`2026-11-25 14:05:09`, or `25 Nov 14:05` of a minute; nothing: what stands where there is none."""
    if not at:
        return nothing
    return moment_text(at) if precision is InstantPrecision.MINUTE else text_of(at)[: precision.value].replace("T", " ")


def moment(at: int, precision: InstantPrecision = InstantPrecision.SECOND, classes: str = "") -> Tag:
    """An instant (ns) that stays as it is."""
    return Tag("time", moment_words(at, precision), classes, datetime=text_of(at) if at else "")


def live_moment(
    live: Live[Any],
    get: Callable[[Any], int],
    precision: InstantPrecision = InstantPrecision.MINUTE,
    *,
    nothing: str = "",
    classes: str = "",
) -> Tag:
    """An instant (ns) that may change. nothing: what stands where there is none."""
    found = Tag("time", "", f"live {classes}")
    live.bind(get, lambda at: found.set_text(moment_words(at, precision, nothing)))
    live.attribute(found, "datetime", lambda facts: text_of(get(facts)) if get(facts) else None)
    return found


def live_age(live: Live[Any], get: Callable[[Any], int]) -> Tag:
    """How long ago an instant (ns) was, counted by the browser; nothing where there is none."""
    found = Tag("span", "", "age")
    live.attribute(found, "data-at", lambda facts: str(get(facts) // MILLISECOND) if get(facts) else None)
    return found
