"""Matches money that came or went without a trade with the transfers that people announce.

What left and was not announced is a loss until a person announces it. What came is a deposit, never a profit; where it is what
left unannounced before, that loss is undone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar, Final

from msgspec import Struct

from fairway.money.amount import Amount

ANNOUNCED_FOR_NS: Final = 7 * 24 * 60 * 60 * 1_000_000_000
"""An announcement that nothing has followed for so long (ns) explains nothing any more."""
KEPT: Final = 100
"""Losses without an announcement that are kept for a later one, the newest."""


class Announced(Struct, frozen=True):
    """A transfer that a person announced at an instant (ns); negative for money that leaves the account."""

    amount: Amount
    at: int


@dataclass(slots=True)
class Transfers:
    remembers: ClassVar[Mapping[str, Any]] = {"announced": list[Announced], "lost": list[Amount]}

    announced: list[Announced] = field(default_factory=list)
    """Those that are not booked yet."""
    lost: list[Amount] = field(default_factory=list)
    """Withdrawals that were not announced."""

    def expects(self, amount: Amount) -> bool:
        """Whether exactly this is announced and not booked yet."""
        return any(each.amount == amount for each in self.announced)

    def announce(self, amount: Amount, at: int) -> Amount | None:
        """The amount, where it left before and was counted as a loss until now; None where it is still awaited."""
        if amount in self.lost:
            self.lost.remove(amount)
            return amount
        self.announced = [each for each in self.announced if at - each.at < ANNOUNCED_FOR_NS]
        self.announced.append(Announced(amount, at))
        return None

    def book(self, amount: Amount, at: int) -> Amount | None:
        """What of an amount that came or went is a transfer: all of it, or None for a loss and for a loss that is undone."""
        self.announced = [each for each in self.announced if at - each.at < ANNOUNCED_FOR_NS]
        if not amount:
            return None
        found = next((each for each in self.announced if each.amount == amount), None)
        if found is not None:
            self.announced.remove(found)
            return amount
        if amount.value > Decimal(0):
            if -amount not in self.lost:
                return amount
            self.lost.remove(-amount)
        else:
            self.lost = [*self.lost, amount][-KEPT:]
        return None
