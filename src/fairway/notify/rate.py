"""Counts what a channel has sent in the last minute, and says how long the next message must wait."""

from collections import deque
from typing import Final

from fairway.world.clock import MINUTE

WINDOW_NS: Final = MINUTE


class SendRate:
    """per_minute: most sends in any 60 s, by instants that never go backwards (ns)."""

    def __init__(self, per_minute: int) -> None:
        self._sent: deque[int] = deque(maxlen=per_minute)
        self._most = per_minute

    def wait_ns(self, now: int) -> int:
        """How long until one more may be sent; 0 for at once."""
        if len(self._sent) < self._most:
            return 0
        return max(self._sent[0] + WINDOW_NS - now, 0)

    def note(self, now: int) -> None:
        """One is sent now."""
        self._sent.append(now)
