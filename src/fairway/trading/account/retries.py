"""Keeps, by symbol, how often an action came to nothing and until when the next one waits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from fairway.world.backoff import Backoff

CLOSE_SETTLES_NS: Final = 1_000_000_000
"""After a close the venue ends the other order of the pair by itself and reports it a moment later; until then that order is no
orphan."""
SALE_PAUSE: Final = Backoff(first_s=1.0, longest_s=4.0)
"""Pause after a sale that the book could not take whole, by the sales in a row that sold nothing, less SALES_BORNE, …"""
SALE_PAUSE_STALLED: Final = Backoff(first_s=1.0, longest_s=32.0)
"""… and while no bid is shown that is newer than the sale: by then a person has been called."""
SALES_BORNE: Final = 2
"""Sales in a row that sold nothing before the pause grows."""


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
        self.wait_until[symbol] = at + SALE_PAUSE.wait_ns(failures - SALES_BORNE)
        self.stalled[symbol] = at, at + SALE_PAUSE_STALLED.wait_ns(failures - SALES_BORNE)

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
