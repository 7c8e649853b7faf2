"""Events that the exchange sends: to the owner of an order or account, and on public streams."""

from enum import StrEnum
from typing import NamedTuple

from fairway.exchange.answers import Balance, Fill, ListState, OrderSnapshot, PreventedMatch
from fairway.exchange.market_data import Print
from fairway.exchange.values import Value


class Execution(StrEnum):
    """Why an order report was made."""

    NEW = "NEW"
    CANCELED = "CANCELED"
    REPLACED = "REPLACED"
    REJECTED = "REJECTED"
    TRADE = "TRADE"
    EXPIRED = "EXPIRED"
    TRADE_PREVENTION = "TRADE_PREVENTION"


class OrderReport(Value, frozen=True):
    """Sent to the owner of an order at each change of it. `fill` is set where execution is TRADE."""

    execution: Execution
    order: OrderSnapshot
    at: int
    fill: Fill | None = None
    original_client_id: str = ""
    """On a cancel: the order's own client id, while order.client_id then names the cancel request."""
    reject_code: str = "NONE"
    match: PreventedMatch | None = None
    """Set where execution is TRADE_PREVENTION."""


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


class TradePrinted(Value, frozen=True):
    trade: Print


class BookChanged(Value, frozen=True):
    symbol: str
    at: int


ExchangeEvent = OrderReport | BalancesChanged | BalanceMoved | ListReport | TradePrinted | BookChanged


class Logged(NamedTuple):
    """An account's event as `/practice/events` lists it."""

    number: int
    sent_at: int
    """When it was sent to those who listen, in the market's time."""
    event: ExchangeEvent
