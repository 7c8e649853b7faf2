"""The port of a venue: its methods, its answers, and its failures sorted by what the caller may do.

VenueError
├── Rejected      certainly not done; do not repeat it unchanged
│   ├── Throttled     not done, and not before `retry_at`
│   ├── Duplicate     not done again: an order with this client id is alive there
│   └── KeyRefused    not done: the key, its rights or the address; a person is needed
├── Unreachable   certainly not sent; may be repeated
│   └── Unreadable    a query was answered in a form that cannot be read
└── Ambiguous     may be done: ask by client order id before anything else
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from msgspec import Struct

from fairway.market.candles import Candle, Quote, Trade
from fairway.market.instrument import Instrument
from fairway.money.amount import Amount, Price
from fairway.money.fees import Fees
from fairway.orders.order import Fill, OrderType, Side, TimeInForce
from fairway.venues.dead_man import DeadManSwitch


class VenueError(Exception):
    """code is the venue's own, as text, `""` where there is none; the message is one clear sentence."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class Rejected(VenueError):
    """Certainly not done."""


class Throttled(Rejected):
    """Too many requests: not done, and nothing may be sent before retry_at (ns)."""

    def __init__(self, message: str, code: str = "", *, retry_at: int) -> None:
        super().__init__(message, code)
        self.retry_at = retry_at


class Duplicate(Rejected):
    """The venue already holds a live order with this client id: the best proof that an earlier request arrived."""


class KeyRefused(Rejected):
    """The key is wrong, revoked, expired, without the right, or used from another address."""


class Unreachable(VenueError):
    """Certainly not sent."""


class Unreadable(Unreachable):
    """A question was answered, in another form than promised: another question may tell the same."""


class Ambiguous(VenueError):
    """May be done."""


class NewOrder(Struct, frozen=True, kw_only=True):
    """time_in_force is for orders that have a price: a limit with IOC is a market order with a collar."""

    client_id: str
    symbol: str
    side: Side
    type: OrderType
    quantity: Amount
    price: Price | None = None
    stop_price: Price | None = None
    time_in_force: TimeInForce = "GTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPair:
    """A stop and a target on the same quantity; the venue cancels one when the other fills (OCO).

    A stop with a price of its own is a stop-limit. A pair cannot be replaced in one act: no venue has that, Binance's
    cancel-replace included, which takes single orders only. To move a stop is to cancel the pair and to place another one.
    """

    client_id: str
    stop: NewOrder
    target: NewOrder


