"""Keeps an account's orders, and what the venue has said of them that the journal does not hold."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, NamedTuple

from fairway.journal.kinds import Event, TraderStarted
from fairway.orders.blotter import Blotter
from fairway.orders.lifecycle import OrderAccepted, OrderEvent, OrderFilled
from fairway.orders.order import Order
from fairway.venues.port import OrderReport


class OrderChange(NamedTuple):
    """What one event has made of one order."""

    before: Order | None
    """None for an order that is new."""
    order: Order
    report: OrderReport | None
    """The venue's last report of it."""

    @property
    def has_sold(self) -> bool:
        """Whether a part of it was filled, as booked or as the venue reports."""
        return bool(self.order.filled) or (self.report is not None and bool(self.report.filled))


class Orders:
    remembers: ClassVar[Mapping[str, Any]] = {"blotter": Blotter}

    def __init__(self) -> None:
        self.blotter = Blotter()
        self.reports: dict[str, OrderReport] = {}
        """By order id: the venue's last report of each live order, and of an ended one while fills of it are missing."""
        self.denied: dict[str, int] = {}
        """By id of a live order: when it was last queried (ns), and the venue answered that it has no such order."""
        self.doubted: dict[str, int] = {}
        """By id of an order that counts as refused or is unknown: until when (ns) a fill without an owner may be its fill."""

    def apply(self, event: Event, at: int) -> OrderChange | None:
        """Applies a journaled event; returns what it changed, None where it changed no order or repeats a fill.

        Raises KeyError for an order that was never sent; IllegalTransition and SecondOrder for a bug.
        """
        if isinstance(event, TraderStarted):
            self.blotter.date_back(at)
        if not isinstance(event, OrderEvent):
            return None
        before = self.blotter.get(event.order_id)
        if type(event) is OrderFilled and event.fill.trade_id in self.blotter[event.order_id].trade_ids:
            return None
        order = self.blotter.apply(event, at)
        report = self.reports.get(order.id)
        if type(event) is OrderAccepted:
            self.denied.pop(order.id, None)
            self.doubted.pop(order.id, None)
        elif not order.is_live:
            if type(event) is not OrderFilled:
                self.denied.pop(order.id, None)
            if report is not None and report.filled <= order.filled:
                del self.reports[order.id]
        return OrderChange(before, order, report)

    def lacking(self, symbol: str) -> Iterator[Order]:
        """Orders of which the venue has reported more fills than are booked."""
        for order_id, report in self.reports.items():
            order = self.blotter.get(order_id) if report.symbol == symbol else None
            if order is not None and report.filled > order.filled:
                yield order

    def lacks_fills(self, symbol: str) -> bool:
        return any(True for _ in self.lacking(symbol))

    def is_doubted(self, now: int, symbol: str = "") -> bool:
        """Whether a fill without an owner may be of an order of ours, of this symbol or of any ("")."""
        doubted = (self.blotter.get(order_id) for order_id, until in self.doubted.items() if now < until)
        return any(order is not None and symbol in ("", order.symbol) for order in doubted)
