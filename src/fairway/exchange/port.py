"""What the exchange's session asks of the back end that carries orders out, and the values that pass between them.

Our own matching is one back end; a real venue behind limits can be another. All numbers are integer counts of 10⁻⁸ (see
`units`), all instants are integer nanoseconds since the epoch in UTC.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

import msgspec


class Value(msgspec.Struct, frozen=True, gc=False):
    """What is told and never changes. It is made fast, and as it holds numbers, texts and values alone, no garbage collector
    needs to look after it.
    """


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


class Status(StrEnum):
    """State of an order as the wire names it. PENDING_NEW is the waiting leg of an order list."""

    NEW = "NEW"
    PENDING_NEW = "PENDING_NEW"
    PARTIALLY_FILLED = "PARTIALLY_FILLED"
    FILLED = "FILLED"
    CANCELED = "CANCELED"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"
    EXPIRED_IN_MATCH = "EXPIRED_IN_MATCH"


class Execution(StrEnum):
    """Why an order report was made."""

    NEW = "NEW"
    CANCELED = "CANCELED"
    REPLACED = "REPLACED"
    REJECTED = "REJECTED"
    TRADE = "TRADE"
    EXPIRED = "EXPIRED"
    TRADE_PREVENTION = "TRADE_PREVENTION"


@dataclass(frozen=True, slots=True)
class NewOrder:
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


@dataclass(frozen=True, slots=True)
class NewPair:
    """Two orders of which one cancels the other (OCO): same symbol, side, quantity; above is the leg with the higher price."""

    above: NewOrder
    below: NewOrder
    client_id: str = ""


class OrderRef(NamedTuple):
    """Names an order by the exchange's id, or by the client's where order_id is 0."""

    order_id: int = 0
    client_id: str = ""


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


class OrderState(Value, frozen=True):
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
    status: Status
    is_working: bool
    created_at: int
    updated_at: int
    working_at: int
    fills: tuple[Fill, ...] = ()
    """Fills made by the very request this answers; empty in queries and in events."""


class ListState(Value, frozen=True):
    """An order list and its two orders. status: RESPONSE, EXEC_STARTED, ALL_DONE; order_status: EXECUTING, ALL_DONE, REJECT."""

    account: str
    symbol: str
    list_id: int
    client_id: str
    status: str
    order_status: str
    at: int
    orders: tuple[OrderState, ...]


class Balance(Value, frozen=True):
    asset: str
    free: int
    locked: int


@dataclass(frozen=True, slots=True)
class Rights:
    """What a key may do, as `account/apiRestrictions` tells it."""

    reading: bool = True
    spot_trading: bool = True
    withdrawals: bool = False
    addresses: tuple[str, ...] = ()
    """Addresses the key may be used from; empty means any."""
    expires_at: int = 0
    """Zero means never."""


@dataclass(frozen=True, slots=True)
class AccountState:
    name: str
    balances: tuple[Balance, ...]
    maker_fee: int
    """Fraction of the fill, in 10⁻⁸: 100_000 is 0.1 %."""
    taker_fee: int
    rights: Rights
    updated_at: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """The exchange's no: the wire's error code and its message. Nothing was done."""

    code: int
    message: str
    status: int = 400


class Print(Value, frozen=True):
    """A trade on the tape. A replayed print may stand for several trades at one price: `trades`; buys among them: `taker_*`."""

    symbol: str
    trade_id: int
    price: int
    quantity: int
    quote: int
    at: int
    buyer_is_maker: bool
    trades: int = 1
    taker_buy_quantity: int = 0
    taker_buy_quote: int = 0


class Candle(NamedTuple):
    """A kline; close_at is the last nanosecond of its last millisecond, as the wire has it (1 ms before the next opens)."""

    symbol: str
    open_at: int
    close_at: int
    open: int
    high: int
    low: int
    close: int
    volume: int
    quote_volume: int
    trades: int
    taker_buy_volume: int
    taker_buy_quote: int
    first_trade_id: int = -1
    last_trade_id: int = -1


class Level(NamedTuple):
    price: int
    quantity: int


class Depth(NamedTuple):
    """The book: best level first on each side."""

    symbol: str
    update_id: int
    bids: Sequence[Level]
    asks: Sequence[Level]


class CrowdUpdate(NamedTuple):
    """What the rest of the market does at one instant: it trades (prints, oldest first), and then shows this depth.

    bids and asks are complete: best first, never crossed with each other; None leaves the side as it is. Trade ids of the
    prints are given by the exchange: 0 here.
    """

    symbol: str
    at: int
    prints: Sequence[Print] = ()
    bids: Sequence[Level] | None = None
    asks: Sequence[Level] | None = None


class OrderReport(Value, frozen=True):
    """Told to the owner of an order, on each change of it. `fill` is set where execution is TRADE."""

    execution: Execution
    order: OrderState
    at: int
    fill: Fill | None = None
    original_client_id: str = ""
    """On a cancel: the order's own client id, while order.client_id then names the cancel request."""
    reject_code: str = "NONE"


