"""Answers what an account asks about its orders, lists, fills and movements, without changing anything."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import nsmallest
from typing import TypeVar

from fairway.exchange import refusals
from fairway.exchange.account_symbol import AccountSymbol
from fairway.exchange.answers import (
    AccountAnswer,
    Amendment,
    ExchangeRefusal,
    Fill,
    ListState,
    Movement,
    OrderSnapshot,
    PreventedMatch,
)
from fairway.exchange.engine_state import EngineState
from fairway.exchange.orders import Order, OrderList
from fairway.exchange.terms import OrderRef

_Found = TypeVar("_Found")


class OrderQueries:
    """The part of `port.Backend` that reads what accounts have done. An unknown account raises KeyError."""

    def __init__(self, engine: EngineState) -> None:
        self.engine = engine

    async def amendments(self, account: str, symbol: str, order_id: int) -> Sequence[Amendment] | ExchangeRefusal:
        """All amendments of an order, oldest first."""
        if symbol not in self.engine.listings:
            return refusals.INVALID_SYMBOL
        found = self._account_symbol(account, symbol).find(order_id, "")
        return refusals.NO_SUCH_ORDER if found is None else found.amendments

    async def order(self, account: str, symbol: str, ref: OrderRef) -> OrderSnapshot | ExchangeRefusal:
        """An order, open or remembered; of a client id used again, the newest."""
        if symbol not in self.engine.listings:
            return refusals.INVALID_SYMBOL
        found = self._account_symbol(account, symbol).find(ref.order_id, ref.client_id)
        return refusals.NO_SUCH_ORDER if found is None else found.state()

    async def open_orders(self, account: str, symbol: str | None) -> Sequence[OrderSnapshot]:
        """Open orders of a symbol, or of all, oldest first."""
        found = [order for account_symbol in self._account_symbols(account, symbol) for order in account_symbol.open.values()]
        return [order.state() for order in sorted(found, key=_order_id)]

    async def all_orders(
        self, account: str, symbol: str, *, from_id: int = 0, since: int = 0, until: int = 0, limit: int = 500
    ) -> Sequence[OrderSnapshot]:
        """Orders open or remembered, oldest first: from an id on, or made within [since, until]; else the newest."""
        account_symbol = self._account_symbol(account, symbol)
        found = [
            order
            for kept in (account_symbol.open, account_symbol.closed)
            for order in kept.values()
            if order.order_id >= from_id and since <= order.created_at and (not until or order.created_at <= until)
        ]
        found.sort(key=_order_id)
        return [order.state() for order in _page(found, limit, forwards=bool(from_id or since))]

    async def order_list(self, account: str, ref: OrderRef) -> ListState | ExchangeRefusal:
        """An order list by its id or its client id, at whichever symbol."""
        for account_symbol in self._account_symbols(account, None):
            pair = account_symbol.list_of(ref.order_id, ref.client_id)
            if pair is not None:
                return pair.state()
        return refusals.NO_SUCH_LIST

    async def order_lists(self, account: str, *, only_open: bool, limit: int = 500) -> Sequence[ListState]:
        """The newest order lists, oldest of them first."""
        found: list[OrderList] = []
        for account_symbol in self._account_symbols(account, None):
            found += account_symbol.lists.values()
            found += () if only_open else account_symbol.done_lists.values()
        newest = nsmallest(limit, found, key=lambda pair: -pair.list_id)
        return [pair.state() for pair in reversed(newest)]

    async def fills(
        self,
        account: str,
        symbol: str,
        *,
        order_id: int = 0,
        from_id: int = -1,
        since: int = 0,
        until: int = 0,
        limit: int = 500,
    ) -> Sequence[Fill]:
        """Remembered fills, oldest first: of an order, from a trade id on, or made within [since, until]; else the newest."""
        found = [
            fill
            for fill in self._account_symbol(account, symbol).fills
            if (not order_id or fill.order_id == order_id)
            and fill.trade_id >= from_id
            and since <= fill.at
            and (not until or fill.at <= until)
        ]
        return _page(found, limit, forwards=bool(from_id >= 0 or since))

    async def prevented(
        self, account: str, symbol: str, *, match_id: int = -1, order_id: int = 0, from_id: int = -1, limit: int = 500
    ) -> Sequence[PreventedMatch]:
        """Remembered trades with itself that were prevented, oldest first: one, or those of an order."""
        found = [
            match
            for match in self._account_symbol(account, symbol).prevented
            if match.match_id >= from_id and (match_id < 0 or match.match_id == match_id)
            if not order_id or order_id in (match.taker_id, match.maker_id)
        ]
        return found[:limit]

    async def moves(self, account: str) -> Sequence[Movement]:
        """Remembered deposits, withdrawals and transfers, oldest first."""
        return tuple(self.engine.accounts[account].moves)

    async def account(self, account: str) -> AccountAnswer:
        """Balances, fees and rights."""
        return self.engine.accounts[account].state()

    def _account_symbol(self, account: str, symbol: str) -> AccountSymbol:
        return self.engine.account_symbol(self.engine[symbol], account)

    def _account_symbols(self, account: str, symbol: str | None) -> list[AccountSymbol]:
        """The account at each symbol that it ever traded, or at one."""
        owner = self.engine.accounts[account]
        listings = self.engine.listings.values() if symbol is None else (self.engine[symbol],)
        return [account_symbol for listing in listings if (account_symbol := listing.account_symbols.get(owner.name)) is not None]


def _order_id(order: Order) -> int:
    return order.order_id


def _page(found: list[_Found], limit: int, *, forwards: bool) -> list[_Found]:
    """At most `limit`: the first where a beginning was named, else the last."""
    return found[:limit] if forwards else found[max(0, len(found) - limit) :]
