"""What makes a new list of drawn points of an old one, so that only that goes to a browser."""

from collections.abc import Sequence
from typing import Any, NamedTuple


class PointChanges(NamedTuple):
    """gone: so many first points are left out. length: of the list then. changed: by place, points that are new or otherwise."""

    gone: int
    length: int
    changed: tuple[tuple[int, Any], ...]


def point_changes(before: Sequence[Any], after: Sequence[Any]) -> PointChanges:
    """A curve goes on at its end, and loses its oldest points as its span moves on."""
    gone = before.index(after[0]) if after and after[0] in before else 0
    stays = before[gone : gone + len(after)]
    changed = ((place, each) for place, each in enumerate(after) if place >= len(stays) or stays[place] != each)
    return PointChanges(gone, len(after), tuple(changed))
