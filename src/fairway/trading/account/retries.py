"""Keeps, by symbol, how often an action came to nothing and until when the next one waits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

CLOSE_SETTLES_NS: Final = 1_000_000_000
"""After a close the venue ends the other order of the pair by itself and reports it a moment later; until then that order is no
orphan."""
SALE_PAUSE_NS: Final = 1_000_000_000
"""Pause after a sale that the book could not take whole. From the fourth in a row that sold nothing on it doubles, …"""
SALE_PAUSE_LONG_NS: Final = 4_000_000_000
"""… up to this while a bid is shown that is newer than the sale, …"""
SALE_PAUSE_LONGEST_NS: Final = 32_000_000_000
"""… and up to this while none is: by then a person has been called."""


@dataclass(slots=True)
class Retries:
    remembers: ClassVar[Mapping[str, Any]] = {
        "failures": dict[str, int],
        "wait_until": dict[str, int],
        "stalled": dict[str, tuple[int, int]],
    }
    """The journal holds a part of these three: which sales sold nothing, and which positions have closed."""

    failures: dict[str, int] = field(default_factory=dict)
    """Closes and protections in a row that were refused or had no effect."""
    setbacks: dict[str, int] = field(default_factory=dict)
    """Requests in a row that failed for any reason; the pauses between them grow with it."""
    wait_until: dict[str, int] = field(default_factory=dict)
    """No further action before this instant (ns), because the venue failed to carry one out."""
    stalled: dict[str, tuple[int, int]] = field(default_factory=dict)
    """When an order to sell or to protect came to nothing (ns), and until when (ns) no other is sent unless a newer bid is
    shown."""

    def accept(self, symbol: str, *, is_protected: bool) -> None:
        """The venue takes orders again. `is_protected`: the accepted order is a stop and no sale is wanted."""
        self.setbacks.pop(symbol, None)
        if is_protected:
            self.failures.pop(symbol, None)

    def note_expired_sale(self, symbol: str, at: int, *, has_sold: bool) -> None:
        """A sale ended before all was sold, so the book is empty. One that sold a part has not failed."""
        failures = 0 if has_sold else self.failures.get(symbol, 0) + 1
        self.failures[symbol] = failures
        pause = SALE_PAUSE_NS << min(max(failures - 3, 0), 10)
        self.wait_until[symbol] = at + min(pause, SALE_PAUSE_LONG_NS)
        self.stalled[symbol] = at, at + min(pause, SALE_PAUSE_LONGEST_NS)

    def forget_failures(self, symbol: str) -> None:
        """What comes next is another kind of try."""
        self.failures.pop(symbol, None)

    def close(self, symbol: str, at: int) -> None:
        """The position is closed (ns)."""
        for by_symbol in (self.failures, self.setbacks, self.stalled):
            by_symbol.pop(symbol, None)
        self.wait_until[symbol] = at + CLOSE_SETTLES_NS

    def forget_pauses(self) -> None:
        """At a start: the pauses of an earlier start were measured by another clock."""
        self.wait_until.clear()
        self.stalled.clear()
