"""One account's state in the trader. Its parts are moved by journaled events only; what is not journaled is `transient`."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from fairway.journal.kinds import Event
from fairway.market.candles import Candle
from fairway.money.amount import Amount
from fairway.orders.lifecycle import OrderEvent
from fairway.risk.guards.roster import Roster
from fairway.trading.account import guard_feed
from fairway.trading.account.limits import AccountLimits
from fairway.trading.account.money import Money
from fairway.trading.account.orders import Orders
from fairway.trading.account.protection import Protection
from fairway.trading.account.received_signals import ReceivedSignals
from fairway.trading.account.retries import Retries
from fairway.trading.account.starts import Starts
from fairway.trading.account.venue_access import VenueAccess
from fairway.trading.account_config import AccountConfig
from fairway.trading.market_cache import MarketCache
from fairway.trading.totals import Totals
from fairway.trading.transient_state import TransientState


class AccountState:
    """One account's state. Only its trader changes it.

    config: how the account is traded. market: quotes and candles, shared with the trader's other accounts.
    """

    remembers: ClassVar[Mapping[str, Any]] = {
        "starts": Starts,
        "orders": Orders,
        "money": Money,
        "limits": AccountLimits,
        "retries": Retries,
        "protection": Protection,
        "access": VenueAccess,
        "guards": Roster,
        "signals": ReceivedSignals,
    }
    """What journaled events change, by attribute, with the type to keep it in: see `checkpoint`."""

    def __init__(self, config: AccountConfig, market: MarketCache | None = None) -> None:
        self.config = config
        self.market = market if market is not None else MarketCache(config.strategy.warm_up)
        self.totals = Totals()
        """Of all accounts of the trader, which replaces this by the totals that all of them share."""
        self.starts = Starts(config.account)
        self.orders = Orders()
        self.money = Money(config.instruments)
        self.limits = AccountLimits(config.rules.limits, needs_lease=config.needs_lease)
        self.retries = Retries()
        self.protection = Protection(self.limits, self.retries)
        self.access = VenueAccess()
        self.guards = Roster(config.rules.guards, config.quote)
        self.signals = ReceivedSignals()
        self.transient = TransientState(restless=dict.fromkeys(config.symbols))

    def apply(self, event: Event, at: int) -> None:
        """Applies a journaled event (ns), live and in replay alike: once in each part, each after the parts that it rests on."""
        started_at = self.starts.unended[-1] if self.starts.unended else 0
        order = self.orders.apply(event, at)
        if order is None and isinstance(event, OrderEvent):
            return  # a fill that was booked before
        self.starts.apply(event, at)
        money = self.money.apply(event, at, order.order if order is not None else None)
        self.limits.apply(event, at)
        is_held = order is not None and order.order.symbol in self.money.ledger.positions
        self.protection.apply(event, at, order, money, is_held=is_held)
        self.access.apply(event, at)
        self.signals.apply(event, at)
        guard_feed.apply(self.guards, event, at, order, money, started_at=started_at)

    def meets_orphans(self, symbol: str) -> bool:
        """Whether a position is open beside open sales of ours that the books lack: those must be adopted first."""
        return symbol in self.money.ledger.positions and symbol in self.transient.orphans.values()

    def wants_ticks(self) -> bool:
        """Whether time alone may bring something to do, or guards look once a second at what is held."""
        return bool(self.restless() or (self.money.ledger.positions and self.guards.is_watching))

    def restless(self) -> Mapping[str, None]:
        """Symbols in which time alone may bring something to do: unfinished actions, and prices beyond their stop."""
        beyond = [symbol for symbol in self.money.ledger.positions if self._is_beyond_stop(symbol)]
        return self.transient.restless | dict.fromkeys(beyond) if beyond else self.transient.restless

    def _is_beyond_stop(self, symbol: str) -> bool:
        plan, quote = self.protection.plans.get(symbol), self.market.quotes.get(symbol)
        return plan is not None and quote is not None and quote.bid < plan.stop.value

    def worth(self) -> Amount | None:
        """All balances at the middle of each quote, in the account's quote asset; None while something held has no quote."""
        return self.money.ledger.worth(self.config.quote, self.market.marks())

    def marks(self) -> dict[str, Decimal]:
        """By symbol, the middle of each quote that may be traded on."""
        return self.market.marks()

    def skip_candles(self) -> None:
        """Takes every candle in the market cache for decided on: it is from before this account was traded here."""
        for symbol, candles in self.market.candles.items():
            if candles:
                self.transient.decided[symbol] = candles[-1].open_at

    def take_candle(self, candle: Candle) -> bool:
        """Whether a closed candle is the newest and was not decided on yet; from now on it counts as decided on."""
        self.market.see_candle(candle)
        kept, decided = self.market.candles[candle.symbol], self.transient.decided.get(candle.symbol)
        if not kept or kept[-1].open_at != candle.open_at or (decided is not None and candle.open_at <= decided):
            return False
        self.transient.decided[candle.symbol] = candle.open_at
        return True
