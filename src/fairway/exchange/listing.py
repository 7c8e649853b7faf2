"""A symbol as it is listed: its rules, its book, its waiting orders, its tape, and the seats of the accounts there."""

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
        "ask_bounds",
        "asks",
        "base",
        "bid_bounds",
        "bids",
        "crowd_base",
        "crowd_quote",
        "fees_base",
        "fees_quote",
        "is_changed",
        "matches_prevented",
        "quote",
        "rules",
        "seats",
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
        self.seats: dict[str, AccountSymbol] = {}
        self.crowd_base = accounts.crowd.purse(rules.base)
        self.crowd_quote = accounts.crowd.purse(rules.quote)
        self.fees_base = accounts.fees.purse(rules.base)
        self.fees_quote = accounts.fees.purse(rules.quote)
        self.update_id = 1
        self.matches_prevented = 0
        """Which is also the id of the next one."""
        self.is_changed = False
        """Whether the operation that is under way has changed the book."""

    def seat(self, account: ExchangeAccount) -> AccountSymbol:
        """The account's seat, taken at the first asking."""
        seat = self.seats.get(account.name)
        if seat is None:
            seat = self.seats[account.name] = AccountSymbol(account, self)
        return seat
