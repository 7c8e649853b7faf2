"""What the exchange answers: the state of orders, lists and accounts, or a refusal.

All numbers are integer counts of 10⁻⁸ (see `units`), all instants integer nanoseconds since the epoch in UTC.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from fairway.exchange.terms import OrderType, SelfTrade, Side, TimeInForce
from fairway.exchange.values import Value


class OrderStatus(StrEnum):
    """State of an order as the wire names it. PENDING_NEW is the waiting leg of an order list."""

    NEW = "NEW"
    PENDING_NEW = "PENDING_NEW"
    PARTIALLY_FILLED = "PARTIALLY_FILLED"
    FILLED = "FILLED"
    CANCELED = "CANCELED"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"
    EXPIRED_IN_MATCH = "EXPIRED_IN_MATCH"


class Fill(Value, frozen=True):
    """One execution of one order, as its owner sees it."""

    trade_id: int
    order_id: int
    symbol: str
    side: Side
    price: int
    quantity: int
    quote: int
    commission: int
    commission_asset: str
    is_maker: bool
    at: int


class OrderSnapshot(Value, frozen=True):
    """All that is known of an order at one instant."""

    account: str
    symbol: str
    order_id: int
    list_id: int
    client_id: str
    side: Side
    type: OrderType
    time_in_force: TimeInForce
    self_trade: SelfTrade
    price: int
    stop_price: int
    quantity: int
    quote_quantity: int
    executed: int
    executed_quote: int
    status: OrderStatus
    is_working: bool
    created_at: int
    updated_at: int
    working_at: int
    fills: tuple[Fill, ...] = ()
    """Fills made by the very request this answers; empty in queries and in events."""
    prevented: int = 0
    """Quantity that self-trade prevention took from it."""
    prevented_match_id: int = -1
    """The last match that was prevented; -1 where none was."""


class PreventedMatch(Value, frozen=True):
    """A trade of an account with itself that self-trade prevention kept from happening."""

    symbol: str
    match_id: int
    taker_id: int
    maker_id: int
    mode: SelfTrade
    price: int
    quantity: int
    """What would have traded."""
    taker_prevented: int
    """What the taker lost; 0 where it lost nothing."""
    maker_prevented: int
    at: int


class Amendment(Value, frozen=True):
    """An open order was made smaller, and may have got another client id."""

    symbol: str
    order_id: int
    execution_id: int
    client_id_before: str
    client_id: str
    quantity_before: int
    quantity: int
    at: int


class Movement(Value, frozen=True):
    """Something that came to an account, or left it where delta is negative, without a trade."""

    number: int
    asset: str
    delta: int
    at: int
    other: str = ""
    """The account it came from or went to; "" where that was outside."""


class ListState(Value, frozen=True):
    """An order list and its orders. status: EXEC_STARTED, UPDATED, ALL_DONE; order_status: EXECUTING, ALL_DONE, REJECT."""

    account: str
    symbol: str
    list_id: int
    client_id: str
    status: str
    order_status: str
    at: int
    orders: tuple[OrderSnapshot, ...]
    contingency: str = "OCO"
    """OCO, or OTO where the others are placed once the first is filled."""


class Amended(NamedTuple):
    """The answer to an amendment: the order, what was changed of it, and its list where it is in one."""

    order: OrderSnapshot
    amendment: Amendment
    list: ListState | None


class Balance(Value, frozen=True):
    asset: str
    free: int
    locked: int


@dataclass(frozen=True, slots=True)
class KeyPermissions:
    """What a key may do, as `account/apiRestrictions` tells it."""

    reading: bool = True
    spot_trading: bool = True
    withdrawals: bool = False
    addresses: tuple[str, ...] = ()
    """Addresses the key may be used from; empty means any."""
    expires_at: int = 0
    """Zero means never."""


@dataclass(frozen=True, slots=True)
class TradingStatus:
    """How the exchange itself regards an account, whatever its keys may do. kind is the wire's word for it."""

    can_trade: bool = True
    kind: str = "SPOT"


@dataclass(frozen=True, slots=True)
class AccountAnswer:
    name: str
    balances: tuple[Balance, ...]
    maker_fee: int
    """Fraction of the fill, in 10⁻⁸: 100_000 is 0.1 %."""
    taker_fee: int
    rights: KeyPermissions
    updated_at: int
    standing: TradingStatus = TradingStatus()
    fee_asset: str = ""
    """What fees are paid in at a discount; "" for what is received."""


@dataclass(frozen=True, slots=True)
class ExchangeRefusal:
    """The exchange's no: the wire's error code and its message. Nothing was done."""

    code: int
    message: str
    status: int = 400
