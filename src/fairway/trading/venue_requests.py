"""What the state wants of the venue, and the answers that come back to it."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from fairway.journal.commands import Instruction
from fairway.market.candles import Quote
from fairway.orders.order import Order
from fairway.risk.guards.port import Measured
from fairway.trading.latch import Killed
from fairway.venues.port import BalanceReport, Channel, FillReport, KeyRights, OrderReport, VenueError, VenueEvent


class Place(Struct, frozen=True):
    order: Order


class PlacePair(Struct, frozen=True):
    stop: Order
    target: Order


class Cancel(Struct, frozen=True):
    """Cancels an order; of a pair, naming one cancels both."""

    order: Order


class Find(Struct, frozen=True):
    """Asks for an order by client id: the only way out of UNKNOWN."""

    order: Order


class CatchUp(Struct, frozen=True):
    """Asks for open orders, fills since the last ones booked, and balances."""


class AskRights(Struct, frozen=True):
    """Asks what the key may do."""


class AskQuote(Struct, frozen=True):
    """Asks for the top of a symbol's book."""

    symbol: str


class Reconnect(Struct, frozen=True):
    """Ends a channel's connection, which does not tell what happens, and dials again."""

    channel: Channel
    why: str


Command = Place | PlacePair | Cancel | Find | CatchUp | AskRights | AskQuote | Reconnect


class Answered(Struct, frozen=True):
    """The venue carried out a command on these orders and says how they are now."""

    reports: Sequence[OrderReport]


class PlaceFailed(Struct, frozen=True):
    orders: Sequence[Order]
    error: VenueError


class CancelFailed(Struct, frozen=True):
    order: Order
    error: VenueError


class Found(Struct, frozen=True):
    """The answer to Find; report is None where the venue knows no such order. asked_at: when it was asked (ns)."""

    order: Order
    report: OrderReport | None
    asked_at: int


class Caught(Struct, frozen=True):
    """The answer to CatchUp. began_at: before the first question was asked (ns).

    unasked: symbols whose fills the venue does not tell, such as one that it no longer lists, or not to the end.
    owners: orders that fills are of which the state did not know whose they were; the fills bear their ids.
    ownerless: fills of orders that the venue says it does not know, though it tells what they filled.
    second: balances by the venue's other endpoint, asked for where the first answer alone is not believed; None without an
    answer. history: until it was told once since the start, and until the books are opened, the newest orders of each symbol,
    open and ended, None for a symbol of which the venue does not tell them; None as a whole where the venue did not answer.
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


class ToldSingly(Struct, frozen=True):
    """What single orders and fills say where the list of open orders, or the account, cannot be read.

    symbols: those of which every order that the books hold open was asked for, and every fill since the last one booked.
    orders: reports of these orders, open and ended. denied: those that the venue does not know. began_at: before the first
    question was asked (ns).
    """

    symbols: Sequence[str]
    orders: Sequence[OrderReport]
    denied: Sequence[Order]
    fills: Sequence[FillReport]
    began_at: int


class RightsTold(Struct, frozen=True):
    """The answer to AskRights; None where the venue does not tell."""

    rights: KeyRights | None


class QuoteTold(Struct, frozen=True):
    """The answer to AskQuote."""

    quote: Quote


class Latched(Struct, frozen=True):
    """The kill latch as it was just read: every kill in force."""

    kills: Sequence[Killed]


class ClockLeapt(Struct, frozen=True):
    """The machine's clock was set, and is ahead of the trader's by so much (ns); behind, where it is negative."""

    by_ns: int


class ClockAgrees(Struct, frozen=True):
    """The machine's clock is the trader's again."""


class Started(Struct, frozen=True):
    """The account is taken up, again or for the first time: whatever was in flight is in doubt.

    run: drawn for this start, in case that the account's ids need a new one.
    """

    release: str
    venue: str
    strategy: str
    run: str


class Told(Struct, frozen=True):
    """A person's instruction. number: of its record in the command inbox."""

    number: int
    by: str
    instruction: Instruction


class Registered(Struct, frozen=True):
    """How the registry has the account now. paused: by whom and why, "" where it may trade."""

    paused: str


class JournalFailed(Struct, frozen=True):
    """What happens cannot be made durable, or not in time."""

    why: str


class JournalRecovered(Struct, frozen=True):
    """It can be again, and was for a while."""


class CommandInboxFailed(Struct, frozen=True):
    """What people say cannot be read."""

    why: str


class CommandInboxRecovered(Struct, frozen=True):
    """It can be, or can be again."""


class AccountsFailing(Struct, frozen=True):
    """So many accounts of the trader fail at once that it is no account's own trouble. why: a code."""

    why: str


class AllHaveLost(Struct, frozen=True):
    """All accounts of the trader have lost together what they may. why: a code."""

    why: str


class Tick(Struct, frozen=True):
    """Time passed; nothing else happened."""


Input = (
    VenueEvent
    | Answered
    | PlaceFailed
    | CancelFailed
    | Found
    | Caught
    | ToldSingly
    | RightsTold
    | QuoteTold
    | Latched
    | Measured
    | Started
    | Told
    | Registered
    | JournalFailed
    | JournalRecovered
    | CommandInboxFailed
    | CommandInboxRecovered
    | ClockLeapt
    | ClockAgrees
    | AccountsFailing
    | AllHaveLost
    | Tick
)
