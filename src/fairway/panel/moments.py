"""Instants that change while a page is open."""

from collections.abc import Callable
from typing import Any

from fairway.panel.elements import Tag
from fairway.panel.live import Live
from fairway.texts.display import moment_text
from fairway.world.clock import text_of


def day_and_time(at: int, nothing: str = "") -> str:
    """`25 Nov 14:05`, UTC."""
    return moment_text(at) if at else nothing


def live_moment(live: Live[Any], get: Callable[[Any], int], *, nothing: str = "", classes: str = "") -> Tag:
    """An instant (ns) with its day, in UTC. nothing: what stands where there is none."""
    found = Tag("time", "", f"live {classes}")
    live.bind(get, lambda at: found.set_text(day_and_time(at, nothing)))
    live.attribute(found, "datetime", lambda facts: text_of(get(facts)) if get(facts) else None)
    return found
