"""Recent entries of an account: what the checks of message rate, duplicates and repetition ask."""

from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from msgspec import Struct

from fairway.money.amount import Amount, Price
from fairway.world.clock import MINUTE

KEPT_NS = 10 * MINUTE
KEPT_MAX = 500
"""Beyond so many in ten minutes the oldest are forgotten; every rate that may be configured is reached long before."""


class Entered(Struct, frozen=True):
    """An entry that was sent. at: ns."""

    symbol: str
    quantity: Amount
    stop: Price
    target: Price
    at: int


class RecentEntries:
    remembers: ClassVar[Mapping[str, Any]] = {"_kept": list[Entered]}

    def __init__(self) -> None:
        self._kept: deque[Entered] = deque(maxlen=KEPT_MAX)

    def add(self, entered: Entered) -> None:
        while self._kept and self._kept[0].at <= entered.at - KEPT_NS:
            self._kept.popleft()
        self._kept.append(entered)

    def since(self, instant: int) -> Iterator[Entered]:
        """Those after an instant (ns), newest first."""
        for entered in reversed(self._kept):
            if entered.at <= instant:
                return
            yield entered