class ReportStatus(StrEnum):
    """The state of an order, as the venue reports it."""

    OPEN = "open"
    PARTLY = "partly filled"
    FILLED = "filled"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReport:
    """An order as the venue has it. filled in base; at and created_at are the venue's times (ns), of this news and of its
    creation.

    created_at is 0 where the venue does not tell it.
    """

    client_id: str
    venue_id: str
    symbol: str
    side: Side
    status: ReportStatus
    quantity: Amount
    filled: Amount
    price: Price | None
    stop_price: Price | None
    at: int
    created_at: int = 0
    reason: str = ""
    list_id: str = ""
    """The venue's id of the list that it is of, such as a pair: orders of a list lock their quantity once. "" for one alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FillReport:
    """A fill and whose it is. client_id is "" where the venue's history does not tell it; venue_id always is there.

    Its fee is the venue's: a fill whose fee is not known yet is not reported, and a history with one is not an answer.
    """

    client_id: str
    venue_id: str
    symbol: str
    side: Side
    fill: Fill


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceReport:
    """Balances by asset: (free, locked). Complete where is_complete; else only what changed.

    How the account stands is told with complete balances only: whether it may trade (True where the venue does not tell),
    and its kind in the venue's own word, such as "SPOT" ("" where it does not tell).
    """

    balances: Mapping[str, tuple[Amount, Amount]]
    is_complete: bool
    at: int
    can_trade: bool = True
    kind: str = ""


class StreamChannel(StrEnum):
    MARKET = "market"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class StreamUp:
    """A channel is subscribed and acknowledged. What happened while it was down must be asked for."""

    channel: StreamChannel


@dataclass(frozen=True, slots=True)
class StreamDown:
    channel: StreamChannel
    why: str
    is_planned: bool = False
    """The venue had announced it, as many do once a day."""


@dataclass(frozen=True, slots=True)
class AddressChanged:
    """The venue is asked at another of its addresses from now on. Told with the market stream, once for all accounts."""

    from_address: str
    to_address: str
    why: str


VenueEvent = Quote | Trade | Candle | OrderReport | FillReport | BalanceReport | StreamUp | StreamDown | AddressChanged
"""Candles are closed ones only."""

Sink = Callable[[VenueEvent], None]
"""Takes an event at once and never blocks; the receiver bounds what it keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRights:
    can_read: bool
    can_trade: bool
    can_withdraw: bool
    is_address_restricted: bool
    expires_at: int = 0
    """Zero means never, or not told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueFeatures:
    """What a venue can do beyond the least."""

    pairs: bool
    """Holds a stop and a target of which one cancels the other."""
    key_rights: bool
    """Tells what the key may do."""
    finds_by_client_id: bool
    order_history: bool
    """Tells of orders that are over, with their client ids."""
    second_balances: bool = False
    """Tells balances by a second endpoint, so that an answer of the first can be checked."""
    dead_man: DeadManSwitch | None = None
    """What it cancels when it has not heard of us for a while; None where it has no such switch."""


ORDERS_AT_ONCE: Final = 500
"""So many orders of a symbol at least are told as its newest; fewer are all there are."""


class Venue(Protocol):
    """One account at one venue. Every coroutine has a deadline of its own and raises only VenueErrors."""

    name: str
    promises: VenueFeatures

    async def open(self) -> Mapping[str, Instrument]:
        """Connects and reads the instruments, by symbol (`BTC/USDT`)."""
        ...

    async def close(self) -> None: ...

    async def market_stream(self, symbols: Sequence[str], interval: str, sink: Sink) -> None:
        """Sends quotes, trades and closed candles to the sink until cancelled. Reconnects by itself, and says so.

        It needs no key: one venue listens for all accounts.
        """
        ...

    async def account_stream(self, sink: Sink) -> None:
        """Sends order, fill and balance reports to the sink until cancelled. Reconnects by itself, and says so."""
        ...

    def reconnect(self, channel: StreamChannel, why: str) -> None:
        """Ends the channel's present connection, which tells StreamDown(channel, why), and dials again after the usual pause.

        For a caller that has noticed missing events. A channel that is down already reconnects without this.
        """
        ...

    def ages(self) -> Mapping[str, int]:
        """Nanoseconds since each channel was last heard, by name: "quotes BTC/USDT", "candles BTC/USDT", "account".

        Heard is what came by itself or was found unchanged when it was asked for. A channel that never spoke is not there.
        """
        ...

    def clock_skew(self) -> int | None:
        """How far the venue's clock is ahead of ours (ns), as it was last measured; None before the first measurement.

        A jump of our own clock since then is counted in.
        """
        ...

    async def place(self, order: NewOrder) -> OrderReport: ...
    async def place_pair(self, pair: NewPair) -> tuple[OrderReport, OrderReport]:
        """The stop's report, then the target's."""
        ...

    async def cancel(self, symbol: str, client_id: str) -> OrderReport: ...
    async def find(self, symbol: str, client_id: str) -> OrderReport | None:
        """The order by client id; None only where the venue answered that it knows no such order."""
        ...

    async def order_of(self, symbol: str, venue_id: str) -> OrderReport | None:
        """The order by the venue's own number, such as a fill's, which may not tell our id; None as for `find`."""
        ...

    async def open_orders(self, symbols: Sequence[str] = ()) -> Sequence[OrderReport]:
        """All open orders of the account; of some symbols only, where they are named, which weighs less at the venue."""
        ...

    async def fills_since(self, symbol: str, trade_id: str, since: int) -> Sequence[FillReport]:
        """Fills after a trade id, or from an instant on (ns) where it is ""; oldest first; pages until there are no more."""
        ...

    async def candles(self, symbol: str, interval: str, limit: int) -> Sequence[Candle]:
        """The newest closed candles, oldest first."""
        ...

    async def quote(self, symbol: str) -> Quote:
        """The top of the book now; seen_at is when it was asked for."""
        ...

    async def balances(self) -> BalanceReport: ...
    async def second_balances(self) -> BalanceReport:
        """The same by another endpoint of the venue, which tells no more of the account than free and locked of each asset.

        Raises Rejected where there is none.
        """
        ...

    async def newest_orders(self, symbol: str) -> Sequence[OrderReport]:
        """The newest orders, open and ended, oldest first: `ORDERS_AT_ONCE` or more, or else all there are.

        Raises Rejected where the venue does not tell ended orders.
        """
        ...

    async def fees(self, symbol: str) -> Fees: ...
    async def server_time(self) -> int:
        """The venue's clock, ns."""
        ...

    async def key_rights(self) -> KeyRights: ...
