"""Every kind of event in a trader's journal: the life of its orders, and what else happens to an account."""

from decimal import Decimal

from msgspec import Struct, field

from fairway.journal.account_event import AccountEvent as AccountEvent
from fairway.journal.signal_received import SignalReceived as SignalReceived
from fairway.ledger.reconcile import Standing
from fairway.money.amount import Amount, Price
from fairway.orders.intent import ExitCause
from fairway.orders.lifecycle import EVENTS as ORDER_EVENTS
from fairway.orders.lifecycle import OrderEvent
from fairway.orders.order import Fill, Side
from fairway.orders.plan import PLAIN, ExitPlan
from fairway.risk.caps import Cap
from fairway.risk.causes import AlertSeverity
from fairway.risk.escalation import Level
from fairway.risk.limits import Limits


class TraderStarted(AccountEvent, frozen=True, tag=True):
    """epoch counts starts; it is in every client order id, which distinguishes an older trader from a newer one.

    run: the random part of every client order id, drawn when the journal was begun; "" in records of before runs were drawn.

    lots: by symbol, the least quantity that the venue trades; a position with less than that left is closed.
    bot: digest of the version, the strategy with its settings, and the rules: what evidence is about. "" where the strategy has
    none. guards: those that are on, each with its bounds by level; None in records from before they were journaled. A trader's
    guards are the same from one start to the next.
    leased: whether it opens positions only with a lease; None in records from before that was journaled.
    """

    account: str
    epoch: int
    release: str
    venue: str
    strategy: str
    symbols: tuple[str, ...]
    lots: dict[str, Decimal] = field(default_factory=dict)
    bot: str = ""
    guards: dict[str, dict[str, Decimal]] | None = None
    leased: bool | None = None
    run: str = ""


class EpochRaised(AccountEvent, frozen=True, tag=True):
    """The venue has orders with an id of our run that this journal does not know: it was cut off, or restored from a backup, or
    another trader works with a copy of it. From here on ids carry another run and count on above; nothing is opened.

    run: "" in records of before runs were drawn.
    """

    epoch: int
    run: str = ""


class TraderStopped(AccountEvent, frozen=True, tag=True):
    why: str
    protective_orders: int


class AccountFailed(AccountEvent, frozen=True, tag=True):
    """Handling the account broke. It was made again from the journal and the venue. recent: failures in ten minutes.

    strategy: the name of the strategy whose own code failed. is_fenced: another trader has taken over the account. Where neither
    is said, it is a mistake in Fairway.
    """

    why: str
    where: str
    recent: int
    strategy: str = ""
    is_fenced: bool = False


class BalancesOpened(AccountEvent, frozen=True, tag=True):
    """What the venue said the account held before our first order."""

    balances: dict[str, Decimal]


class ExternalFill(AccountEvent, frozen=True, tag=True):
    """A trade on the account that no order of the bot made. The venue's own trade id names it, so that it is booked once.

    kept: the part of the position that the trade cannot have sold, because open orders of the bot locked it afterwards.
    """

    symbol: str
    side: Side
    fill: Fill
    kept: Decimal = Decimal(0)


class Unexplained(AccountEvent, frozen=True, tag=True):
    """The venue holds more or less than all fills explain, seen twice and confirmed: the venue is right, and money moved outside
    the bot. What left counts as a loss, unless a person announces it as a transfer.

    An amount of zero explains no balance: a position counted for more than the account holds, and loses the difference.

    asked_at: when the venue was asked (ns); with the asset it names the event, so that it is booked once.
    """

    amount: Amount
    asked_at: int


class TransferAnnounced(AccountEvent, frozen=True, tag=True):
    """A person said that money moves in or out of the account, negative for out, before it is seen or after."""

    amount: Amount
    by: str
    why: str


class ForeignOrderSeen(AccountEvent, frozen=True, tag=True):
    """An open order in a traded symbol that the bot did not send; the trader leaves it as it is."""

    symbol: str
    side: Side
    quantity: Amount
    venue_id: str


