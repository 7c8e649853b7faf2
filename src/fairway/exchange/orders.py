"""An order and an order list while the exchange works on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from fairway.exchange.answers import Amendment, Fill, ListState, OrderSnapshot, OrderStatus
from fairway.exchange.terms import NewOrder, OrderType, Side, TimeInForce
from fairway.exchange.units import quote_hold

if TYPE_CHECKING:
    from fairway.exchange.account_symbol import AccountSymbol
    from fairway.exchange.accounts import AssetBalance

# Members of an enum are found slowly in Python 3.11; the hot path asks for them by these names and compares by identity.
BUY: Final = Side.BUY
LIMIT: Final = OrderType.LIMIT
MARKET: Final = OrderType.MARKET
LIMIT_MAKER: Final = OrderType.LIMIT_MAKER
GTC: Final = TimeInForce.GTC
NEW: Final = OrderStatus.NEW
PENDING_NEW: Final = OrderStatus.PENDING_NEW
PARTLY: Final = OrderStatus.PARTIALLY_FILLED
FILLED: Final = OrderStatus.FILLED
CANCELED: Final = OrderStatus.CANCELED
EXPIRED: Final = OrderStatus.EXPIRED
EXPIRED_IN_MATCH: Final = OrderStatus.EXPIRED_IN_MATCH

UNBOUNDED: Final = 1 << 62
"""Quantity left of an order that is measured in quote: more than any book holds."""


class Order(msgspec.Struct, eq=False):
    """What was asked for, and what became of it."""

    account_symbol: AccountSymbol
    asked: NewOrder
    order_id: int
    client_id: str
    is_buy: bool
    price: int
    """0 for orders that take any price."""
    quantity: int
    left: int
    """What may still trade."""
    held: int
    """What is locked for it: quote for a buy, base for a sell; 0 while its list holds for it."""
    created_at: int
    updated_at: int
    working_at: int
    """0 while it waits for its stop."""
    executed: int = 0
    executed_quote: int = 0
    status: OrderStatus = NEW
    is_behind: bool = False
    """Whether the background is ahead of it at its price."""
    list: OrderList | None = None
    prevented: int = 0
    """What self-trade prevention took from it."""
    prevented_match_id: int = -1
    amendments: tuple[Amendment, ...] = ()

    @property
    def balance(self) -> AssetBalance:
        """Where what it needs is held."""
        return self.account_symbol.quote if self.is_buy else self.account_symbol.base

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
            return quote_hold(self.price or self.asked.stop_price, self.left)
        return self.left

    def state(self, fills: tuple[Fill, ...] = ()) -> OrderSnapshot:
        """All that is known of it now."""
        return state_of(
            self,
            self.client_id,
            self.quantity,
            self.executed,
            self.executed_quote,
            self.status,
            self.updated_at,
            self.working_at,
            fills,
        )


def make(account_symbol: AccountSymbol, asked: NewOrder, order_id: int, held: int, at: int) -> Order:
    """A new order. Where the client gave no id, the exchange makes one of 22 characters."""
    client_id = asked.client_id or f"fairway{order_id:015d}"
    quantity = asked.quantity
    return Order(account_symbol, asked, order_id, client_id, asked.side is BUY, asked.price, quantity, quantity, held, at, at, at)


def state_of(
    order: Order,
    client_id: str,
    quantity: int,
    executed: int,
    executed_quote: int,
    status: OrderStatus,
    updated_at: int,
    working_at: int,
    fills: tuple[Fill, ...] = (),
) -> OrderSnapshot:
    """The order with these values of what can change, as it was when they were noted."""
    asked = order.asked
    owner = order.list
    return OrderSnapshot(
        order.account_symbol.account.name,
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
        working_at > 0,
        order.created_at,
        updated_at,
        working_at,
        fills,
        order.prevented,
        order.prevented_match_id,
    )


class OrderList:
    """Orders that depend on each other. Of a pair one ends the other: `held` is locked for both until one of them trades or is
    triggered. Where there is a working order, the others wait until it is filled."""

    __slots__ = (
        "account_symbol",
        "client_id",
        "held",
        "is_done",
        "is_pending",
        "legs",
        "list_id",
        "updated_at",
        "waiting",
        "working",
    )

    def __init__(
        self,
        account_symbol: AccountSymbol,
        list_id: int,
        client_id: str,
        legs: tuple[Order, ...],
        at: int,
        *,
        has_working: bool = False,
    ) -> None:
        self.account_symbol = account_symbol
        self.working: Order | None = legs[0] if has_working else None
        self.waiting: tuple[Order, ...] = legs[1:] if has_working else ()
        """Orders that are placed once the working one is filled; none afterwards."""
        self.list_id = list_id
        self.client_id = client_id
        self.legs = legs
        self.held = 0
        self.is_pending = not has_working
        """It is a pair that was placed, and neither leg has traded or been triggered."""
        self.is_done = False
        self.updated_at = at

    def pair_of(self, order: Order) -> tuple[Order, ...]:
        """The orders of which at most one can be executed, this one among them: the two legs of a pair, else it alone."""
        pair = tuple(leg for leg in self.legs if leg is not self.working)
        return pair if order in pair and all(leg.is_open for leg in pair) else (order,)

    def state(self) -> ListState:
        """The list and its orders, in the order they were placed."""
        return ListState(
            self.account_symbol.account.name,
            self.account_symbol.listing.symbol,
            self.list_id,
            self.client_id,
            "ALL_DONE" if self.is_done else "EXEC_STARTED",
            "ALL_DONE" if self.is_done else "EXECUTING",
            self.updated_at,
            tuple(leg.state() for leg in self.legs),
            "OCO" if self.working is None else "OTO",
        )
