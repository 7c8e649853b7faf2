"""What is remembered of one account while its journal is read: orders that live, positions that are open, what is in force.

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
"""Ended orders kept for late news of them."""
DOUBT_NS: Final = MINUTE
"""An order that is unknown for so long did not come to a good end, whatever becomes of it."""


class Life(Struct):
    """One order. named: the price that it was decided at, None where there is none. ends_by_us: we asked to cancel it.

    lost_at: since when its fate is unknown (ns), 0 where it is known. is_judged: it was counted as good or bad.
    """

    id: str
    symbol: str
    role: Role
    side: Side
    state: OrderState
    quantity: Decimal
    sent_at: int
    named: Decimal | None
    filled: Decimal = ZERO
    trades: tuple[str, ...] = ()
    is_acked: bool = False
    ends_by_us: bool = False
    lost_at: int = 0
    is_judged: bool = False
    is_adopted: bool = False
    is_of_before: bool = False
    """It was sent before the trader was started last: when the venue answered it is not known."""


class Trip(Struct):
    """An open position. stop: of its plan, None where it had none. other_fees: in quote, of those that its result has not."""

    position: Position
    stop: Decimal | None
    other_fees: Decimal = ZERO


class Account(Struct):
    """plans: by symbol, stop and price of the entry that was planned last. lots: by symbol, the least that is traded.

    prices: by symbol, as they were marked last, the same for all accounts of a trader. down: channels that were lost, since when
    (ns). caps: those in force, by id.
    """

    name: str
    lives: dict[str, Life] = {}
    ended: dict[str, Life] = {}
    doubted: dict[str, int] = {}
    trips: dict[str, Trip] = {}
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

    def life(self, order_id: str) -> Life | None:
        return self.lives.get(order_id) or self.ended.get(order_id)
