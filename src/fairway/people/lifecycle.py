"""The life of a user and of an account, as one table. What is absent from it is refused, and nothing returns from removed."""

from enum import StrEnum
from typing import Final


class LifecycleState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    """Opens nothing; what is held stays, and stays protected."""
    DEACTIVATED = "deactivated"
    """The venue refuses its keys, so nothing can be done there until it has new ones. Accounts only."""
    REMOVED = "removed"
    """Gone for good: its keys are destroyed, its history and its id stay."""


class AccountChange(StrEnum):
    """What may be done to it."""

    PAUSE = "pause"
    RESUME = "resume"
    DEACTIVATE = "deactivate"
    ROTATE = "rotate"
    REMOVE = "remove"


TRANSITIONS: Final[dict[tuple[LifecycleState, AccountChange], LifecycleState]] = {
    (LifecycleState.ACTIVE, AccountChange.PAUSE): LifecycleState.PAUSED,
    (LifecycleState.ACTIVE, AccountChange.DEACTIVATE): LifecycleState.DEACTIVATED,
    (LifecycleState.ACTIVE, AccountChange.ROTATE): LifecycleState.ACTIVE,
    (LifecycleState.ACTIVE, AccountChange.REMOVE): LifecycleState.REMOVED,
    (LifecycleState.PAUSED, AccountChange.RESUME): LifecycleState.ACTIVE,
    (LifecycleState.PAUSED, AccountChange.DEACTIVATE): LifecycleState.DEACTIVATED,
    (LifecycleState.PAUSED, AccountChange.ROTATE): LifecycleState.PAUSED,
    (LifecycleState.PAUSED, AccountChange.REMOVE): LifecycleState.REMOVED,
    # New keys make it usable; a person decides separately that it trades again.
    (LifecycleState.DEACTIVATED, AccountChange.ROTATE): LifecycleState.PAUSED,
    (LifecycleState.DEACTIVATED, AccountChange.REMOVE): LifecycleState.REMOVED,
}

RAISING: Final = frozenset({AccountChange.RESUME})
"""What lets more be risked than before: a reason is asked for."""
