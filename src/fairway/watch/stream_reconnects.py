"""Counts the reconnections of one account's streams within the last ten minutes, and keeps which are lost now.

It is for alerts: a broken connection of a trader ends the streams of all its accounts at once, so that a sum over accounts would
grow with their number. What one account sees does not.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

from fairway.journal.kinds import CaughtUp, StreamLost, TraderStarted, TraderStopped
from fairway.world.clock import MINUTE

RECONNECTS_WITHIN_NS: Final = 10 * MINUTE
ACCOUNT: Final = "account"
"""The channel of orders, fills and balances."""
KEPT: Final = 1_000
"""Instants kept; more reconnections within ten minutes count as so many."""


@dataclass(slots=True)
class StreamReconnects:
    """down: the channels that were lost, and have not caught up. ats: when each came back (ns), oldest first."""

    down: dict[str, None] = field(default_factory=dict)
    ats: deque[int] = field(default_factory=lambda: deque(maxlen=KEPT))

    def take(self, event: TraderStarted | TraderStopped | StreamLost | CaughtUp, at: int) -> None:
        """Takes the next event of the account. A stream is back once all that was missed is booked."""
        match event:
            case TraderStarted() | TraderStopped():
                self.down.clear()
            case StreamLost(channel=channel):
                self.down[channel] = None
            case CaughtUp(channels=channels):
                self.ats.extend(at for channel in channels if self.down.pop(channel, self) is None)

    @property
    def is_account_down(self) -> bool:
        """Whether the stream that tells of orders, fills and balances is lost now."""
        return ACCOUNT in self.down

    def count(self, now: int) -> int:
        """How many reconnections the last ten minutes before an instant (ns) have."""
        return sum(now - RECONNECTS_WITHIN_NS < at <= now for at in self.ats)
