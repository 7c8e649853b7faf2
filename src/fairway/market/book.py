"""An order book kept from a snapshot and the differences that follow it."""

from dataclasses import dataclass, field
from decimal import Decimal


class BookGap(Exception):
    """A difference is missing: the book is not to be trusted until a new snapshot is taken."""


@dataclass(slots=True)
class Book:
    """Quantities by price on each side. update_id is the last difference applied; 0 before the snapshot."""

    symbol: str
    update_id: int = 0
    bids: dict[Decimal, Decimal] = field(default_factory=dict)
    asks: dict[Decimal, Decimal] = field(default_factory=dict)

    def reset(self, update_id: int, bids: list[tuple[Decimal, Decimal]], asks: list[tuple[Decimal, Decimal]]) -> None:
        """Takes a snapshot."""
        self.update_id, self.bids, self.asks = update_id, dict(bids), dict(asks)

    def apply(
        self, first_id: int, last_id: int, bids: list[tuple[Decimal, Decimal]], asks: list[tuple[Decimal, Decimal]]
    ) -> bool:
        """Applies one difference; False where the snapshot already holds it. Raises BookGap where one is missing before it."""
        if last_id <= self.update_id:
            return False
        if first_id > self.update_id + 1:
            raise BookGap(f"{self.symbol}: updates {self.update_id + 1} to {first_id - 1} are missing")
        _merge(self.bids, bids)
        _merge(self.asks, asks)
        self.update_id = last_id
        return True

    def top(self, levels: int) -> tuple[list[tuple[Decimal, Decimal]], list[tuple[Decimal, Decimal]]]:
        """The best levels of each side, best first."""
        return sorted(self.bids.items(), reverse=True)[:levels], sorted(self.asks.items())[:levels]


def _merge(side: dict[Decimal, Decimal], changes: list[tuple[Decimal, Decimal]]) -> None:
    for price, quantity in changes:
        if quantity:
            side[price] = quantity
        else:
            side.pop(price, None)
