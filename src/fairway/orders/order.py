"""An order as we believe it to be, and the fills that moved it."""

from enum import StrEnum
from typing import Literal

from msgspec import Struct

from fairway.money.amount import Amount, Price
from fairway.orders.ids import Role


class Side(StrEnum):
    BUY = "buy"
    SELL = "sell"


class OrderType(StrEnum):
    MARKET = "market"
    LIMIT = "limit"
    STOP = "stop"
    """A market order once the stop price trades."""
    STOP_LIMIT = "stop limit"


class OrderState(StrEnum):
    """`UNKNOWN`: sent, and its fate was not reported. Only the venue's answer ends it."""

    SENT = "sent"
    OPEN = "open"
    PARTLY = "partly filled"
    CANCELLING = "cancelling"
    UNKNOWN = "unknown"
    FILLED = "filled"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    EXPIRED = "expired"


RESTING = frozenset({OrderState.OPEN, OrderState.PARTLY})
ENDED = frozenset({OrderState.FILLED, OrderState.CANCELLED, OrderState.REJECTED, OrderState.EXPIRED})


TimeInForce = Literal["GTC", "IOC"]
"""Good till cancelled; or immediate: what cannot be done at once is cancelled."""


class Fill(Struct, frozen=True, kw_only=True):
    """One execution, as the venue tells it. quote is the venue's own figure, not price times quantity; at is its time."""

    trade_id: str
    price: Price
    quantity: Amount
    quote: Amount
    fee: Amount
    is_maker: bool
    at: int


class Order(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """pair is the client id of the pair (OCO) that a stop or a target belongs to, `""` for any other order.

    time_in_force is for orders that have a price: a limit with IOC is a market order with a collar.
    """

    id: str
    symbol: str
    side: Side
    type: OrderType
    role: Role
    quantity: Amount
    price: Price | None = None
    stop_price: Price | None = None
    time_in_force: TimeInForce = "GTC"
    pair: str = ""
    state: OrderState = OrderState.SENT
    reason: str = ""
    """Why it is in this state, in words of the last event that said why."""
    venue_id: str = ""
    filled: Amount
    cost: Amount
    """Quote amount of all fills, before fees."""
    trade_ids: tuple[str, ...] = ()
    attempts: int = 1
    """How often it was sent, always under the same id."""
    created_at: int = 0
    updated_at: int = 0

    @property
    def is_live(self) -> bool:
        """Whether the venue may hold it or have yet to answer for it."""
        return self.state not in ENDED

    @property
    def is_resting(self) -> bool:
        """Whether the venue holds it, as far as we know, and no cancel was sent."""
        return self.state in RESTING

    @property
    def remaining(self) -> Amount:
        return self.quantity - self.filled
