"""What a client may ask of an order: its terms, and how it is named.

All numbers are integer counts of 10⁻⁸ (see `units`). Zero means "not given".
"""

from enum import StrEnum
from typing import NamedTuple

from fairway.exchange.values import Value


class Side(StrEnum):
    BUY = "BUY"
    SELL = "SELL"


class OrderType(StrEnum):
    LIMIT = "LIMIT"
    MARKET = "MARKET"
    STOP_LOSS = "STOP_LOSS"
    STOP_LOSS_LIMIT = "STOP_LOSS_LIMIT"
    TAKE_PROFIT = "TAKE_PROFIT"
    TAKE_PROFIT_LIMIT = "TAKE_PROFIT_LIMIT"
    LIMIT_MAKER = "LIMIT_MAKER"


class TimeInForce(StrEnum):
    GTC = "GTC"
    IOC = "IOC"
    FOK = "FOK"


class SelfTrade(StrEnum):
    """What happens when an account's order would match its own."""

    NONE = "NONE"
    EXPIRE_TAKER = "EXPIRE_TAKER"
    EXPIRE_MAKER = "EXPIRE_MAKER"
    EXPIRE_BOTH = "EXPIRE_BOTH"
    DECREMENT = "DECREMENT"


class NewOrder(Value, frozen=True):
    """An order as asked for. Zero means "not given"; client_id "" means the exchange names it."""

    symbol: str
    side: Side
    type: OrderType
    quantity: int = 0
    quote_quantity: int = 0
    price: int = 0
    stop_price: int = 0
    time_in_force: TimeInForce = TimeInForce.GTC
    client_id: str = ""
    self_trade: SelfTrade = SelfTrade.EXPIRE_MAKER


class NewPair(Value, frozen=True):
    """Two orders of which one cancels the other (OCO): same symbol, side, quantity; above is the leg with the higher price."""

    above: NewOrder
    below: NewOrder
    client_id: str = ""


class NewContingent(Value, frozen=True):
    """Orders of which the working one triggers the others (OTO): one pending order, or a pair, above before below (OTOCO)."""

    working: NewOrder
    pending: tuple[NewOrder, ...]
    client_id: str = ""


class OrderRef(NamedTuple):
    """Names an order by the exchange's id, or by the client's where order_id is 0."""

    order_id: int = 0
    client_id: str = ""
