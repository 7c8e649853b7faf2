"""Sums what was bought, sold, paid in fees and adjusted, asset by asset, beside the ledger and to be held against it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from fairway.money.amount import ZERO, Amount
from fairway.orders.order import Fill, Side
from fairway.reports.story import Flow


@dataclass(slots=True)
class Flows:
    """Decimals by asset, exact under the money's context."""

    bought: dict[str, Decimal] = field(default_factory=dict)
    sold: dict[str, Decimal] = field(default_factory=dict)
    fees: dict[str, Decimal] = field(default_factory=dict)
    adjusted: dict[str, Decimal] = field(default_factory=dict)

    def book(self, side: Side, fill: Fill) -> None:
        """Both sides of a trade, and its fee."""
        is_buy = side is Side.BUY
        add(self.bought, fill.quantity if is_buy else fill.quote)
        add(self.sold, fill.quote if is_buy else fill.quantity)
        add(self.fees, fill.fee)

    def adjust(self, amount: Amount) -> None:
        """What came or went from outside."""
        add(self.adjusted, amount)

    def by_asset(self, opening: Mapping[str, Decimal], balances: Mapping[str, Decimal]) -> tuple[Flow, ...]:
        """Each asset from its opening to the balance that the ledger has of it."""
        assets = dict.fromkeys((*opening, *self.bought, *self.sold, *self.fees, *self.adjusted))
        return tuple(
            Flow(
                asset=asset,
                opening=opening.get(asset, ZERO),
                bought=self.bought.get(asset, ZERO),
                sold=self.sold.get(asset, ZERO),
                fees=self.fees.get(asset, ZERO),
                adjustments=self.adjusted.get(asset, ZERO),
                balance=balances.get(asset, ZERO),
            )
            for asset in assets
        )


def add(sums: dict[str, Decimal], amount: Amount) -> None:
    """Adds an amount to the sum of its asset."""
    sums[amount.asset] = sums.get(amount.asset, ZERO) + amount.value
