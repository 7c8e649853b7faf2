"""The subject of a message: what it is about, where that lasts longer than one tick. It is announced once."""

from enum import StrEnum
from typing import Final

from msgspec import Struct


class SubjectKind(StrEnum):
    HOLD = "hold"
    KILL = "kill"
    CLOCK = "clock"
    """A message that comes at an interval."""
    MAINTENANCE_AHEAD = "maintenance ahead"
    MAINTENANCE_BEGUN = "maintenance begun"
    MAINTENANCE_OVER = "maintenance over"
    """Planned maintenance has ended, or was called off."""


class MessageSubject(Struct, frozen=True):
    kind: SubjectKind
    id: str = ""
    """Of a hold."""
    at: int = 0
    """When the maintenance begins (ns)."""

    def __str__(self) -> str:
        return f"{self.kind.value} {self.id}".rstrip()


KILL: Final = MessageSubject(SubjectKind.KILL)
CLOCK: Final = MessageSubject(SubjectKind.CLOCK)


def hold_subject(hold_id: str) -> MessageSubject:
    return MessageSubject(SubjectKind.HOLD, id=hold_id)
