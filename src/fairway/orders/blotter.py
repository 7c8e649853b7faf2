"""The blotter: every order of one account, moved only by events."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from fairway.orders.ids import Role
from fairway.orders.lifecycle import OrderAdopted, OrderEvent, OrderSent, apply
from fairway.orders.order import ENDED, Order

ENDED_KEPT = 200
"""Ended orders kept in memory for late news of them; older ones are in the journal."""


@dataclass(slots=True)
class Blotter:
    live: dict[str, Order] = field(default_factory=dict)
    ended: dict[str, Order] = field(default_factory=dict)

    def apply(self, event: OrderEvent, at: int) -> Order:
        """Moves one order and returns it. Raises KeyError for an order nobody sent, IllegalTransition for a bug."""
        first = event.order if isinstance(event, OrderSent | OrderAdopted) else None
        order = first if first is not None else apply(self[event.order_id], event, at)
        if order.state in ENDED:
            self._keep_ended(order)
        else:
            self.ended.pop(order.id, None)
            self.live[order.id] = order
        return order

    def _keep_ended(self, order: Order) -> None:
        self.live.pop(order.id, None)
        self.ended[order.id] = order
        while len(self.ended) > ENDED_KEPT:
            del self.ended[next(iter(self.ended))]

    def __getitem__(self, order_id: str) -> Order:
        order = self.get(order_id)
        if order is None:
            raise KeyError(f"no order {order_id}")
        return order

    def get(self, order_id: str) -> Order | None:
        return self.live.get(order_id) or self.ended.get(order_id)

    def of(self, symbol: str, *roles: Role) -> Iterator[Order]:
        """Live orders of a symbol, oldest first; of some roles only, where they are named."""
        return (order for order in self.live.values() if order.symbol == symbol and (not roles or order.role in roles))
