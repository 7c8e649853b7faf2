"""The exchange's log of what happened, noted cheaply while matching and written out as events when asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from msgspec.structs import replace

from fairway.exchange.account_symbol import AccountSymbol
from fairway.exchange.accounts import AssetBalance, ExchangeAccount
from fairway.exchange.answers import Amendment, Balance, Fill, OrderStatus, PreventedMatch
from fairway.exchange.events import (
    BalanceMoved,
    BalancesChanged,
    BookChanged,
    ExchangeEvent,
    Execution,
    ListReport,
    OrderReport,
    TradePrinted,
)
from fairway.exchange.market_data import Print
from fairway.exchange.orders import NEW, Order, OrderList, state_of
from fairway.world.clock import Instant

VALUES_KEPT: Final = 1_000_000
"""Values that wait to be drained, about 100,000 events. Beyond them the older half is lost, and `lost` says how many events."""

# Kinds of entries. Each is also how many values an entry takes, the kind itself included.
_EVENT: Final = 2
_BOOK: Final = 3
_BALANCES: Final = 7
_RESTED: Final = 8
_ORDER: Final = 11

_NEW: Final = Execution.NEW


class ExchangeEventLog:
    """What happened, oldest first, as one flat list of values: a kind and what belongs to it, over and over.

    Only what can change later is noted of an order. A flat list leaves the collector of garbage nothing to look after,
    which was a third of the time of an order when each event was an object of its own.
    """

    __slots__ = ("lost", "values")

    def __init__(self) -> None:
        self.values: list[Any] = []
        self.lost = 0

    def report(self, execution: Execution, order: Order, at: Instant, fill: Fill | None = None, cancel_id: str = "") -> None:
        """An order changed; on a cancel, by a request of this name."""
        self.values += (
            _ORDER,
            execution,
            order,
            order.quantity,
            order.executed,
            order.executed_quote,
            order.status,
            at,
            order.working_at,
            fill,
            cancel_id,
        )

    def prevented(self, execution: Execution, order: Order, at: Instant, match: PreventedMatch) -> None:
        """Self-trade prevention changed an order."""
        self.values += (_EVENT, OrderReport(execution, order.state(), at, match=match))

    def amended(self, order: Order, made: Amendment) -> None:
        """An order was made smaller."""
        report = OrderReport(Execution.REPLACED, order.state(), made.at, None, made.client_id_before)
        self.values += (_EVENT, report)

    def listed_again(self, pair: OrderList, at: Instant) -> None:
        """An order of a list got another client id."""
        self.values += (_EVENT, ListReport(replace(pair.state(), status="UPDATED", at=at)))

    def rested(self, order: Order, account_symbol: AccountSymbol, at: Instant) -> None:
        """An order was accepted and rests: its report, its account's balances, and the changed book in one."""
        base, quote, values = account_symbol.base, account_symbol.quote, self.values
        values += (_RESTED, order, account_symbol, base.free, base.locked, quote.free, quote.locked, at)
        account_symbol.account.updated_at = at
        if len(values) > VALUES_KEPT:
            self._lose_older_half()

    def ended(self, touched: Iterable[AccountSymbol], changed: str, at: Instant) -> None:
        """An operation ended: what the accounts that it touched have, and the symbol whose depth changed, or none: ""."""
        values = self.values
        for account_symbol in touched:
            base, quote = account_symbol.base, account_symbol.quote
            values += (_BALANCES, account_symbol, base.free, base.locked, quote.free, quote.locked, at)
            account_symbol.account.updated_at = at
        if changed:
            values += (_BOOK, changed, at)
        if len(values) > VALUES_KEPT:
            self._lose_older_half()

    def printed(self, made: Print) -> None:
        """A trade was printed."""
        self.values += (_EVENT, TradePrinted(made))

    def listed(self, pair: OrderList) -> None:
        """An order list changed."""
        self.values += (_EVENT, ListReport(pair.state()))

    def moved(self, account: ExchangeAccount, balance: AssetBalance, delta: int, at: Instant) -> None:
        """Something came or went from outside."""
        self.values += (_EVENT, BalanceMoved(account.name, balance.asset, delta, at))
        balances = (Balance(balance.asset, balance.free, balance.locked),)
        self.values += (_EVENT, BalancesChanged(account.name, balances, at))

    def _lose_older_half(self) -> None:
        values, start = self.values, 0
        while start < len(values) // 2:
            self.lost += 3 if values[start] == _RESTED else 1
            start += values[start]
        del values[:start]

    def drain(self) -> list[ExchangeEvent]:
        """All events since the last call, oldest first."""
        values, self.values = self.values, []
        events: list[ExchangeEvent] = []
        add = events.append
        start, end = 0, len(values)
        while start < end:
            kind = values[start]
            if kind == _ORDER:
                add(_order_report(*values[start + 1 : start + _ORDER]))
            elif kind == _BALANCES:
                add(_balances(*values[start + 1 : start + _BALANCES]))
            elif kind == _BOOK:
                add(BookChanged(values[start + 1], values[start + 2]))
            elif kind == _RESTED:
                events += _rested(*values[start + 1 : start + _RESTED])
            else:
                add(values[start + 1])
            start += kind
        return events


def _order_report(
    execution: Execution,
    order: Order,
    quantity: int,
    executed: int,
    executed_quote: int,
    status: OrderStatus,
    at: Instant,
    working_at: Instant,
    fill: Fill | None,
    cancel_id: str,
) -> OrderReport:
    own_id = order.client_id
    state = state_of(order, cancel_id or own_id, quantity, executed, executed_quote, status, at, working_at)
    return OrderReport(execution, state, at, fill, own_id if cancel_id else "", "NONE")


def _balances(
    account_symbol: AccountSymbol, base_free: int, base_locked: int, quote_free: int, quote_locked: int, at: Instant
) -> BalancesChanged:
    base = Balance(account_symbol.base.asset, base_free, base_locked)
    quote = Balance(account_symbol.quote.asset, quote_free, quote_locked)
    return BalancesChanged(account_symbol.account.name, (base, quote), at)


def _rested(
    order: Order, account_symbol: AccountSymbol, base_free: int, base_locked: int, quote_free: int, quote_locked: int, at: Instant
) -> tuple[OrderReport, BalancesChanged, BookChanged]:
    state = state_of(order, order.client_id, order.asked.quantity, 0, 0, NEW, at, at)
    return (
        OrderReport(_NEW, state, at, None, "", "NONE"),
        _balances(account_symbol, base_free, base_locked, quote_free, quote_locked, at),
        BookChanged(order.asked.symbol, at),
    )