class OtherBotSeen(AccountEvent, frozen=True, tag=True):
    """The venue has shown an order of a bot of another name: it trades with the same key. Journaled once in each start."""

    bot: str
    symbol: str
    client_id: str


class AccountStatusReported(AccountEvent, frozen=True, tag=True):
    """How the account and its key stand at the venue, when the venue first reports it and when it has changed."""

    standing: Standing


class EntryPlanned(AccountEvent, frozen=True, tag=True, omit_defaults=True):
    """Risk approved an entry. The plan says where its position will be protected. quote_age_ns: how old the data was.

    price: what it was sized at; bound: the rule that made it no larger. intent_age_ns: since the close of the candle that it was
    decided on, or since its signal was sent; decision_ns: since the trader had it. Old records have none of the four.
    """

    symbol: str
    order_id: str
    stop: Price
    target: Price
    why: str
    quote_age_ns: int
    exit_plan: ExitPlan = PLAIN
    price: Price | None = None
    bound: str = ""
    intent_age_ns: int | None = None
    decision_ns: int | None = None


class EntryRefused(AccountEvent, frozen=True, tag=True, omit_defaults=True):
    """Risk said no; code in the style `CATEGORY_CONDITION: key=value`. intent_age_ns, decision_ns: as when it says yes."""

    symbol: str
    code: str
    intent: str
    intent_age_ns: int | None = None
    decision_ns: int | None = None


class ExitWanted(AccountEvent, frozen=True, tag=True, omit_defaults=True):
    """The position is to be closed at market; stays until it is."""

    symbol: str
    why: str
    cause: ExitCause = ExitCause.STRATEGY


class StopMoved(AccountEvent, frozen=True, tag=True):
    """The stop is to rest at another price from now on: higher, or back where it was, if the venue would not have it there."""

    symbol: str
    stop: Price
    why: str


class LadderDropped(AccountEvent, frozen=True, tag=True):
    """The rungs are given up: one pair covers all of the position, under the same stop, up to the target."""

    symbol: str
    why: str


class StopFailed(AccountEvent, frozen=True, tag=True):
    """The price has gone through the stop and the position is still there: it is sold by orders with a collar instead."""

    symbol: str
    why: str


class Protected(AccountEvent, frozen=True, tag=True):
    """Stops at the venue cover all of a position that can be sold.

    naked_ns: how long they had not; total_ns: the same, all in all since it was opened.
    """

    symbol: str
    naked_ns: int
    total_ns: int


class NakedTooLong(AccountEvent, frozen=True, tag=True):
    """A position is without its whole protection for longer than may be. naked_ns: so far."""

    symbol: str
    naked_ns: int


class DustLeft(AccountEvent, frozen=True, tag=True):
    """What is left of a position is too little for any order: the position is closed, and the rest belongs to the account."""

    symbol: str
    quantity: Amount


class CapRaised(AccountEvent, frozen=True, tag=True):
    """A reason to be careful, in force from now on. One of the same id is replaced."""

    cap: Cap


class CapLifted(AccountEvent, frozen=True, tag=True):
    """by: "trader", or the person who lifted it."""

    cap_id: str
    by: str
    why: str


class LeaseAccepted(AccountEvent, frozen=True, tag=True):
    """Positions may be opened within limits until an instant (ns). epoch: a later lease has a higher one, or the same.

    stage: which beginning of which stage it belongs to; "" in records of before stages were named.
    """

    epoch: int
    until: int
    limits: Limits
    by: str
    stage: str = ""


class StageBegan(AccountEvent, frozen=True, tag=True):
    """What may be lost in a stage is counted from here on. worth: in quote, less the fees of selling what is held."""

    stage: str
    worth: Amount


