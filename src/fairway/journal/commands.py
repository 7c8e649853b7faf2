"""What a person tells a running trader. A door writes it, with its author, into the doors' own journal; the trader reads it there
at its next tick, and answers in its own.
"""

from msgspec import Struct

from fairway.money.amount import Amount
from fairway.risk.limits import Limits


class Instruction(Struct, frozen=True, tag=True, kw_only=True):
    """account: "" for every account of the trader. reason: in the person's own words."""

    reason: str
    account: str = ""


class Pause(Instruction, frozen=True, tag=True, kw_only=True):
    """No new positions until it is lifted; what is held stays, and stays protected."""


class StopEveryone(Instruction, frozen=True, tag=True, kw_only=True):
    """The breaker L3: no new positions in any account, until it is lifted in each."""


class LiftCap(Instruction, frozen=True, tag=True, kw_only=True):
    """Lifts one cap that a person may lift. cap_id: as `fairway caps` shows it."""

    cap_id: str


class IssueLease(Instruction, frozen=True, tag=True, kw_only=True):
    """Leave to open positions within limits until an instant (ns). One of a lower epoch than the last is refused.

    stage: names one beginning of a stage: with another name than the last lease had, what may be lost is counted anew.
    """

    epoch: int
    until: int
    limits: Limits = Limits()
    stage: str = ""


class AnnounceTransfer(Instruction, frozen=True, tag=True, kw_only=True):
    """A person moves money in or out, negative for out, or has done so: it is a transfer, and neither gain nor loss."""

    amount: Amount


INSTRUCTIONS: tuple[type[Struct], ...] = (Pause, StopEveryone, LiftCap, IssueLease, AnnounceTransfer)
"""Every kind of instruction in a doors' journal."""
