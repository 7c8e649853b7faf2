"""One account at one symbol: its open orders there, and a bounded history of closed orders and fills."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from fairway.exchange.answers import Fill, PreventedMatch
from fairway.exchange.orders import Order, OrderList

if TYPE_CHECKING:
    from fairway.exchange.accounts import ExchangeAccount
    from fairway.exchange.listing import Listing

CLOSED_KEPT: Final = 10_000
"""Closed orders remembered for each account and symbol; the one that closed first is forgotten first."""

FILLS_KEPT: Final = 10_000
"""Fills remembered for each account and symbol; the oldest is forgotten first."""

PREVENTED_KEPT: Final = 1_000
"""Prevented matches remembered for each account and symbol; the oldest is forgotten first."""

LISTS_KEPT: Final = 1_000
"""Finished order lists remembered for each account and symbol; the one that ended first is forgotten first."""


class AccountSymbol:
    """One account at one symbol. A client id is unique among its open orders, as at the exchange."""

    __slots__ = (
        "account",
        "algo_count",
        "base",
        "by_client",
        "closed",
        "closing",
        "done_lists",
        "fills",
        "listing",
        "lists",
        "maker_fee",
        "open",
        "prevented",
        "quote",
        "taker_fee",
    )

    def __init__(self, account: ExchangeAccount, listing: Listing) -> None:
        self.account = account
        self.listing = listing
        self.maker_fee = account.maker_fee
        self.taker_fee = account.taker_fee
        self.base = account.balance(listing.rules.base)
        self.quote = account.balance(listing.rules.quote)
        self.open: dict[int, Order] = {}
        self.closed: dict[int, Order] = {}
        self.closing: deque[Order] = deque()
        """The remembered orders in the order in which they closed."""
        self.by_client: dict[str, Order] = {}
        """The newest order of each client id, open or remembered."""
        self.lists: dict[int, OrderList] = {}
        self.done_lists: dict[int, OrderList] = {}
        self.algo_count = 0
        """Orders that wait for their stop; `Stops` counts them. Once triggered they are orders like others."""
        self.fills: deque[Fill] = deque(maxlen=FILLS_KEPT)
        self.prevented: deque[PreventedMatch] = deque(maxlen=PREVENTED_KEPT)

    def forget_oldest(self) -> None:
        """The order that closed first is remembered no more."""
        order = self.closing.popleft()
        del self.closed[order.order_id]
        if self.by_client.get(order.client_id) is order:
            del self.by_client[order.client_id]

    def finish(self, pair: OrderList) -> None:
        """The list is done and goes to the history."""
        del self.lists[pair.list_id]
        self.done_lists[pair.list_id] = pair
        if len(self.done_lists) > LISTS_KEPT:
            del self.done_lists[next(iter(self.done_lists))]

    def find_open(self, order_id: int, client_id: str) -> Order | None:
        """The open order of this id, or of this client id where the id is 0; both must fit where both are given."""
        order = self.open.get(order_id) if order_id else self.by_client.get(client_id)
        if order is None or not order.left or (client_id and order.client_id != client_id):
            return None
        return order

    def find(self, order_id: int, client_id: str) -> Order | None:
        """The order of this id, open or remembered; of a client id, the newest that used it."""
        if not order_id:
            return self.by_client.get(client_id)
        order = self.open.get(order_id) or self.closed.get(order_id)
        return None if order is None or (client_id and order.client_id != client_id) else order

    def fills_of(self, order: Order) -> tuple[Fill, ...]:
        """The order's fills that are remembered, oldest first."""
        found: list[Fill] = []
        missing = order.executed
        for fill in reversed(self.fills):
            if missing <= 0:
                break
            if fill.order_id == order.order_id:
                found.append(fill)
                missing -= fill.quantity
        return tuple(reversed(found))

    def list_of(self, list_id: int, client_id: str) -> OrderList | None:
        """The order list of this id, or the newest of this client id where the id is 0."""
        if list_id:
            return self.lists.get(list_id) or self.done_lists.get(list_id)
        for kept in (self.lists, self.done_lists):
            for pair in reversed(kept.values()):
                if pair.client_id == client_id:
                    return pair
        return None
