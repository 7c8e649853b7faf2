"""A kill that the pilot has ordered, until trader and venue show that it is done."""

from dataclasses import dataclass
from typing import Self

from fairway.launch.control.launch_events import KillOrdered
from fairway.risk.disposal import Disposal


@dataclass(frozen=True, slots=True)
class PendingKill:
    disposal: Disposal
    why: str
    since: int
    """When it was first ordered (ns)."""
    at: int
    """When it was last ordered (ns); 0 where that was before the pilot's last start."""
    tries: int = 1
    """How often it was ordered since the trader showed it, the first order included."""
    is_seen: bool = False
    """Whether the trader has shown it."""
    not_sold: str = ""
    """See `KillOrdered.not_sold`."""
    reason: str = ""
    """In words, for people."""

    @classmethod
    def of(cls, event: KillOrdered, at: int) -> Self:
        """A kill that is ordered for the first time, at an instant (ns)."""
        return cls(event.disposal, event.why, since=at, at=at, not_sold=event.not_sold, reason=event.reason)
