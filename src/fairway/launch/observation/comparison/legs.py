"""Legs: what a trader's journal says about each signal that an account followed, and at which price it was filled on average.

A signal is an entry, or an exit at market, of one symbol on one candle. A stop or a target is none: it rests at a price that
follows from its own entry, and is filled when that account's turn comes.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, TypeVar

from fairway.journal.events import Codec
from fairway.journal.kinds import EntryPlanned, ExitWanted, ProcessMeasured, TraderStarted
from fairway.journal.port import Record, ReplayEntry
from fairway.money.amount import ZERO
from fairway.orders.ids import Role
from fairway.orders.lifecycle import OrderFilled, OrderSent
from fairway.orders.order import Fill, Side
from fairway.world.clock import MINUTE

K = TypeVar("K")

FILLED_WITHIN_NS: Final = 3 * MINUTE
"""What is filled later is not the price of the signal any more."""
HEARD: Final = (TraderStarted, ProcessMeasured, EntryPlanned, ExitWanted, OrderSent, OrderFilled)
CODEC: Final = Codec(*HEARD)


@dataclass(slots=True)
class SignalExecution:
    """What one account made of a signal. candle: its close (ns) for an entry, the last one's for an exit.

    at: when it was decided (ns). quantity, quote: what was filled in time. release: what the account's trader ran then.
    """

    account: str
    symbol: str
    side: Side
    candle: int
    at: int
    release: str
    quantity: Decimal = ZERO
    quote: Decimal = ZERO
    trades: set[str] = field(default_factory=set)

    def fill(self, fill: Fill, at: int) -> None:
        """Each trade once."""
        if at - self.at <= FILLED_WITHIN_NS and fill.trade_id not in self.trades:
            self.trades.add(fill.trade_id)
            self.quantity += fill.quantity.value
            self.quote += fill.quote.value


class SignalExecutions:
    """interval_ns: the length of a candle. since: signals from before that instant are ignored (ns)."""

    def __init__(self, interval_ns: int, since: int = 0) -> None:
        self._interval_ns, self.since = interval_ns, since
        self._planned: dict[str, SignalExecution] = {}
        """By the entry's order that was planned."""
        self._wanted: dict[tuple[str, str], SignalExecution] = {}
        """By account and symbol, the exit that was wanted last: as many orders as it takes belong to it."""
        self._orders: dict[str, SignalExecution] = {}
        self._waiting: list[SignalExecution] = []
        self.release = ""
        """Digest of what runs now; "" where it is not known."""
        self.seen_to = self.beats = 0
        """Instants (ns) of the last event, and of when the trader last measured itself."""

    def take(self, record: Record | ReplayEntry) -> None:
        """What the trader wrote next. Raises UnreadableRecord."""
        if record.kind in CODEC.kinds:
            self._take(CODEC.decode(record), record.account, record.at)
        self.seen_to = max(self.seen_to, record.at)

    def until(self, at: int) -> list[SignalExecution]:
        """Those that were decided until an instant (ns), oldest first, filled or not; they are forgotten here."""
        taken = [leg for leg in self._waiting if leg.at <= at]
        self._waiting = [leg for leg in self._waiting if leg.at > at]
        late = at - FILLED_WITHIN_NS
        self._planned = _newer(self._planned, late)
        self._wanted = _newer(self._wanted, late)
        self._orders = _newer(self._orders, late)
        return taken

    def _take(self, event: Any, account: str, at: int) -> None:
        match event:
            case TraderStarted():
                self.release = event.bot  # a version alone says nothing of what trades
            case ProcessMeasured():
                self.beats = at
            case EntryPlanned(symbol=symbol, order_id=order_id):
                self._planned[order_id] = self._begin(account, symbol, Side.BUY, self._candle_of(event, at), at)
            case ExitWanted(symbol=symbol):
                self._wanted[account, symbol] = self._begin(account, symbol, Side.SELL, self._candle_before(at), at)
            case OrderSent(order=order) if order is not None:
                self._send(account, order.id, order.symbol, order.role)
            case OrderFilled(order_id=order_id) if order_id in self._orders:
                self._orders[order_id].fill(event.fill, at)

    def _begin(self, account: str, symbol: str, side: Side, candle: int, at: int) -> SignalExecution:
        leg = SignalExecution(account, symbol, side, candle, at, self.release)
        if at > self.since:
            self._waiting.append(leg)
        return leg

    def _send(self, account: str, order_id: str, symbol: str, role: Role) -> None:
        leg = self._planned.get(order_id) if role is Role.ENTRY else None
        leg = self._wanted.get((account, symbol)) if role is Role.EXIT else leg
        if leg is not None:
            self._orders[order_id] = leg

    def _candle_of(self, event: EntryPlanned, at: int) -> int:
        """The close that it was decided on, which the journal gives by its age."""
        if event.intent_age_ns is None:
            return self._candle_before(at)
        return (at - event.intent_age_ns + self._interval_ns // 2) // self._interval_ns * self._interval_ns

    def _candle_before(self, at: int) -> int:
        return at // self._interval_ns * self._interval_ns


def _newer(legs: dict[K, SignalExecution], than: int) -> dict[K, SignalExecution]:
    return {key: leg for key, leg in legs.items() if leg.at > than}
