"""When each runbook was last executed to its end, and which ones were not for too long. All instants are in ns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from msgspec import Struct

from fairway.incidents.runbooks.flow import FlowEnd
from fairway.incidents.runbooks.runbook_events import RunbookEnded
from fairway.world.clock import DAY

OVERDUE_AFTER_NS: Final = 30 * DAY
"""A runbook that was not executed for so long may not fit the system any more."""
FOLLOWED: Final = frozenset({FlowEnd.COMPLETE, FlowEnd.HANDED_OVER})
"""Ends of an execution that followed the runbook as it is written."""


@dataclass(frozen=True, slots=True)
class LastExecution:
    """at: when it ended."""

    at: int
    by: str
    end: FlowEnd


@dataclass(slots=True)
class Executions:
    """Folded from the journal of executed runbooks."""

    last: dict[str, LastExecution] = field(default_factory=dict)
    """By runbook, the newest execution, however it ended."""
    followed_at: dict[str, int] = field(default_factory=dict)
    """By runbook, when it was last followed to an end that it names."""

    def take(self, event: Struct, by: str, at: int) -> None:
        """Adds an event of the journal."""
        if isinstance(event, RunbookEnded):
            self.last[event.runbook] = LastExecution(at, by, event.end)
            if event.end in FOLLOWED:
                self.followed_at[event.runbook] = at


def overdue_runbooks(followed_at: Mapping[str, int], now: int, names: Iterable[str]) -> list[str]:
    """Runbooks that were not followed to their end within 30 days, or never. followed_at: by runbook, when it last was."""
    return sorted(name for name in names if now - followed_at.get(name, now - OVERDUE_AFTER_NS - 1) > OVERDUE_AFTER_NS)
