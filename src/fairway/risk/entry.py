"""An entry under review: one frozen value with everything that the checks need."""

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from fairway.market.candles import Quote
from fairway.market.instrument import Instrument
from fairway.money.amount import ZERO, Amount, Price
from fairway.money.fees import Fees
from fairway.money.fraction import Fraction
from fairway.orders.intent import Enter
from fairway.risk.edge import TradeRecord
from fairway.risk.guards.recent import RecentEntries
from fairway.risk.limits import Limits
from fairway.risk.rules import RiskRules

NO_ENTRIES = RecentEntries()


class Companion(Struct, frozen=True):
    """Another symbol that is held, or may soon be. exposure: in quote. correlation: with the entry's symbol; None if unknown."""

    base: str
    exposure: Decimal
    correlation: Decimal | None


class OtherAccounts(Struct, frozen=True):
    """All other accounts of the trader together, in quote."""

    exposure: Decimal = ZERO
    """Of positions and entries in flight."""
    worst: Decimal = ZERO
    """What they have lost since their stages began, and would lose if all stops were hit."""
    unknown: int = 0
    """The number of accounts whose loss is not known."""


NO_OTHERS = OtherAccounts()


class ProposedEntry(Struct, frozen=True, kw_only=True):
    """worth is None where something held has no price; now in ns."""

    intent: Enter
    instrument: Instrument
    rules: RiskRules
    fees: Fees
    quote: Quote | None
    worth: Amount | None
    free: Amount
    """Quote that is neither spent nor promised to entries in flight."""
    exposure: Amount
    """What positions and entries in flight are worth."""
    positions: int
    symbol_is_busy: bool
    streams_are_up: bool
    limits: Limits
    """What is in force for the symbol."""
    why_limited: str
    """Why positions may not be opened in it, "" where they may."""
    now: int
    close: Decimal | None = None
    """Close of the candle that led to the entry, or of the newest one before a signal, in quote per base."""
    intent_age_ns: int = 0
    """Time since the candle closed, or the signal was sent, that led to the intent."""
    intent_age_max_ns: int = 60_000_000_000
    """The candle's own length, for by then the next one has closed; the strategy's `age_max` for a signal."""
    companions: Sequence[Companion] = ()
    range: Decimal | None = None
    """Average true range of the newest candles, in quote per base; None with too few of them."""
    record: TradeRecord | None = None
    drawdown: Fraction = Fraction(ZERO)
    recent: RecentEntries = NO_ENTRIES
    resting_sale: Decimal | None = None
    """The lowest price at which an order of ours sells the same symbol."""
    skew_ns: int | None = None
    """How far the venue's clock is ahead of ours; None before it was measured."""
    strategy: str = ""
    """The name of the strategy that proposes it."""
    open_orders: int = 0
    """Entries of the account that are at work already."""
    lost: Decimal | None = None
    """What the account has lost since its stage began, in quote, below zero where it gained; None where that is not known."""
    at_risk: Decimal = ZERO
    """What positions and entries in flight would still lose if their stops were hit, in quote."""
    others: OtherAccounts = NO_OTHERS
    orders_beside: int = 0
    """Open orders in the symbol that are not of the trader's books: the venue holds so many of an account, and no more."""
    stops_beside: int = 0
    """Those of them that wait for a price."""
    locked_short: Decimal = ZERO
    """Base that foreign orders lock beyond all that the account has of it, by our books."""

    @property
    def ask(self) -> Price:
        """The price that is paid. Callers check first that there is a quote."""
        assert self.quote is not None
        return Price(self.quote.ask, self.instrument.base, self.instrument.quote)

    @property
    def capital(self) -> Decimal:
        """What the account counts as worth, in quote: its worth, or its limit. Callers check first that it is known."""
        assert self.worth is not None
        most = self.limits.capital
        return self.worth.value if most is None else min(self.worth.value, most.value)


class EntryRefusal(Struct, frozen=True):
    """The refusal of an entry by our own checks, as a code `CATEGORY_CONDITION: key=value`."""

    code: str


class Sized(Struct, frozen=True):
    """A quantity that may be bought, and the bound that made it as small as it is."""

    quantity: Amount
    bound: str
