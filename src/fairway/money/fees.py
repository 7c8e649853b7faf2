"""What a venue takes for a fill."""

from dataclasses import dataclass
from decimal import Decimal

from fairway.money.amount import Amount, text_of


@dataclass(frozen=True, slots=True)
class Fees:
    """Maker and taker rates as fractions of the fill: Decimal("0.001") is 0.1 %."""

    maker: Decimal
    taker: Decimal

    def worst(self, amount: Amount) -> Amount:
        """The most that a fill of this amount can cost, for sizing and limits: unknown counts as the worse rate."""
        return amount * max(self.maker, self.taker)

    def __str__(self) -> str:
        return f"maker {text_of(self.maker * 100)} %, taker {text_of(self.taker * 100)} %"
