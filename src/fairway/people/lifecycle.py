"""The life of a user and of an account, as one table. What is absent from it is refused, and nothing returns from removed."""

from enum import StrEnum
from typing import Final


class State(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    """Opens nothing; what is held stays, and stays protected."""
    DEACTIVATED = "deactivated"
    """The venue refuses its keys, so nothing can be done there until it has new ones. Accounts only."""
    REMOVED = "removed"
    """Gone for good: its keys are destroyed, its history and its id stay."""


class Change(StrEnum):
    """What may be done to it."""

    PAUSE = "pause"
    RESUME = "resume"
    DEACTIVATE = "deactivate"
    ROTATE = "rotate"
    REMOVE = "remove"


TRANSITIONS: Final[dict[tuple[State, Change], State]] = {
    (State.ACTIVE, Change.PAUSE): State.PAUSED,
    (State.ACTIVE, Change.DEACTIVATE): State.DEACTIVATED,
    (State.ACTIVE, Change.ROTATE): State.ACTIVE,
    (State.ACTIVE, Change.REMOVE): State.REMOVED,
    (State.PAUSED, Change.RESUME): State.ACTIVE,
    (State.PAUSED, Change.DEACTIVATE): State.DEACTIVATED,
    (State.PAUSED, Change.ROTATE): State.PAUSED,
    (State.PAUSED, Change.REMOVE): State.REMOVED,
    # New keys make it usable; that it trades again is a person's word.
    (State.DEACTIVATED, Change.ROTATE): State.PAUSED,
    (State.DEACTIVATED, Change.REMOVE): State.REMOVED,
}

RAISING: Final = frozenset({Change.RESUME})
"""What lets more be risked than before: a reason is asked for."""
