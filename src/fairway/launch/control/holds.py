"""Holds: every reason why a launch does not go on, each with who said so, why, since when, and who may lift it.

A hold stops the stage's clock and every promotion. One that contains takes the lease to open positions away as well.
"""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from fairway.risk.caps import Lifting

UNGUARDED: Final = "guards"
"""The hold of a launch of which no account has all the guards on that its plan names."""
SAFE_START: Final = "safe start"
"""The hold of a pilot whose journal does not know all that was given: a person says whether it is this one that flies."""

KINDS: Final = (
    "person",
    "gate",
    "inconclusive",
    "failed",
    "budget",
    "cause",
    "blind",
    "undone",
    UNGUARDED,
    "effect",
    "commands",
    "registry",
    SAFE_START,
)
"""With what the id of a hold begins; what follows may name an account or a person."""
OTHER: Final = "other"
"""The kind of a hold that a newer release has raised."""


class Hold(Struct, frozen=True, kw_only=True):
    """id: a hold of the same id is replaced. track: "" for all. since: ns. contains: nothing is opened while it lasts."""

    id: str
    reason: str
    since: int
    lifting: Lifting
    track: str = ""
    contains: bool = False

    def covers(self, track: str) -> bool:
        return self.track in ("", track)


def on(track: str, holds: Iterable[Hold]) -> list[Hold]:
    """Those that stop a track, oldest first."""
    return sorted((each for each in holds if each.covers(track)), key=lambda each: (each.since, each.id))


def kind_of(hold: Hold) -> str:
    """One of KINDS, or OTHER: it names nobody."""
    return next((kind for kind in KINDS if f"{hold.id} ".startswith(f"{kind} ")), OTHER)