class BalancesChanged(Value, frozen=True):
    account: str
    balances: tuple[Balance, ...]
    at: int


class BalanceMoved(Value, frozen=True):
    """A deposit, a withdrawal or a correction from outside."""

    account: str
    asset: str
    delta: int
    at: int


class ListReport(Value, frozen=True):
    state: ListState


class Printed(Value, frozen=True):
    trade: Print


class BookChanged(Value, frozen=True):
    symbol: str
    at: int


ExchangeEvent = OrderReport | BalancesChanged | BalanceMoved | ListReport | Printed | BookChanged


class Backend(Protocol):
    """Carries out what the session was asked. A refusal is a value; an exception is a bug or, behind a real venue, an outage.

    Every coroutine of the matching back end ends without ever waiting; a remote one may wait.
    """

    async def place(self, account: str, order: NewOrder) -> OrderState | Refusal: ...
    async def test(self, account: str, order: NewOrder) -> Refusal | None: ...
    async def place_pair(self, account: str, pair: NewPair) -> ListState | Refusal: ...
    async def cancel(self, account: str, symbol: str, ref: OrderRef, cancel_id: str = "") -> OrderState | Refusal: ...
    async def cancel_all(self, account: str, symbol: str) -> Sequence[OrderState | ListState] | Refusal: ...
    async def cancel_list(self, account: str, symbol: str, ref: OrderRef) -> ListState | Refusal: ...
    async def order(self, account: str, symbol: str, ref: OrderRef) -> OrderState | Refusal: ...
    async def open_orders(self, account: str, symbol: str | None) -> Sequence[OrderState]: ...
    async def all_orders(
        self, account: str, symbol: str, *, from_id: int = 0, since: int = 0, until: int = 0, limit: int = 500
    ) -> Sequence[OrderState]: ...
    async def order_list(self, account: str, ref: OrderRef) -> ListState | Refusal: ...
    async def order_lists(self, account: str, *, only_open: bool, limit: int = 500) -> Sequence[ListState]: ...
    async def fills(
        self,
        account: str,
        symbol: str,
        *,
        order_id: int = 0,
        from_id: int = -1,
        since: int = 0,
        until: int = 0,
        limit: int = 500,
    ) -> Sequence[Fill]: ...
    async def account(self, account: str) -> AccountState: ...

    async def depth(self, symbol: str, limit: int) -> Depth: ...
    async def trades(self, symbol: str, *, from_id: int = -1, limit: int = 500) -> Sequence[Print]: ...
    async def candles(self, symbol: str, interval: str, *, since: int = 0, until: int = 0, limit: int = 500) -> Sequence[Candle]:
        """Oldest first, the forming one last; without `since` the newest."""
        ...

    def drain(self) -> list[ExchangeEvent]:
        """All events since the last call, in the order they happened."""
        ...
