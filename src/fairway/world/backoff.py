"""Computes how long to wait before the next try: the wait doubles with each failure in a row, up to a bound."""

from dataclasses import dataclass
from typing import Final, Protocol

DOUBLINGS_MAX: Final = 63
"""Beyond that a float of seconds is long past any bound."""
_NS: Final = 1_000_000_000


class Draws(Protocol):
    """A source of chance, such as one stream of `world/chance.py`."""

    def random(self) -> float:
        """A number from 0 up to but not including 1."""
        ...


@dataclass(frozen=True, slots=True)
class Backoff:
    """first_s: the wait after the first failure. longest_s: the bound of all waits. Both in seconds."""

    first_s: float = 1.0
    longest_s: float = 60.0

    def wait_s(self, failures: int) -> float:
        """Seconds to wait after so many failures in a row; none counts as one."""
        return min(self.longest_s, self.first_s * 2.0 ** min(max(failures - 1, 0), DOUBLINGS_MAX))

    def wait_ns(self, failures: int) -> int:
        """The same in nanoseconds."""
        return round(self.wait_s(failures) * _NS)

    def jittered_s(self, failures: int, chance: Draws) -> float:
        """Between half and all of the wait, so that many who lost the same venue do not come back in the same instant."""
        return self.wait_s(failures) * (0.5 + 0.5 * chance.random())
