"""The blotter: every order of one account, moved only by events."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from msgspec.structs import replace

from fairway.orders.ids import Role
from fairway.orders.lifecycle import OrderAdopted, OrderEvent, OrderSent, apply
from fairway.orders.order import ENDED, Order

ONE_AT_A_TIME = (Role.ENTRY, Role.EXIT)
"""Of these one intent makes one order: a second one in the same symbol may not be sent while the first is alive."""

FIRST_HEARD = (OrderSent, OrderAdopted)
"""What an order begins with; of a first sending, only where it carries the order."""

ENDED_KEPT = 200
"""Ended orders kept in memory for late news of them; older ones are in the journal."""


class SecondOrder(Exception):
    """A bug: an order that would be the second of its id, or the second live one of its intent. It was not sent."""


@dataclass(slots=True)
class Blotter:
    remembers: ClassVar[Mapping[str, Any]] = {"live": dict[str, Order], "ended": dict[str, Order]}

    live: dict[str, Order] = field(default_factory=dict)
    ended: dict[str, Order] = field(default_factory=dict)
    _live_of: dict[str, dict[str, Order]] = field(init=False, default_factory=dict)
    """The same live orders by symbol: an account may have hundreds, and each question is about one symbol."""

    def __post_init__(self) -> None:
        self._live_of = {}
        for order in self.live.values():
            self._live_of.setdefault(order.symbol, {})[order.id] = order

    def apply(self, event: OrderEvent, at: int) -> Order:
        """Moves one order and returns it. Raises KeyError for an unsent order; IllegalTransition, SecondOrder for a bug."""
        first = event.order if isinstance(event, FIRST_HEARD) else None
        if first is not None:
            self._check_first(first, is_sent=isinstance(event, OrderSent))
        order = first if first is not None else apply(self[event.order_id], event, at)
        if order.state in ENDED:
            self._keep_ended(order)
        else:
            self._keep_live(order)
        return order

    def _check_first(self, order: Order, *, is_sent: bool) -> None:
        if self.get(order.id) is not None:
            raise SecondOrder(f"there is an order {order.id} already; each id is used once")
        rival = next(self.of(order.symbol, order.role), None) if is_sent and order.role in ONE_AT_A_TIME else None
        if rival is not None:
            raise SecondOrder(
                f"{order.id} would be the second live {order.role.name.lower()} in {order.symbol}, beside {rival.id}"
            )

    def _keep_live(self, order: Order) -> None:
        if order.id not in self.live:
            self.ended.pop(order.id, None)
        self.live[order.id] = order
        of_symbol = self._live_of.get(order.symbol)
        if of_symbol is None:
            of_symbol = self._live_of[order.symbol] = {}
        of_symbol[order.id] = order

    def _keep_ended(self, order: Order) -> None:
        if self.live.pop(order.id, None) is not None:
            del self._live_of[order.symbol][order.id]
        self.ended[order.id] = order
        while len(self.ended) > ENDED_KEPT:
            del self.ended[next(iter(self.ended))]

    def date_back(self, at: int) -> None:
        """No order has changed later than at an instant (ns): what was noted by a clock that was ahead counts from there."""
        for kept in (self.live, self.ended):
            for order in [order for order in kept.values() if order.updated_at > at]:
                kept[order.id] = replace(order, updated_at=at, created_at=min(order.created_at, at))
                if order.id in self.live:
                    self._live_of[order.symbol][order.id] = kept[order.id]

    def __getitem__(self, order_id: str) -> Order:
        order = self.get(order_id)
        if order is None:
            raise KeyError(f"no order {order_id}")
        return order

    def get(self, order_id: str) -> Order | None:
        return self.live.get(order_id) or self.ended.get(order_id)

    def owner(self, client_id: str, venue_id: str, symbol: str) -> Order | None:
        """Our order that the venue means; None for another trader's. Venues number their orders symbol by symbol, and another
        trader may use our ids in another symbol."""
        known = self.get(client_id)
        if known is not None:
            return known if known.symbol == symbol else None
        orders = (order for kept in (self.live, self.ended) for order in kept.values())
        return next((order for order in orders if order.venue_id == venue_id and order.symbol == symbol), None)

    def of(self, symbol: str, *roles: Role) -> Iterator[Order]:
        """Live orders of a symbol, oldest first; of some roles only, where they are named."""
        return (order for order in self._live_of.get(symbol, {}).values() if not roles or order.role in roles)
