"""What a venue takes for a fill."""

from dataclasses import dataclass
from decimal import Decimal

from fairway.money.amount import text_of


@dataclass(frozen=True, slots=True)
class Fees:
    """Maker and taker rates as fractions of the fill: Decimal("0.001") is 0.1 %."""

    maker: Decimal
    taker: Decimal

    @property
    def highest(self) -> Decimal:
        """The rate to size by: which one a fill will cost is not known before."""
        return max(self.maker, self.taker)

    def __str__(self) -> str:
        return f"maker {text_of(self.maker * 100)} %, taker {text_of(self.taker * 100)} %"
