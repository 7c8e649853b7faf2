"""The commands that a person or a pilot may send to a running trader.

The sender writes a command, with its author, into the command inbox; the trader reads it there at its next tick, and records the
outcome in its own journal.
"""

from msgspec import Struct

from fairway.money.amount import Amount
from fairway.orders.external_signal import ExternalSignal
from fairway.risk.limits import Limits


class Instruction(Struct, frozen=True, tag=True, kw_only=True):
    """One command. account: "" for every account of the trader. reason: the sender's own text."""

    reason: str
    account: str = ""


class Pause(Instruction, frozen=True, tag=True, kw_only=True):
    """Opens no position until a person lifts it; open positions stay, with their stops."""


class StopEveryone(Instruction, frozen=True, tag=True, kw_only=True):
    """The breaker L3: no new positions in any account, until it is lifted in each."""


class LimitPositions(Instruction, frozen=True, tag=True, kw_only=True):
    """Holds at most so many positions until a person lifts it. More that are open already stay, with their stops."""

    positions: int


class LiftCap(Instruction, frozen=True, tag=True, kw_only=True):
    """Lifts one cap that a person may lift. cap_id: as `fairway caps` shows it."""

    cap_id: str


class CancelEntry(Instruction, frozen=True, tag=True, kw_only=True):
    """Cancels one entry that rests at the venue. What it has bought stays, and is protected. Nothing that protects is cancelled.

    order_id: its client order id.
    """

    order_id: str


class IssueLease(Instruction, frozen=True, tag=True, kw_only=True):
    """The right to open positions within limits until an instant (ns). One of a lower epoch than the last is refused.

    stage: names one start of a stage; with another name than the last lease had, the loss is counted from zero.
    """

    epoch: int
    until: int
    limits: Limits = Limits()
    stage: str = ""


class AnnounceTransfer(Instruction, frozen=True, tag=True, kw_only=True):
    """A person moves money in (positive) or out (negative), or has done so: a transfer is neither gain nor loss."""

    amount: Amount


class ReceiveSignal(Instruction, frozen=True, tag=True, kw_only=True):
    """A signal from outside, for a trader whose strategy takes signals."""

    signal: ExternalSignal


class Reconnect(Instruction, frozen=True, tag=True, kw_only=True):
    """Makes streams of the venue again. channel: "market" or "account"; "" for both. Entries wait until all is caught up.

    The market's stream is all accounts', and is made again once.
    """

    channel: str = ""


class TrialEntry(Instruction, frozen=True, tag=True, kw_only=True):
    """Asks risk what it would say to an entry now. The answer is its refusal, or that none was refused; no order is made."""

    symbol: str


class SwitchAddress(Instruction, frozen=True, tag=True, kw_only=True):
    """The venue is asked at its next address. It is for all accounts, which share the connection, and is done once."""


INSTRUCTIONS: tuple[type[Struct], ...] = (
    Pause,
    StopEveryone,
    LimitPositions,
    LiftCap,
    CancelEntry,
    IssueLease,
    AnnounceTransfer,
    ReceiveSignal,
    Reconnect,
    TrialEntry,
    SwitchAddress,
)
"""Every kind of instruction in a command inbox."""
