"""Everything that the matching works on, and how an operation on it ends."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from itertools import count

from fairway.exchange.account_symbol import AccountSymbol
from fairway.exchange.accounts import ExchangeAccounts
from fairway.exchange.listing import Listing
from fairway.exchange.log import ExchangeEventLog
from fairway.exchange.orders import OrderList
from fairway.exchange.rules import SymbolRules
from fairway.world.clock import Clock


class EngineState:
    """State alone. `matching`, `settlement`, `lists`, `contingent`, `amending` and `background_liquidity` work on it."""

    __slots__ = (
        "accounts",
        "amend_ids",
        "changed_lists",
        "clock",
        "execution_ids",
        "filled_lists",
        "list_ids",
        "listings",
        "log",
        "move_ids",
        "order_ids",
        "touched",
    )

    def __init__(self, rules: Iterable[SymbolRules], clock: Clock) -> None:
        self.clock = clock
        self.accounts = ExchangeAccounts()
        self.listings = {each.symbol: Listing(each, self.accounts) for each in rules}
        self.log = ExchangeEventLog()
        self.order_ids = count(1)
        self.list_ids = count(1)
        self.move_ids = count(1)
        self.amend_ids = count(1)
        self.execution_ids = count(1)
        self.touched: dict[AccountSymbol, None] = {}
        """Seats whose balances the operation under way has changed."""
        self.changed_lists: dict[OrderList, None] = {}
        """Lists of which it has closed a leg."""
        self.filled_lists: deque[OrderList] = deque()
        """Lists whose working order was filled, and whose other orders are to be placed."""

    def __getitem__(self, symbol: str) -> Listing:
        listing = self.listings.get(symbol)
        if listing is None:
            raise KeyError(f"no symbol {symbol!r} is listed")
        return listing

    def account_symbol(self, listing: Listing, account: str) -> AccountSymbol:
        """An account at a symbol. Raises KeyError for an account that was never opened."""
        return listing.account_symbols.get(account) or listing.account_symbol(self.accounts[account])

    def finish(self, listing: Listing, at: int) -> None:
        """Ends an operation: lists that are done, then balances, then the book, each told once."""
        if self.changed_lists:
            self._tell_lists(at)
        changed = ""
        if listing.is_changed:
            listing.is_changed = False
            listing.update_id += 1
            changed = listing.symbol
        self.log.ended(self.touched, changed, at)
        self.touched.clear()

    def _tell_lists(self, at: int) -> None:
        for pair in self.changed_lists:
            if not pair.is_done and not any(leg.is_open for leg in pair.legs):
                pair.is_done = True
                pair.updated_at = at
                pair.account_symbol.finish(pair)
                self.log.listed(pair)
        self.changed_lists.clear()
