"""The message that people get: what happened, what belongs to it, and what they can do."""

from enum import StrEnum
from typing import Final

from msgspec import Struct

SEVERITIES: Final = ("P0", "P1", "P2", "P3", "")
"""Most urgent first; "" is a message without a severity."""


class MessagePhase(StrEnum):
    """Where the matter stands that a message belongs to. A channel such as PagerDuty opens and closes an incident by it."""

    OPENED = "opened"
    ACKNOWLEDGED = "acknowledged"
    """A person has taken it on."""
    UPDATED = "updated"
    RESOLVED = "resolved"
    NOTE = "note"
    """It belongs to no matter that is open, such as a daily summary."""


class Message(Struct, frozen=True, kw_only=True):
    """One message. Its texts may come from outside: each channel escapes them."""

    id: str
    """The same for each try, so that a receiver may drop a repeated one."""
    title: str
    """In one line."""
    lines: tuple[str, ...] = ()
    at: int
    """When it happened (ns)."""
    severity: str = ""
    """One of SEVERITIES."""
    phase: MessagePhase = MessagePhase.NOTE
    thread: str = ""
    """The id of the matter, such as an incident; "" for none. A channel keeps one thread together where it can."""
    command: str = ""
    """To copy."""
    link: str = ""


def rank(severity: str) -> int:
    """0 for P0, the most urgent; an unknown text counts as none."""
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES) - 1
