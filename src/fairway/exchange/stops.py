"""Orders that wait for the last price to reach their stop."""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import Final

from fairway.exchange.order_types import STOP_LOSS
from fairway.exchange.orders import Order

NEVER: Final = 1 << 100
"""Beyond any price."""


def waits_for_rise(order: Order) -> bool:
    """Whether it is triggered by a price at or above its stop: a buy stop loss, a sell take profit. Others wait for a fall."""
    return (order.asked.type in STOP_LOSS) is order.is_buy


class Stops:
    """Waiting orders of a symbol. `rise` and `fall` are the prices, included, from which the nearest of them is triggered."""

    __slots__ = ("fall", "falls", "orders", "rise", "rises")

    def __init__(self) -> None:
        self.orders: dict[int, Order] = {}
        self.rises: list[tuple[int, int]] = []
        self.falls: list[tuple[int, int]] = []
        """Stop price (negative in falls) and order id: nearest first, oldest first at one price."""
        self.rise = NEVER
        self.fall = -NEVER

    def add(self, order: Order) -> None:
        """The order waits."""
        self.orders[order.order_id] = order
        order.account_symbol.algo_count += 1
        stop = order.asked.stop_price
        if waits_for_rise(order):
            insort(self.rises, (stop, order.order_id))
        else:
            insort(self.falls, (-stop, order.order_id))
        self._note_nearest()

    def remove(self, order: Order) -> None:
        """The order waits no more."""
        del self.orders[order.order_id]
        order.account_symbol.algo_count -= 1
        rises = waits_for_rise(order)
        waiting = self.rises if rises else self.falls
        stop = order.asked.stop_price
        del waiting[bisect_left(waiting, (stop if rises else -stop, order.order_id))]
        self._note_nearest()

    def reached(self, price: int) -> Order | None:
        """The next order that a trade at this price triggers, still waiting; None where there is none."""
        if price >= self.rise:
            return self.orders[self.rises[0][1]]
        if price <= self.fall:
            return self.orders[self.falls[0][1]]
        return None

    def _note_nearest(self) -> None:
        self.rise = self.rises[0][0] if self.rises else NEVER
        self.fall = -self.falls[0][0] if self.falls else -NEVER
