"""Candles, trades and the top of the book: what a market stream tells."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from fairway.world.clock import DAY, HOUR, MINUTE, SECOND

INTERVALS: Final[dict[str, int]] = {
    "1s": SECOND,
    "1m": MINUTE,
    "3m": 3 * MINUTE,
    "5m": 5 * MINUTE,
    "15m": 15 * MINUTE,
    "30m": 30 * MINUTE,
    "1h": HOUR,
    "2h": 2 * HOUR,
    "4h": 4 * HOUR,
    "6h": 6 * HOUR,
    "8h": 8 * HOUR,
    "12h": 12 * HOUR,
    "1d": DAY,
}
"""Length of each candle interval, in nanoseconds; all divide the day, so candles begin at multiples of their length."""

AGREES_WITHIN: Final = Decimal("0.02")
"""Farthest that the middles of two quotes may be apart for the two to agree, as a fraction of one of them."""
AGREES_AFTER_NS: Final = SECOND // 2
"""Quotes that agree count as two facts once so long lies between their receipts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candle:
    """Prices in quote per base, volumes in base and quote; open_at inclusive, close_at exclusive (both ns UTC).

    count and taker_* are 0 where a source does not know them.
    """

    symbol: str
    open_at: int
    close_at: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    quote_volume: Decimal = Decimal(0)
    count: int = 0
    taker_buy_volume: Decimal = Decimal(0)
    taker_buy_quote: Decimal = Decimal(0)

    def flaw(self) -> str | None:
        """What makes this candle impossible, or None. A flawed candle is never traded on."""
        if min(self.open, self.high, self.low, self.close) <= 0:
            return "a price is zero or below"
        if not self.low <= min(self.open, self.close) <= max(self.open, self.close) <= self.high:
            return f"open {self.open} and close {self.close} are not within low {self.low} and high {self.high}"
        if min(self.volume, self.quote_volume) < 0:
            return "a volume is below zero"
        if self.close_at <= self.open_at:
            return "it ends before it begins"
        return None


@dataclass(frozen=True, slots=True)
class Trade:
    """One trade on the public tape."""

    symbol: str
    trade_id: str
    at: int
    price: Decimal
    quantity: Decimal
    buyer_is_maker: bool


@dataclass(frozen=True, slots=True)
class Quote:
    """The top of the book. seen_at is when we received it; at is the venue's time, 0 where it does not tell."""

    symbol: str
    bid: Decimal
    bid_quantity: Decimal
    ask: Decimal
    ask_quantity: Decimal
    at: int
    seen_at: int

    def flaw(self) -> str | None:
        """Why this quote must not be traded on, or None."""
        if self.bid <= 0 or self.ask <= 0:
            return "a side has no price"
        if self.bid >= self.ask:
            return f"crossed: bid {self.bid}, ask {self.ask}"
        return None

    def agrees_with(self, before: "Quote") -> bool:
        """Whether it shows the price of an earlier quote. Only of quotes without a flaw."""
        was = before.bid + before.ask  # twice the middle: this is asked of every quote
        return abs(self.bid + self.ask - was) <= was * AGREES_WITHIN

    @property
    def middle(self) -> Decimal:
        return (self.bid + self.ask) / 2
