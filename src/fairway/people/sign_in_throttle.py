"""Slows whoever guesses passwords: each failure beyond the free ones doubles the wait, of the user and of the address."""

from dataclasses import dataclass, field
from typing import Final

from fairway.world.clock import HOUR, MINUTE, SECOND

FREE: Final = 5
"""Failures that cost no wait: people mistype."""
USER_WAIT_MAX_NS: Final = 30 * SECOND
"""Short, so that an attacker elsewhere cannot keep a user out for long."""
ADDRESS_WAIT_MAX_NS: Final = 15 * MINUTE
FORGOTTEN_AFTER_NS: Final = HOUR
KEPT_MAX: Final = 10_000
"""Users and addresses remembered; the longest untouched go first."""


@dataclass(slots=True)
class _Failures:
    count: int
    last_at: int


@dataclass(slots=True)
class SignInThrottle:
    """Failures by user and by address. Instants in ns, of one monotonic clock."""

    _failures: dict[tuple[str, str], _Failures] = field(default_factory=dict)

    def wait_ns(self, user: str, address: str, now: int) -> int:
        """How long until the next try is looked at; 0 for at once."""
        return max(
            self._wait_ns(("user", user), now, USER_WAIT_MAX_NS), self._wait_ns(("address", address), now, ADDRESS_WAIT_MAX_NS)
        )

    def failed(self, user: str, address: str, now: int) -> None:
        """Counts a wrong password, code or token."""
        for key in (("user", user), ("address", address)):
            known = self._failures.pop(key, None)
            is_old = known is None or now - known.last_at > FORGOTTEN_AFTER_NS
            self._failures[key] = _Failures(1 if known is None or is_old else known.count + 1, now)
        while len(self._failures) > KEPT_MAX:
            del self._failures[next(iter(self._failures))]

    def succeeded(self, user: str, address: str) -> None:
        """Forgets the failures of a user who has proved who it is. Those of the address stay: it may guess others besides."""
        self._failures.pop(("user", user), None)

    def _wait_ns(self, key: tuple[str, str], now: int, most: int) -> int:
        known = self._failures.get(key)
        if known is None or known.count < FREE or now - known.last_at > FORGOTTEN_AFTER_NS:
            return 0
        pause = min(SECOND << min(known.count - FREE, 20), most)
        return max(0, known.last_at + pause - now)
