"""The ledger: one account's balances, positions, dust and results, moved by fills; and what it is all worth.

The tie-out that holds to the last digit, for any prices:

    worth now - worth at the start = results of round trips + results of open positions + (open positions marked - their cost)
                                     + dust marked - fees in other assets
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from fairway.ledger.balances import Balances
from fairway.ledger.positions import Position, after_fill
from fairway.market.instrument import Instrument
from fairway.money.amount import ZERO, Amount
from fairway.orders.order import Fill, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTrip:
    """A position from its first buy to its last sale. result is net of fees and of the cost of what was left as dust."""

    symbol: str
    opened_at: int
    closed_at: int
    quantity: Amount
    entry: Decimal
    exit: Decimal
    result: Amount


@dataclass(slots=True)
class Ledger:
    """Moved only by `open` and `book`; seen trade ids make booking a fill twice harmless."""

    instruments: Mapping[str, Instrument]
    balances: Balances = field(default_factory=Balances)
    positions: dict[str, Position] = field(default_factory=dict)
    dust: dict[str, Decimal] = field(default_factory=dict)
    """Base left over that no order can sell; it has no cost any more."""
    fees: dict[str, Decimal] = field(default_factory=dict)
    results: dict[str, Decimal] = field(default_factory=dict)
    """Closed results by quote asset."""
    last_trade: dict[str, str] = field(default_factory=dict)
    """The newest trade id booked, by symbol: where catching up begins."""

    def position(self, symbol: str) -> Position:
        held = self.positions.get(symbol)
        return held if held is not None else Position.flat(self.instruments[symbol])

    def book(self, symbol: str, side: Side, fill: Fill) -> RoundTrip | None:
        """Books one fill; the round trip, where it closed one."""
        self.balances.book(side, fill)
        self.fees[fill.fee.asset] = self.fees.get(fill.fee.asset, ZERO) + fill.fee.value
        self.last_trade[symbol] = _later(self.last_trade.get(symbol, ""), fill.trade_id)
        position = after_fill(self.position(symbol), side, fill)
        self.positions[symbol] = position
        if side is Side.SELL and position.quantity.value < self.instruments[symbol].lot:
            return self._close(position, fill.at)
        return None

    def write_off(self, symbol: str, at: int) -> RoundTrip:
        """Ends a position that no order of the venue can sell (ns): what is left of it is dust."""
        return self._close(self.positions[symbol], at)

    def _close(self, position: Position, at: int) -> RoundTrip:
        """What is left of it is dust, and its cost belongs to the result."""
        result = position.result - position.cost
        self.results[result.asset] = self.results.get(result.asset, ZERO) + result.value
        if position.quantity:
            asset = position.quantity.asset
            self.dust[asset] = self.dust.get(asset, ZERO) + position.quantity.value
        del self.positions[position.symbol]
        return RoundTrip(
            symbol=position.symbol,
            opened_at=position.opened_at,
            closed_at=at,
            quantity=position.bought,
            entry=position.average_entry,
            exit=position.average_exit,
            result=result,
        )

    def worth(self, quote: str, marks: Mapping[str, Decimal]) -> Amount | None:
        """All balances in one quote asset at prices by symbol; None where an asset held has no price: unknown is not zero."""
        prices = {self.instruments[s].base: p for s, p in marks.items() if self.instruments[s].quote == quote}
        return worth(self.balances.totals, quote, prices)


def worth(totals: Mapping[str, Decimal], quote: str, prices: Mapping[str, Decimal]) -> Amount | None:
    """Value of totals by asset in quote, at prices by base asset; None where an asset that is held has no price."""
    total = ZERO
    for asset, value in totals.items():
        if asset == quote:
            total += value
        elif value:
            if asset not in prices:
                return None
            total += value * prices[asset]
    return Amount(total, quote)


def _later(one: str, other: str) -> str:
    """The later of two trade ids; venues number them upwards, so a longer or larger one is later."""
    return max(one, other, key=lambda trade_id: (len(trade_id), trade_id))
