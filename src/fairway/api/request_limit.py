"""Counts requests by who makes them: so many in any minute, and the next after a stated wait."""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

from fairway.world.clock import MINUTE, SECOND

KEPT_MAX: Final = 10_000
"""Askers remembered; the longest silent go first."""


@dataclass(slots=True)
class RequestLimit:
    """most: requests in any minute of one asker. Instants in ns of one monotonic clock."""

    most: int
    _asked: dict[str, deque[int]] = field(default_factory=dict)

    def wait_s(self, who: str, now: int) -> int:
        """Counts a request; 0 where it is within the limit, else the whole seconds until the next one would be."""
        asked = self._asked.pop(who, None) or deque(maxlen=self.most)
        self._asked[who] = asked  # the last in the order of silence
        while len(self._asked) > KEPT_MAX:
            del self._asked[next(iter(self._asked))]
        if len(asked) == self.most and now - asked[0] < MINUTE:
            return -(-(asked[0] + MINUTE - now) // SECOND)
        asked.append(now)
        return 0
