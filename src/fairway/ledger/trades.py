"""Which trades of a symbol were booked: the venue's own trade ids, so that no trade moves the ledger twice."""

from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal

from msgspec.structs import replace

from fairway.money.amount import Amount
from fairway.orders.order import Fill

TRADES_KEPT = 1_000
"""Ids kept of each symbol. Of older trades only the time is: a stranger's fill from before it is taken for booked."""
SHARE_STEP = Decimal("1E-12")


@dataclass(slots=True)
class KnownTrades:
    """One symbol's. forgotten_to: time (ns) of the newest trade whose id is not kept any more."""

    at_by_id: dict[str, int] = field(default_factory=dict)
    forgotten_to: int = 0

    def add(self, fill: Fill) -> None:
        self.at_by_id[fill.trade_id] = fill.at
        while len(self.at_by_id) > TRADES_KEPT:
            oldest = next(iter(self.at_by_id))
            self.forgotten_to = max(self.forgotten_to, self.at_by_id.pop(oldest))


def split(fill: Fill, quantity: Amount) -> tuple[Fill | None, Fill | None]:
    """A fill in two, the first of this quantity. Quote and fee go by share, cut to twelve decimals; the rest keeps the rest."""
    if not quantity:
        return None, fill
    if quantity >= fill.quantity:
        return fill, None
    share = quantity.value / fill.quantity.value
    quote, fee = _part(fill.quote, share), _part(fill.fee, share)
    first = replace(fill, quantity=quantity, quote=quote, fee=fee)
    return first, replace(fill, quantity=fill.quantity - quantity, quote=fill.quote - quote, fee=fill.fee - fee)


def _part(amount: Amount, share: Decimal) -> Amount:
    return Amount((amount.value * share).quantize(SHARE_STEP, ROUND_DOWN), amount.asset)
