"""The state of one account while its journal is measured: live orders, open positions, caps in force.

All of it can be encoded, so that a restart goes on from a checkpoint.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from msgspec import Struct

from fairway.ledger.positions import Position
from fairway.money.amount import ZERO
from fairway.orders.ids import Role
from fairway.orders.order import OrderState, Side
from fairway.world.clock import MINUTE

Note = Callable[..., None]
"""Takes an observation: indicator, at (ns), value, and as it may be label and count."""

ENDED_KEPT: Final = 50
"""Ended orders that are kept for late events."""
DOUBT_NS: Final = MINUTE
"""An order whose fate is unknown for so long (ns) counts as bad, whatever it turns out to be."""


class MeasuredOrder(Struct):
    """One order, from its first event until its outcome is measured."""

    id: str
    symbol: str
    role: Role
    side: Side
    state: OrderState
    quantity: Decimal
    sent_at: int
    named: Decimal | None
    """The price at which it was decided, None where there is none."""
    filled: Decimal = ZERO
    trades: tuple[str, ...] = ()
    is_acked: bool = False
    ends_by_us: bool = False
    """The trader has asked to cancel it."""
    lost_at: int = 0
    """Since when its fate is unknown (ns), 0 where it is known."""
    is_judged: bool = False
    """It has been counted as good or bad."""
    is_adopted: bool = False
    is_of_before: bool = False
    """It was sent before the last start of the trader, so when the venue answered is unknown."""


class MeasuredTrip(Struct):
    """An open position."""

    position: Position
    stop: Decimal | None
    """Of its plan, None where it had none."""
    other_fees: Decimal = ZERO
    """Fees in quote that the position's result does not include."""


class MeasuredAccount(Struct):
    """plans: by symbol, stop and price of the entry that was planned last. lots: by symbol, the least that is traded.

    prices: by symbol, as they were marked last, the same for all accounts of a trader. down: channels that were lost, since when
    (ns). caps: those in force, by id.
    """

    name: str
    lives: dict[str, MeasuredOrder] = {}
    ended: dict[str, MeasuredOrder] = {}
    doubted: dict[str, int] = {}
    trips: dict[str, MeasuredTrip] = {}
    plans: dict[str, tuple[Decimal, Decimal | None]] = {}
    lots: dict[str, Decimal] = {}
    prices: dict[str, Decimal] = {}
    down: dict[str, int] = {}
    caps: dict[str, None] = {}
    came_back_holding: bool = False
    """It was started with an open position, and has not caught up yet."""
    killed: dict[str, str] = {}
    """Kills in force, by the id of their cap: the symbol, "" for all of them."""
    measured_at: int = 0
    """When the trader last measured itself (ns); of the trader's own account only."""

    def is_killed(self, symbol: str) -> bool:
        return any(killed in ("", symbol) for killed in self.killed.values())

    def life(self, order_id: str) -> MeasuredOrder | None:
        return self.lives.get(order_id) or self.ended.get(order_id)
