"""Holds: the reasons why a launch does not go on, each with its kind, its text, its beginning, and who may release it.

A hold stops the stage's clock and every promotion. One that contains takes the lease to open positions away as well.
"""

from collections.abc import Iterable

from msgspec import Struct

from fairway.launch.control.hold_kinds import HoldKind
from fairway.risk.caps import Lifting


class Hold(Struct, frozen=True, kw_only=True):
    id: str
    """Tells the hold from others: raising one under the same id replaces it."""
    kind: HoldKind
    """What decides what the hold does, how severe it is and what its release leads to."""
    reason: str
    since: int
    """Instant (ns)."""
    lifting: Lifting
    """Who releases this one: as its kind says, or a person where it has come and gone too often."""
    track: str = ""
    """"" for all."""

    @property
    def contains(self) -> bool:
        """Whether nothing is opened while the hold lasts."""
        return self.kind.contains

    def is_a(self, kind: HoldKind) -> bool:
        """Whether the hold is of a kind. Compared by the kind's name, for kinds in a journal may be of an earlier release."""
        return self.kind.name == kind.name

    def covers(self, track: str) -> bool:
        return self.track in ("", track)


def hold_of(kind: HoldKind, reason: str, since: int, *, scope: str = "", track: str = "") -> Hold:
    """A hold of a kind. since: instant (ns). scope: what it is about, in its id. track: the only one that it covers."""
    return Hold(id=kind.id_of(scope), kind=kind, reason=reason, since=since, lifting=kind.lifting, track=track)


def on(track: str, holds: Iterable[Hold]) -> list[Hold]:
    """Those that stop a track, oldest first."""
    return sorted((each for each in holds if each.covers(track)), key=lambda each: (each.since, each.id))
