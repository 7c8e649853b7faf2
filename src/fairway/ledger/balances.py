"""Balances by asset, moved by fills and transfers only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from fairway.money.amount import ZERO, Amount
from fairway.orders.order import Fill, Side


@dataclass(slots=True)
class Balances:
    """Total of each asset, free and locked together; an asset never heard of is absent, not zero."""

    totals: dict[str, Decimal] = field(default_factory=dict)

    def move(self, amount: Amount) -> None:
        """Adds an amount, which may be negative."""
        self.totals[amount.asset] = self.totals.get(amount.asset, ZERO) + amount.value

    def book(self, side: Side, fill: Fill) -> None:
        """Moves base, quote and fee of a fill."""
        buys = side is Side.BUY
        self.move(fill.quantity if buys else -fill.quantity)
        self.move(-fill.quote if buys else fill.quote)
        self.move(-fill.fee)

    def of(self, asset: str) -> Amount:
        return Amount(self.totals.get(asset, ZERO), asset)


def differences(ours: Mapping[str, Decimal], venue: Mapping[str, Decimal]) -> dict[str, tuple[Decimal, Decimal]]:
    """Assets on which we and the venue disagree, as (ours, venue's). One that is absent counts as zero here, for to lack an asset
    is a difference too; whether it is believed to be zero, `evidence` decides."""
    assets = dict.fromkeys((*ours, *venue))
    pairs = {asset: (ours.get(asset, ZERO), venue.get(asset, ZERO)) for asset in assets}
    return {asset: pair for asset, pair in pairs.items() if pair[0] != pair[1]}
