"""The inputs of an account: answers and reports of its venue, commands of people, and failures of what the trader depends on."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from fairway.journal.commands import Instruction
from fairway.market.candles import Quote
from fairway.orders.order import Order
from fairway.risk.guards.port import Measured
from fairway.trading.latch import Killed
from fairway.venues.port import BalanceReport, FillReport, KeyRights, OrderReport, VenueError, VenueEvent


class OrdersAcknowledged(Struct, frozen=True):
    """The venue carried out a request and reports the state of its orders."""

    reports: Sequence[OrderReport]


class PlaceFailed(Struct, frozen=True):
    orders: Sequence[Order]
    error: VenueError


class CancelFailed(Struct, frozen=True):
    order: Order
    error: VenueError


class OrderQueried(Struct, frozen=True):
    """The answer to QueryOrder. report: None where the venue knows no such order. asked_at: when the request left (ns)."""

    order: Order
    report: OrderReport | None
    asked_at: int


class AccountSnapshot(Struct, frozen=True):
    """The answer to QueryAccount. began_at: before the first question was asked (ns).

    unasked: symbols whose fills the venue does not report, such as one that it no longer lists, or does not report to the end.
    owners: orders behind fills that the account state could not assign to an order; the fills carry their ids.
    ownerless: fills of orders that the venue says it does not know, although it reports the fills.
    second: balances by the venue's other endpoint, queried where the first answer alone is not believed; None without an
    answer. history: the newest orders of each symbol, open and ended, until they were received once since the start and until
    the books are opened; None for a symbol whose orders the venue does not report, None as a whole without an answer.
    """

    orders: Sequence[OrderReport]
    fills: Sequence[FillReport]
    balances: BalanceReport
    began_at: int
    unasked: Sequence[str] = ()
    owners: Sequence[OrderReport] = ()
    ownerless: Sequence[FillReport] = ()
    second: BalanceReport | None = None
    history: Mapping[str, Sequence[OrderReport] | None] | None = {}


class SingleOrdersReported(Struct, frozen=True):
    """Reports of single orders and fills, where the list of open orders, or the account, cannot be read.

    symbols: those of which every order that the books hold open was asked for, and every fill since the last one booked.
    orders: reports of these orders, open and ended. denied: those that the venue does not know. began_at: before the first
    question was asked (ns).
    """

    symbols: Sequence[str]
    orders: Sequence[OrderReport]
    denied: Sequence[Order]
    fills: Sequence[FillReport]
    began_at: int


class KeyRightsReported(Struct, frozen=True):
    """The answer to QueryKeyRights. rights: None where the venue does not report them."""

    rights: KeyRights | None


class QuoteReported(Struct, frozen=True):
    """The answer to QueryQuote."""

    quote: Quote


class KillLatchRead(Struct, frozen=True):
    """The kill latch as it was just read: every kill in force."""

    kills: Sequence[Killed]


class ClockJumped(Struct, frozen=True):
    """The machine's clock was set, and is ahead of the trader's by so much (ns); behind, where it is negative."""

    by_ns: int


class ClockCorrected(Struct, frozen=True):
    """The machine's clock is the trader's again."""


class AccountStarted(Struct, frozen=True):
    """Trading of the account starts, or starts again: the fate of every order in flight is unknown.

    run: drawn for this start, in case the account's order ids need a new one.
    """

    release: str
    venue: str
    strategy: str
    run: str


class CommandReceived(Struct, frozen=True):
    """A person's instruction. number: of its record in the command inbox."""

    number: int
    by: str
    instruction: Instruction


class RegistryUpdated(Struct, frozen=True):
    """How the registry has the account now. paused: by whom and why, "" where it may trade."""

    paused: str


class JournalFailed(Struct, frozen=True):
    """The journal cannot make events durable, or not in time."""

    why: str


class JournalRecovered(Struct, frozen=True):
    """The journal has made every event durable again for a while."""


class CommandInboxFailed(Struct, frozen=True):
    """The command inbox cannot be read."""

    why: str


class CommandInboxRecovered(Struct, frozen=True):
    """The command inbox can be read, or can be read again."""


class AccountsFailing(Struct, frozen=True):
    """So many accounts of the trader fail at once that the cause must be common. why: a code."""

    why: str


class TotalLossReached(Struct, frozen=True):
    """All accounts of the trader have lost together what they may. why: a code."""

    why: str


class Tick(Struct, frozen=True):
    """Time passed; nothing else happened."""


Input = (
    VenueEvent
    | OrdersAcknowledged
    | PlaceFailed
    | CancelFailed
    | OrderQueried
    | AccountSnapshot
    | SingleOrdersReported
    | KeyRightsReported
    | QuoteReported
    | KillLatchRead
    | Measured
    | AccountStarted
    | CommandReceived
    | RegistryUpdated
    | JournalFailed
    | JournalRecovered
    | CommandInboxFailed
    | CommandInboxRecovered
    | ClockJumped
    | ClockCorrected
    | AccountsFailing
    | TotalLossReached
    | Tick
)
