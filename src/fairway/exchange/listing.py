"""A symbol as it is listed: its rules, its book, its waiting orders, its tape, and the accounts that ever traded it."""

from __future__ import annotations

from collections import deque

from fairway.exchange.account_symbol import AccountSymbol
from fairway.exchange.accounts import ExchangeAccount, ExchangeAccounts
from fairway.exchange.book import BookSide
from fairway.exchange.orders import Order
from fairway.exchange.rules import SymbolRules, bounds_of
from fairway.exchange.stops import Stops
from fairway.exchange.tape import Tape


class Listing:
    """`triggered` are orders whose stop was reached, on their way to the book."""

    __slots__ = (
        "account_symbols",
        "ask_bounds",
        "asks",
        "background_base",
        "background_quote",
        "base",
        "bid_bounds",
        "bids",
        "fees_base",
        "fees_quote",
        "is_changed",
        "matches_prevented",
        "quote",
        "rules",
        "stops",
        "symbol",
        "tape",
        "triggered",
        "update_id",
    )

    def __init__(self, rules: SymbolRules, accounts: ExchangeAccounts) -> None:
        self.symbol = rules.symbol
        self.rules = rules
        self.bid_bounds = bounds_of(rules, rules.bid_down, rules.bid_up)
        self.ask_bounds = bounds_of(rules, rules.ask_down, rules.ask_up)
        self.base = rules.base
        self.quote = rules.quote
        self.bids = BookSide(1)
        self.asks = BookSide(-1)
        self.stops = Stops()
        self.triggered: deque[Order] = deque()
        self.tape = Tape(rules.symbol, rules.average_minutes)
        self.account_symbols: dict[str, AccountSymbol] = {}
        self.background_base = accounts.background.balance(rules.base)
        self.background_quote = accounts.background.balance(rules.quote)
        self.fees_base = accounts.fees.balance(rules.base)
        self.fees_quote = accounts.fees.balance(rules.quote)
        self.update_id = 1
        self.matches_prevented = 0
        """Which is also the id of the next one."""
        self.is_changed = False
        """Whether the operation that is under way has changed the book."""

    def account_symbol(self, account: ExchangeAccount) -> AccountSymbol:
        """The account at this symbol, made when it is first asked for."""
        account_symbol = self.account_symbols.get(account.name)
        if account_symbol is None:
            account_symbol = self.account_symbols[account.name] = AccountSymbol(account, self)
        return account_symbol
