"""The ledger: one account's balances, positions, dust and results, moved by fills; and what it is all worth.

The tie-out that holds to the last digit, for any prices:

    worth now - worth at the start = results of round trips + results of open positions + (open positions marked - their cost)
                                     + dust marked - fees in other assets
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar

from fairway.ledger.balances import Balances
from fairway.ledger.positions import Position, after_fill, after_loss
from fairway.ledger.trades import KnownTrades, split
from fairway.ledger.transfers import Transfers
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """What a trade of another party did to the ledger: how much of it was the bot's, and how much was never the bot's.

    trip: the round trip that it ended.
    """

    ours: Fill | None = None
    rest: Fill | None = None
    lost: Amount | None = None
    """What went of a position without a sale."""
    moved: Amount | None = None
    """What is a deposit or an announced transfer, and so neither gain nor loss."""
    trip: RoundTrip | None = None


@dataclass(slots=True)
class Ledger:
    """Moved only by `open`, `book`, `book_external` and `adjust`; known trade ids make booking a fill twice harmless.

    What is held beyond positions and dust belongs to another party: it counts in balances, and is neither sized by nor protected.
    """

    remembers: ClassVar[Mapping[str, Any]] = {
        "balances": Balances,
        "positions": dict[str, Position],
        "dust": dict[str, Decimal],
        "fees": dict[str, Decimal],
        "results": dict[str, Decimal],
        "trades": dict[str, KnownTrades],
        "unexplained": dict[str, Decimal],
        "adjusted": dict[tuple[str, int], None],
        "last_trade": dict[str, str],
        "transfers": Transfers,
    }

    instruments: Mapping[str, Instrument]
    balances: Balances = field(default_factory=Balances)
    positions: dict[str, Position] = field(default_factory=dict)
    dust: dict[str, Decimal] = field(default_factory=dict)
    """Base left over that no order can sell; it has no cost any more."""
    fees: dict[str, Decimal] = field(default_factory=dict)
    results: dict[str, Decimal] = field(default_factory=dict)
    """Closed results by quote asset."""
    trades: dict[str, KnownTrades] = field(default_factory=dict)
    """Trades that were booked, by symbol."""
    unexplained: dict[str, Decimal] = field(default_factory=dict)
    """What came or went without a trade, by asset, all together."""
    adjusted: dict[tuple[str, int], None] = field(default_factory=dict)
    """By asset and instant (ns): what was booked of it. Each called a person, so there are few."""
    last_trade: dict[str, str] = field(default_factory=dict)
    """The newest trade id booked, by symbol: where catching up begins."""

    transfers: Transfers = field(default_factory=Transfers)
    """What people have announced, and what left without that."""

    def position(self, symbol: str) -> Position:
        held = self.positions.get(symbol)
        return held if held is not None else Position.flat(self.instruments[symbol])

    def open(self, balances: Mapping[str, Decimal]) -> None:
        """What the account holds before anything was booked."""
        self.balances.totals = dict(balances)

    def knows(self, symbol: str, fill: Fill) -> bool:
        """Whether a trade was booked, or may have been, so long ago that the ledger cannot tell."""
        known = self.trades.get(symbol)
        return known is not None and (fill.trade_id in known.at_by_id or fill.at <= known.forgotten_to)

    def has_booked(self, symbol: str, fill: Fill) -> bool:
        """Whether a trade was booked for certain."""
        known = self.trades.get(symbol)
        return known is not None and fill.trade_id in known.at_by_id

    def book(self, symbol: str, side: Side, fill: Fill) -> RoundTrip | None:
        """Books a fill of ours; the round trip, where it closed one. A trade that was booked as another trader's stays theirs."""
        if self.has_booked(symbol, fill):
            return None
        self._note(symbol, fill)
        return self._book_ours(symbol, side, fill)

    def book_external(self, symbol: str, side: Side, fill: Fill, kept: Decimal = ZERO) -> Foreign:
        """Books a fill of another trader on the account. What they buy is theirs; they sell their own first, and then ours, but
        nothing of so much that was kept (base): then what they have bought before is only not known yet."""
        if self.knows(symbol, fill):
            return Foreign()
        self._note(symbol, fill)
        ours, rest = split(fill, self._taken(symbol, side, fill.quantity, kept))
        if rest is not None:
            self.balances.book(side, rest)
        return Foreign(ours=ours, rest=rest, trip=self._book_ours(symbol, side, ours) if ours is not None else None)

    def adjust(self, amount: Amount, at: int) -> Foreign:
        """Books what came or went without a trade, by the venue's word of an instant (ns); each word once.

        Where less is left than a position needs, the position loses the difference.
        """
        asset = amount.asset
        if (asset, at) in self.adjusted:
            return Foreign()
        self.adjusted[asset, at] = None
        moved = self.transfers.book(amount, at)
        self.balances.move(amount)
        self.unexplained[asset] = self.unexplained.get(asset, ZERO) + amount.value
        for symbol, position in self.positions.items():
            if position.quantity.asset == asset and position.quantity > self.balances.of(asset):
                lost = min(position.quantity - self.balances.of(asset), position.quantity)
                self.positions[symbol] = after_loss(position, lost)
                return Foreign(lost=lost, trip=self._close_if_sold(symbol, at), moved=moved)
        return Foreign(moved=moved)

    def _taken(self, symbol: str, side: Side, quantity: Amount, kept: Decimal) -> Amount:
        """How much of a stranger's trade was the bot's: of a sale, what they had not."""
        held, asset = self.position(symbol).quantity, quantity.asset
        theirs = self.balances.of(asset).value - held.value - self.dust.get(asset, ZERO)
        taken = min(held.value - kept, quantity.value - theirs) if side is Side.SELL else ZERO
        return Amount(max(taken, ZERO), asset)

    def _book_ours(self, symbol: str, side: Side, fill: Fill) -> RoundTrip | None:
        self.balances.book(side, fill)
        self.fees[fill.fee.asset] = self.fees.get(fill.fee.asset, ZERO) + fill.fee.value
        self.positions[symbol] = after_fill(self.position(symbol), side, fill)
        return self._close_if_sold(symbol, fill.at) if side is Side.SELL else None

    def _note(self, symbol: str, fill: Fill) -> None:
        self.trades.setdefault(symbol, KnownTrades()).add(fill)
        self.last_trade[symbol] = _later(self.last_trade.get(symbol, ""), fill.trade_id)

    def _close_if_sold(self, symbol: str, at: int) -> RoundTrip | None:
        position = self.positions[symbol]
        return self._close(position, at) if position.quantity.value < self.instruments[symbol].lot else None

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
        """Money and coins that are traded, in one quote asset at prices by symbol; None where one that is held has no price.

        Unknown is not zero. What is not traded here, such as the coin that fees are paid in, is not counted: nothing rests on it.
        """
        total = self.balances.totals.get(quote, ZERO)
        for symbol, instrument in self.instruments.items():
            held = self.balances.totals.get(instrument.base, ZERO) if instrument.quote == quote else ZERO
            if held and symbol not in marks:
                return None
            total += held * marks[symbol] if held else ZERO
        return Amount(total, quote)


def _later(one: str, other: str) -> str:
    """The later of two trade ids; venues number them upwards, so a longer or larger one is later."""
    return max(one, other, key=lambda trade_id: (len(trade_id), trade_id))
