"""Keeps an account's money: balances, positions, results, and the balance differences that are not explained yet."""

from collections import deque
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, ClassVar, Final, NamedTuple

from fairway.journal.kinds import BalancesOpened, CaughtUp, DustLeft, Event, ExternalFill, TransferAnnounced, Unexplained
from fairway.ledger.result import Ledger, RoundTrip
from fairway.market.instrument import Instrument
from fairway.money.amount import Amount
from fairway.orders.lifecycle import OrderFilled
from fairway.orders.order import Order

TRIPS_KEPT = 100
"""Round trips kept for screens; all of them are in the journal."""


class MoneyChange(NamedTuple):
    """What one event has made of the money."""

    closed: RoundTrip | None = None
    """The round trip that it ended."""
    moved: Amount | None = None
    """What was a deposit or an announced transfer: neither gain nor loss."""
    was_taken: bool = False
    """Whether the position ended without a sale: only the balance says that its coins are gone."""


UNCHANGED: Final = MoneyChange()


class Money:
    remembers: ClassVar[Mapping[str, Any]] = {
        "ledger": Ledger,
        "opening": dict[str, Decimal] | None,
        "opened_at": int,
        "tied_at": int,
        "trips": list[RoundTrip],
    }

    def __init__(self, instruments: Mapping[str, Instrument]) -> None:
        self.ledger = Ledger(instruments)
        self.opening: Mapping[str, Decimal] | None = None
        """The balances that the books were opened with; None before."""
        self.opened_at = 0
        """When the books were opened (ns)."""
        self.tied_at = 0
        """When our balances were last the venue's (ns): every earlier fill is booked."""
        self.trips: deque[RoundTrip] = deque(maxlen=TRIPS_KEPT)
        self.unexplained: dict[str, Decimal] = {}
        """By asset: balance differences of the last reconciliation. Seen once one may be noise; seen twice it is booked."""

    def apply(self, event: Event, at: int, order: Order | None = None) -> MoneyChange:
        """Applies a journaled event; `at` is its instant in ns, `order` the order that a fill is of."""
        handler = _HANDLERS.get(type(event))
        if handler is None:
            return UNCHANGED
        change = handler(self, event, at, order)
        if change.closed is not None:
            self.trips.append(change.closed)
        return change

    def _book(self, event: OrderFilled, at: int, order: Order | None) -> MoneyChange:
        assert order is not None, "a fill belongs to an order"
        return MoneyChange(self.ledger.book(order.symbol, order.side, event.fill))

    def _open(self, event: BalancesOpened, at: int, order: Order | None) -> MoneyChange:
        if self.opening is None:  # the books are opened once
            self.opening, self.opened_at, self.tied_at = event.balances, at, at
            self.ledger.open(event.balances)
        return UNCHANGED

    def _book_external(self, event: ExternalFill, at: int, order: Order | None) -> MoneyChange:
        return MoneyChange(self.ledger.book_external(event.symbol, event.side, event.fill, event.kept).trip)

    def _adjust(self, event: Unexplained, at: int, order: Order | None) -> MoneyChange:
        found = self.ledger.adjust(event.amount, event.asked_at)
        return MoneyChange(found.trip, found.moved, was_taken=found.trip is not None and found.moved is None)

    def _announce(self, event: TransferAnnounced, at: int, order: Order | None) -> MoneyChange:
        return MoneyChange(moved=self.ledger.transfers.announce(event.amount, at))

    def _write_off(self, event: DustLeft, at: int, order: Order | None) -> MoneyChange:
        return MoneyChange(self.ledger.write_off(event.symbol, at))

    def _tie(self, event: CaughtUp, at: int, order: Order | None) -> MoneyChange:
        if not self.unexplained:
            self.tied_at = at
        return UNCHANGED


_HANDLERS: Final[dict[type[Event], Callable[[Money, Any, int, Order | None], MoneyChange]]] = {
    OrderFilled: Money._book,
    BalancesOpened: Money._open,
    ExternalFill: Money._book_external,
    Unexplained: Money._adjust,
    TransferAnnounced: Money._announce,
    DustLeft: Money._write_off,
    CaughtUp: Money._tie,
}