class InstructionTaken(AccountEvent, frozen=True, tag=True):
    """An instruction of a person or of the pilot was read. number: of its record in the command inbox; refused: why it was not
    obeyed, or "".
    """

    number: int
    what: str
    by: str
    refused: str = ""


class GuardTripped(AccountEvent, frozen=True, tag=True):
    """A guard is alarmed, or more than before. symbol: "" for the account. What follows are caps, and events of their own."""

    guard: str
    symbol: str
    level: Level
    severity: AlertSeverity
    """Of its alert."""
    code: str


class GuardCleared(AccountEvent, frozen=True, tag=True):
    """What alarmed a guard has passed; the cap that it raised is lifted with it."""

    guard: str
    symbol: str
    why: str


class EscalationChanged(AccountEvent, frozen=True, tag=True):
    """The account is as alarmed as its most alarmed guard. why: the guards that are so alarmed."""

    level: Level
    was: Level
    why: str


class StreamLost(AccountEvent, frozen=True, tag=True):
    """is_planned: the venue had announced it, as many do once a day. is_mute: it seems up, and reports nothing."""

    channel: str
    why: str
    is_planned: bool = False
    is_mute: bool = False


class StreamRestored(AccountEvent, frozen=True, tag=True):
    """Subscribed again; entries wait until what was missed has been caught up."""

    channel: str


class CaughtUp(AccountEvent, frozen=True, tag=True):
    """Orders, fills and balances were asked of the venue and booked; the channels named here are trusted again."""

    channels: tuple[str, ...]


class AddressSwitched(AccountEvent, frozen=True, tag=True):
    """The venue is asked at another of its addresses from now on; of no account, and replayed by none.

    why: what was not answered, who has instructed it, or how long the first address has answered again.
    """

    from_address: str
    to_address: str
    why: str


class ProcessMeasured(AccountEvent, frozen=True, tag=True, omit_defaults=True):
    """What the trader measured of itself since an instant (ns), about once a minute; of no account, and replayed by none.

    loop_lag_ns: the most that a tick came late. data_age_ns: of the oldest quote of all symbols. commits: of the journal, how
    many took at most so many µs; calls: of the venue, without those that our own budget held back. reconciled: questions for
    everything that found all of it explained, differing: those that did not. tied: accounts whose balances are the venue's.
    unprotected: of the positions, those without a stop for longer than may be. None is what could not be measured.
    """

    since: int
    resident_bytes: int | None = None
    loop_lag_ns: int = 0
    data_age_ns: int | None = None
    commits: dict[int, int] = field(default_factory=dict)
    commits_failed: int = 0
    calls: int = 0
    calls_failed: int = 0
    reconciled: int = 0
    differing: int = 0
    tied: int = 0
    untied: int = 0
    positions: int = 0
    unprotected: int = 0


class Marked(AccountEvent, frozen=True, tag=True):
    """The account at market: worth in quote, and the prices used, by symbol."""

    worth: Amount
    marks: dict[str, Decimal]


Event = OrderEvent | AccountEvent

EVENTS: tuple[type[Struct], ...] = (
    *ORDER_EVENTS,
    TraderStarted,
    EpochRaised,
    TraderStopped,
    AccountFailed,
    BalancesOpened,
    ExternalFill,
    Unexplained,
    TransferAnnounced,
    ForeignOrderSeen,
    OtherBotSeen,
    AccountStatusReported,
    EntryPlanned,
    EntryRefused,
    ExitWanted,
    StopMoved,
    LadderDropped,
    StopFailed,
    Protected,
    NakedTooLong,
    DustLeft,
    CapRaised,
    CapLifted,
    LeaseAccepted,
    StageBegan,
    InstructionTaken,
    SignalReceived,
    GuardTripped,
    GuardCleared,
    EscalationChanged,
    StreamLost,
    StreamRestored,
    CaughtUp,
    AddressSwitched,
    ProcessMeasured,
    Marked,
)
"""Every kind of event in a trader's journal."""
