"""Numbers the trader's starts and the orders of each start, so that no client order id is used twice."""

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final

from fairway.journal.kinds import EpochRaised, Event, TraderStarted, TraderStopped
from fairway.orders.ids import ClientId, Role
from fairway.orders.lifecycle import OrderSent

STARTS_KEPT = 10
NUMBERED_STARTS_KEPT = 100
"""Starts of a run of which the last order's number is kept. An order with the number of an older start counts as known."""


class Starts:
    """account: the account's name, which is a part of its order ids."""

    remembers: ClassVar[Mapping[str, Any]] = {
        "run": str,
        "numbered": dict[str, dict[int, int]],
        "epoch": int,
        "sequence": int,
        "unended": list[int],
    }

    def __init__(self, account: str) -> None:
        self._account = account
        self.run = ""
        """The random part of the order ids; "" before the first start."""
        self.numbered: dict[str, dict[int, int]] = {}
        """By run, and by start of that run: the number of the last order that was journaled as sent."""
        self.epoch = 0
        """The number of this start within its run."""
        self.sequence = 0
        """The number of the last order of this start."""
        self.unended: deque[int] = deque(maxlen=STARTS_KEPT)
        """Instants of the starts since the last orderly stop (ns): all but the newest ended in a crash."""

    def apply(self, event: Event, at: int) -> None:
        """Applies a journaled event; `at` is its instant in ns."""
        handler = _HANDLERS.get(type(event))
        if handler is not None:
            handler(self, event, at)

    def next_id(self, role: Role) -> str:
        """The client id of the next order. The journaled `OrderSent` uses it up."""
        return str(ClientId(self._account, self.epoch, self.sequence + 1, role, self.run))

    def _start(self, event: TraderStarted, at: int) -> None:
        self._begin_epoch(event.run, event.epoch)
        self.unended.append(at)

    def _stop(self, event: TraderStopped, at: int) -> None:
        self.unended.clear()

    def _raise_epoch(self, event: EpochRaised, at: int) -> None:
        self._begin_epoch(event.run or self.run, event.epoch)

    def _begin_epoch(self, run: str, epoch: int) -> None:
        self.run, self.epoch, self.sequence = run, epoch, 0
        starts = self.numbered.setdefault(run, {})
        starts[epoch] = 0
        while len(starts) > NUMBERED_STARTS_KEPT:
            del starts[next(iter(starts))]

    def _count_order(self, event: OrderSent, at: int) -> None:
        """A repeated order keeps its number, and a target shares the number of its stop."""
        if event.order is not None and event.order.role is not Role.TARGET:
            self.sequence += 1
            self.numbered.setdefault(self.run, {})[self.epoch] = self.sequence


_HANDLERS: Final[dict[type[Event], Callable[[Starts, Any, int], None]]] = {
    TraderStarted: Starts._start,
    TraderStopped: Starts._stop,
    EpochRaised: Starts._raise_epoch,
    OrderSent: Starts._count_order,
}
