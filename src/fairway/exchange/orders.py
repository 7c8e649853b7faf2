"""An order and an order list while the exchange works on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fairway.exchange.port import Fill, ListState, NewOrder, OrderState, OrderType, Side, Status, TimeInForce
from fairway.exchange.units import ONE

if TYPE_CHECKING:
    from fairway.exchange.accounts import Purse
    from fairway.exchange.seats import Seat

# Members of an enum are found slowly in Python 3.11; the hot path asks for them by these names and compares by identity.
BUY: Final = Side.BUY
LIMIT: Final = OrderType.LIMIT
MARKET: Final = OrderType.MARKET
LIMIT_MAKER: Final = OrderType.LIMIT_MAKER
GTC: Final = TimeInForce.GTC
NEW: Final = Status.NEW
PARTLY: Final = Status.PARTIALLY_FILLED
FILLED: Final = Status.FILLED
CANCELED: Final = Status.CANCELED
EXPIRED: Final = Status.EXPIRED
EXPIRED_IN_MATCH: Final = Status.EXPIRED_IN_MATCH

UNBOUNDED: Final = 1 << 62
"""Quantity left of an order that is measured in quote: more than any book holds."""

_state = tuple.__new__


class Order:
    """What was asked for, and what became of it.

    `price` is 0 for orders that take any price. `left` is what may still trade; `held` what is locked for it: quote for a
    buy, base for a sell; 0 while its list holds for it.
    """

    __slots__ = (
        "asked",
        "client_id",
        "created_at",
        "executed",
        "executed_quote",
        "held",
        "is_behind",
        "is_buy",
        "is_working",
        "left",
        "list",
        "order_id",
        "price",
        "quantity",
        "seat",
        "status",
        "updated_at",
        "working_at",
    )

    def __init__(self, seat: Seat, asked: NewOrder, order_id: int, client_id: str, at: int) -> None:
        self.seat = seat
        self.asked = asked
        self.order_id = order_id
        self.client_id = client_id
        self.is_buy = asked.side is BUY
        self.price = asked.price
        self.left = self.quantity = asked.quantity
        self.held = self.executed = self.executed_quote = 0
        self.status = NEW
        self.is_working = True
        self.is_behind = False
        self.list: OrderList | None = None
        self.created_at = self.updated_at = self.working_at = at

    @property
    def purse(self) -> Purse:
        """Where what it needs is held."""
        return self.seat.quote if self.is_buy else self.seat.base

    @property
    def is_open(self) -> bool:
        """Whether it may still trade: an order that ended has nothing left."""
        return self.left > 0

    def need(self) -> int:
        """What must be held for what is left of it.

        A buy without a limit that waits for its stop holds at its stop price; where it then costs more, the rest comes
        from the free balance, and what the account cannot pay expires.
        """
        if self.is_buy:
            return -(-(self.price or self.asked.stop_price) * self.left // ONE)
        return self.left

    def state(self, fills: tuple[Fill, ...] = ()) -> OrderState:
        """All that is known of it now."""
        return state_of(
            self,
            self.client_id,
            self.quantity,
            self.executed,
            self.executed_quote,
            self.status,
            self.is_working,
            self.updated_at,
            self.working_at,
            fills,
        )


def state_of(
    order: Order,
    client_id: str,
    quantity: int,
    executed: int,
    executed_quote: int,
    status: Status,
    is_working: bool,
    updated_at: int,
    working_at: int,
    fills: tuple[Fill, ...] = (),
) -> OrderState:
    """The order with these values of what can change, as it was when they were noted."""
    asked = order.asked
    owner = order.list
    return _state(
        OrderState,
        (
            order.seat.account.name,
            asked.symbol,
            order.order_id,
            -1 if owner is None else owner.list_id,
            client_id,
            asked.side,
            asked.type,
            asked.time_in_force,
            asked.self_trade,
            asked.price,
            asked.stop_price,
            quantity,
            asked.quote_quantity,
            executed,
            executed_quote,
            status,
            is_working,
            order.created_at,
            updated_at,
            working_at,
            fills,
        ),
    )


class OrderList:
    """Two orders of which one ends the other. `held` is locked for both until one of them trades or is triggered."""

    __slots__ = ("client_id", "held", "is_done", "is_pending", "legs", "list_id", "seat", "updated_at")

    def __init__(self, seat: Seat, list_id: int, client_id: str, legs: tuple[Order, Order], at: int) -> None:
        self.seat = seat
        self.list_id = list_id
        self.client_id = client_id
        self.legs = legs
        self.held = 0
        self.is_pending = True
        """Neither leg has traded or been triggered."""
        self.is_done = False
        self.updated_at = at

    def state(self) -> ListState:
        """The list and both orders, in the order they were placed."""
        return ListState(
            self.seat.account.name,
            self.seat.listing.symbol,
            self.list_id,
            self.client_id,
            "ALL_DONE" if self.is_done else "EXEC_STARTED",
            "ALL_DONE" if self.is_done else "EXECUTING",
            self.updated_at,
            tuple(leg.state() for leg in self.legs),
        )
