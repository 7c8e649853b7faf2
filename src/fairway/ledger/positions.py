"""Positions: what is held of a pair, what it cost, and what selling it brought.

Average cost. The cost of what is sold is cut to twelve decimals and the rest stays with what is kept, so that over the life
of a position costs add up to what was paid, exactly.
"""

from decimal import ROUND_DOWN, Decimal

from msgspec import Struct
from msgspec.structs import replace

from fairway.market.instrument import Instrument
from fairway.money.amount import ZERO, Amount
from fairway.orders.order import Fill, Side

COST_STEP = Decimal("1E-12")


class Position(Struct, frozen=True, kw_only=True):
    """quantity in base, after fees taken in base; cost in quote, with fees taken in quote. result is what sales brought."""

    symbol: str
    quantity: Amount
    cost: Amount
    result: Amount
    opened_at: int = 0
    bought: Amount
    """Base bought since it was opened, before fees."""
    paid: Amount
    """Quote paid for that, before fees."""
    sold: Amount
    """Base sold since it was opened."""
    received: Amount
    """Quote received for that, before fees."""

    @classmethod
    def flat(cls, instrument: Instrument) -> "Position":
        base, quote = Amount(ZERO, instrument.base), Amount(ZERO, instrument.quote)
        return cls(
            symbol=instrument.symbol, quantity=base, cost=quote, result=quote, bought=base, paid=quote, sold=base, received=quote
        )

    @property
    def is_open(self) -> bool:
        return self.quantity.value > 0

    @property
    def average_entry(self) -> Decimal:
        """Quote paid per base bought, before fees; zero where nothing was bought."""
        return self.paid.value / self.bought.value if self.bought else ZERO

    @property
    def average_exit(self) -> Decimal:
        return self.received.value / self.sold.value if self.sold else ZERO


def after_fill(position: Position, side: Side, fill: Fill) -> Position:
    """The position after one fill of its pair."""
    return _after_buy(position, fill) if side is Side.BUY else _after_sale(position, fill)


def _after_buy(position: Position, fill: Fill) -> Position:
    fee_base, fee_quote = _fees(position, fill)
    return replace(
        position,
        quantity=position.quantity + fill.quantity - fee_base,
        cost=position.cost + fill.quote + fee_quote,
        opened_at=position.opened_at or fill.at,
        bought=position.bought + fill.quantity,
        paid=position.paid + fill.quote,
    )


def _after_sale(position: Position, fill: Fill) -> Position:
    fee_base, fee_quote = _fees(position, fill)
    gone = fill.quantity + fee_base
    kept = position.quantity - gone
    cost = _cost_of(position, gone)
    return replace(
        position,
        quantity=kept,
        cost=position.cost - cost,
        result=position.result + fill.quote - fee_quote - cost,
        sold=position.sold + fill.quantity,
        received=position.received + fill.quote,
    )


def after_loss(position: Position, quantity: Amount) -> Position:
    """The position after some of it went without a sale: what that had cost is lost."""
    cost = _cost_of(position, quantity)
    return replace(position, quantity=position.quantity - quantity, cost=position.cost - cost, result=position.result - cost)


def _cost_of(position: Position, quantity: Amount) -> Amount:
    if quantity >= position.quantity:
        return position.cost
    share = position.cost.value * quantity.value / position.quantity.value
    return Amount(share.quantize(COST_STEP, ROUND_DOWN), position.cost.asset)


def _fees(position: Position, fill: Fill) -> tuple[Amount, Amount]:
    """The fee as (base, quote); a fee in a third asset is in neither and only moves that asset's balance."""
    none_base, none_quote = Amount(ZERO, position.quantity.asset), Amount(ZERO, position.cost.asset)
    if fill.fee.asset == none_base.asset:
        return fill.fee, none_quote
    if fill.fee.asset == none_quote.asset:
        return none_base, fill.fee
    return none_base, none_quote
